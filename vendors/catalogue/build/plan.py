"""Which vendors are bundled, from which captures, and what those captures show about the page itself.

Adding a vendor: an entry here, then `riskboard catalogue build`. Addresses are the vendors' public pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vendors.catalogue.build import (
    aws,
    betterstack_feed,
    datocms,
    github,
    google_cloud,
    pagerduty,
    slack,
    statuspage_objects,
    statuspage_snapshots,
)
from vendors.catalogue.build.captures import Captures
from vendors.catalogue.build.rows import Reading
from vendors.records import Component, PageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A machine-readable endpoint the captures were taken from without logging in."""

    path: str
    kind: str
    seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far back one public document reached when captured: its oldest incident and when it was read."""

    oldest: str
    read_at: str
    path: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One bundled vendor. `as_of` is when the newest capture was taken; `since` when the record begins, None where it
    begins with the oldest incident listed. `shows_postmortems`: the source would carry a mark if there were one."""

    slug: str
    name: str
    category: str
    page: str
    page_name: str
    platform: str
    as_of: str
    since: str | None
    complete: bool
    reason: str
    read: Callable[[Reading, Captures], None]
    components: Callable[[Captures], tuple[Component, ...]] | None = None
    components_read_at: str | None = None
    state: PageState = "unknown"
    feed: Feed | None = None
    reach: Reach | None = None
    shows_postmortems: bool = False


def moment(text: str) -> datetime:
    """An aware time from the plan's own words."""
    return datetime.fromisoformat(text)


def _summary(file: str) -> Callable[[Captures], tuple[Component, ...]]:
    return lambda captures: statuspage_snapshots.components_of(captures.get(file))


def _snapshots(folder: str) -> Callable[[Reading, Captures], None]:
    def read(reading: Reading, captures: Captures) -> None:
        statuspage_snapshots.read(
            reading,
            captures.all(f"statuspage/{folder}/reconstructed_incidents*.jsonl"),
            captures.all(f"statuspage/{folder}/reconstructed_maintenances.jsonl"),
        )

    return read


def _github(reading: Reading, captures: Captures) -> None:
    github.read(
        reading,
        objects=captures.all("statuspage/github/all_incidents_2010_2022_*.jsonl"),
        feed=captures.get("statuspage/github/mrshu_parsed_incidents.jsonl"),
        snapshots=[captures.get("statuspage/github/reconstructed_incidents.jsonl")],
        windows=[captures.get("statuspage/github/reconstructed_maintenances.jsonl")],
    )


def _claude(reading: Reading, captures: Captures) -> None:
    statuspage_objects.read(reading, [captures.get("statuspage/claude/incidents.jsonl")], "complete incident objects")


def _google_cloud(reading: Reading, captures: Captures) -> None:
    google_cloud.read(reading, captures.all("google-cloud/gcp/reconstructed_incidents_*.jsonl"))


def _aws(reading: Reading, captures: Captures) -> None:
    aws.read(reading, captures.get("aws/aws/reconstructed_data_json_events.jsonl"))


def _slack(reading: Reading, captures: Captures) -> None:
    slack.read(reading, captures.get("slack/slack/reconstructed_current_2020_2024.jsonl"))


_PAGERDUTY = "pagerduty-html/pagerduty/pagerduty-minor.html"


def _pagerduty(reading: Reading, captures: Captures) -> None:
    pagerduty.read(reading, captures.get(_PAGERDUTY))


def _betterstack(vendor: str) -> Callable[[Reading, Captures], None]:
    def read(reading: Reading, captures: Captures) -> None:
        betterstack_feed.read(reading, captures.get(f"betterstack-feed/{vendor}/{vendor}_incidents.jsonl"))

    return read


def _datocms(reading: Reading, captures: Captures) -> None:
    datocms.read(
        reading, captures.get("bespoke/datocms/incidents.jsonl"), captures.get("bespoke/datocms/maintenances.jsonl")
    )


_SNAPSHOTS = "git snapshots of summary.json from 2020-11-07 on; incidents seen while unresolved, ends are upper bounds"
_BEGAN = "2020-11-07T00:00:00Z"
_SUMMARY = "/api/v2/summary.json"


def _atlassian(slug: str, name: str, category: str, host: str, summary: str, read_at: str, folder: str) -> Entry:
    return Entry(
        slug=slug,
        name=name,
        category=category,
        page=f"https://{host}.status.atlassian.com",
        page_name=f"{name} status",
        platform="statuspage",
        as_of="2026-08-22T00:00:00Z",
        since=_BEGAN,
        complete=False,
        reason=_SNAPSHOTS,
        read=_snapshots(folder),
        components=_summary(f"statuspage/{folder}/{summary}"),
        components_read_at=read_at,
        feed=Feed(path=_SUMMARY, kind="JSON API", seen_at="2026-08-22T00:00:00Z"),
    )


PLAN: tuple[Entry, ...] = (
    Entry(
        slug="github",
        name="GitHub",
        category="dev tools",
        page="https://www.githubstatus.com",
        page_name="GitHub status",
        platform="statuspage",
        as_of="2026-08-22T22:27:34Z",
        since="2010-02-07T00:00:00Z",
        complete=True,
        reason="three collections joined; incidents before 2018-12 were carried over to this page in one go",
        read=_github,
        components=_summary("statuspage/github/summary_quiet_2026-08-22.json"),
        components_read_at="2026-08-22T22:27:34Z",
        state="ok",
        feed=Feed(path=_SUMMARY, kind="JSON API", seen_at="2026-08-22T22:27:34Z"),
        reach=Reach(
            oldest="2010-02-07T00:00:00Z",
            read_at="2022-08-10T00:00:00Z",
            path="/api/v2/incidents/rcwk6twq397d.json",
            note="the oldest single incident still answered",
        ),
        shows_postmortems=True,
    ),
    Entry(
        slug="cloudflare",
        name="Cloudflare",
        category="network and CDN",
        page="https://www.cloudflarestatus.com",
        page_name="Cloudflare status",
        platform="statuspage",
        as_of="2026-08-22T00:00:00Z",
        since=_BEGAN,
        complete=False,
        reason=_SNAPSHOTS + "; maintenance of July to December 2025 only",
        read=_snapshots("cloudflare"),
        components=_summary("statuspage/cloudflare/summary_maint_2025-05-29.json"),
        components_read_at="2025-05-29T21:51:06Z",
        feed=Feed(path=_SUMMARY, kind="JSON API", seen_at="2026-08-22T00:00:00Z"),
    ),
    Entry(
        slug="anthropic-claude",
        name="Anthropic Claude",
        category="AI",
        page="https://status.claude.com",
        page_name="Claude status",
        platform="statuspage",
        as_of="2026-08-22T00:00:00Z",
        since="2023-03-16T00:00:00Z",
        complete=True,
        reason="complete incident objects from the page's first incident on",
        read=_claude,
        components=None,
        feed=Feed(path="/api/v2/incidents.json", kind="JSON API", seen_at="2026-08-22T00:00:00Z"),
        shows_postmortems=True,
    ),
    Entry(
        slug="google-cloud",
        name="Google Cloud",
        category="cloud platform",
        page=google_cloud.PAGE,
        page_name="Google Cloud service health",
        platform="google-cloud",
        as_of="2026-08-20T19:42:11Z",
        since="2019-11-11T00:00:00Z",
        complete=False,
        reason="snapshots of incidents.json from 2020-11 on, a year of older ones in the first; the public feed shrank from 2024",
        read=_google_cloud,
        feed=Feed(path="/incidents.json", kind="JSON", seen_at="2026-08-20T19:42:11Z"),
        reach=Reach(
            oldest="2026-02-27T00:00:00Z",
            read_at="2026-08-20T19:42:11Z",
            path="/incidents.json",
            note="five incidents were left in the public feed",
        ),
    ),
    Entry(
        slug="aws",
        name="Amazon Web Services",
        category="cloud platform",
        page="https://status.aws.amazon.com",
        page_name="AWS service health dashboard",
        platform="aws",
        as_of="2023-04-18T00:00:00Z",
        since="2018-05-10T00:00:00Z",
        complete=False,
        reason="data.json, retired in 2023; from April 2022 it reached back one year only; times parsed from clocks in the posts",
        read=_aws,
        feed=Feed(path="/data.json", kind="JSON", seen_at="2023-04-18T00:00:00Z"),
        reach=Reach(
            oldest="2021-06-24T19:53:13Z",
            read_at="2022-07-03T00:00:00Z",
            path="/data.json",
            note="the archive list held one year, after four years until April 2022",
        ),
    ),
    Entry(
        slug="slack",
        name="Slack",
        category="collaboration",
        page="https://slack-status.com",
        page_name="Slack status",
        platform="slack",
        as_of="2024-02-27T16:09:29Z",
        since="2020-10-13T00:00:00Z",
        complete=False,
        reason="snapshots of the list of active incidents, October 2020 to February 2024; ends are upper bounds",
        read=_slack,
        feed=Feed(path="/api/v2.0.0/current", kind="JSON API", seen_at="2024-02-27T16:09:29Z"),
    ),
    _atlassian(
        "jira", "Jira", "collaboration", "jira-software", "summary_busy_2022-07-18.json", "2022-07-18T06:50:11Z",
        "jira-software",
    ),
    _atlassian(
        "trello", "Trello", "collaboration", "trello", "summary_busy_2022-07-12.json", "2022-07-12T01:49:55Z", "trello"
    ),
    _atlassian(
        "bitbucket", "Bitbucket", "dev tools", "bitbucket", "summary_busy_2023-07-06.json", "2023-07-06T11:24:48Z",
        "bitbucket",
    ),
    _atlassian(
        "atlassian-developer", "Atlassian Developer", "dev tools", "developer", "summary_maint_2023-10-08.json",
        "2023-10-08T23:12:21Z", "atlassian-developer",
    ),
    Entry(
        slug="pagerduty",
        name="PagerDuty",
        category="monitoring and on-call",
        page=pagerduty.PAGE,
        page_name="PagerDuty status",
        platform="pagerduty",
        as_of="2023-12-17T00:00:00Z",
        since=None,
        complete=False,
        reason="one capture of the page; it lists 80 resolved incidents, and the record begins with the oldest",
        read=_pagerduty,
        components=lambda captures: pagerduty.components_of(captures.get(_PAGERDUTY)),
        components_read_at="2023-12-17T00:00:00Z",
        state="issue",
        reach=Reach(
            oldest="2022-06-21T00:00:00Z",
            read_at="2023-12-17T00:00:00Z",
            path="/",
            note="the oldest of 80 resolved incidents on the page",
        ),
        shows_postmortems=True,
    ),
    Entry(
        slug="modal",
        name="Modal",
        category="AI",
        page="https://status.modal.com",
        page_name="Modal status",
        platform="betterstack",
        as_of="2026-05-03T00:00:00Z",
        since=None,
        complete=True,
        reason="the page's public feed from its first entry on; no impact stated, many ends not stated",
        read=_betterstack("modal"),
        feed=Feed(path="/feed.rss", kind="RSS", seen_at="2026-05-03T00:00:00Z"),
        reach=Reach(
            oldest="2023-03-17T00:00:00Z", read_at="2026-05-03T00:00:00Z", path="/feed.rss", note="the feed's first entry"
        ),
    ),
    Entry(
        slug="together-ai",
        name="Together AI",
        category="AI",
        page="https://status.together.ai",
        page_name="Together AI status",
        platform="betterstack",
        as_of="2026-05-03T00:00:00Z",
        since=None,
        complete=False,
        reason="three months of the page's public feed; every entry is monitor-made and names one model",
        read=_betterstack("together"),
        feed=Feed(path="/feed.rss", kind="RSS", seen_at="2026-05-03T00:00:00Z"),
        reach=Reach(
            oldest="2026-02-02T00:00:00Z", read_at="2026-05-03T00:00:00Z", path="/feed.rss", note="the feed's first entry"
        ),
    ),
    Entry(
        slug="datocms",
        name="DatoCMS",
        category="content management",
        page="https://status.datocms.com",
        page_name="DatoCMS status",
        platform="bespoke",
        as_of="2026-02-18T23:59:59Z",
        since=None,
        complete=True,
        reason="the status site's own source repository, from its first incident on",
        read=_datocms,
        reach=Reach(
            oldest="2018-05-31T00:00:00Z", read_at="2026-02-18T00:00:00Z", path="/", note="every incident is a file of the site"
        ),
    ),
)  # fmt: skip
