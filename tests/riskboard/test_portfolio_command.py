"""`riskboard portfolio`: the example runs, every bad file is refused in one sentence, and scenarios say who is down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from riskboard.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "portfolio.toml"
TWO = '[[services]]\nvendor = "modal"\n[[services]]\nvendor = "trello"\n'


def test_the_example_runs_and_prints_the_same_twice(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["portfolio", str(EXAMPLE), "--years", "500", "--json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    told = json.loads(printed[0])
    assert [one["name"] for one in told["services"]] == ["github", "pagerduty", "slack", "trello"]
    assert told["any_critical_with_fallbacks"]["value"] <= told["any_critical"]["value"]


def test_the_table_prints_no_certainty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", str(EXAMPLE), "--years", "50"]) == 0
    out = capsys.readouterr().out
    assert "with fallbacks" in out
    assert "100%" not in out


def test_a_scenario_says_who_is_down_and_how_long_past_the_rto(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", str(EXAMPLE), "--scenario", "us-east-1", "--json"]) == 0
    struck = {one["name"]: one for one in json.loads(capsys.readouterr().out)["struck"]}
    assert {name: one["over_rto_hours"] for name, one in struck.items()} == {"slack": 11.0, "trello": 0.0}


def test_the_result_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result.json"
    assert main(["portfolio", str(EXAMPLE), "--years", "50", "--json", str(out)]) == 0
    assert json.loads(out.read_bytes())["years"] == 50
    assert "simulated years" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services = 1", "no portfolio file"),
        ("]", "no portfolio file"),
        ('[[services]]\nvendor = "modal"\ncolour = "red"', "colour"),
        ('[[services]]\nvendor = "modall"', "did you mean modal"),
        ('[[services]]\nvendor = "modal"\nrto = "soon"', "no length of time"),
        (TWO.replace("trello", "modal"), "a name of its own"),
        ('[[services]]\nvendor = "modal"\ndepends_on = [{upstream = "x", share = 0.5}]', "not among the upstreams"),
        ('[[upstreams]]\nid = "x"\n[[services]]\nvendor = "modal"', "x needs a kind"),
        ('[[upstreams]]\nid = "okta"\nrate = nan\n' + TWO, "finite"),
        ('[[upstreams]]\nid = "okta"\nkind = "moon"\n' + TWO, "moon"),
        (TWO + 'fallback = {service = "modal", takeover = "1h", capacity = 2}', "capacity"),
        (TWO + 'fallback = {service = "slack", takeover = "1h"}', "another service of the portfolio"),
        (TWO + 'depends_on = [{upstream = "okta", share = 0.5, evidence = "rumour"}]', "rumour"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "portfolio.toml"
    path.write_text(text)
    assert main(["portfolio", str(path), "--years", "10"]) == 1
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
    assert not told.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.toml"], "cannot be read"),
        ([str(EXAMPLE), "--scenario", "comet"], "known are bpos and us-east-1"),
        ([str(EXAMPLE), "--years", "0"], "years must be"),
        ([str(EXAMPLE), "--seed", "-1"], "seed"),
    ],
)
def test_a_bad_argument_is_refused(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", *arguments]) == 1
    assert says in capsys.readouterr().err
