"""Posts that a monitor wrote, by the sentences the monitors use. They are no communication by people, and are marked.

Sources: the wording of Better Stack, Upptime, Uptime Kuma, Gatus, UptimeRobot and Instatus's monitors as their pages and
open code show it (docs/sources.md). A sentence that could be a person's own is not listed.
"""

from __future__ import annotations

import re
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


# `re` for what every text passes: literals only, hence linear, and ten times quicker than re2's wrapper.
_a_hint = re.compile("went down|recovered|🛑|⚠️|🟥|🟩|🟨|✅|utomat|onitor|check|[Ii]n [`\\[0-9a-f]", re.DOTALL).search


def machine_written(text: str) -> bool:
    """Whether the whole plain text is such a sentence. False for "". Cost: linear."""
    if not text or len(text) > 2 * _LONGEST or _a_hint(text) is None:
        return False
    line = " ".join(text.split())
    return len(line) <= _LONGEST and _TEMPLATES.match(line) is not None
