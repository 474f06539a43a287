"""How sign-in behaves here: nobody signs up by themselves; an invitation, or an address of a trusted domain by SSO, lets in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from riskboard.accounts import events
from riskboard.accounts.models import Invitation, Membership, Role, Workspace
from riskboard.pages import problem


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """By OIDC or SAML: whoever was invited, and whoever has an address of a domain that the operator named."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let nobody on of whose sign-in the provider did not say one of RISKBOARD_OIDC_ACR. Raises ImmediateHttpResponse."""
        if not settings.SSO_ACR or sociallogin.provider.id != "openid_connect":
            return
        if sociallogin.account.extra_data.get("id_token", {}).get("acr") in settings.SSO_ACR:
            return
        events.refused(request, "a sign-in elsewhere that is too weak")
        title = gettext("That sign-in is not strong enough")
        advice = gettext(
            "This place asks for a stronger one: sign in there with your second factor, then try again here."
        )
        raise ImmediateHttpResponse(problem(request, 403, title, advice))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether that address may come in."""
        email = (sociallogin.user.email or "").lower()
        return bool(email) and (self._invitations(email).exists() or self._trusted(email))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """The new user, a member of every workspace that invited them; else a viewer of the first."""
        user = super().save_user(request, sociallogin, form)
        for invitation in self._invitations(user.email.lower()):
            Membership.objects.get_or_create(
                workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
            )
            invitation.accepted_at = timezone.now()
            invitation.save()
        if not Membership.objects.filter(user=user).exists():
            Membership.objects.create(workspace=Workspace.main(), user=user, role=Role.VIEWER)
        return user

    def _invitations(self, email: str):
        return Invitation.objects.usable(timezone.now()).filter(email__iexact=email).select_related("workspace")

    def _trusted(self, email: str) -> bool:
        return email.rpartition("@")[2] in settings.SSO_DOMAINS
