"""One piece of text as the patterns see it, and the patterns compiled once. Every pattern runs on RE2: linear in the text.

What costs time is the call into RE2, and for patterns with counted gaps ("up to 80 characters") the states it makes for each
new text. So a text is encoded once, one pass over it tells which patterns of all lists may match at all, only those are
tried, and sentences are cut only where a veto needs them.
"""

from __future__ import annotations

import codecs
import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import re2

from assessments.scoring.words import lexicon

Span = tuple[int, int]
_TOKEN = re.compile(r"\w+")
_SENTENCE_END = re2.compile(r"[.!?]+[\"')\]]*(?:\s+|$)|\n+|\s[•*]\s|;\s".replace("•", "\x02"))
_ABOUT, _BULLET, _OTHER = "\x01", "\x02", "\x7f"
_STAND_INS = {"≈": _ABOUT, "•": _BULLET}
# Lists whose alternatives hold counted gaps: as one pattern they outgrow RE2's memory, or fill it anew with every text.
_GAP = r"[^.;!?\n]{"
_APART = (
    "SCOPE_VAGUE", "CAUSE", "CAUSE_VETO", "PROVIDER_DOWN", "PROVIDER_DOWN_VETO", "ACTION", "WORKAROUND", "WORKAROUND_VETO",
    "NEXT_UPDATE", "NEXT_UPDATE_EXTRA", "FEATURE_VETO",
)  # fmt: skip
_WHOLE = (
    "CLOCK", "SPAN_OF_TIME", "SYMPTOM", "SYMPTOM_VETO", "SCOPE_NUMBER", "SCOPE_NUMBER_VETO", "SCOPE_VAGUE_VETO", "REGION",
    "REGION_VETO", "ANY_PLACE", "FEATURE", "TROUBLE_WITH", "WORKS_OR_NOT",
)  # fmt: skip
_ROOMY = re2.Options()
_ROOMY.max_mem = 64 * 2**20  # a set that lacks memory says that nothing matches


def _stand_in(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeEncodeError)
    letters = fault.object[fault.start : fault.end]
    return "".join(_STAND_INS.get(letter, _OTHER) for letter in letters), fault.end


codecs.register_error("riskboard-stand-in", _stand_in)


class Words:
    """A text made ready: `text` as it came, `lowered` with the same length, `flat` the same again with a byte a character.

    In `flat` every letter beyond ASCII is a byte that no pattern names, so offsets are the same in all three and RE2 need not
    count characters; the two signs that patterns do name have a byte of their own. `possible` has, by word list, the patterns
    that may match: every one that does, and of those with counted gaps also one that only begins to.
    """

    __slots__ = ("_sentences", "flat", "lowered", "possible", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = lower(text)
        self.flat = self.lowered.encode("ascii", "riskboard-stand-in")
        self.possible = _possible(self.flat)
        self._sentences: list[Span] | None = None

    def hits(self, name: str) -> list[Span]:
        """Where that word list matches, in order."""
        return _alternation(self.possible[name], self.flat) if name in self.possible else []

    def tokens(self) -> frozenset[str]:
        """The words of the text, in lower case, whatever stands between them."""
        return frozenset(_TOKEN.findall(self.lowered))

    def kept(self, name: str) -> list[Span]:
        """Hits of a word list that no veto of the same list overlaps; vetoes are looked for in the sentences hit only."""
        hits = self.hits(name)
        vetoes = self.possible.get(f"{name}_VETO", [])
        if not hits or not vetoes:
            return hits
        found: dict[Span, list[Span]] = {}
        kept = []
        for hit in hits:
            sentence = begin, end = self.sentence_of(hit)
            if sentence not in found:
                found[sentence] = [(begin + a, begin + b) for a, b in _alternation(vetoes, self.flat[begin:end])]
            kept += outside([hit], found[sentence])
        return kept

    def sentence_of(self, hit: Span) -> Span:
        """The sentence a hit begins in: split at . ! ? followed by space, at line ends and bullets; decimals stay whole."""
        if self._sentences is None:
            ends = [match.end() for match in _SENTENCE_END.finditer(self.flat)]
            self._sentences = [(a, b) for a, b in zip([0, *ends], [*ends, len(self.flat)], strict=True) if b > a]
        return self._sentences[bisect_right(self._sentences, hit[0], key=_begin) - 1]


def _begin(sentence: Span) -> int:
    return sentence[0]


def lower(text: str) -> str:
    """`text` in lower case with the same length, so that spans hold in the original; curly quotes made straight."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    if len(lowered) != len(text):  # a few letters grow when lowered; those stay as they are
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


@functools.cache
def pattern(name: str) -> re2._Regexp:
    """The compiled alternation of one word list of the lexicon, for `Words.flat`."""
    return re2.compile("|".join(f"(?:{part})" for part in alternatives(name)))


def alternatives(name: str) -> tuple[str, ...]:
    """The patterns of that word list of the lexicon, for `Words.flat`."""
    words = getattr(lexicon, name)
    parts = (words,) if isinstance(words, str) else words
    return tuple(part.replace("’", "'").replace("≈", _ABOUT) for part in parts)


@functools.cache
def _everything() -> tuple[re2.Set, tuple[tuple[str, re2._Regexp], ...]]:
    """Every list in one set, those with counted gaps by the beginnings of their alternatives; each entry with its pattern."""
    entries = [(name, pattern(name).pattern, pattern(name)) for name in _WHOLE]
    for name in _APART:
        entries += [(name, part.partition(_GAP)[0], re2.compile(part)) for part in alternatives(name)]
    made = re2.Set.SearchSet(_ROOMY)
    for _, beginning, _ in entries:
        made.Add(beginning)
    made.Compile()
    return made, tuple((name, matcher) for name, _, matcher in entries)


def _possible(flat: bytes) -> dict[str, list[re2._Regexp]]:
    """By list, its patterns that may match the text, in the list's order; one pass over the text."""
    everything, entries = _everything()
    found: dict[str, list[re2._Regexp]] = {}
    for place in sorted(everything.Match(flat) or ()):
        name, matcher = entries[place]
        found.setdefault(name, []).append(matcher)
    return found


def _alternation(matchers: Sequence[re2._Regexp], flat: bytes) -> list[Span]:
    """Matches from left to right, of several that begin together the first in order, none overlapping."""
    if len(matchers) == 1:
        return [match.span() for match in matchers[0].finditer(flat)]
    return list(_in_turn(matchers, flat))


def _in_turn(matchers: Sequence[re2._Regexp], flat: bytes) -> Iterator[Span]:
    """What the alternation of the patterns would match, each of them searched on its own from where the last match ended."""
    at = 0
    ahead = {place: match.span() for place, matcher in enumerate(matchers) if (match := matcher.search(flat))}
    while ahead:
        place = min(ahead, key=lambda place: (ahead[place][0], place))
        span = _, at = ahead[place]
        yield span
        for behind in [place for place, (begin, _) in ahead.items() if begin < at]:
            match = matchers[behind].search(flat, at)
            if match is None:
                del ahead[behind]
            else:
                ahead[behind] = match.span()


def outside(hits: Iterable[Span], vetoes: Sequence[Span]) -> list[Span]:
    """The hits that no veto overlaps."""
    if not vetoes:
        return list(hits)
    kept = []
    for hit in hits:
        begin, end = hit
        for veto_begin, veto_end in vetoes:
            if begin < veto_end and veto_begin < end:
                break
        else:
            kept.append(hit)
    return kept
