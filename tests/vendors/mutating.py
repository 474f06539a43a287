"""Documents made a little wrong: values replaced or removed, and rows and fields in another order."""

from __future__ import annotations

import copy
import json
import random

from hypothesis import strategies as st

ODD = [None, True, -1, 0, 1e30, -1e30, 2**70, "", "x" * 300, "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
       "2026-05-01T10:00:00", "not a time", [], {}, [None], [[]], {"a": {}}, "\ud800", "<b>&amp;</b>"]  # fmt: skip


def shuffled(value: object, dice: random.Random) -> object:
    """The same JSON with its lists and fields in another order."""
    if isinstance(value, list):
        value = [shuffled(item, dice) for item in value]
        dice.shuffle(value)
        return value
    if isinstance(value, dict):
        items = [(key, shuffled(item, dice)) for key, item in value.items()]
        dice.shuffle(items)
        return dict(items)
    return value


def mutated(draw: st.DrawFn, body: bytes) -> bytes:
    """The JSON document with one to four of its values replaced by an odd one, or removed."""
    document = json.loads(body)
    for _ in range(draw(st.integers(1, 4))):
        holder, key = document, None
        while isinstance(holder, (dict, list)) and holder:
            key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            if not isinstance(holder[key], (dict, list)) or not holder[key] or draw(st.integers(0, 3)) == 0:
                break
            holder = holder[key]
        if key is None or not holder:
            continue
        if draw(st.booleans()):
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
        else:
            del holder[key]
    return json.dumps(document).encode()
