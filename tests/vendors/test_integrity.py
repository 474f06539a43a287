"""What only months of watching show: edits, deletions, and a page that publishes less than it used to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.vendors.statuspage_answers import incident, listing, post
from tests.vendors.test_polling import SITE, Site
from vendors import models
from vendors.ingest import refresh_page

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def read(moment: datetime, *incidents: dict) -> models.StatusPage:
    site = Site(incidents=listing(*incidents))
    site.now = moment
    return refresh_page(SITE, as_of=moment, fetch=site.fetch)


def observed(page: models.StatusPage, check: str) -> dict | None:
    row = page.observations.filter(check_id=check).first()
    return None if row is None else row.document


def test_a_page_watched_for_a_day_is_not_judged():
    assert observed(read(NOW, incident()), "integrity")["outcome"] == "unknown"


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        ([incident()], "pass"),
        (
            [
                incident(
                    "inc000000001", post("2026-05-01 11:00", "resolved"), post("2026-05-01 10:00", body="Other words.")
                )
            ],
            "partial",
        ),
        ([], "unknown"),
    ],
    ids=["left alone", "reworded", "a list of nothing"],
)
def test_a_page_watched_for_a_quarter_is(second, outcome):
    read(NOW, incident())
    page = read(NOW + 91 * DAY, *(second or [incident()]))
    if not second:
        page = read(NOW + 10 * DAY, *second)
    assert observed(page, "integrity")["outcome"] == outcome


def test_an_incident_removed_is_seen_at_once():
    older = incident("old000000001", post("2026-04-01 11:00", "resolved"), post("2026-04-01 10:00"))
    read(NOW, incident(), older)
    page = read(NOW + DAY, older)
    told = observed(page, "integrity")
    assert (told["outcome"], told["value"]) == ("fail", 1.0)


def test_a_page_that_reaches_less_far_back_than_it_used_to_is_seen():
    page = read(NOW, incident())
    models.PageReach.objects.filter(page=page).delete()
    for n, reach in enumerate([700.0, 710.0, 720.0, 90.0]):
        day = (NOW - timedelta(days=120 - 30 * n)).date()
        models.PageReach.objects.create(page=page, day=day, platform="statuspage", reach_days=reach, incidents=9)
    page = read(NOW, incident())
    told = observed(page, "publishes-less")
    assert told["outcome"] == "fail"
    assert "700" in told["note"] or "705" in told["note"]


def test_a_page_that_moved_is_not_compared_with_what_the_other_product_showed():
    page = read(NOW, incident())
    models.PageReach.objects.filter(page=page).delete()
    models.PageReach.objects.create(
        page=page, day=(NOW - 90 * DAY).date(), platform="other", reach_days=900.0, incidents=9
    )
    page = read(NOW, incident())
    assert observed(page, "publishes-less") is None
