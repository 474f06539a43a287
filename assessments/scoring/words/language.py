"""Which language an update is written in, by its commonest words and script. Only "en" has rules today."""

from __future__ import annotations

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
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"), ("ko", "\uac00", "\ud7af"), ("zh", "\u4e00", "\u9fff"), ("ru", "\u0400", "\u04ff"),
    ("ar", "\u0600", "\u06ff"), ("he", "\u0590", "\u05ff"), ("el", "\u0370", "\u03ff"), ("th", "\u0e00", "\u0e7f"),
)  # fmt: skip
_LETTERS_ONLY = {code: " " for code in range(128) if not chr(code).isalpha()}  # of ASCII
_SAMPLE = 2000  # characters; enough for a verdict


def detect(text: str) -> str:
    """A two-letter language code, or "unknown" where the text gives too little away (digits, names, nothing at all)."""
    sample = text[:_SAMPLE]
    letters = "" if sample.isascii() else [char for char in sample if char.isalpha()]
    plain = all(map(str.isascii, letters))
    for language, first, last in () if plain else _SCRIPTS:
        if sum(first <= char <= last for char in letters) > 0.2 * len(letters):
            return language
    lowered = sample.lower()
    if lowered.isascii():
        words = lowered.translate(_LETTERS_ONLY).split()
    else:
        words = "".join(char if char.isalpha() else " " for char in lowered).split()
    if not words:
        return "unknown"
    votes = {language: sum(map(stop.__contains__, words)) for language, stop in _SETS.items()}
    best = max(votes, key=lambda language: (votes[language], language == "en"))
    if best != "en" and votes[best] < 2 and plain:
        best = "en"  # one short word in common ("a", "no") says nothing
    if votes[best] == 0:
        return "en" if plain and len(words) >= 3 else "unknown"
    return best
