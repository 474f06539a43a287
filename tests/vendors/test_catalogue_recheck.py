"""Asking the known pages again: what counts as what, the pace, going on after a stop. Nothing is ever really asked."""

from __future__ import annotations

import argparse
import functools
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from riskboard.commands import catalogue
from riskboard.errors import Refused
from tests.vendors.statuspage_answers import raw, summary
from vendors import fetching
from vendors.catalogue import pages, recheck
from vendors.catalogue.pages import KnownPage, KnownVendor
from vendors.sources.base import Raw

VENDORS = (
    KnownVendor("aa", "Aa", "unknown", False, (), (), (KnownPage("https://status.aa.example", "statuspage"),)),
    KnownVendor("bb", "Bb", "unknown", False, (), (), (KnownPage("https://status.bb.example", "instatus"),)),
    KnownVendor("cc", "Cc", "unknown", False, (), (), (KnownPage("https://status.cc.example", "unknown"),)),
    KnownVendor("dd", "Dd", "unknown", False, (), (), (KnownPage("https://status.dd.example", "statuspage"),)),
    KnownVendor("ee", "Ee", "unknown", False, (), (), (KnownPage("https://status.ee.example", "statuspage"),)),
)
OUTCOMES = ["as listed", "another product", "none listed", "not recognised", "not reachable"]


class Web:
    """Three sound pages, one page that is none, and one host that is gone; it counts what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, url: str) -> Raw:
        self.asked.append(url)
        host = url.split("/")[2]
        if host == "status.ee.example":
            raise Refused(f"{host} has no address; check the spelling")
        if host == "status.dd.example":
            return raw(b"<html><p>Hello</p></html>", url)
        if url.endswith("/api/v2/summary.json"):
            return raw(summary(), url)
        raise Refused(f"{url} answers with HTTP 404")


class Clock:
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(fetch: Callable[[str], Raw], pace: float = 1.0) -> tuple[recheck.Paced, Clock]:
    clock = Clock()
    return recheck.Paced(fetch, pace, sleep=clock.sleep, clock=lambda: clock.now), clock


def run_all(web: Web, progress: Path, *, resume: bool = False) -> list[tuple[str, bool]]:
    fetch, _ = paced(web)
    asked = recheck.check_pages(recheck.pages_of(VENDORS), fetch, progress, resume=resume)
    return [(result.outcome, now) for result, now in asked]


def test_each_page_ends_in_one_of_five_outcomes(tmp_path: Path) -> None:
    assert run_all(Web(), tmp_path / "p.jsonl") == [(outcome, True) for outcome in OUTCOMES]


def test_two_requests_never_start_closer_than_the_pace() -> None:
    web = Web()
    starts: list[float] = []
    clock = Clock()

    def fetch(url: str) -> Raw:
        starts.append(clock.now)
        clock.now += 0.3  # an answer takes its time; the pace counts from start to start
        return web(url)

    polite = recheck.Paced(fetch, 1.5, sleep=clock.sleep, clock=lambda: clock.now)
    for slug, url, listed in recheck.pages_of(VENDORS):
        recheck.check_page(slug, url, listed, polite)
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert len(gaps) >= 5
    assert min(gaps) == pytest.approx(1.5)


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    progress = tmp_path / "deep" / "p.jsonl"
    fetch, _ = paced(Web())
    run = recheck.check_pages(recheck.pages_of(VENDORS), fetch, progress, resume=False)
    assert [next(run)[0].slug for _ in range(2)] == ["aa", "bb"]
    run.close()
    with progress.open("ab") as out:
        out.write(b'{"slug": "cc", "ur')  # the line the machine stopped in
    web = Web()
    again = run_all(web, progress, resume=True)
    assert again == list(zip(OUTCOMES, [False, False, True, True, True], strict=True))
    assert not any("aa.example" in url or "bb.example" in url for url in web.asked)
    assert [result.slug for result in recheck.read_progress(progress)] == ["aa", "bb", "cc", "dd", "ee"]


def test_without_resume_a_run_begins_anew(tmp_path: Path) -> None:
    run_all(Web(), tmp_path / "p.jsonl")
    web = Web()
    assert all(now for _, now in run_all(web, tmp_path / "p.jsonl"))
    assert len(recheck.read_progress(tmp_path / "p.jsonl")) == len(VENDORS)


def test_a_changed_progress_file_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"slug": 1}\n')
    with pytest.raises(Refused, match="line 1"):
        recheck.read_progress(path)
    assert recheck.read_progress(tmp_path / "none.jsonl") == ()


@pytest.mark.parametrize(
    ("done", "asked", "seconds", "told"),
    [(0, 0, 0.0, "0/60 pages"), (30, 30, 60.0, "30/60 pages, 30.0 a minute, about 1 min left")],
)
def test_the_progress_tells_count_rate_and_rest(done: int, asked: int, seconds: float, told: str) -> None:
    assert recheck.pace_line(done, asked, 60, seconds) == told


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Web:
    web = Web()
    monkeypatch.setattr(pages, "known_vendors", lambda: VENDORS)
    monkeypatch.setattr(fetching, "fetch", web)
    unhurried = functools.partial(recheck.Paced, sleep=lambda seconds: None, clock=lambda: 0.0)
    monkeypatch.setattr(recheck, "Paced", unhurried)
    monkeypatch.setenv("RISKBOARD_VAR", str(tmp_path))
    return web


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    catalogue.add_arguments(parser)
    return catalogue.run(parser.parse_args(["check-pages", *words]))


def test_the_command_ends_in_a_table_and_writes_every_result(
    listed: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--json", str(tmp_path / "out.json")) == 0
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()] == ["1", "1", "1", "1", "1", "5"]
    assert "5/5 pages" in printed.err
    assert [row["outcome"] for row in json.loads((tmp_path / "out.json").read_bytes())] == OUTCOMES


def test_the_command_asks_only_what_is_chosen(listed: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--vendor", "bb") == 0
    assert {url.split("/")[2] for url in listed.asked} == {"status.bb.example"}
    listed.asked.clear()
    assert run("--only", "1") == 0
    assert {url.split("/")[2] for url in listed.asked} == {"status.aa.example"}
    assert capsys.readouterr().out.count("1  pages") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--pace", "0.5"), "too fast"),
        (("--pace", "nan"), "too fast"),
        (("--pace", "inf"), "too fast"),
        (("--vendor", "nobody"), "no listed vendor"),
        (("--only", "0"), "at least 1"),
    ],
)
def test_the_command_refuses_what_is_impolite_or_unknown(listed: Web, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(Refused, match=told):
        run(*words)
    assert listed.asked == []
