"""When a message may go, and how it is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, time, timedelta

import pytest

from assessments.notify import signing, timing

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = (time(22), time(7))


@pytest.mark.parametrize(
    ("now", "told", "expected"),
    [
        (MONDAY_NOON, {}, MONDAY_NOON),
        (MONDAY_NOON, {"quiet": NIGHT}, MONDAY_NOON),
        (MONDAY_NOON.replace(hour=23), {"quiet": NIGHT}, datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (MONDAY_NOON.replace(hour=3), {"quiet": NIGHT}, datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (MONDAY_NOON.replace(hour=7), {"quiet": NIGHT}, MONDAY_NOON.replace(hour=7)),
        (MONDAY_NOON, {"quiet": (time(12), time(13))}, MONDAY_NOON.replace(hour=13)),
        (MONDAY_NOON, {"quiet": (time(12), time(12))}, MONDAY_NOON),
        (
            MONDAY_NOON.replace(hour=21, minute=30),
            {"quiet": NIGHT, "zone": "Europe/Berlin"},
            datetime(2026, 3, 3, 6, tzinfo=UTC),
        ),
        (MONDAY_NOON, {"digest": "daily"}, datetime(2026, 3, 3, 8, tzinfo=UTC)),
        (MONDAY_NOON.replace(hour=7), {"digest": "daily"}, MONDAY_NOON.replace(hour=8)),
        (MONDAY_NOON.replace(hour=8), {"digest": "daily"}, datetime(2026, 3, 3, 8, tzinfo=UTC)),
        (MONDAY_NOON, {"digest": "weekly"}, datetime(2026, 3, 9, 8, tzinfo=UTC)),
        (MONDAY_NOON.replace(hour=7), {"digest": "weekly"}, MONDAY_NOON.replace(hour=8)),
        (MONDAY_NOON + timedelta(days=3), {"digest": "weekly"}, datetime(2026, 3, 9, 8, tzinfo=UTC)),
        (
            datetime(2026, 3, 28, 12, tzinfo=UTC),
            {"digest": "daily", "zone": "Europe/Berlin"},
            datetime(2026, 3, 29, 6, tzinfo=UTC),
        ),
        (
            MONDAY_NOON.replace(hour=3),
            {"kind": "rto-clock", "quiet": NIGHT, "digest": "weekly"},
            MONDAY_NOON.replace(hour=3),
        ),
        (MONDAY_NOON, {"last": MONDAY_NOON - timedelta(minutes=10)}, MONDAY_NOON + timedelta(minutes=20)),
        (MONDAY_NOON, {"last": MONDAY_NOON - timedelta(minutes=30)}, MONDAY_NOON),
        (
            MONDAY_NOON.replace(hour=21, minute=50),
            {"last": MONDAY_NOON.replace(hour=21, minute=40), "quiet": NIGHT},
            datetime(2026, 3, 3, 7, tzinfo=UTC),
        ),
    ],
)
def test_a_message_goes_when_its_channel_may_be_told(now, told, expected):
    given = {"kind": "incident-opened", "digest": "now", "quiet": None, "zone": "UTC"} | told
    assert timing.when(now, **given) == expected


def test_a_failure_is_tried_again_later_and_later_and_then_given_up():
    waits = [timing.again(MONDAY_NOON, attempts=n) for n in range(1, 8)]
    assert [wait and wait - MONDAY_NOON for wait in waits] == [*timing.PAUSES, None]
    assert list(timing.PAUSES) == sorted(timing.PAUSES)


def test_a_webhook_is_signed_as_the_specification_says():
    key = "whsec_" + base64.b64encode(b"k" * 32).decode()
    body = signing.body_of("incident-opened", MONDAY_NOON, {"vendor": "acme", "impact": None})
    assert (
        body
        == b'{"data":{"impact":null,"vendor":"acme"},"timestamp":"2026-03-02T12:00:00+00:00","type":"incident.opened"}'
    )
    told = signing.headers("msg_1", MONDAY_NOON, body, [key])
    stamp = str(int(MONDAY_NOON.timestamp()))
    expected = hmac.new(b"k" * 32, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert told == {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(expected).decode(),
    }


def test_while_a_key_is_changed_both_sign_the_newest_first():
    keys = [signing.new_key(), signing.new_key()]
    both = signing.headers("m", MONDAY_NOON, b"{}", keys)["webhook-signature"].split(" ")
    alone = [signing.headers("m", MONDAY_NOON, b"{}", [key])["webhook-signature"] for key in keys]
    assert both == alone
    assert keys[0] != keys[1]
    assert all(len(base64.b64decode(key.removeprefix("whsec_"))) == 32 for key in keys)
