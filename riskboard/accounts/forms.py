"""Forms about people and keys."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from riskboard.accounts.models import ApiToken, Invitation, Profile, Role, Workspace

ROLE_CHOICES = Role.choices


class FirstAccountForm(forms.Form):
    """The first account: whose installation this is, and who looks after it."""

    workspace = forms.CharField(label="Your organisation", max_length=200, initial="Main")
    email = forms.EmailField(label="Your e-mail address", max_length=150)
    password = forms.CharField(
        label="Password", min_length=12, max_length=200, strip=False, help_text="At least 12 characters.",
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
        labels = {"email": "E-mail address", "role": "Role"}


class WorkspaceForm(forms.ModelForm):
    """The name, and whether everyone needs a second factor."""

    class Meta:
        model = Workspace
        fields = ["name", "require_mfa"]
        labels = {"name": "Name", "require_mfa": "Everyone needs a second factor to sign in"}


class TokenForm(forms.ModelForm):
    """A key for programs."""

    days = forms.IntegerField(label="Valid for (days)", min_value=1, max_value=730, initial=90)
    role = forms.ChoiceField(
        label="What it may do", required=False, initial=Role.VIEWER,
        choices=[(Role.VIEWER.value, "viewer: reads"), (Role.ANALYST.value, "analyst: also asks for assessments")],
    )  # fmt: skip

    class Meta:
        model = ApiToken
        fields = ["name", "role"]
        labels = {"name": "What it is for"}

    def expires_at(self):
        """When it ends."""
        return timezone.now() + timedelta(days=self.cleaned_data["days"])


class ProfileForm(forms.ModelForm):
    """The time zone."""

    time_zone = forms.ChoiceField(
        label="Time zone", choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())]
    )

    class Meta:
        model = Profile
        fields = ["time_zone"]
