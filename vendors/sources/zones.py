"""Time zones as Statuspage names them: abbreviations in display texts, and the Rails or IANA name of the page's own zone.

An abbreviation names one side of daylight saving; the page's zone names both. Where an abbreviation means several zones
(`IST`), the page's own zone decides; without one the most usual is read, and the reading is told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2,
    "CAT": 2, "EAT": 3, "WAT": 1, "PKT": 5, "WIB": 7, "WITA": 8, "WIT": 9, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9,
    "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "NST": -3.5, "NDT": -2.5,
    "ADT": -3, "BRT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "CST": -6, "MST": -7, "AST": -4, "BST": 1, "IST": 5.5, "SST": -11,
}  # fmt: skip
AMBIGUOUS = {"CST": "UTC+8 (China)", "IST": "UTC+2 (Israel)", "BST": "UTC+6 (Bangladesh)", "AST": "UTC+3 (Arabia)"}

_RAILS = """
International Date Line West=Etc/GMT+12|American Samoa=Pacific/Pago_Pago|Midway Island=Pacific/Midway
Hawaii=Pacific/Honolulu|Alaska=America/Juneau|Pacific Time (US & Canada)=America/Los_Angeles|Tijuana=America/Tijuana
Mountain Time (US & Canada)=America/Denver|Arizona=America/Phoenix|Chihuahua=America/Chihuahua
Mazatlan=America/Mazatlan|Central Time (US & Canada)=America/Chicago|Saskatchewan=America/Regina
Guadalajara=America/Mexico_City|Mexico City=America/Mexico_City|Monterrey=America/Monterrey
Central America=America/Guatemala|Eastern Time (US & Canada)=America/New_York
Indiana (East)=America/Indiana/Indianapolis|Bogota=America/Bogota|Lima=America/Lima|Quito=America/Lima
Atlantic Time (Canada)=America/Halifax|Caracas=America/Caracas|La Paz=America/La_Paz|Santiago=America/Santiago
Newfoundland=America/St_Johns|Brasilia=America/Sao_Paulo|Buenos Aires=America/Argentina/Buenos_Aires
Montevideo=America/Montevideo|Georgetown=America/Guyana|Puerto Rico=America/Puerto_Rico|Greenland=America/Godthab
Mid-Atlantic=Atlantic/South_Georgia|Azores=Atlantic/Azores|Cape Verde Is.=Atlantic/Cape_Verde|Dublin=Europe/Dublin
Edinburgh=Europe/London|Lisbon=Europe/Lisbon|London=Europe/London|Casablanca=Africa/Casablanca
Monrovia=Africa/Monrovia|UTC=Etc/UTC|Belgrade=Europe/Belgrade|Bratislava=Europe/Bratislava|Budapest=Europe/Budapest
Ljubljana=Europe/Ljubljana|Prague=Europe/Prague|Sarajevo=Europe/Sarajevo|Skopje=Europe/Skopje|Warsaw=Europe/Warsaw
Zagreb=Europe/Zagreb|Brussels=Europe/Brussels|Copenhagen=Europe/Copenhagen|Madrid=Europe/Madrid|Paris=Europe/Paris
Amsterdam=Europe/Amsterdam|Berlin=Europe/Berlin|Bern=Europe/Zurich|Zurich=Europe/Zurich|Rome=Europe/Rome
Stockholm=Europe/Stockholm|Vienna=Europe/Vienna|West Central Africa=Africa/Algiers|Bucharest=Europe/Bucharest
Cairo=Africa/Cairo|Helsinki=Europe/Helsinki|Kyiv=Europe/Kiev|Riga=Europe/Riga|Sofia=Europe/Sofia
Tallinn=Europe/Tallinn|Vilnius=Europe/Vilnius|Athens=Europe/Athens|Istanbul=Europe/Istanbul|Minsk=Europe/Minsk
Jerusalem=Asia/Jerusalem|Harare=Africa/Harare|Pretoria=Africa/Johannesburg|Kaliningrad=Europe/Kaliningrad
Moscow=Europe/Moscow|St. Petersburg=Europe/Moscow|Volgograd=Europe/Volgograd|Samara=Europe/Samara|Kuwait=Asia/Kuwait
Riyadh=Asia/Riyadh|Nairobi=Africa/Nairobi|Baghdad=Asia/Baghdad|Tehran=Asia/Tehran|Abu Dhabi=Asia/Muscat
Muscat=Asia/Muscat|Baku=Asia/Baku|Tbilisi=Asia/Tbilisi|Yerevan=Asia/Yerevan|Kabul=Asia/Kabul
Ekaterinburg=Asia/Yekaterinburg|Islamabad=Asia/Karachi|Karachi=Asia/Karachi|Tashkent=Asia/Tashkent
Chennai=Asia/Kolkata|Kolkata=Asia/Kolkata|Mumbai=Asia/Kolkata|New Delhi=Asia/Kolkata|Kathmandu=Asia/Kathmandu
Dhaka=Asia/Dhaka|Sri Jayawardenepura=Asia/Colombo|Almaty=Asia/Almaty|Astana=Asia/Almaty
Novosibirsk=Asia/Novosibirsk|Rangoon=Asia/Rangoon|Bangkok=Asia/Bangkok|Hanoi=Asia/Bangkok|Jakarta=Asia/Jakarta
Krasnoyarsk=Asia/Krasnoyarsk|Beijing=Asia/Shanghai|Chongqing=Asia/Chongqing|Hong Kong=Asia/Hong_Kong
Urumqi=Asia/Urumqi|Kuala Lumpur=Asia/Kuala_Lumpur|Singapore=Asia/Singapore|Taipei=Asia/Taipei|Perth=Australia/Perth
Irkutsk=Asia/Irkutsk|Ulaanbaatar=Asia/Ulaanbaatar|Seoul=Asia/Seoul|Osaka=Asia/Tokyo|Sapporo=Asia/Tokyo
Tokyo=Asia/Tokyo|Yakutsk=Asia/Yakutsk|Darwin=Australia/Darwin|Adelaide=Australia/Adelaide
Canberra=Australia/Canberra|Melbourne=Australia/Melbourne|Sydney=Australia/Sydney|Brisbane=Australia/Brisbane
Hobart=Australia/Hobart|Vladivostok=Asia/Vladivostok|Guam=Pacific/Guam|Port Moresby=Pacific/Port_Moresby
Magadan=Asia/Magadan|Srednekolymsk=Asia/Srednekolymsk|Solomon Is.=Pacific/Guadalcanal
New Caledonia=Pacific/Noumea|Fiji=Pacific/Fiji|Kamchatka=Asia/Kamchatka|Marshall Is.=Pacific/Majuro
Auckland=Pacific/Auckland|Wellington=Pacific/Auckland|Nuku'alofa=Pacific/Tongatapu|Tokelau Is.=Pacific/Fakaofo
Chatham Is.=Pacific/Chatham|Samoa=Pacific/Apia
"""


@lru_cache(maxsize=256)
def page_zone(name: str | None) -> tzinfo | None:
    """The zone of a page by its Rails name ("Pacific Time (US & Canada)") or IANA name; None if there is no such zone."""
    if not name or len(name) > 60:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(_rails_names().get(name, name))
    except (KeyError, ValueError, OSError):  # not found, not a name at all, or the name of a folder of names
        return None


@lru_cache(maxsize=256)
def label_zone(label: str) -> tzinfo | None:
    """The fixed offset a label of a display text stands for ("PST", "+07", "-0330"); None if it is not known."""
    label = label.strip().upper()
    if label[:3] in ("GMT", "UTC") and label[3:4] in ("+", "-"):
        label = label[3] + label[4:].zfill(2)
    if label in _HOURS:
        return UTC if _HOURS[label] == 0 else timezone(timedelta(hours=_HOURS[label]), label)
    digits = label[1:].replace(":", "")
    if label[:1] in ("+", "-") and digits.isascii() and digits.isdigit() and len(digits) in (2, 4):
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if label[0] == "+" else -minutes))
    return None


def localise(naive: datetime, label: str, own: tzinfo | None) -> datetime | None:
    """The UTC time of a wall-clock time on a page, or None if its label is not known.

    The page's own zone is used where the label is one of its names in that year, so that one label on a span across a
    change of clocks moves neither end; where an hour happens twice, the label says which. Else the label's own offset.
    """
    label = label.strip()
    if own is not None:
        near = {
            naive.replace(month=1, day=15, tzinfo=own).tzname(),
            naive.replace(month=7, day=15, tzinfo=own).tzname(),
        }
        if label in near:
            first, second = naive.replace(tzinfo=own, fold=0), naive.replace(tzinfo=own, fold=1)
            return (second if second.tzname() == label != first.tzname() else first).astimezone(UTC)
    zone = label_zone(label) if label else own
    return None if zone is None else naive.replace(tzinfo=zone).astimezone(UTC)


def other_reading(label: str, own: tzinfo | None) -> str | None:
    """What else an ambiguous label could have meant, where the page's own zone does not settle it; else None."""
    return None if own is not None else AMBIGUOUS.get(label.strip().upper())


@lru_cache(maxsize=1)
def _rails_names() -> dict[str, str]:
    pairs = (pair.split("=") for line in _RAILS.strip().splitlines() for pair in line.split("|"))
    return {pair[0]: pair[1] for pair in pairs}
