"""What is refused and what a job is at: stored in English, said in the reader's language."""

from __future__ import annotations

import ast

import pytest

from riskboard import phrasebook, sentence_walks
from riskboard.errors import Refused
from riskboard.jobs.models import Job, State
from riskboard.locales import LANGUAGES, speaking
from vendors.discovery import TRIED


@pytest.mark.parametrize(
    ("language", "fault", "shown"),
    [
        ("en", "the file is empty", "The file is empty."),
        ("de", "the file is empty", "Die Datei ist leer."),
        ("fr", "the file names a column twice", "Nomme une colonne deux fois (fichier)."),
        ("de", "the plan has 3,000 rows", "The plan has 3,000 rows."),  # no sentence of ours
        ("de", "status.example answers with HTTP 500", "status.example antwortet mit HTTP 500."),
        ("de", "status.example took longer than 10 seconds; try again later",
         "status.example brauchte länger als 10 Sekunden; versuchen Sie es später noch einmal."),
        ("de", "'githb' is no bundled vendor; did you mean github?", "'githb' ist kein mitgelieferter Anbieter; meinten Sie github?"),
        ("de", "no status page could be read at https://a.example: a.example has no address; check the spelling",
         "Unter https://a.example ließ sich keine Statusseite lesen: a.example hat keine Adresse; prüfen Sie die Schreibweise."),
        ("fr", "the RTO 'soon' is no length of time; write it like 4h, 90m, 1d or 4h30m",
         "'soon' n’est pas une durée (RTO) ; écrivez par exemple 4h, 90m, 1d ou 4h30m."),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence_in_the_readers_language(language, fault, shown):
    with speaking(language):
        assert phrasebook.sentence(Refused(fault)) == shown


@pytest.mark.parametrize(
    ("step", "german"),
    [
        ("reading the page", "die Statusseite wird gelesen"),
        ("judging vendor 3 of 1,200", "Anbieter 3 von 1.200 wird beurteilt"),
        ("laying out the pages: page 12", "die Seiten werden gesetzt: Seite 12"),
        ("numbering the pages", "die Seiten werden gezählt"),
        ("collecting 5 assessments", "5 Bewertungen werden zusammengetragen"),
        ("Mail: API: hours of major outage", "Mail: API: Stunden großer Ausfälle"),
    ],
)
def test_a_step_of_a_job_is_told_in_the_readers_language(step, german):
    with speaking("de"):
        assert phrasebook.said(step) == german


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_every_line_of_the_plans_history_is_known(code):
    lines = [
        "added process crm",
        "took back: changed fallback email-copy",
        "attached proof.pdf to email",
        "imported a file",
    ]
    with speaking(code):
        assert [line for line in lines if not phrasebook.known(line)] == []


def test_no_refusal_fits_what_anybody_might_write():
    walk = sentence_walks.Spoken("x.py")
    walk.visit(ast.parse('raise Refused(f"{name} is {fault}")\nraise Refused(f"{name} is no table that can be read")'))
    assert [one.text for one in walk.found] == ["{name} is no table that can be read"]


def test_what_is_marked_is_left_to_the_other_catalogue():
    walk = sentence_walks.Spoken("x.py")
    walk.visit(ast.parse('raise Refused(gettext("a view is full"))\njob.progress(5, "reading all of it")'))
    assert [one.text for one in walk.found] == ["reading all of it"]


@pytest.mark.django_db
def test_the_page_of_a_job_says_step_and_failure_in_german(client):
    german = {"headers": {"Accept-Language": "de"}}
    running = Job.objects.create(
        kind="assess", queue="score", state=State.RUNNING, due_at="2026-03-01T00:00Z", message="judging the record"
    )
    assert "Die Aufzeichnung wird beurteilt" in client.get(f"/jobs/{running.uid}/", **german).content.decode()
    why = (
        "no status page was found at https://a.example; paste the address of the page itself, or enter its outages as evidence"
        f"{TRIED}https://a.example (answers with HTTP 404); https://a.example/api (no status page)"
    )
    failed = Job.objects.create(kind="assess", queue="score", state=State.FAILED, due_at="2026-03-01T00:00Z", error=why)
    page = client.get(f"/jobs/{failed.uid}/", **german).content.decode()
    assert "Unter https://a.example wurde keine Statusseite gefunden" in page
    assert "https://a.example (antwortet mit HTTP 404)" in page
    assert "https://a.example/api (keine Statusseite)" in page
