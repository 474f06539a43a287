"""The form of one channel."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from assessments.models import Channel, ChannelKind
from assessments.notify.found import KINDS
from assessments.notify.senders import checked
from riskboard.errors import Refused
from riskboard.locales import ENGLISH
from riskboard.phrasebook import sentence
from riskboard.sealed import seal

KEPT = gettext_lazy("leave empty to keep the one it has")


class ChannelForm(forms.ModelForm):
    """How a channel is called, where it leads, what it wants and when. Saving seals the address; it is never shown again."""

    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000, strip=True,
        help_text=gettext_lazy("An e-mail address; an Apprise address such as slack://…; or the https address of your own program."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell of"),
        choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(KINDS),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        initial="UTC",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, initial=ENGLISH,
        help_text=gettext_lazy("What messages are written in. Of a webhook: title and text; everything else of it is for programs."),
    )  # fmt: skip

    class Meta:
        model = Channel
        fields = ["name", "kind", "address", "events", "digest", "quiet_from", "quiet_to", "time_zone", "language"]
        labels = {
            "name": gettext_lazy("Name"),
            "kind": gettext_lazy("By"),
            "digest": gettext_lazy("How often"),
            "quiet_from": gettext_lazy("Quiet from"),
            "quiet_to": gettext_lazy("Quiet until"),
        }
        help_texts = {
            "quiet_from": gettext_lazy(
                "Nothing is sent in these hours, but for the recovery clock. Empty: no quiet hours."
            )
        }
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_to")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["address"].required = False
            self.fields["address"].help_text = gettext("Now %(hint)s; %(kept)s.") % {
                "hint": self.instance.hint,
                "kept": KEPT,
            }
            self.fields["kind"].disabled = True

    def clean(self) -> dict[str, Any]:
        """The whole. An address must fit its kind; quiet hours have two ends."""
        given = super().clean() or self.cleaned_data
        if bool(given.get("quiet_from")) != bool(given.get("quiet_to")):
            self.add_error(
                "quiet_to" if given.get("quiet_from") else "quiet_from", gettext("Say both ends, or neither.")
            )
        if given.get("address") and given.get("kind"):
            try:
                self.instance.address_secret, self.instance.hint = _sealed(given["kind"], given["address"])
            except Refused as refusal:
                self.add_error("address", sentence(refusal))
        return given

    def save(self, commit: bool = True) -> Channel:
        """The channel; a webhook gets its signing key with the first save."""
        self.instance.events = self.cleaned_data["events"]
        return super().save(commit)


def _sealed(kind: str, address: str) -> tuple[str, str]:
    kept, hint = checked(ChannelKind(kind), address)
    return seal(kept), hint[:200]
