"""Which language an update is written in, by its commonest words and script. Only "en" has rules today."""

from __future__ import annotations

import re

_STOP_WORDS = {
    "en": ["the", "and", "to", "of", "is", "are", "we", "this", "that", "for", "with", "in", "on", "have", "has", "been", "be", "will", "not", "an", "our", "you", "your", "from", "by", "as", "at", "it", "was", "were", "may", "some", "users", "customers", "issue", "issues", "resolved", "investigating", "identified", "monitoring", "fix", "update", "service", "all", "working"],
    "de": ["der", "die", "das", "und", "ist", "wir", "sind", "nicht", "ein", "eine", "mit", "auf", "für", "von", "den", "dem", "zu", "werden", "wurde", "behoben", "störung", "haben", "kunden", "bei", "einer", "im", "zum", "zur", "es", "auch"],
    "fr": ["le", "la", "les", "et", "est", "nous", "des", "une", "un", "pour", "dans", "sur", "avec", "pas", "ce", "cette", "sont", "été", "incident", "résolu", "du", "au", "aux", "qui", "que", "vous", "nos", "en", "cours"],
    "es": ["el", "la", "los", "las", "y", "es", "en", "de", "una", "un", "para", "con", "por", "que", "se", "hemos", "está", "estamos", "han", "sido", "del", "al", "nuestros", "usuarios", "problema", "resuelto"],
    "pt": ["o", "a", "os", "as", "e", "é", "em", "de", "uma", "um", "para", "com", "por", "que", "se", "não", "foi", "estamos", "nossos", "usuários", "problema", "resolvido", "do", "da", "dos", "das", "ao", "está"],
    "it": ["il", "lo", "la", "gli", "e", "è", "di", "una", "un", "per", "con", "che", "non", "abbiamo", "sono", "stato", "problema", "risolto", "del", "della", "dei", "delle", "nel", "nella", "in", "corso"],
    "nl": ["de", "het", "een", "en", "is", "wij", "van", "voor", "met", "niet", "op", "zijn", "we", "aan", "er", "te", "worden", "opgelost", "storing", "klanten", "bij", "door", "naar"],
}  # fmt: skip
_SETS = {language: frozenset(words) for language, words in _STOP_WORDS.items()}
_ELSEWHERE = frozenset().union(*(words for language, words in _SETS.items() if language != "en"))
_SCRIPTS = tuple(
    (language, re.compile(f"[{span}]"))
    for language, span in (
        ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff"), ("ru", "\u0400-\u04ff"),
        ("ar", "\u0600-\u06ff"), ("he", "\u0590-\u05ff"), ("el", "\u0370-\u03ff"), ("th", "\u0e00-\u0e7f"),
    )
)  # fmt: skip
_LETTERS_ONLY = bytes(code if code < 128 and chr(code).isalpha() else ord(" ") for code in range(256))
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 2000  # characters; enough for a verdict


def detect(text: str) -> str:
    """A two-letter language code, or "unknown" where the text gives too little away (digits, names, nothing at all)."""
    sample = text[:_SAMPLE]
    beyond = "" if sample.isascii() else "".join(_BEYOND_ASCII.findall(sample))
    letters = "".join(filter(str.isalpha, beyond))
    plain = not letters
    if letters:
        most = 0.2 * sum(map(str.isalpha, sample))
        for language, script in _SCRIPTS:
            if len(script.findall(letters)) > most:
                return language
    words = _words(sample.lower(), plain)
    if not words:
        return "unknown"
    english = sum(map(_SETS["en"].__contains__, words))
    if english and english >= sum(map(_ELSEWHERE.__contains__, words)):
        return "en"  # no other language can have more
    votes = {language: sum(map(stop.__contains__, words)) for language, stop in _SETS.items()}
    best = max(votes, key=lambda language: (votes[language], language == "en"))
    if best != "en" and votes[best] < 2 and plain:
        best = "en"  # one short word in common ("a", "no") says nothing
    if votes[best] == 0:
        return "en" if plain and len(words) >= 3 else "unknown"
    return best


def _words(lowered: str, plain: bool) -> list[str]:
    """The runs of letters; `plain`: none of them is beyond ASCII."""
    if plain:
        return lowered.encode("ascii", "replace").translate(_LETTERS_ONLY).decode().split()
    return "".join(char if char.isalpha() else " " for char in lowered).split()
