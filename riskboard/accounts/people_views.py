"""Pages about the people of a workspace: members, their roles and sessions, invitations, and the workspace's own rules."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from riskboard.accounts import audit
from riskboard.accounts.access import needs
from riskboard.accounts.forms import InviteForm, WorkspaceForm
from riskboard.accounts.models import (
    INVITATION_DAYS,
    ROLES,
    Invitation,
    Membership,
    Role,
    Workspace,
    digest,
    new_secret,
)
from riskboard.accounts.views import confirmed

SIGN_OUT = "sign-out"  # chosen in the place of a role


@require_safe
@needs(Role.ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    """Members and invitations of the workspace."""
    return _people(request, InviteForm())


def _people(request: HttpRequest, form: InviteForm, *, link: str = "", status: int = 200) -> HttpResponse:
    room = request.who.workspace
    context = {
        "form": form,
        "link": link,
        "members": room.memberships.select_related("user"),
        "invitations": room.invitations.usable(timezone.now()),
        "roles": ROLES,
        "workspace_form": WorkspaceForm(instance=room),
    }
    return render(request, "accounts/people.html", context, status=status)


@require_POST
@needs(Role.ADMIN)
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation and show its link, once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people(request, form, status=400)
    secret, room = new_secret(), request.who.workspace
    form.instance.workspace, form.instance.token_sha256 = room, digest(secret)
    form.instance.invited_by = request.who.user
    form.instance.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
    form.save()
    return _people(request, InviteForm(), link=f"{settings.SITE_URL}{reverse('join', args=[secret])}")


@require_POST
@needs(Role.ADMIN)
@confirmed
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation, pk=pk, workspace=request.who.workspace)
    found.revoked_at = timezone.now()
    found.save()
    messages.success(request, gettext("The invitation of %(email)s is taken back.") % {"email": found.email})
    return redirect("people")


@require_POST
@needs(Role.ADMIN)
@confirmed
def change_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role, sign them out everywhere, or remove them. The last administrator stays."""
    room = request.who.workspace
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=room.pk)
        member = get_object_or_404(Membership, pk=pk, workspace=room)
        wanted = request.POST.get("role", "")
        if wanted == SIGN_OUT:
            ended = _sign_out_everywhere(member)
            messages.success(
                request,
                ngettext(
                    "%(count)d session of %(email)s has ended.", "%(count)d sessions of %(email)s have ended.", ended
                )
                % {"count": ended, "email": member.user.email},
            )
            return redirect("people")
        last = member.role == Role.ADMIN and room.memberships.filter(role=Role.ADMIN).count() == 1
        if last and wanted != Role.ADMIN:
            messages.error(request, gettext("That is the last administrator: make another one first."))
        elif wanted == "remove":
            member.delete()
            messages.success(request, gettext("%(email)s is no longer a member.") % {"email": member.user.email})
        elif wanted in ROLES:
            member.role = wanted
            member.save()
            messages.success(
                request,
                gettext("%(email)s is %(wanted)s now.") % {"email": member.user.email, "wanted": gettext(wanted)},
            )
        else:
            messages.error(request, gettext("Choose one of the roles."))
    return redirect("people")


def _sign_out_everywhere(member: Membership) -> int:
    """End every session of that person; they may sign in again. Returns how many there were."""
    sessions = list(UserSession.objects.filter(user=member.user))
    for one in sessions:
        one.end()
    audit.record(member, "signed out")
    return len(sessions)


@require_POST
@needs(Role.ADMIN)
@confirmed
def change_workspace(request: HttpRequest) -> HttpResponse:
    """The workspace's name, and whether everyone needs a second factor."""
    form = WorkspaceForm(request.POST, instance=request.who.workspace)
    if not form.is_valid():
        messages.error(request, gettext("Give the workspace a name."))
    else:
        form.save()
        messages.success(request, gettext("Saved."))
    return redirect("people")
