"""Every sentence a judgement of ours stores is one the phrasebook can say in every language: of real records and real plans."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from assessments.continuity import examples
from assessments.continuity.answer import answer
from assessments.continuity.commitments import conditions, promises
from assessments.continuity.judged import Judged
from assessments.continuity.lint import lint
from assessments.continuity.register import register, reminders
from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.continuity import PlanReport
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Needs, Recommendation
from assessments.scoring.pipeline import assess
from riskboard import phrasebook
from riskboard.commands.plan import judge, moment
from riskboard.locales import LANGUAGES, speaking
from vendors.catalogue import index

SLUGS = tuple(row.slug for row in index.bundled())
TRANSLATED = LANGUAGES[1:]


@functools.cache
def judged(slug: str) -> Judged:
    facts = index.load(slug)
    return Judged(assess(facts, Needs(rto_hours=4.0, rpo_hours=1.0), as_of=facts.as_of), facts)


@functools.cache
def plan_report(name: str) -> PlanReport:
    plan = examples.load(name)
    as_of, of = moment(plan, None), judge(plan, [], as_of=moment(plan, None))
    made = answer(plan, of, as_of=as_of)
    return PlanReport(plan, of, made, lint(plan, of, as_of=as_of, answer=made), as_of)


def of_an_assessment(one: Judged) -> Iterator[str]:
    a, facts = one.assessment, one.facts
    for pillar in a.pillars:
        yield from (cap.reason for cap in pillar.caps)
        for check in pillar.checks:
            yield from (check.reason, check.remedy or "", *(found.claim for found in check.evidence))
    yield from (cap.reason for cap in a.score.caps)
    for advice in a.recommendations:
        yield from of_advice(advice)
    yield facts.window.reason
    yield from (seen.note or "" for seen in facts.openness)
    yield from (conflict.why for incident in facts.incidents for conflict in incident.conflicts)


def of_advice(one: Recommendation) -> Iterator[str]:
    """Its words, and the names of the figures that fired it; ids of checks are shown as ids, pillars have names."""
    yield from (
        one.action,
        one.why,
        *(name for name in one.trigger if name not in BY_ID and name not in PILLAR_NAMES),
        *one.after,
    )


def of_a_plan(given: PlanReport) -> Iterator[str]:
    for link in given.answer.dependencies:
        yield from (link.plain.reason, link.kept.reason if link.kept else "", link.fate.text if link.fate else "")
    yield from (text for message in given.messages for text in (message.text, message.mend))
    made = {"as_of": given.as_of}
    for entry in register(given.plan, given.judged, **made):
        yield entry.note
        if entry.recommendation:
            yield from of_advice(entry.recommendation)
    yield from (reminder.text for reminder in reminders(given.plan, given.judged, **made))
    found = promises(given.plan, given.judged, **made)
    yield from (promise.followed.why for promise in found)
    yield from conditions(found)


def unknown_to(code: str, texts: Iterator[str]) -> list[str]:
    with speaking(code):
        return sorted({text for text in texts if not phrasebook.known(text)})


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_of_a_bundled_vendor_has_a_translation(slug, code):
    assert unknown_to(code, of_an_assessment(judged(slug))) == []


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("name", examples.names())
def test_every_sentence_about_an_example_plan_has_a_translation(name, code):
    assert unknown_to(code, of_a_plan(plan_report(name))) == []


def test_a_sentence_nobody_wrote_is_not_taken_for_known():
    """So the tests above can fail."""
    assert unknown_to("de", iter(["The moon was in the seventh house."])) == ["The moon was in the seventh house."]


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("de", "Since 2026-01-01 the total moved by -9.75: new incidents -9.95, a new method +0.20.",
         "Seit 01.01.2026 änderte sich der Gesamtwert um -9,75: neue Vorfälle -9,95, eine neue Methode +0,20."),
        ("fr", "Since 2026-01-01 the total has not moved.", "Depuis le 01/01/2026, le total n’a pas changé."),
        ("de", "The record links a post-mortem of 2024-03-05.", "Die Aufzeichnung verweist auf ein Post-mortem zum 05.03.2024."),
        ("de", "Acme Mail -12", "Acme Mail -12"),  # no words of ours
    ],
)  # fmt: skip
def test_dates_and_changes_of_a_sentence_are_told_as_the_language_does(language, text, shown):
    with speaking(language):
        assert phrasebook.said(text) == shown
