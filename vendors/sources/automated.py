"""Posts that a monitor wrote, by the sentences the monitors use. They are no communication by people, and are marked.

Sources: the wording of Better Stack, Upptime, Uptime Kuma, Gatus, UptimeRobot and Instatus's monitors as their pages and
open code show it (docs/sources.md). A sentence that could be a person's own is not listed.
"""

from __future__ import annotations

from typing import Final

import re2

_LONGEST: Final = 600  # a templated post is short; more than that a person (or a model) wrote
_TEMPLATES = re2.compile(
    r"(?i)^\W{0,4}(?:"
    r"[^.!?\n]{1,160} (?:went down|recovered)[.!]?"
    r"|(?:🛑|⚠️|🟥|🟩|🟨|✅)\s?[^.!?\n]{1,160} (?:is|has|was) (?:down|up|degraded|experiencing degraded performance|recovered)[.!]?"
    r"|(?:in|resolved in) \[?`?[0-9a-f]{7,40}`?\]?.{0,400}"
    r"|monitor(?:ing)? (?:is|was|detected) .{0,120}(?:down|up|unreachable)[.!]?"
    r"|(?:this is )?an automat(?:ed|ic) (?:message|update|incident|notification).{0,200}"
    r"|automatically (?:detected|created|resolved|opened|closed)(?: by .{1,80})?[.!]?"
    r"|(?:http|https|tcp|ping|dns|ssl|keyword) (?:check|monitor).{1,160}(?:failed|down|up|recovered|timed? ?out)[.!]?"
    r")$"
)


def machine_written(text: str) -> bool:
    """Whether the whole plain text is such a sentence. False for "". Cost: linear."""
    if not 0 < len(text) <= 2 * _LONGEST or not _has_a_hint(text):
        return False
    line = " ".join(text.split())
    return len(line) <= _LONGEST and _TEMPLATES.match(line) is not None


def _has_a_hint(text: str) -> bool:
    """Whether a word is in it that every sentence of the table has one of. Most texts have none, and this is quick."""
    if "went down" in text or "recovered" in text or "utomat" in text or " check " in text or "onitor " in text:
        return True
    if "onitoring is" in text or "onitoring was" in text or "onitoring detected" in text:
        return True
    return text[:1] in "🛑⚠🟥🟩🟨✅" or text[:3].lower() == "in " or text[:12].lower() == "resolved in "
