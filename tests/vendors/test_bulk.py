"""Many rows at once, the same as one by one: new, changed, none, all kinds of values, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from django.db import DatabaseError

from vendors import models
from vendors.bulk import bulk_upsert

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, 0, 30, 123456, tzinfo=UTC)
COLUMNS = ("page_id", "external_id", "impact", "started_at", "resolved_at", "document", "digest", "gone_at")
UNIQUE = ("page_id", "external_id")


@pytest.fixture
def page():
    vendor = models.Vendor.objects.create(slug="v", name="V")
    return models.StatusPage.objects.create(vendor=vendor, url="https://status.example.com", platform="x", name="V")


def row(
    page,
    identity="i1",
    *,
    title="A title, 'quoted' \\ \t\n “ü” 漢",
    impact="major",
    started=NOW,
    resolved=None,
    digest="d",
):
    return (page.pk, identity, impact, started, resolved, msgspec.json.encode({"title": title}), digest, None)


def test_rows_go_in_and_come_back_as_they_were(page):
    bulk_upsert(models.Incident, COLUMNS, [row(page), row(page, "i2", impact=None, resolved=NOW)], unique=UNIQUE)
    first, second = models.Incident.objects.order_by("external_id")
    assert (first.started_at, first.resolved_at, first.impact) == (NOW, None, "major")
    assert first.document == {"title": "A title, 'quoted' \\ \t\n “ü” 漢"}
    assert (second.impact, second.resolved_at) == (None, NOW)


def test_what_is_there_is_written_over_and_keeps_its_key(page):
    bulk_upsert(models.Incident, COLUMNS, [row(page), row(page, "i2")], unique=UNIQUE)
    before = dict(models.Incident.objects.values_list("external_id", "pk"))
    bulk_upsert(models.Incident, COLUMNS, [row(page, title="B", digest="e"), row(page, "i3")], unique=UNIQUE)
    after = dict(models.Incident.objects.values_list("external_id", "pk"))
    assert {name: after[name] for name in before} == before
    assert set(after) == {"i1", "i2", "i3"}
    assert models.Incident.objects.get(external_id="i1").document == {"title": "B"}


def test_a_time_in_another_zone_is_the_same_time(page):
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    bulk_upsert(models.Incident, COLUMNS, [row(page, started=there)], unique=UNIQUE)
    assert models.Incident.objects.get().started_at == NOW
    assert models.Incident.objects.filter(started_at=NOW).exists()
    assert models.Incident.objects.filter(started_at__lte=NOW).exists()


def test_nothing_is_nothing(page):
    bulk_upsert(models.Incident, COLUMNS, [], unique=UNIQUE)
    assert not models.Incident.objects.exists()


def test_a_row_the_database_refuses_takes_all_with_it(page):
    with pytest.raises(DatabaseError):
        bulk_upsert(
            models.Incident, COLUMNS, [row(page), row(page, "i2", resolved=NOW - timedelta(days=1))], unique=UNIQUE
        )
    assert not models.Incident.objects.exists()


def test_ten_thousand_rows_from_a_generator(page):
    bulk_upsert(models.Incident, COLUMNS, (row(page, f"i{n}") for n in range(10_000)), unique=UNIQUE)
    assert models.Incident.objects.count() == 10_000
