"""What a page itself shows and hides: the fifteen observations of openness (method, O1 to O15), each with its evidence. Pure.

An observation says what was seen, where, when and in which bytes. What cannot be seen from outside is "unknown", with the
question to ask; it is never a pass, and never a fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Any, Final, Literal, Protocol

import re2

from vendors.addresses import registrable
from vendors.records import Observation
from vendors.sources.base import Parsed, Raw, SourceChanged, is_web
from vendors.sources.prose import tells_of_total_outage
from vendors.sources.shapes import kind_of

Outcome = Literal["pass", "partial", "fail", "unknown", "not_applicable"]
FEW: Final = 5  # fewer incidents say nothing about a habit
ENOUGH_COMPONENTS: Final = 5  # O5: five parts a user knows
LEAD: Final = timedelta(hours=72)  # O10: announced three days ahead
HALF: Final = 0.5  # O12: a habit, not an exception
MISLABELLED: Final = 0.1  # O11: more than one in ten is a habit
LARGEST_PAGE: Final = 1_000_000  # bytes of a page that are looked at
# Hosts of status-page products: the page is run by someone else than the vendor.
PRODUCT_HOSTS = (
    "statuspage.io", "status.atlassian.com", "instatus.com", "betteruptime.com", "betterstack.com", "status.io",
    "hostedstatus.com", "incident.io", "uptimerobot.com", "hund.io", "statuspal.io", "statuspal.eu", "sorryapp.com",
    "statuscast.com", "site24x7.com", "freshstatus.io", "statushub.com", "statushub.io", "openstatus.dev", "github.io",
)  # fmt: skip

_SUBSCRIBE = {
    "email": re2.compile(
        r'(?i)type=["\']?email|subscribe[^<>]{0,80}e-?mail|e-?mail[^<>]{0,80}(?:updates|notifications)'
    ),
    "RSS": re2.compile(r"(?i)application/(?:rss|atom)\+xml|/(?:history|feed)\.(?:rss|atom)|>\s*(?:RSS|Atom)"),
    "webhook": re2.compile(r"(?i)webhook"),
    "Slack": re2.compile(
        r"(?i)(?:subscribe|updates|notifications)[^<>]{0,200}slack|slack[^<>]{0,120}(?:subscribe|updates)"
    ),
    "SMS": re2.compile(r"(?i)\bsms\b|text message"),
    "per component": re2.compile(
        r"(?i)select[^<>]{0,60}components|component_subscription|subscribe to (?:specific|individual)"
    ),
}
_UPTIME = re2.compile(r"(?i)\b\d{2,3}(?:\.\d{1,4})?\s?%[^<>]{0,40}uptime|uptime[^<>]{0,60}\b\d{2,3}(?:\.\d{1,4})?\s?%")
_UPTIME_BY_PART = re2.compile(r'(?i)uptime-percent|data-component[^<>]{0,200}uptime|class="[^"]{0,80}uptime')
_METHOD = re2.compile(r"(?i)how (?:is|we) (?:uptime|calculat)|uptime (?:is )?(?:calculated|calculation|method)")
_REGION = re2.compile(
    r"(?i)\b(?:us|eu|ap|sa|ca|af|me)-(?:east|west|north|south|central|southeast|northeast)"
    r"|\b(?:europe|asia|frankfurt|virginia|oregon|ireland|tokyo|sydney|singapore|london|mumbai|region)\b"
)


class Host(Protocol):
    """What is known of a host (vendors.fetching.HostSeen)."""

    host: str
    addresses: tuple[str, ...]
    canonical: str
    issuer: str
    alt_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What all observations look at. `page` is the page's own HTML, None where none was had; `text` its first megabyte."""

    parsed: Parsed
    answers: Mapping[str, Raw]
    as_of: datetime
    page: Raw | None
    text: str

    def said(
        self, check: str, outcome: Outcome, note: str, *, value: float | str | bool | None = None, of: Raw | None = None
    ) -> Observation:
        """One observation, with the address and hash of the bytes it was read from where there are any."""
        return Observation(
            check=check,
            outcome=outcome,
            observed_at=self.as_of,
            value=value,
            url=of.url if of is not None else (self.parsed.page.url if is_web(self.parsed.page.url) else None),
            note=note,
            sha256=None if of is None else sha256(of.body).hexdigest(),
        )


def observe(
    parsed: Parsed,
    answers: Mapping[str, Raw],
    *,
    as_of: datetime,
    status: Host | None = None,
    product: Host | None = None,
    whole: bool = True,
) -> tuple[Observation, ...]:
    """What one read shows of the page's openness, ordered by number; () for documents that came from no address.

    `status` and `product` are what name service and certificates say of the page's host and of the vendor's own, None
    where they were not looked at. O13 (integrity) needs months of our own polling and is not made here.
    """
    live = {name: raw for name, raw in answers.items() if is_web(raw.url)}
    if not live:
        return ()
    page = next((raw for raw in live.values() if kind_of(raw.body) == "home"), None)
    text = "" if page is None else page.body[:LARGEST_PAGE].decode("utf-8", "replace")
    seen = _Seen(parsed, live, as_of, page, text)
    return (
        _access(seen), _same_for_all(seen), _machine_readable(seen), _history(seen, whole), _components(seen),
        _subscriptions(seen), _uptime(seen), _independence(seen, status, product), _post_mortems(seen), _notice(seen),
        _labels(seen), _stated_times(seen), *_language_and_access(seen),
    )  # fmt: skip


def _access(seen: _Seen) -> Observation:
    access = seen.parsed.page.access
    history = seen.parsed.window.start is not None
    if access == "public":
        if history:
            return seen.said(
                "access", "pass", "Anyone can read the page and its history.", value="public", of=seen.page
            )
        told = "Anyone can read the page; it shows the present only."
        return seen.said("access", "partial", told, value="public", of=seen.page)
    if access == "login":
        return seen.said("access", "fail", "The page is for customers who sign in.", value="login")
    if access == "none":
        return seen.said("access", "fail", "The page is deactivated or gone.", value="none", of=seen.page)
    return seen.said("access", "unknown", "Whether anyone can read the page was not seen.", value="unknown")


def _same_for_all(seen: _Seen) -> Observation:
    note = "Whether customers without a paid plan see the same cannot be seen from outside: ask the vendor."
    return seen.said("same-for-all", "unknown", note)


def _machine_readable(seen: _Seen) -> Observation:
    kinds = {kind_of(raw.body): raw for raw in seen.answers.values()}
    json_answer = kinds.get("document") or kinds.get("lines")
    if json_answer is not None:
        return seen.said(
            "machine-readable-feed", "pass", "A JSON interface answers without a key.", value="JSON", of=json_answer
        )
    if "atom" in kinds:
        note = "An Atom or RSS feed answers; no JSON was seen."
        return seen.said("machine-readable-feed", "partial", note, value="feed", of=kinds["atom"])
    return seen.said(
        "machine-readable-feed", "fail", "Only web pages were found, no JSON and no feed.", value="none", of=seen.page
    )


def _history(seen: _Seen, whole: bool) -> Observation:
    window = seen.parsed.window
    if window.start is None and whole:
        note = f"The page shows no history: {window.reason}"
        return seen.said("history-reach", "fail", note[:500], value=0.0)
    if window.start is None:
        return seen.said(
            "history-reach", "unknown", "Not every address of the page answered, so its reach was not seen."
        )
    days = float(max(0, round((seen.as_of - window.start) / timedelta(days=1))))
    return seen.said("history-reach", "pass", window.reason, value=days)


def _components(seen: _Seen) -> Observation:
    parts = seen.parsed.page.components
    if not parts:
        return seen.said("component-granularity", "unknown", "No list of components was read.")
    named = [incident for incident in seen.parsed.incidents if incident.components]
    share = f"{len(named)} of {len(seen.parsed.incidents)} incidents name one"
    regions = sum(1 for part in parts if _REGION.search(f"{part.group or ''} {part.name}"))
    broad = (
        sum(1 for incident in named if len(incident.components) > 0.8 * len(parts))
        if len(parts) >= ENOUGH_COMPONENTS
        else 0
    )
    if broad:
        share = f"{len(named)} of {len(seen.parsed.incidents)} incidents name one; {broad} name nearly all of them"
    note = f"{len(parts)} components, {regions} of them named after a region; {share}."
    outcome: Outcome = "pass" if len(parts) >= ENOUGH_COMPONENTS and broad <= len(named) / 2 else "partial"
    return seen.said("component-granularity", outcome, note, value=float(len(parts)))


def _subscriptions(seen: _Seen) -> Observation:
    if seen.page is None:
        return seen.said(
            "subscriptions", "unknown", "The page itself was not read, so its ways to subscribe were not seen."
        )
    ways = [name for name, pattern in _SUBSCRIBE.items() if pattern.search(seen.text)]
    pushed = [way for way in ways if way not in ("RSS", "per component")]
    outcome: Outcome = "pass" if "email" in ways and len(pushed) >= 2 else "partial" if ways else "fail"
    note = f"Ways to subscribe seen on the page: {', '.join(ways) or 'none'}."
    return seen.said("subscriptions", outcome, note, value=", ".join(ways) or "none", of=seen.page)


def _uptime(seen: _Seen) -> Observation:
    if seen.page is None:
        return seen.said(
            "uptime-figures", "unknown", "The page itself was not read, so its uptime figures were not seen."
        )
    shown, by_part, told = (p.search(seen.text) is not None for p in (_UPTIME, _UPTIME_BY_PART, _METHOD))
    if not shown:
        return seen.said("uptime-figures", "fail", "No uptime figure was seen on the page.", value=False, of=seen.page)
    how = "how they are worked out is told" if told else "how they are worked out is not told"
    note = f"Uptime figures are shown, by component; {how}." if by_part else f"Uptime figures are shown; {how}."
    return seen.said("uptime-figures", "pass" if told and by_part else "partial", note, value=True, of=seen.page)


def _independence(seen: _Seen, status: Host | None, product: Host | None) -> Observation:
    """Whether the page would stand if the product fell: another zone, other addresses, another certificate."""
    check = "independent-hosting"
    if status is None:
        return seen.said(check, "unknown", "Where the page is hosted was not looked at.")
    names = (status.host, status.canonical)
    hosted = next((h for h in PRODUCT_HOSTS if any(n == h or n.endswith(f".{h}") for n in names if n)), None)
    if product is None:
        if hosted is not None:
            note = f"The page is run by {hosted}, not by the vendor; where the product itself runs was not looked at."
            return seen.said(check, "partial", note, value=hosted)
        return seen.said(check, "unknown", "Where the product itself runs was not looked at: ask the vendor.")
    same_zone = registrable(status.host) == registrable(product.host)
    shared = {_network(a) for a in status.addresses} & {_network(a) for a in product.addresses}
    same_certificate = bool(status.alt_names) and product.host in status.alt_names
    points = [not shared, not same_certificate, not same_zone or hosted is not None]
    note = (
        f"Name {'in another zone' if not same_zone else 'in the product’s own zone'}; "
        f"addresses {'shared with the product' if shared else 'apart from the product'}; "
        f"certificate {'shared' if same_certificate else 'of its own'}"
    )
    note = f"{note}; run by {hosted}." if hosted else f"{note}."
    outcome: Outcome = "fail" if shared else "pass" if all(points) else "partial"
    return seen.said(check, outcome, note, value=hosted or ("shared" if shared else "apart"))


def _network(address: str) -> str:
    """The block an address is handed out in: /24 of IPv4, /48 of IPv6."""
    import ipaddress

    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def _post_mortems(seen: _Seen) -> Observation:
    grave = [i for i in seen.parsed.incidents if i.impact in ("major", "critical")]
    if not grave:
        return seen.said("post-mortems", "not_applicable", "No major or critical incident in what was read.")
    told = sum(1 for i in grave if i.postmortem_url or any(u.state == "postmortem" for u in i.updates))
    outcome: Outcome = "pass" if told * 2 >= len(grave) else "partial" if told else "fail"
    if len(grave) < FEW and outcome == "fail":
        outcome = "unknown"
    note = f"{told} of {len(grave)} major or critical incidents have a post-mortem on the page."
    return seen.said("post-mortems", outcome, note, value=round(told / len(grave), 4))


def _notice(seen: _Seen) -> Observation:
    leads = [
        m.scheduled_for - m.announced_at
        for m in seen.parsed.maintenances
        if m.scheduled_for is not None and m.announced_at is not None
    ]
    if not leads:
        return seen.said("maintenance-notice", "unknown", "No announced maintenance with both times was read.")
    typical = median(leads)
    hours = round(typical / timedelta(hours=1), 1)
    outcome: Outcome = "pass" if typical >= LEAD else "partial" if typical >= timedelta(hours=24) else "fail"
    return seen.said(
        "maintenance-notice", outcome, f"{len(leads)} windows, announced {hours:g} h ahead in the middle.", value=hours
    )


def _labels(seen: _Seen) -> Observation:
    labelled = [i for i in seen.parsed.incidents if i.impact is not None and any(u.text for u in i.updates)]
    if len(labelled) < FEW:
        return seen.said("honest-labels", "unknown", "Too few incidents with an impact and words to compare the two.")
    low = [i for i in labelled if i.impact in ("none", "minor")]
    wrong = [i for i in low if any(tells_of_total_outage(u.text or "") for u in i.updates)]
    share = len(wrong) / len(labelled)
    outcome: Outcome = "pass" if not wrong else "partial" if share <= MISLABELLED else "fail"
    note = f"{len(wrong)} of {len(labelled)} incidents are called none or minor while their words tell of an outage for all."
    return seen.said("honest-labels", outcome, note, value=round(share, 4))


def _stated_times(seen: _Seen) -> Observation:
    incidents = seen.parsed.incidents
    if len(incidents) < FEW:
        return seen.said("stated-times", "unknown", "Too few incidents to see whether starts are stated.")
    stated = sum(1 for i in incidents if i.start_stated)
    ended = sum(1 for i in incidents if i.end_known == "stated")
    share = stated / len(incidents)
    outcome: Outcome = "pass" if share >= HALF and ended >= len(incidents) * HALF else "partial" if stated else "fail"
    note = f"{stated} of {len(incidents)} incidents state a start apart from the post, {ended} an end."
    return seen.said("stated-times", outcome, note, value=round(share, 4))


def _language_and_access(seen: _Seen) -> tuple[Observation, Observation]:
    if seen.page is None:
        missing = "The page itself was not read."
        return seen.said("language", "unknown", missing), seen.said("accessibility", "unknown", missing)
    from vendors.sources.webpage import page_root

    try:
        root = page_root(seen.page.body[:LARGEST_PAGE], seen.page.url)
    except SourceChanged as fault:
        return seen.said("language", "unknown", str(fault)[:500]), seen.said(
            "accessibility", "unknown", str(fault)[:500]
        )
    return _language(seen, root), _accessibility(seen, root)


def _language(seen: _Seen, root: Any) -> Observation:
    named = (root.get("lang") or "").strip()[:20]
    others = {(n.get("hreflang") or "")[:20] for n in root.iter("link", "a") if n.get("hreflang")}
    if not named:
        return seen.said(
            "language", "fail", "The page does not say what language it is in.", value="none", of=seen.page
        )
    note = f"The page says that it is in {named}; whether those are the product's languages: ask."
    if others:
        note = (
            f"The page says that it is in {named}; also offered in {len(others)} others; "
            "whether those are the product's languages: ask."
        )
    return seen.said("language", "pass" if others else "partial", note, value=named, of=seen.page)


def _accessibility(seen: _Seen, root: Any) -> Observation:
    """Static signs only: words beside colours, names for pictures, content without scripts. Contrast is not measured."""
    for node in list(root.iter("script", "style", "template")):
        if node.getparent() is not None:
            node.clear()
    words = " ".join("".join(root.itertext()).split()).lower()
    faults = []
    if not any(
        w in words for w in ("operational", "outage", "degraded", "all systems", "maintenance", "incident", "resolved")
    ):
        faults.append("its state is not in words without scripts")
    if any(
        not (n.get("alt") or "").strip() and n.get("role") != "presentation" and n.get("alt") is None
        for n in root.iter("img")
    ):
        faults.append("pictures without a text")
    if not (root.get("lang") or "").strip():
        faults.append("no language named")
    outcome: Outcome = "pass" if not faults else "partial" if len(faults) == 1 else "fail"
    note = f"Seen in the page's source: {', '.join(faults) or 'words, names and language are there'}; contrast was not measured."
    return seen.said("accessibility", outcome, note, value=float(len(faults)), of=seen.page)
