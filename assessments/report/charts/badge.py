"""The badge: one line on a wiki or a dashboard that says how a vendor stands and how much of it is known."""

from __future__ import annotations

from assessments.report.charts.svg import picture, rect, text
from assessments.report.tokens import GRADE_WORDS, LIGHT, UNKNOWN_WORD

HEIGHT = 20
LETTER = 6.4  # width of a letter of 11 px at the mean; badges are drawn without measuring fonts
LABEL = "readiness"
INKS = ("#ffffff", LIGHT.ink)


def words(value: float | None, grade: str | None, coverage: float) -> str:
    """ "C · 62 of 100 · 78 % known"; "not known" where no total is shown."""
    known = f"{round(coverage * 100)} % known"
    if value is None:
        return f"{UNKNOWN_WORD} · {known}"
    return f"{grade or 'no letter'} · {value:.0f} of 100 · {known}"


def badge(name: str, value: float | None, grade: str | None, coverage: float) -> str:
    """The picture, 20 px high. An unknown total is grey, whatever the letter would be."""
    told = words(value, grade, coverage)
    left, right = (round(len(part) * LETTER + 14) for part in (LABEL, told))
    fill = colour(value, grade)
    body = (
        rect(0, 0, left + right, HEIGHT, LIGHT.ink, radius=4)
        + rect(left, 0, right, HEIGHT, fill, radius=4)
        + rect(left, 0, 6, HEIGHT, fill)
        + text(left / 2, 14, LABEL, INKS[0], size=11, anchor="middle")
        + text(left + right / 2, 14, told, ink_on(fill), size=11, anchor="middle")
    )
    meant = f" ({GRADE_WORDS[grade]})" if grade in GRADE_WORDS else ""
    return picture(
        left + right, HEIGHT, f"{name}: {LABEL} {told}{meant}", "Higher is better prepared.", body, theme=LIGHT
    )


def colour(value: float | None, grade: str | None) -> str:
    """The colour of the letter; of the first of a range; grey where nothing is shown."""
    return LIGHT.unknown if value is None else LIGHT.grade(grade[0] if grade else None)


def ink_on(fill: str) -> str:
    """White or dark, whichever stands out more against the fill (WCAG 2.2, contrast ratio)."""
    return max(INKS, key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written "#rrggbb", 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
