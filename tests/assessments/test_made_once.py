"""What spares the suite its reports: only what another test had made, once a test, and never under other limits."""

from __future__ import annotations

from datetime import UTC, datetime

from assessments.report.engine.order import Limits, Order
from assessments.report.engine.rendering import Rendered
from tests.made_once import MadeOnce

ORDER = Order(
    html=b"<p>1", files={}, descriptions={}, at=datetime(2026, 1, 1, tzinfo=UTC), variant="pdf/ua-1", most_pages=9
)
OTHER = Order(
    html=b"<p>2", files={}, descriptions={}, at=datetime(2026, 1, 1, tzinfo=UTC), variant="pdf/ua-1", most_pages=9
)


def test_the_engine_makes_what_is_new_what_is_asked_twice_and_what_has_other_limits(tmp_path):
    made = []

    def real(order, **_):
        made.append(order.html)
        return Rendered(order.html, 1, 7)

    first = MadeOnce(real, tmp_path / "reports")
    assert first(ORDER) == Rendered(b"<p>1", 1, 7)
    assert made == [b"<p>1"]
    heard = []
    second = MadeOnce(real, tmp_path / "reports")
    assert second(ORDER, hear=lambda *said: heard.append(said)) == Rendered(b"<p>1", 1, 7)
    assert made == [b"<p>1"]
    assert heard == [("laying out the pages", 1), ("drawing the pages", 1)]
    second(ORDER)
    second(OTHER)
    second(OTHER, limits=Limits())
    assert made == [b"<p>1", b"<p>1", b"<p>2", b"<p>2"]
