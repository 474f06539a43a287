"""The design tokens: one place for colours, sizes and words of the visual language.

Pictures take a theme and write its colours literally (the PDF engine reads no CSS inside SVG); the web's
`tokens.css` is made from the same values by `python -m assessments.report.tokens`, and a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from riskboard.locales import N_

GRADE_WORDS = {
    "A": N_("strong"),
    "B": N_("good"),
    "C": N_("fair"),
    "D": N_("weak"),
    "E": N_("poor"),
    "F": N_("failing"),
}
UNKNOWN_WORD = N_("not known")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one medium. Names say the use, not the hue."""

    ground: str
    raised: str
    ink: str
    muted: str
    line: str
    accent: str
    unknown: str
    grade_a: str
    grade_b: str
    grade_c: str
    grade_d: str
    grade_e: str
    grade_f: str
    impact_none: str
    impact_minor: str
    impact_major: str
    impact_critical: str
    quiet: str
    band: str
    hatch: str

    def grade(self, letter: str | None) -> str:
        """The colour of a letter; the unknown colour for none."""
        return str(getattr(self, f"grade_{letter.lower()}")) if letter and letter in GRADE_WORDS else self.unknown

    def impact(self, impact: str | None) -> str:
        """The colour of an impact; the unknown colour where none is stated."""
        return str(getattr(self, f"impact_{impact}")) if impact else self.unknown


_GRADES = {
    "grade_a": "#1b7f5c", "grade_b": "#4f9a4a", "grade_c": "#b08900", "grade_d": "#c8641b", "grade_e": "#b5382a",
    "grade_f": "#7d1f2d",
}  # fmt: skip
LIGHT = Theme(
    ground="#fbfaf7", raised="#ffffff", ink="#1b1f24", muted="#59616b", line="#d9d5cb", accent="#1f5fbf", unknown="#8a8f98",
    impact_none="#ffffff", impact_minor="#f0c987", impact_major="#d9822b", impact_critical="#7d1f2d", quiet="#d5e5dc",
    band="#d3dff1", hatch="#ecebe6",
    **_GRADES,
)  # fmt: skip
DARK = Theme(
    ground="#14171a", raised="#1c2024", ink="#e8e6e1", muted="#a7adb5", line="#363c43", accent="#7fb0ff", unknown="#8a8f98",
    impact_none="#14171a", impact_minor="#8a6d33", impact_major="#d9822b", impact_critical="#e2556a", quiet="#22382f",
    band="#243450", hatch="#2a2f35",
    grade_a="#3fae86", grade_b="#78bf72", grade_c="#d3ab2c", grade_d="#e58a48", grade_e="#e2695b", grade_f="#d4566a",
)  # fmt: skip
PRINT = Theme(
    ground="#ffffff", raised="#ffffff", ink="#1b1f24", muted="#4d555e", line="#cfcbc1", accent="#1f5fbf", unknown="#8a8f98",
    impact_none="#ffffff", impact_minor="#f0c987", impact_major="#d9822b", impact_critical="#7d1f2d", quiet="#dce9e2",
    band="#d3dff1", hatch="#ecebe6",
    **_GRADES,
)  # fmt: skip

# On screen a picture names its colours by tokens.css, so that one picture serves light and dark.
SCREEN = Theme(**{field.name: f"var(--{field.name.replace('_', '-')})" for field in fields(Theme)})


def properties(theme: Theme) -> str:
    """The theme as CSS custom properties, one a line."""
    return "".join(f"  --{field.name.replace('_', '-')}: {getattr(theme, field.name)};\n" for field in fields(theme))


def css() -> str:
    """tokens.css: light by default, dark on a screen where the reader prefers or has chosen it; paper is always light."""
    dark = properties(DARK)
    return (
        "/* Made by `python -m assessments.report.tokens`: change the tokens there. */\n"
        f":root {{\n  color-scheme: light;\n{properties(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n:root:not([data-theme='light']) {{\n  color-scheme: dark;\n{dark}}}\n}}\n"
        f"@media screen {{\n:root[data-theme='dark'] {{\n  color-scheme: dark;\n{dark}}}\n}}\n"
    )


def main() -> None:
    """Write tokens.css."""
    path = Path(__file__).resolve().parents[2] / "riskboard" / "static" / "css" / "tokens.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(css(), encoding="utf-8")


if __name__ == "__main__":
    main()
