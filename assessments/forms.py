"""The one form: which vendor, and how long you can do without it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from riskboard.durations import parse_duration
from riskboard.errors import Refused
from riskboard.phrasebook import sentence
from vendors.addresses import FetchPolicy, target_of
from vendors.catalogue import index
from vendors.catalogue.pages import vendors_like
from vendors.discovery import as_url
from vendors.models import Vendor

LONGEST_TARGET = 2000
LONGEST_PART = 300
MOST_PARTS = 50


class AssessForm(forms.Form):
    """`target` becomes a bundled or stored vendor's slug, or a checked address; `rto` becomes hours."""

    target = forms.CharField(
        label=gettext_lazy("A vendor's status page, or its name"),
        max_length=LONGEST_TARGET,
        strip=True,
        error_messages={"required": gettext_lazy("Paste the address of a status page, or write a vendor's name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "vendors"}),
    )
    rto = forms.CharField(
        label=gettext_lazy("How long can your work do without it? (RTO)"),
        max_length=40,
        initial="4h",
        error_messages={"required": gettext_lazy("Say how long your work can wait, like 4h.")},
    )

    def clean_target(self) -> str:
        """The slug or address. Raises ValidationError with what to do."""
        text = self.cleaned_data["target"]
        found = next((row for row in index.bundled() if text.casefold() in (row.slug, row.name.casefold())), None)
        if found is not None:
            return found.slug
        if "." not in text and "/" not in text:
            return self._stored(text)
        try:
            url = as_url(text)
            target_of(url, FetchPolicy.from_env(os.environ))
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from refusal
        return url

    def _stored(self, text: str) -> str:
        stored = Vendor.objects.filter(slug=text.casefold()).first() or Vendor.objects.filter(name__iexact=text).first()
        if stored is not None:
            return stored.slug
        try:
            index.load(text)
        except Refused as refusal:
            raise forms.ValidationError(f"{sentence(refusal)} {_where_to_look(text)}") from refusal
        return text

    def clean_rto(self) -> float:
        """Hours. Raises ValidationError with an example."""
        try:
            return parse_duration(self.cleaned_data["rto"], what="RTO")
        except Refused as refusal:
            raise no_duration(self.cleaned_data["rto"], what="RTO") from refusal


def no_duration(text: str, *, what: str) -> forms.ValidationError:
    """What is said of a text that is no length of time: what `parse_duration` says, in the reader's language."""
    said = gettext("The %(what)s %(text)s is no length of time; write it like 4h, 90m, 1d or 4h30m.")
    return forms.ValidationError(said % {"what": gettext(what), "text": repr(text[:40])})


class _Parts(forms.MultipleChoiceField):
    """Any names: whether the vendor has such parts is seen when its record is read."""

    def valid_value(self, value: str) -> bool:
        return 0 < len(value) <= LONGEST_PART

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_PARTS:
            raise forms.ValidationError(gettext("Name %(most_parts)s parts at most.") % {"most_parts": MOST_PARTS})


class AssessAgainForm(AssessForm):
    """The same, with the parts of the service the customer relies on. None chosen: a typical part is judged."""

    parts = _Parts(
        label=gettext_lazy("Parts you rely on (none: a typical part)"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages={"invalid_choice": gettext_lazy("That is no name of a part.")},
    )

    def __init__(self, *args: Any, names: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if names:
            self.fields["parts"].choices = [(name, name) for name in names]
        else:
            del self.fields["parts"]


def _where_to_look(name: str) -> str:
    """What to paste instead of that name: the page of a known vendor where one is called so or nearly so."""
    near = vendors_like(name, limit=1)
    if not near:
        return gettext("Or paste its status page's address.")
    return gettext("Or paste its status page's address; that of %(near)s is %(url)s.") % {
        "near": near[0].name,
        "url": near[0].pages[0].url,
    }
