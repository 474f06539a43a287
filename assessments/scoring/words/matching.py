"""One text as the patterns see it, and the patterns compiled once. Every pattern runs on RE2: linear in the text.

What costs time is the call into RE2, and for patterns with counted gaps ("up to 80 characters") the states it makes for each
new text. So a text is encoded once, the alternatives of such lists are tried one by one and only those whose beginning the
text holds, and sentences are cut only where a veto needs them.
"""

from __future__ import annotations

import codecs
import functools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import re2

from assessments.scoring.words import lexicon

Span = tuple[int, int]
_SENTENCE_END = re2.compile(r"[.!?]+[\"')\]]*(?:\s+|$)|\n+|\s[•*]\s|;\s".replace("•", "\x02"))
_ABOUT, _BULLET, _OTHER = "\x01", "\x02", "\x7f"
_STAND_INS = {"≈": _ABOUT, "•": _BULLET}
# Lists whose alternatives hold counted gaps: as one pattern they outgrow RE2's memory, or fill it anew with every text.
_GAP = r"[^.;!?\n]{"
_TOGETHER = ("SCOPE_VAGUE", "CAUSE", "PROVIDER_DOWN", "ACTION", "WORKAROUND", "NEXT_UPDATE", "NEXT_UPDATE_EXTRA")
_ONE_BY_ONE = frozenset([*_TOGETHER, "CAUSE_VETO", "WORKAROUND_VETO", "FEATURE_VETO"])
# Lists most texts have no hit of: one pass tells which are worth one of their own.
_SELDOM = ("CLOCK", "SPAN_OF_TIME", "SCOPE_NUMBER", "REGION", "ANY_PLACE", "TROUBLE_WITH", "SYMPTOM_VETO")
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
    count characters; the two signs that patterns do name have a byte of their own.
    """

    __slots__ = ("_possible", "_seldom", "_sentences", "flat", "lowered", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = lower(text)
        self.flat = self.lowered.encode("ascii", "riskboard-stand-in")
        self._possible: dict[str, list[re2._Regexp]] | None = None
        self._seldom: frozenset[str] | None = None
        self._sentences: list[Span] | None = None

    def hits(self, name: str) -> list[Span]:
        """Where that word list matches, in order."""
        if name in _SELDOM and not self.holds(name):
            return []
        if name not in _TOGETHER:
            return _hits(name, self.flat)
        if self._possible is None:
            self._possible = _possible(_TOGETHER, self.flat)
        return _alternation(self._possible.get(name), self.flat)

    def holds(self, name: str) -> bool:
        """Whether that word list matches anywhere."""
        if name not in _SELDOM:
            return pattern(name).search(self.flat) is not None
        if self._seldom is None:
            self._seldom = frozenset(_SELDOM[place] for place in _whole_lists().Match(self.flat) or ())
        return name in self._seldom

    def kept(self, name: str) -> list[Span]:
        """Hits of a word list that no veto of the same list overlaps; vetoes are looked for in the sentences hit only."""
        hits = self.hits(name)
        if not hits or not self._may_veto(name):
            return hits
        vetoes: dict[Span, list[Span]] = {}
        kept = []
        for hit in hits:
            sentence = begin, end = self.sentence_of(hit)
            if sentence not in vetoes:
                found = _hits(f"{name}_VETO", self.flat[begin:end])
                vetoes[sentence] = [(begin + a, begin + b) for a, b in found]
            kept += outside([hit], vetoes[sentence])
        return kept

    def _may_veto(self, name: str) -> bool:
        """Whether a veto may be in some sentence: it would be in the whole text as well, or its beginning would."""
        if f"{name}_VETO" in _ONE_BY_ONE:
            return bool(_possible((f"{name}_VETO",), self.flat))
        return self.holds(f"{name}_VETO")

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
def _apart(names: tuple[str, ...]) -> tuple[re2.Set, tuple[tuple[str, re2._Regexp], ...]]:
    """The beginnings of the lists' alternatives, up to a counted gap, as one set; and each alternative with its list."""
    beginnings = re2.Set.SearchSet(_ROOMY)
    parts = [(name, part) for name in names for part in alternatives(name)]
    for _, part in parts:
        beginnings.Add(part.partition(_GAP)[0])
    beginnings.Compile()
    return beginnings, tuple((name, re2.compile(part)) for name, part in parts)


@functools.cache
def _whole_lists() -> re2.Set:
    made = re2.Set.SearchSet(_ROOMY)
    for name in _SELDOM:
        made.Add(pattern(name).pattern)
    made.Compile()
    return made


def _possible(names: tuple[str, ...], flat: bytes) -> dict[str, list[re2._Regexp]]:
    """By list, the alternatives whose beginning the text holds, in the list's order; one pass over the text."""
    beginnings, parts = _apart(names)
    found: dict[str, list[re2._Regexp]] = {}
    for place in sorted(beginnings.Match(flat) or ()):
        name, matcher = parts[place]
        found.setdefault(name, []).append(matcher)
    return found


def _hits(name: str, flat: bytes) -> list[Span]:
    """Where one list matches."""
    if name in _ONE_BY_ONE:
        return _alternation(_possible((name,), flat).get(name), flat)
    return [match.span() for match in pattern(name).finditer(flat)]


def _alternation(matchers: Sequence[re2._Regexp] | None, flat: bytes) -> list[Span]:
    """Matches from left to right, of several that begin together the first in order, none overlapping."""
    if not matchers:
        return []
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
