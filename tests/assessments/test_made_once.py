"""What spares the suite its reports: only what another test had made, once a test, and never under other limits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assessments.report.engine.order import Limits, Order
from assessments.report.engine.rendering import Rendered
from tests.made_once import MadeOnce

ORDER = Order(
    html=b"<p>1", files={}, descriptions={}, at=datetime(2026, 1, 1, tzinfo=UTC), variant="pdf/ua-1", most_pages=9
)
OTHER = Order(
    html=b"<p>2", files={}, descriptions={}, at=datetime(2026, 1, 1, tzinfo=UTC), variant="pdf/ua-1", most_pages=9
)


class Engine:
    """Counts what it is asked for."""

    def __init__(self):
        self.made = []

    def __call__(self, order, **_):
        self.made.append(order.html)
        return Rendered(order.html, 1, 7)


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def render(engine, tmp_path):
    made = MadeOnce(engine, tmp_path / "reports")
    made.begin("tests/one.py", always=False)
    made.in_test = True
    return made


def next_test(render, module="tests/one.py", *, always=False):
    render.begin(module, always=always)
    render.in_test = True


def test_a_report_another_test_had_made_is_not_made_again_and_its_progress_is_heard(render, engine):
    assert render(ORDER) == Rendered(b"<p>1", 1, 7)
    next_test(render)
    heard = []
    assert render(ORDER, hear=lambda *said: heard.append(said)) == Rendered(b"<p>1", 1, 7)
    assert engine.made == [b"<p>1"]
    assert heard == [("laying out the pages", 1), ("drawing the pages", 1)]


def test_the_engine_makes_what_is_new_and_what_a_test_asks_for_twice(render, engine):
    render(ORDER)
    render(ORDER)
    render(OTHER)
    assert engine.made == [b"<p>1", b"<p>1", b"<p>2"]


def test_what_a_modules_fixture_ordered_is_made_again_for_its_tests_and_not_for_another_module(render, engine):
    render.begin("tests/one.py", always=False)
    render(ORDER)  # by a fixture of the module: no test has begun
    render.in_test = True
    render(ORDER)
    next_test(render)
    render(ORDER)
    assert len(engine.made) == 3
    next_test(render, "tests/two.py")
    render(ORDER)
    assert len(engine.made) == 3


def test_other_limits_and_a_test_about_the_engine_have_it_made(render, engine):
    render(ORDER)
    next_test(render, always=True)
    render(ORDER)
    next_test(render)
    render(ORDER, limits=Limits())
    assert engine.made == [b"<p>1"] * 3
