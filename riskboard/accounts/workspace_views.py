"""Settings, Workspaces: those one is in, a new one, leaving, and deleting the one worked in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from riskboard.accounts import workspaces
from riskboard.accounts.access import needs
from riskboard.accounts.forms import NewWorkspaceForm
from riskboard.accounts.models import Membership, Role
from riskboard.accounts.views import confirmed
from riskboard.errors import Refused
from riskboard.pages import problem


@require_safe
@needs(Role.VIEWER)
def mine(request: HttpRequest) -> HttpResponse:
    """Every workspace one is in, each a press away."""
    return _page(request, NewWorkspaceForm())


def _page(request: HttpRequest, form: NewWorkspaceForm, *, status: int = 200) -> HttpResponse:
    if request.who.local:
        return _no_account(request)
    found = (
        Membership.objects.filter(user=request.who.user).select_related("workspace").order_by("workspace__name", "pk")
    )
    context = {"memberships": found, "here_now": request.who.workspace, "form": form}
    return render(request, "accounts/workspaces.html", context, status=status)


def _no_account(request: HttpRequest) -> HttpResponse:
    return problem(
        request, 404, _("There are no accounts yet"), _("Make the first one; then workspaces can be made and switched.")
    )


@require_POST
@needs(Role.ADMIN)
@confirmed
def make(request: HttpRequest) -> HttpResponse:
    """Make a workspace, and go there."""
    if request.who.local:
        return _no_account(request)
    form = NewWorkspaceForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        room = workspaces.make(form.cleaned_data["name"], user=request.who.user)
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, form, status=400)
    request.session["workspace"] = str(room.uid)
    messages.success(request, _("%(name)s is made, and empty. You are in it now.") % {"name": room.name})
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.VIEWER)
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the workspace one works in, after a question."""
    if request.who.local:
        return _no_account(request)
    if request.method != "POST":
        return render(request, "accounts/leave.html", {"room": request.who.workspace})
    try:
        workspaces.leave(request.who.workspace, user=request.who.user)
    except Refused as refusal:
        return problem(request, 409, _("You cannot leave it"), str(refusal))
    request.session.pop("workspace", None)
    messages.success(request, _("You left %(name)s.") % {"name": request.who.workspace.name})
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.ADMIN)
@confirmed
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the workspace one works in: what goes is counted, and its name must be typed."""
    room = request.who.workspace
    if request.who.local or room.slug == "main":
        return problem(
            request, 409, _("The first workspace stays"),
            _("Its administrators look after the installation. Put its vendors away, or make another workspace."),
        )  # fmt: skip
    fault = ""
    if request.method == "POST":
        if request.POST.get("name", "").strip() == room.name:
            count = workspaces.close(room, now=timezone.now())
            request.session.pop("workspace", None)
            told = _("%(name)s is deleted, with %(count)s rows. Its audit trail is kept.")
            messages.success(request, told % {"name": room.name, "count": count})
            return redirect("home")
        fault = _("That is not its name. Nothing was deleted.")
    context = {"room": room, "held": workspaces.holds(room), "fault": fault, "people": room.memberships.count()}
    return render(request, "accounts/delete.html", context, status=400 if fault else 200)
