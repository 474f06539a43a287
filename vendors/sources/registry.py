"""Every source, in the order in which they are tried and shown. Explicit: one that is not listed does not exist."""

from __future__ import annotations

from vendors.sources.adobe import ADOBE
from vendors.sources.algolia import ALGOLIA
from vendors.sources.apple import APPLE
from vendors.sources.aws import AWS
from vendors.sources.azure import AZURE
from vendors.sources.base import Raw, Source
from vendors.sources.betterstack import BETTERSTACK
from vendors.sources.cachet import CACHET
from vendors.sources.cstate import CSTATE
from vendors.sources.datocms import DATOCMS
from vendors.sources.firehydrant import FIREHYDRANT
from vendors.sources.gatus import GATUS
from vendors.sources.generic_feed import GENERIC_FEED
from vendors.sources.google_cloud import GOOGLE_CLOUD
from vendors.sources.heroku import HEROKU
from vendors.sources.hund import HUND
from vendors.sources.ibm import IBM
from vendors.sources.incidentio.source import INCIDENTIO
from vendors.sources.instatus import INSTATUS
from vendors.sources.microsoft365 import MICROSOFT365
from vendors.sources.okta import OKTA
from vendors.sources.openstatus import OPENSTATUS
from vendors.sources.pagerduty import PAGERDUTY
from vendors.sources.salesforce import SALESFORCE
from vendors.sources.slack import SLACK
from vendors.sources.sorry import SORRY
from vendors.sources.statuscake import STATUSCAKE
from vendors.sources.statuscast import STATUSCAST
from vendors.sources.statushub import STATUSHUB
from vendors.sources.statusio import STATUSIO
from vendors.sources.statusiq import STATUSIQ
from vendors.sources.statuspage.source import COMPATIBLE, STATUSPAGE
from vendors.sources.statuspal import STATUSPAL
from vendors.sources.stripe import STRIPE
from vendors.sources.upptime import UPPTIME
from vendors.sources.uptime_kuma import UPTIME_KUMA
from vendors.sources.uptimerobot import UPTIMEROBOT
from vendors.sources.yandex import YANDEX
from vendors.sources.zendesk import ZENDESK

SOURCES: tuple[Source, ...] = (
    STATUSPAGE,
    STATUSIO,
    INSTATUS,
    BETTERSTACK,
    INCIDENTIO,
    CACHET,
    CSTATE,
    UPTIME_KUMA,
    GATUS,
    FIREHYDRANT,
    PAGERDUTY,
    OPENSTATUS,
    UPPTIME,
    UPTIMEROBOT,
    STATUSHUB,
    STATUSIQ,
    STATUSCAKE,
    STATUSPAL,
    SORRY,
    HUND,
    STATUSCAST,
    GOOGLE_CLOUD,
    AWS,
    AZURE,
    MICROSOFT365,
    SLACK,
    SALESFORCE,
    HEROKU,
    APPLE,
    IBM,
    YANDEX,
    STRIPE,
    OKTA,
    ADOBE,
    ZENDESK,
    ALGOLIA,
    DATOCMS,
    GENERIC_FEED,
)
ALIASES = {COMPATIBLE: STATUSPAGE.id}  # platforms that another product's source reads
LEAST_SURE = 0.35  # a look-alike of an API (0.4) is read, a page that merely is JSON (0.2) is not


def by_id(platform: str) -> Source | None:
    """The source that reads that platform; None if there is none."""
    wanted = ALIASES.get(platform, platform)
    return next((source for source in SOURCES if source.id == wanted), None)


def recognise(raw: Raw, sources: tuple[Source, ...] = SOURCES) -> Source | None:
    """The source surest that it served `raw`, the earlier listed on a tie; None where none is sure enough."""
    return judge(raw, sources)[0]


def judge(raw: Raw, sources: tuple[Source, ...] = SOURCES) -> tuple[Source | None, float]:
    """The source `recognise` gives, and how sure it is, 0 to 1."""
    best, sureness = None, 0.0
    for source in sources:
        how_sure = source.recognise(raw)
        if how_sure > sureness:
            best, sureness = source, how_sure
    return (best, sureness) if sureness >= LEAST_SURE else (None, sureness)
