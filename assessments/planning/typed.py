"""Single values as people type them, to and from what a plan holds. None and "" mean not stated."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from assessments.planning.fields import Field
from riskboard.durations import parse_duration
from riskboard.errors import Refused
from riskboard.locales import figure
from riskboard.phrasebook import sentence

_THOUSANDS = re.compile(r"(?<=\d)[ '\u00a0\u202f](?=\d{3})|(?<=\d),(?=\d{3}(?:\D|$))")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_SPOOFING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
MOST_LINES = 200
YES_NO = {"yes": True, "no": False}


class Fault(ValueError):
    """What was typed cannot be read; the message says how to write it."""


def clean(text: str) -> str:
    """The text without control characters and marks that turn its direction; line ends as one character, ends trimmed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in plain if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _SPOOFING))
    return "".join(kept).strip()


def slug_of(text: str) -> str:
    """The text as an id: "Order intake" gives "order-intake". Empty where no letter or digit of it can stand in one."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def is_slug(text: str) -> bool:
    """Whether it can be an id."""
    return _SLUG.fullmatch(text) is not None


def shown(field: Field, value: Any) -> str:
    """The value as its field shows it for editing; `read` gives the same value back."""
    if value is None:
        return ""
    match field.widget:
        case "hours":
            return hours_typed(value)
        case "share":
            return _plain(Decimal(str(value)) * 100)
        case "money" | "count":
            return _plain(Decimal(str(value)))
        case "flag":
            return "yes" if value else ""
        case "maybe":
            return "yes" if value else "no"
        case "date":
            return str(value.isoformat())
        case "lines" | "slugs":
            return "\n".join(value)
        case _:
            return str(value)


def hours_typed(hours: float) -> str:
    """Hours as people type them: "45m", "4h", "1h30m", "3d"."""
    whole, rest = divmod(hours, 24)
    if whole and not rest:
        return f"{whole:.0f}d"
    full, minutes = divmod(round(hours * 60, 6), 60)
    end = f"{minutes:.6f}".rstrip("0").rstrip(".")
    return (f"{full:.0f}h" if full or end == "0" else "") + (f"{end}m" if end != "0" else "")


def _plain(number: Decimal) -> str:
    """Digits without an exponent or idle zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read(field: Field, typed: str) -> Any:
    """The value, None where nothing was typed (an empty text for texts). Raises Fault saying how to write it."""
    text = clean(typed)
    if field.longest and len(text) > field.longest:
        raise Fault(
            gettext("This is %(text)s characters long; at most %(longest)s are kept.")
            % {"text": figure(len(text), ","), "longest": figure(field.longest, ",")}
        )
    if field.widget == "flag":
        return text == "yes"
    if not text:
        return _nothing(field)
    return _READERS.get(field.widget, _as_it_is)(field, text)


def _nothing(field: Field) -> Any:
    if field.required:
        raise Fault(
            gettext("%(field_label)s: this is needed.") % {"field_label": field.label}
            if field.widget not in _CHOSEN
            else gettext("Choose one.")
        )
    if field.widget in ("lines", "slugs"):
        return []
    return None if field.optional else ""


def _as_it_is(field: Field, text: str) -> Any:
    return text


def _hours(field: Field, text: str) -> float:
    if re.fullmatch(r"0\s*(m|min|h|d|w)?", text) and not field.path.endswith(("rto_hours", "mtd_hours", "every_hours")):
        return 0.0
    if re.fullmatch(r"\d+(\.\d+)?", text):
        raise Fault(gettext("%(text)s of what? Write %(text)sh for hours or %(text)sd for days.") % {"text": text})
    try:
        return parse_duration(text, what="length")
    except Refused as refusal:
        raise Fault(sentence(refusal)) from refusal


def _number(text: str, example: str) -> Decimal:
    try:
        number = Decimal(_THOUSANDS.sub("", text))
    except InvalidOperation as fault:
        raise Fault(
            gettext("%(text)s is no number; write it like %(example)s.")
            % {"text": f"{text[:40]!r}", "example": example}
        ) from fault
    if not number.is_finite() or number < 0:
        raise Fault(gettext("Write a number from 0, like %(example)s.") % {"example": example})
    return number


def _money(field: Field, text: str) -> float:
    number = _number(text, "1800 or 1800.50")
    if number > 10**12:
        raise Fault(gettext("That is more than can be entered; at most a million millions."))
    return float(number)


def _share(field: Field, text: str) -> float:
    number = _number(text.removesuffix("%").strip(), "60 or 99.9")
    if number > 100:
        raise Fault(gettext("A share is at most 100 %."))
    return float(number / 100)


def _count(field: Field, text: str) -> int:
    number = _number(text, "12")
    if number != number.to_integral_value() or number > 10_000_000:
        raise Fault(gettext("Write a whole number, like 12."))
    return int(number)


def _date(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as fault:
        raise Fault(gettext("%(text)s is no date; write it like 2026-08-22.") % {"text": f"{text[:40]!r}"}) from fault


def _choice(field: Field, text: str) -> str:
    if text not in field.choices:
        raise Fault(gettext("Choose one of the list."))
    return text


def _maybe(field: Field, text: str) -> bool:
    if text not in YES_NO:
        raise Fault(gettext("Choose yes, no or not known."))
    return YES_NO[text]


def _link(field: Field, text: str) -> str:
    if not re.match(r"https?://[^\s/]", text, re.IGNORECASE):
        raise Fault(gettext("Write a link that begins with https:// or http://."))
    return text


def _lines(field: Field, text: str) -> list[str]:
    found = [line.strip() for line in text.split("\n") if line.strip()]
    if len(found) > MOST_LINES:
        raise Fault(
            gettext("These are %(found)s lines; at most %(most_lines)s are kept.")
            % {"found": len(found), "most_lines": MOST_LINES}
        )
    too_long = next((line for line in found if len(line) > 200), None)
    if too_long is not None:
        raise Fault(
            gettext("A line is %(too_long)s characters long; at most 200 are kept.") % {"too_long": len(too_long)}
        )
    return found


def _slugs(field: Field, text: str) -> list[str]:
    found = list(dict.fromkeys(part.strip().casefold() for part in re.split(r"[\n,;]", text) if part.strip()))
    wrong = next((one for one in found if not _SLUG.fullmatch(one)), None)
    if wrong is not None:
        raise Fault(
            gettext("%(wrong)s: write small letters, digits and hyphens, like %(example)s.")
            % {"wrong": f"{wrong[:40]!r}", "example": slug_of(wrong) or "cloudflare"}
        )
    return found[:MOST_LINES]


_CHOSEN = ("choice", "reference", "maybe")
_READERS = {
    "hours": _hours, "money": _money, "share": _share, "count": _count, "date": _date, "choice": _choice,
    "maybe": _maybe, "link": _link, "lines": _lines, "slugs": _slugs,
}  # fmt: skip
