"""A person who has a keyboard and no mouse: reaches a thing by Tab alone, sees where the focus is, and acts on it by keys."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST_WAY = 250  # presses of Tab before a thing counts as out of reach

# What has the focus: its accessible name as far as a test needs it, and whether anybody could see that it has it.
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const label = one.getAttribute("aria-label") || (one.labels && [...one.labels].map((l) => l.textContent).join(" "))
    || one.textContent || one.value || "";
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {tag: one.tagName.toLowerCase(), name: label.replace(/\\s+/g, " ").trim(), id: one.id,
          seen: one === document.body || (outlined && inside && box.width > 0)};
}"""
MATCHES = "selector => document.activeElement.matches(selector)"


class Keys:
    """The hands of that person on one page. Every stop on the way must show that it has the focus."""

    def __init__(self, page):
        self.page = page

    def reach(self, selector: str = "*", name: str = "") -> None:
        """Press Tab until an element that fits both has the focus. Raises AssertionError where none is met, or one hides it."""
        met = []
        for _ in range(LONGEST_WAY):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(FOCUSED)
            assert at["seen"], f"nothing shows that {at['tag']} {at['name'][:60]!r} has the focus"
            met.append(f"{at['tag']} {at['name'][:40]}")
            if self.page.evaluate(MATCHES, selector) and re.search(name, at["name"]):
                return
        raise AssertionError(f"{selector} {name!r} is not reached by Tab; met: {', '.join(dict.fromkeys(met))}")

    def press(self, name: str, selector: str = "a, button, summary") -> None:
        """Go to a link or a button of that name, and press it."""
        self.reach(selector, name)
        self.page.keyboard.press("Enter")

    def write(self, name: str, text: str, selector: str = "input, textarea") -> None:
        """Go to a field of that label, and write over what it holds."""
        self.reach(selector, name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, name: str, selector: str = "input[type=checkbox]") -> None:
        """Go to a box or a choice of that label, and tick it."""
        self.reach(selector, name)
        self.page.keyboard.press("Space")

    def choose(self, name: str, selector: str = "input[type=radio]") -> None:
        """Go to a group of choices of which Tab meets one, and move to the one of that label by the arrow."""
        self.reach(selector)
        for _ in range(12):
            if re.search(name, self.page.evaluate(FOCUSED)["name"]):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {name!r} in that group")

    def pick(self, name: str, option: str) -> None:
        """Go to a list of that label, and type the beginning of an option."""
        self.reach("select", name)
        self.page.keyboard.type(option)

    def attach(self, path: Path, selector: str = "input[type=file]") -> None:
        """Go to a field for a file, open the chooser by a key, and choose that file there."""
        self.reach(selector)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(path)
