"""What the pages of the board ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, gettext_noop

from assessments.forms import _Parts, no_duration
from assessments.models import AssessmentRow
from assessments.pages import rto_input
from assessments.scoring.metrics import component_names
from assessments.scoring.what_if import Standby, WhatIf, what_if
from riskboard.durations import parse_duration
from riskboard.errors import Refused
from vendors.records import VendorFacts


class DurationField(forms.Field):
    """A length of time as people write it ("90 min", "4h", "3d"), as hours."""

    def __init__(self, *, what: str, **options: Any) -> None:
        self.what = what
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """Hours; None where nothing was given. Raises ValidationError with an example."""
        text = str(value or "").strip()[:100]
        if not text:
            return None
        try:
            return parse_duration(text, what=self.what)
        except Refused as refusal:
            raise no_duration(text, what=self.what) from refusal


class WhatIfForm(forms.Form):
    """Another need, another horizon, other parts, and something that takes over."""

    rto = DurationField(what="RTO", label=gettext_lazy("How long can your work do without it? (RTO)"))
    horizon = forms.TypedChoiceField(
        label=gettext_lazy("Looking ahead"),
        coerce=float,
        required=False,
        empty_value=365.0,
        choices=[
            ("30", gettext_lazy("30 days")),
            ("91", gettext_lazy("three months")),
            ("365", gettext_lazy("a year")),
            ("1095", gettext_lazy("three years")),
        ],
    )
    parts = _Parts(
        label=gettext_lazy("Parts you rely on (none: a typical part)"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}),
        error_messages={"invalid_choice": gettext_lazy("That is no name of a part.")},
    )  # fmt: skip
    takeover = DurationField(
        what=gettext_noop("takeover time"),
        label=gettext_lazy("A second system takes over after (none: leave empty)"),
        required=False,
    )
    capacity = forms.TypedChoiceField(
        label=gettext_lazy("and does that share of the work"),
        coerce=float,
        required=False,
        empty_value=1.0,
        choices=[
            ("1", gettext_lazy("all of it")),
            ("0.8", "80 %"),
            ("0.5", gettext_lazy("half")),
            ("0.25", gettext_lazy("a quarter")),
        ],
    )
    works = forms.TypedChoiceField(
        label=gettext_lazy("and it works when it is needed"),
        coerce=float,
        required=False,
        empty_value=0.9,
        choices=[
            ("0.95", gettext_lazy("19 times in 20: drilled")),
            ("0.9", gettext_lazy("9 times in 10")),
            ("0.75", gettext_lazy("3 times in 4: never drilled")),
            ("0.5", gettext_lazy("half the time")),
        ],
    )

    def __init__(self, *args: Any, names: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if names:
            self.fields["parts"].choices = [(name, name) for name in names]
        else:
            del self.fields["parts"]
        for name in ("rto", "takeover"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "inputmode": "text"}

    @classmethod
    def asked(cls, query: QueryDict, row: AssessmentRow, facts: VendorFacts) -> WhatIfForm:
        """The question of that query string; what it leaves out is as the vendor was judged.

        Nothing asked at all: the judged need itself, with its parts; else the parts named are all that is relied on.
        """
        usual = {"rto": rto_input(row.rto_hours), "horizon": "365", "capacity": "1", "works": "0.9"}
        given = query.copy()
        if not any(name in query for name in ("rto", "horizon", "takeover", "parts")):
            given.setlist("parts", list(row.parsed().needs.components))
        for name, value in usual.items():
            given.setdefault(name, value)
        return cls(given, names=sorted(component_names(facts), key=str.casefold))

    def answer(self, facts: VendorFacts, *, as_of: datetime) -> WhatIf:
        """The answer to a valid question. Raises Refused for what is out of range."""
        given = self.cleaned_data
        try:
            return what_if(
                facts, as_of=as_of, rto_hours=given["rto"], horizon_days=given["horizon"],
                components=given.get("parts", ()), standby=self.standby,
            )  # fmt: skip
        except ValueError as fault:
            raise Refused(str(fault)) from fault

    @property
    def standby(self) -> Standby | None:
        """What takes over; None where nothing does."""
        hours = self.cleaned_data.get("takeover")
        if hours is None:
            return None
        return Standby(hours, self.cleaned_data["capacity"], self.cleaned_data["works"])
