"""Values as people type them into a plan, and every item as a form: what is shown reads back to the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assessments.continuity.plan import KINDS, Channel, Contact, Contract, CreditTier, Plan, Process, Service
from assessments.planning import editor, shown, typed
from assessments.planning.fields import ORGANISATION, field_at, fields_of, words_of

NAMED = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Z")), min_size=1, max_size=40)


@pytest.fixture(autouse=True)
def _vendors_as_typed(monkeypatch):
    monkeypatch.setattr(editor, "vendor_slug", lambda text: text)


def of(kind: str, path: str):
    found = field_at(kind, path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("rto_hours", "4h", 4.0),
        ("rto_hours", " 1h30m ", 1.5),
        ("rto_hours", "3d", 72.0),
        ("rpo_hours", "0h", 0.0),
        ("rpo_hours", "0", 0.0),
        ("rto_hours", "", None),
        ("cost_per_hour", "1,800", 1800.0),
        ("cost_per_hour", "1 800.50", 1800.5),
        ("cost_per_hour", "1'800'000", 1_800_000.0),
        ("cost_per_hour", "0", 0.0),
        ("reviewed_on", "2026-08-22", "2026-08-22"),
        ("critical", "yes", True),
        ("critical", "", False),
        ("workaround", "a\r\nb\x00\u202ec", "a\nbc"),
    ],
)
def test_what_people_type_is_read(path, text, value):
    assert typed.read(of("processes", path), text) == value


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("processes", "rto_hours", "0h"),
        ("processes", "mtd_hours", "-4h"),
        ("processes", "rto_hours", "4"),
        ("processes", "rto_hours", "9" * 30 + "h"),
        ("processes", "cost_per_hour", "1e400"),
        ("processes", "cost_per_hour", "1,5"),
        ("processes", "cost_per_hour", "12,34,567"),
        ("processes", "cost_per_hour", "NaN"),
        ("processes", "cost_per_hour", "Infinity"),
        ("services", "contract.availability", "101"),
        ("services", "contract.availability", "high"),
        ("services", "contract.notice_days", "1.5"),
        ("services", "contract.chronic_exit", "perhaps"),
        ("services", "contract.link", "javascript:alert(1)"),
        ("services", "contract.link", "ftp://x"),
        ("services", "stands_on", "AWS us/east"),
        ("services", "components", "x" * 201),
        ("services", "components", "\n".join(f"part {n}" for n in range(201))),
        ("processes", "reviewed_on", "22.8.2026"),
    ],
)
def test_what_cannot_be_read_is_a_fault_that_says_how_to_write_it(kind, path, text):
    with pytest.raises(typed.Fault, match=r"^[A-Z0-9'\"].*\.$"):
        typed.read(of(kind, path), text)


def test_a_share_keeps_its_digits():
    field = of("services", "contract.availability")
    assert typed.read(field, "99.95") == 0.9995
    assert typed.read(field, "99.9 %") == 0.999
    assert typed.shown(field, 0.9995) == "99.95"


@given(st.integers(0, 60 * 24 * 30))
def test_every_length_of_whole_minutes_reads_back(minutes):
    field = of("dependencies", "rpo_hours")
    text = typed.shown(field, minutes / 60)
    if minutes:
        assert typed.read(of("processes", "rpo_hours"), text) == pytest.approx(minutes / 60, abs=1e-9)
    else:
        assert text == "0h"


@given(st.integers(0, 10**15), st.integers(0, 100))
def test_money_and_counts_read_back(cents, count):
    money, days = of("services", "contract.monthly_fee"), of("services", "contract.notice_days")
    amount = min(cents / 100, 1e12)
    assert typed.read(money, typed.shown(money, amount)) == amount
    assert typed.read(days, typed.shown(days, count)) == count


@given(
    st.floats(0.01, 1000).map(lambda hours: round(hours, 9)),
    st.lists(
        st.tuples(st.floats(0, 1).map(lambda s: round(s, 6)), st.floats(0, 1).map(lambda s: round(s, 6))), max_size=4
    ),
    NAMED,
)
@settings(max_examples=60)
def test_a_service_left_alone_in_its_form_stays_what_it_was(hours, tiers, name):
    tiers = tuple(CreditTier(below=below, credit=credit) for below, credit in tiers)
    item = Service(id="s", name=name.strip() or "x", vendor="v", contract=Contract(rto_hours=hours, credits=tiers))
    plan = Plan(services=(item,))
    made = editor.read("services", editor.values_of("services", item), item_id="s", plan=plan)
    assert made.faults == {}
    assert made.item == item


def test_rows_keep_their_order_and_a_row_with_only_its_choice_made_is_none():
    values = {
        "name": "Desk", "channels.10.kind": "phone", "channels.10.address": "2",
        "channels.2.kind": "sms", "channels.2.address": "1", "channels.11.kind": "radio", "channels.x.address": "3",
    }  # fmt: skip
    made = editor.read("contacts", values, item_id=None, plan=Plan())
    assert [one.address for one in made.item.channels] == ["1", "2"]


@pytest.mark.parametrize(
    ("row", "order"),
    [("steps.5", "acb"), ("steps.2", "bac"), ("steps.0", "abc"), ("steps.x", "abc"), ("nothing.1", "abc"), ("", "abc")],
)
def test_a_row_is_moved_up_past_the_one_before_it(row, order):
    values = {"service": "s", "steps.0.text": "a", "steps.2.text": "b", "steps.5.text": "c", "steps.5.who": "x"}
    after = editor.moved_up(values, row)
    assert "".join(after[f"steps.{n}.text"] for n in (0, 2, 5)) == order
    assert after[f"steps.{(0, 2, 5)[order.index('c')]}.who"] == "x"
    assert sorted(after.values()) == sorted(values.values())


def test_too_many_rows_are_told_and_not_cut():
    values = {"name": "Desk"} | {f"channels.{n}.address": "1" for n in range(201)}
    made = editor.read("contacts", values, item_id=None, plan=Plan())
    assert made.item is None
    assert "at most 200" in made.faults["channels"]


def test_a_part_that_may_be_missing_is_missing_when_nothing_is_typed_in_it():
    values = {"name": "Mail", "vendor": "v", "own_copy.kept_at": " ", "own_copy.own_account": ""}
    made = editor.read("services", values, item_id=None, plan=Plan())
    assert made.item.own_copy is None
    made = editor.read("services", values | {"own_copy.own_account": "no"}, item_id=None, plan=Plan())
    assert made.item.own_copy.own_account is False


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Order intake", "order-intake"), ("Straßenbau GmbH & Co.", "strassenbau-gmbh-co"), ("  --  ", ""),
        ("Éclair", "eclair"), ("電話", ""), ("a" * 100, "a" * 80),
    ],
)  # fmt: skip
def test_ids_are_made_of_names(text, slug):
    assert typed.slug_of(text) == slug


def test_a_name_no_id_can_be_made_of_gets_one_of_its_kind():
    made = editor.read(
        "contacts", {"name": "電話"}, item_id=None, plan=Plan(contacts=(Contact(id="contact", name="x"),))
    )
    assert made.item.id == "contact-2"


@pytest.mark.parametrize("kind", [*KINDS, ORGANISATION])
def test_every_field_has_a_label_and_every_column_a_field(kind):
    words = words_of(kind)
    assert all(field_at(kind, path) for path in (*words.list, *words.folded))
    for one in fields_of(kind):
        assert one.label[:1].isupper()
        assert "_" not in one.label


def test_differences_are_told_by_the_names_of_the_fields():
    mine = Contact(id="a", name="Desk", channels=(Channel(kind="phone", address="1"),))
    theirs = replace(mine, channels=(Channel(kind="phone", address="2"),))
    assert shown.differences("contacts", mine, theirs) == [("Ways to reach them, row 1: Number or address", "1", "2")]
    assert shown.differences("processes", Process(id="p", name="P"), None)[0] == ("Name", "P", "")
