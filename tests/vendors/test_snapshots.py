"""The bytes behind the facts: once, packed, dropped when old, never when an assessment rests on them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.vendors.statuspage_answers import NOW, incident, listing, summary
from tests.vendors.test_polling import SITE, Site
from vendors import models
from vendors.ingest import refresh_page
from vendors.snapshots import Remembered, cite, drop_old

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_same_bytes_are_kept_once_whoever_serves_them():
    refresh_page(SITE, as_of=NOW, fetch=Site().fetch)
    refresh_page("https://status.other.example", as_of=NOW, fetch=Site().fetch)
    assert models.StatusPage.objects.count() == 2
    assert models.Snapshot.objects.count() == 4
    assert models.Body.objects.count() == 2
    for body in models.Body.objects.all():
        assert hashlib.sha256(body.data).hexdigest() == body.sha256
        assert body.size == len(body.data)


def read_on(day: int, title: str) -> models.StatusPage:
    site = Site(incidents=listing(incident(name=title)))
    site.now = NOW + day * DAY
    return refresh_page(SITE, as_of=site.now, fetch=site.fetch)


def bodies() -> dict[str, bool]:
    """Address's last part -> whether its bytes are still there, by kept version."""
    rows = models.Snapshot.objects.filter(name="incidents").order_by("first_fetched_at").select_related("body")
    return {f"v{n}": row.body.data is not None for n, row in enumerate(rows, start=1)}


def test_old_bytes_go_and_the_newest_of_each_address_stay():
    for day, title in enumerate(["one", "two", "three"]):
        read_on(day, title)
    later = NOW + 500 * DAY
    assert drop_old(now=later, keep_for=400 * DAY) == 2
    assert bodies() == {"v1": False, "v2": False, "v3": True}
    assert drop_old(now=later, keep_for=400 * DAY) == 0
    assert models.Snapshot.objects.filter(name="incidents").count() == 3


def test_what_was_served_lately_stays():
    for day, title in enumerate(["one", "two", "three"]):
        read_on(day, title)
    assert drop_old(now=NOW + 2 * DAY, keep_for=400 * DAY) == 0
    assert bodies() == {"v1": True, "v2": True, "v3": True}


def test_bytes_an_assessment_rests_on_are_never_dropped():
    page = read_on(0, "one")
    assess_vendor(page.vendor, needs=Needs(rto_hours=4), as_of=NOW)
    for day, title in ((1, "two"), (2, "three")):
        read_on(day, title)
    drop_old(now=NOW + 5000 * DAY, keep_for=DAY)
    assert bodies() == {"v1": True, "v2": False, "v3": True}


def test_bytes_dropped_long_ago_come_back_when_they_are_served_again():
    for day, title in enumerate(["one", "two"]):
        read_on(day, title)
    drop_old(now=NOW + 500 * DAY, keep_for=DAY)
    assert bodies()["v1"] is False
    read_on(600, "one")
    assert bodies()["v1"] is True


def test_not_modified_is_answered_with_the_bytes_that_were_kept():
    site = Site()
    page = refresh_page(SITE, as_of=NOW, fetch=site.fetch)
    memory = Remembered(page, site.fetch)
    url = f"{SITE}/api/v2/summary.json"
    raw = memory(url)
    assert (raw.status, raw.body) == (200, summary())
    assert (memory.asked, memory.unchanged) == (1, 1)
    assert memory(url) is raw
    assert memory.asked == 1


def test_not_modified_without_the_bytes_is_asked_again():
    site = Site()
    page = refresh_page(SITE, as_of=NOW, fetch=site.fetch)
    models.Body.objects.update(packed=None)
    raw = Remembered(page, site.fetch)(f"{SITE}/api/v2/summary.json")
    assert raw.body == summary()


def test_citing_what_is_not_here_is_harmless():
    cite(["0" * 64])
    assert not models.Body.objects.exists()
