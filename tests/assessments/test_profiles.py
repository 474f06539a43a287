"""Other weights stand beside the default, and a vendor's reply beside the number; neither touches it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.report import figures, phrases
from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.model import PILLARS, Needs, Profile
from assessments.scoring.pipeline import assess, encode
from assessments.scoring.profiles import ProfileError, from_toml, named, presets, weights
from assessments.scoring.rubric import rubric
from tests.assessments.making import NOW, make_facts, make_incident
from vendors.facts_file import FactsError, dumps, loads
from vendors.records import Reply

PILLAR_OF = {check.meta.id: check.meta.pillar for check in CHECKS}
RECORD = make_facts(tuple(make_incident(n) for n in range(1, 12)))
REPLY = Reply(kind="not-ours", statement="The network of our landlord failed.", filed_at=NOW, incident="i3")


def test_the_default_weighs_what_the_rubric_says():
    assert weights(None, PILLAR_OF) == rubric()["weights"]


@pytest.mark.parametrize("profile", presets(), ids=lambda profile: profile.name)
def test_a_preset_gives_each_pillar_its_share_of_a_hundred(profile):
    points = weights(profile, PILLAR_OF)
    for pillar in PILLARS:
        share = sum(value for check, value in points.items() if PILLAR_OF[check] == pillar)
        assert share == pytest.approx(profile.pillars[pillar])
    assert sum(points.values()) == pytest.approx(100)
    assert profile.version == rubric()["version"]


@given(
    st.dictionaries(st.sampled_from(PILLARS), st.floats(0.1, 100)),
    st.dictionaries(st.sampled_from(sorted(PILLAR_OF)), st.floats(0.1, 10)),
)
def test_any_profile_weighs_a_hundred_and_keeps_proportions_inside_a_pillar(pillars, factors):
    points = weights(Profile(name="ours", pillars=pillars, checks=factors), PILLAR_OF)
    assert sum(points.values()) == pytest.approx(100)
    assert min(points.values()) >= 0
    one, two = "vendor-backup-rpo", "backup-separation"
    expected = rubric()["weights"][one] * factors.get(one, 1) / (rubric()["weights"][two] * factors.get(two, 1))
    assert points[one] / points[two] == pytest.approx(expected)


def test_a_factor_of_nothing_leaves_a_check_out():
    points = weights(Profile(name="ours", checks={"backup-separation": 0}), PILLAR_OF)
    assert points["backup-separation"] == 0
    assert sum(points.values()) == pytest.approx(100)


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (Profile(name="ours", checks={"no-such-check": 1}), "names no check of ours: no-such-check"),
        (
            Profile(name="ours", checks={check: 0 for check, pillar in PILLAR_OF.items() if pillar == "openness"}),
            "leaves nothing to judge in openness",
        ),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_by_name(profile, told):
    with pytest.raises(ProfileError, match=told):
        weights(profile, PILLAR_OF)


@pytest.mark.parametrize(
    "data",
    [
        b"name = ''",
        b"name = 'x'\n[pillars]\nbackup = 0",
        b"name = 'x'\n[pillars]\nprice = 5",
        b"name = 'x'\n[checks]\nstatus-page-public = -1",
        b"name = 'x'\nweights = 1",
        b"name = ",
        b"\xff",
    ],
)
def test_a_file_that_is_no_profile_is_refused(data):
    with pytest.raises(ProfileError):
        from_toml(data)


def test_a_name_that_is_no_preset_is_refused_with_those_there_are():
    with pytest.raises(ProfileError, match="procurement, operations, regulated"):
        named("finance")


def test_profiles_stand_beside_a_default_they_do_not_change():
    ours = Profile(name="ours", version="7", pillars={"backup": 90})
    plain, laid = assess(RECORD, Needs(), as_of=NOW), assess(RECORD, Needs(profile=ours), as_of=NOW)
    assert laid.score == plain.score
    assert laid.pillars == plain.pillars
    assert [p.name for p in plain.profiles] == ["procurement", "operations", "regulated"]
    assert [(p.name, p.version) for p in laid.profiles[3:]] == [("ours", "7")]
    assert laid.profiles[3].coverage < plain.score.coverage  # nobody asked about backups
    assert len(assess(RECORD, Needs(profile=named("regulated")), as_of=NOW).profiles) == 3


def test_a_reply_is_shown_wherever_the_number_is_and_never_changes_it():
    replied = msgspec.structs.replace(RECORD, replies=(REPLY,))
    plain, disputed = assess(RECORD, Needs(), as_of=NOW), assess(replied, Needs(), as_of=NOW)
    assert (disputed.score, disputed.pillars, disputed.forecast) == (plain.score, plain.pillars, plain.forecast)
    assert [(d.about, d.kind) for d in disputed.disputes] == [("incident i3", "not-ours")]
    assert phrases.verdict(disputed) == f"{phrases.verdict(plain)} Disputed by the vendor in 1 point."
    assert "disputed" in " ".join(figures.portfolio_cells(disputed))
    assert "disputed" not in " ".join(figures.portfolio_cells(plain))
    assert any(REPLY.statement in text for _, text in figures.printed(disputed))


def test_a_reply_filed_after_the_judgement_is_not_known_to_it():
    replied = msgspec.structs.replace(RECORD, replies=(REPLY,))
    assert len(assess(replied, Needs(), as_of=NOW).disputes) == 1
    assert assess(replied, Needs(), as_of=NOW - timedelta(days=1)).disputes == ()


def test_facts_keep_replies_and_say_nothing_where_there_are_none():
    replied = msgspec.structs.replace(RECORD, replies=(REPLY,))
    assert loads(dumps(replied)).replies == (REPLY,)
    assert b"replies" not in dumps(RECORD)
    assert b"observed" not in dumps(replied)
    assert encode(assess(replied, Needs(), as_of=NOW)) != encode(assess(RECORD, Needs(), as_of=NOW))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"filed_at": NOW.replace(year=NOW.year + 1)}, "filed after the record's as_of"),
        ({"check": "status-page-public"}, "a check or an incident, not both"),
    ],
)
def test_a_reply_that_cannot_be_is_refused(change, told):
    data = dumps(msgspec.structs.replace(RECORD, replies=(msgspec.structs.replace(REPLY, **change),)))
    with pytest.raises(FactsError, match=told):
        loads(data)
