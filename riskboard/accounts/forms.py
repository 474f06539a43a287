"""Forms about people and keys."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from riskboard.accounts.models import ApiToken, Invitation, Profile, Role, TokenScope, Workspace

ROLE_CHOICES = Role.choices
TOKEN_ROLES = [
    (Role.VIEWER.value, gettext_lazy("read: what a viewer sees")),
    (Role.ANALYST.value, gettext_lazy("write: assesses, writes plans and answers, makes reports")),
    (Role.APPROVER.value, gettext_lazy("write and approve: also accepts risks")),
    (Role.ADMIN.value, gettext_lazy("admin: also notification channels, and reads people and the audit trail")),
]


class FirstAccountForm(forms.Form):
    """The first account: whose installation this is, and who looks after it."""

    workspace = forms.CharField(label=gettext_lazy("Your organisation"), max_length=200, initial="Main")
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"), min_length=12, max_length=200, strip=False, help_text=gettext_lazy("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        """The password. Raises ValidationError for one that is too common or too near the address."""
        password = self.cleaned_data["password"]
        email = self.cleaned_data.get("email", "")
        validate_password(password, get_user_model()(username=email, email=email))
        return password


class JoinForm(forms.Form):
    """The password of an invited person."""

    password = FirstAccountForm.base_fields["password"]

    def __init__(self, *args, email: str, **options) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean_password(self) -> str:
        """The password, as above."""
        validate_password(self.cleaned_data["password"], get_user_model()(username=self.email, email=self.email))
        return self.cleaned_data["password"]


class InviteForm(forms.ModelForm):
    """An address and a role."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        labels = {"email": gettext_lazy("E-mail address"), "role": gettext_lazy("Role")}


class WorkspaceForm(forms.ModelForm):
    """The name, and whether everyone needs a second factor."""

    class Meta:
        model = Workspace
        fields = ["name", "require_mfa"]
        labels = {
            "name": gettext_lazy("Name"),
            "require_mfa": gettext_lazy("Everyone needs a second factor to sign in"),
        }


class NewWorkspaceForm(forms.Form):
    """A room for another company, team or client."""

    name = forms.CharField(
        label=gettext_lazy("Name of the new workspace"), max_length=200,
        error_messages={"required": gettext_lazy("Give the workspace a name.")},
    )  # fmt: skip


class TokenForm(forms.ModelForm):
    """A key for programs."""

    days = forms.IntegerField(label=gettext_lazy("Valid for (days)"), min_value=1, max_value=730, initial=90)
    role = forms.ChoiceField(
        label=gettext_lazy("What it may do"), required=False, initial=Role.VIEWER, choices=TOKEN_ROLES
    )
    scope = forms.ChoiceField(label=gettext_lazy("Kept to"), required=False, choices=TokenScope.choices)

    class Meta:
        model = ApiToken
        fields = ["name", "role", "scope"]
        labels = {"name": gettext_lazy("What it is for")}

    def clean_role(self) -> str:
        """The role; reading alone where none was said."""
        return self.cleaned_data["role"] or str(Role.VIEWER)

    def expires_at(self):
        """When it ends."""
        return timezone.now() + timedelta(days=self.cleaned_data["days"])


class ProfileForm(forms.ModelForm):
    """The time zone and the language."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=lambda: [("", gettext("what the browser asks for")), *settings.LANGUAGES],
    )

    class Meta:
        model = Profile
        fields = ["language", "time_zone"]
