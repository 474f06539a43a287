"""Languages: which one an answer is in, and catalogues that keep up with the source."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import RequestFactory

from riskboard import messages
from riskboard.commands import doctor
from riskboard.languages import chosen

REPORTS = ("templates/report/", "assessments/report/")


@pytest.mark.parametrize(
    ("path", "cookie", "accepted", "language"),
    [
        ("/", "", "", "en"),
        ("/", "", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("/", "", "it, fr;q=0.5", "fr"),
        ("/", "", "it", "en"),
        ("/", "fr", "de", "fr"),
        ("/", "xx", "de", "de"),
        ("/", "../../etc", "*;q=" + "9" * 5000, "en"),
        ("/api/v1/vendors/", "fr", "de", "en"),
    ],
)
def test_a_cookie_goes_before_what_the_browser_asks_for_and_the_api_speaks_english(path, cookie, accepted, language):
    request = RequestFactory(headers={"Accept-Language": accepted}).get(path)
    if cookie:
        request.COOKIES["django_language"] = cookie
    assert chosen(request) == language


@pytest.mark.django_db
def test_a_page_names_its_language_and_that_it_depends_on_the_browser(client):
    answer = client.get("/", headers={"Accept-Language": "fr"})
    assert answer.headers["Content-Language"] == "fr"
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_apis_own_words_are_english_whoever_loads_it_first():
    """A process whose first request is for a German page loads the API while German is spoken."""
    code = (
        "import django; django.setup()\n"
        "from django.utils import translation; translation.activate('de')\n"
        "from assessments.api.vendors import FILTERS\n"
        "print([one.description for one in FILTERS if one.name == 'away'])"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "riskboard.settings"},
    )  # fmt: skip
    assert made.stdout.strip() == "['Put away']"


def catalogue_of(text: str) -> Catalog:
    return read_po(io.StringIO(text), locale="de")


@pytest.fixture
def locale_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    return tmp_path


def source(**files: str) -> dict[str, Catalog]:
    for name in messages.PYTHON:
        (messages.ROOT / name).mkdir(exist_ok=True)
    for name, text in files.items():
        path = messages.ROOT / name.replace("__", "/").replace("_html", ".html").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {"django": messages.from_source()}


def test_marked_texts_of_templates_and_code_are_found_with_their_file(locale_folder):
    found = source(
        templates__a_html='{% load i18n %}<p>\n  {% translate "One" %} {% translate "May" context "month" %}\n'
        "    {% blocktranslate trimmed count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}</p>",
        riskboard__b_py='x = _("Two parts "\n"of one")\ny = ngettext("%(n)d page", "%(n)d pages", n)\nz = gettext(name)\n',
    )["django"]
    told = {messages._key(message): [path for path, _ in message.locations] for message in found if message.id}
    assert told == {
        (None, "One"): ["templates/a.html"],
        ("month", "May"): ["templates/a.html"],
        (None, ("%(n)s day", "%(n)s days")): ["templates/a.html"],
        (None, "Two parts of one"): ["riskboard/b.py"],
        (None, ("%(n)d page", "%(n)d pages")): ["riskboard/b.py"],
    }


def test_updating_keeps_translations_drops_what_is_gone_and_changes_nothing_the_second_time(locale_folder):
    path = locale_folder / "locale/de/LC_MESSAGES/django.po"
    messages.update(source(riskboard__a_py='_("Stays")\n_("Goes")\n'))
    text = path.read_text().replace('msgid "Stays"\nmsgstr ""', 'msgid "Stays"\nmsgstr "Bleibt"')
    path.write_text("# Words: outage = Ausfall\n" + text)
    messages.update(source(riskboard__a_py='_("Stays")\n_("Comes")\n'))
    kept = catalogue_of(path.read_text())
    assert {message.id: message.string for message in kept if message.id} == {"Comes": "", "Stays": "Bleibt"}
    assert path.read_text().startswith("# Words: outage = Ausfall\n")
    assert messages.update(source(riskboard__a_py='_("Stays")\n_("Comes")\n')) == []


def test_both_sides_of_a_merge_keep_their_translations(locale_folder):
    found = source(riskboard__a_py='_("Left")\n_("Right")\n')
    messages.update(found)
    path = locale_folder / "locale/de/LC_MESSAGES/django.po"
    entry = '#: riskboard/a.py\nmsgid "{}"\nmsgstr "{}"\n\n'
    head = path.read_text().split("#: ")[0]
    ours, theirs = (entry.format("Left", "Links"), entry.format("Right", "Rechts"))
    path.write_text(f"{head}<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n")
    messages.update(found)
    kept = catalogue_of(path.read_text())
    assert {message.id: message.string for message in kept if message.id} == {"Left": "Links", "Right": "Rechts"}


@pytest.mark.parametrize(
    ("words", "translation", "fault"),
    [
        ("of %(n)s", "von %(n)s", False),
        ("of %(n)s", "von", True),
        ("of %(n)s", "von %(m)s", True),
        ("{rto} beyond {p:.0%}", "{p} jenseits von {rto}", False),
        ("{rto} beyond", "{rta} jenseits", True),
        ("plain", "schlicht", False),
        ("plain", "", True),
    ],
)
def test_a_translation_that_drops_or_invents_a_placeholder_is_a_fault(locale_folder, words, translation, fault):
    found = source(riskboard__a_py=f'_("{words}")\n')
    messages.update(found)
    for language in messages.TRANSLATED:
        path = locale_folder / f"locale/{language}/LC_MESSAGES/django.po"
        path.write_text(
            path.read_text().replace('msgstr ""\n', f'msgstr "{translation}"\n').replace(translation, "", 1)
        )
    assert bool(list(messages.faults(found))) is fault


def test_compiling_writes_what_is_older_and_nothing_twice(locale_folder):
    messages.update(source(riskboard__a_py='_("Yes")\n'))
    for path in messages.paths():
        path.write_text(path.read_text().replace('msgid "Yes"\nmsgstr ""', 'msgid "Yes"\nmsgstr "Ja"'))
    assert doctor.translations().outcome == "warn"
    (de, fr) = messages.compile_all()
    with de.open("rb") as file:
        assert read_mo(file)["Yes"].string == "Ja"
    assert (messages.compile_all(), doctor.translations().outcome) == ([], "ok")
    os.utime(fr.with_suffix(".po"), ns=(2 * 10**18, 2 * 10**18))
    assert [path.parts[-3] for path in messages.stale()] == ["fr"]
    assert not list(locale_folder.rglob("*.part"))


def test_the_catalogues_hold_exactly_what_the_source_says():
    assert [fault for fault in messages.faults() if not fault.endswith("is not translated")] == []


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_everything_judgements_store_and_reports_print_is_translated(language):
    """Pages may be a step behind; a report is not."""
    missing = []
    for domain in ("phrases", "django"):
        with (messages.LOCALE / language / "LC_MESSAGES" / f"{domain}.po").open(encoding="utf-8") as file:
            for message in read_po(file, locale=language):
                printed = domain == "phrases" or any(path.startswith(REPORTS) for path, _ in message.locations)
                if message.id and printed and not messages._is_translated(message):
                    missing.append(message.id)
    assert missing == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (b"x = _('a')\ny = f'{_(name)} {said}'", []),
        (b"x = 1\ny = f\"{text} {_('Of one, too little.')}\"", [2]),
        (b"y = f\"{ngettext('one', 'many', n)}\"", [1]),
    ],
)
def test_a_text_marked_within_an_f_string_is_named_because_nothing_extracts_it(code, lines):
    assert messages.unseen(code) == lines
