"""The rows of DORA's register of information that a plan can fill: b_06.01 (functions) and b_07.01 (ICT services). Pure.

Names are ours, codes those of the templates as publicly described. Values are in words; `coded` gives them in the taxonomy's own form
where that is known to us, and says where it is not. A linter names every field that is missing or cannot be right, with the place
in the plan to fill it, and the filing rule that would reject it: 805 (a key is empty), 806 (a key stands twice), 807 (a key is named
that no row has); 808, the filing indicators, belongs to the filing as a whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Struct

from assessments.continuity.plan import Plan, Process, Service
from riskboard.output import safe_cell

OPEN_DAY = "9999-12-31"  # the templates' word for a day that is not set
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


class Fault(Struct, frozen=True, kw_only=True):
    """One field that is missing (`error` where the template asks for it) or doubtful, and where in the plan to mend it."""

    template: str
    row: str
    code: str
    name: str
    level: Literal["error", "warning"]
    text: str
    kind: str
    item: str
    field: str
    rule: Literal[0, 805, 806, 807] = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its code, our name for it, where it stands in the plan, and whether the template takes an empty one."""

    code: str
    name: str
    field: str
    value: Callable[[Any, Plan], str]
    required: bool = True
    codes: Mapping[str, str] | None = None
    key: bool = False


# The taxonomy's members for our words, as tools that file describe them in public (docs/dora.md); compare them with the release you
# file with. Lists that we do not know member by member are not here: their columns have no codes.
YES_NO = {"yes": "eba_BT:x28", "no": "eba_BT:x29", "assessment not performed": "eba_BT:x21"}
IMPACT = {"low": "eba_ZZ:x791", "medium": "eba_ZZ:x792", "high": "eba_ZZ:x793"}
SUBSTITUTABLE = {
    "not substitutable": "eba_ZZ:x959", "highly complex": "eba_ZZ:x960", "medium complexity": "eba_ZZ:x961",
    "easily substitutable": "eba_ZZ:x962",
}  # fmt: skip
REINTEGRATION = {"easy": "eba_ZZ:x966", "difficult": "eba_ZZ:x967", "highly complex": "eba_ZZ:x968"}
KIND_OF_CODE = {"LEI": "eba_qCO:qx2000", "EUID": "eba_qCO:qx2002"}
SERVICE_TYPES = {f"S{n:02}": f"eba_TA:S{n:02}" for n in range(1, 20)}
NOT_APPLICABLE = "eba_GA:qx2007"  # in a key that does not apply
UNKNOWN_LISTS = ("b_06.01.0020", "b_07.01.0060")  # closed lists whose members we do not know: the words stay


def _text(name: str, *path: str) -> Callable[[Any, Plan], str]:
    def read(item: Any, plan: Plan) -> str:
        for step in (name, *path):
            item = getattr(item, step, None)
        return "" if item is None else str(item).strip()

    return read


def _whole_hours(name: str) -> Callable[[Any, Plan], str]:
    def read(item: Any, plan: Plan) -> str:
        hours = getattr(item, name)
        return "" if hours is None else f"{max(1, round(hours)) if hours > 0 else 0}"

    return read


def _day(name: str, *path: str) -> Callable[[Any, Plan], str]:
    plain = _text(name, *path)
    return lambda item, plan: plain(item, plan) or OPEN_DAY


def _has_exit(one: Service, plan: Plan) -> str:
    return "yes" if one.exit is not None and one.exit.strategy.strip() else "no"


def _alternatives(one: Service, plan: Plan) -> str:
    return "assessment not performed" if one.exit is None else "yes" if one.exit.alternatives else "no"


def _named(one: Service, plan: Plan) -> str:
    return "; ".join(one.exit.alternatives) if one.exit else ""


FUNCTIONS: tuple[Column, ...] = (
    Column("b_06.01.0010", "function identifier", "function_id", _text("function_id"), key=True),
    Column("b_06.01.0020", "licensed activity", "licensed_activity", _text("licensed_activity")),
    Column("b_06.01.0030", "function name", "name", _text("name")),
    Column("b_06.01.0040", "LEI of the entity", "lei", lambda one, plan: plan.organisation.lei.strip(), key=True),
    Column(
        "b_06.01.0050", "critical or important", "critical", lambda one, plan: "yes" if one.critical else "no", codes=YES_NO
    ),
    Column("b_06.01.0060", "reasons for it", "critical_because", _text("critical_because"), required=False),
    Column("b_06.01.0070", "last assessed on", "reviewed_on", _day("reviewed_on")),
    Column("b_06.01.0080", "RTO, hours", "rto_hours", _whole_hours("rto_hours")),
    Column("b_06.01.0090", "RPO, hours", "rpo_hours", _whole_hours("rpo_hours")),
    Column(
        "b_06.01.0100", "impact of discontinuing", "impact_of_discontinuing", _text("impact_of_discontinuing"), codes=IMPACT
    ),
)  # fmt: skip
SERVICES: tuple[Column, ...] = (
    Column("b_07.01.0010", "contract's reference", "contract", _text("contract", "reference"), key=True),
    Column("b_07.01.0020", "provider's identifier", "registration", _text("registration", "provider_id"), key=True),
    Column(
        "b_07.01.0030", "kind of identifier", "registration", _text("registration", "provider_id_kind"), codes=KIND_OF_CODE,
        key=True,
    ),
    Column(
        "b_07.01.0040", "type of ICT service", "registration", _text("registration", "service_type"), codes=SERVICE_TYPES,
        key=True,
    ),
    Column("b_07.01.0050", "substitutability", "registration", _text("registration", "substitutability"), codes=SUBSTITUTABLE),
    Column(
        "b_07.01.0060", "reason, where hard to substitute", "registration",
        _text("registration", "substitutability_reason"), required=False,
    ),
    Column("b_07.01.0070", "last audit on", "registration", _day("registration", "last_audit_on")),
    Column("b_07.01.0080", "exit plan", "exit", _has_exit, codes=YES_NO),
    Column("b_07.01.0090", "reintegration", "exit", _text("exit", "reintegration"), codes=REINTEGRATION),
    Column(
        "b_07.01.0100", "impact of discontinuing", "registration", _text("registration", "impact_of_discontinuing"), codes=IMPACT
    ),
    Column("b_07.01.0110", "alternatives identified", "exit", _alternatives, codes=YES_NO),
    Column("b_07.01.0120", "alternatives", "exit", _named, required=False),
)  # fmt: skip


def functions(plan: Plan) -> list[list[str]]:
    """Rows of b_06.01, a process each, in the columns' order; an empty text is not stated."""
    return [[column.value(one, plan) for column in FUNCTIONS] for one in plan.processes]


def services(plan: Plan) -> list[list[str]]:
    """Rows of b_07.01: each service that a critical or important function depends on, as the template asks."""
    return [[column.value(one, plan) for column in SERVICES] for one in reported(plan)]


def coded(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows with the taxonomy's members for our words, where we know them; every other value as it is."""
    return [
        [
            (one.codes or {}).get(cell, (one.codes or {}).get(cell.upper(), cell))
            for one, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]


def reported(plan: Plan) -> list[Service]:
    """The services that support a critical or important function."""
    critical = {one.id for one in plan.processes if one.critical}
    supporting = {link.service for link in plan.dependencies if link.process in critical}
    return [one for one in plan.services if one.id in supporting]


def lint(plan: Plan) -> tuple[Fault, ...]:
    """Every field that would be refused or questioned, template by template, row by row."""
    return (*_head(plan), *_function_faults(plan), *_service_faults(plan), *_unfollowed(plan))


def _head(plan: Plan) -> Iterator[Fault]:
    lei = plan.organisation.lei.strip()
    if lei and not is_lei(lei):
        text = f"{lei} is no LEI: its check digits are wrong"
        yield _fault(FUNCTIONS[3], plan.organisation.name, "organisation", "organisation", text)


def _function_faults(plan: Plan) -> Iterator[Fault]:
    seen: set[str] = set()
    for one in plan.processes:
        yield from _missing(FUNCTIONS, one, plan, "processes")
        if one.critical and not one.critical_because.strip():
            yield _fault(FUNCTIONS[5], one.name, "processes", one.id, "a critical function needs its reasons")
        if one.reviewed_on is None:
            yield _fault(
                FUNCTIONS[6], one.name, "processes", one.id, f"no day is set; {OPEN_DAY} is written", level="warning"
            )
        key = one.function_id.strip()
        if key and key in seen:
            yield _fault(
                FUNCTIONS[0], one.name, "processes", one.id, f"{key} is used twice: a key must be unique", rule=806
            )
        seen.add(key)


def _service_faults(plan: Plan) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for one in reported(plan):
        yield from _missing(SERVICES, one, plan, "services")
        said = one.registration
        if said.provider_id_kind.upper() == "LEI" and said.provider_id.strip() and not is_lei(said.provider_id.strip()):
            yield _fault(
                SERVICES[1], one.name, "services", one.id, f"{said.provider_id} is no LEI: its check digits are wrong"
            )
        if said.provider_id_kind.strip() and said.provider_id_kind.upper() not in ("LEI", "EUID"):
            text = f"{said.provider_id_kind} is neither LEI nor EUID, which are preferred"
            yield _fault(SERVICES[2], one.name, "services", one.id, text, level="warning")
        if said.service_type.strip() and not re.fullmatch(r"S(0[1-9]|1[0-9])", said.service_type.strip()):
            yield _fault(SERVICES[3], one.name, "services", one.id, f"{said.service_type} is none of S01 to S19")
        if (
            said.substitutability in ("not substitutable", "highly complex")
            and not said.substitutability_reason.strip()
        ):
            yield _fault(SERVICES[5], one.name, "services", one.id, "what is hard to substitute needs a reason")
        if said.last_audit_on is None:
            yield _fault(
                SERVICES[6], one.name, "services", one.id, f"no day is set; {OPEN_DAY} is written", level="warning"
            )
        if one.exit is not None and one.exit.alternatives == ():
            yield _fault(SERVICES[11], one.name, "services", one.id, "no alternative is named", level="warning")
        key = (one.contract.reference.strip(), said.provider_id.strip(), said.service_type.strip())
        if all(key) and key in seen:
            text = f"{key[0]} with {key[1]} for {key[2]} is used twice: a key must be unique"
            yield _fault(SERVICES[0], one.name, "services", one.id, text, rule=806)
        seen.add(key)


def _unfollowed(plan: Plan) -> Iterator[Fault]:
    """Critical functions that no service supports: a row of b_06.01 whose key no other template would name (rule 807)."""
    supported = {link.process for link in plan.dependencies}
    for one in plan.processes:
        if one.critical and one.id not in supported:
            text = "no service is said to support this critical function, so no other template names it"
            yield _fault(FUNCTIONS[0], one.name, "processes", one.id, text, level="warning", rule=807)


def _missing(columns: tuple[Column, ...], one: Process | Service, plan: Plan, kind: str) -> Iterator[Fault]:
    for column in columns:
        if column.required and not column.value(one, plan):
            place = ("organisation", "organisation") if column.field == "lei" else (kind, one.id)
            yield _fault(column, one.name, *place, "is not stated", rule=805 if column.key else 0)


def _fault(
    column: Column,
    row: str,
    kind: str,
    item: str,
    text: str,
    *,
    level: Literal["error", "warning"] = "error",
    rule: Literal[0, 805, 806, 807] = 0,
) -> Fault:
    return Fault(
        template=column.code[:7], row=row, code=column.code, name=column.name, level=level, text=text, kind=kind,
        item=item, field=column.field, rule=rule,
    )  # fmt: skip


def is_lei(text: str) -> bool:
    """Whether it has the form of an LEI and its check digits hold (ISO 17442, ISO/IEC 7064 MOD 97-10)."""
    if not _LEI.fullmatch(text):
        return False
    return int("".join(str(int(letter, 36)) for letter in text)) % 97 == 1


def csv_of(columns: tuple[Column, ...], rows: list[list[str]]) -> bytes:
    """A template as CSV: codes in the first line, our names in the second; cells a spreadsheet would run are quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.code for column in columns])
    writer.writerow([column.name for column in columns])
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


__all__ = ["FUNCTIONS", "OPEN_DAY", "SERVICES", "Fault", "coded", "csv_of", "functions", "is_lei", "lint", "services"]
