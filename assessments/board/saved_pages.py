"""What the forms of a list send: a view saved, changed or removed, and the columns the reader wants."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.board import saved, table
from assessments.models import ListPage
from riskboard.accounts.access import needs
from riskboard.accounts.models import Role
from riskboard.errors import Refused

PAGES = {ListPage.VENDORS: "vendors", ListPage.RECOMMENDATIONS: "plan-register"}


@require_POST
@needs(Role.VIEWER)
def save_view(request: HttpRequest, page: str) -> HttpResponse:
    """Save the list as it was shown, under a name; with `view` write over that one."""
    address = _page(page)
    state = QueryDict(request.POST.get("state", "")[:4000])
    named = request.POST.get("view", "")
    try:
        view = saved.find(request.who, page, named) if named else None
        made = saved.save(
            request.who, page, name=request.POST.get("name", ""), query=saved.state_of(page, state), view=view,
            is_shared="shared" in request.POST, is_default="default" in request.POST,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, _("Nothing was saved: %(why)s") % {"why": refusal})
        return redirect(f"{address}?{state.urlencode()}")
    messages.success(request, _("The view %(name)s is saved.") % {"name": made.name})
    return redirect(f"{address}?view={made.uid}")


@require_POST
@needs(Role.VIEWER)
def remove_view(request: HttpRequest, page: str, uid: str) -> HttpResponse:
    """Remove a view; the rows it showed stay."""
    address, view = _page(page), saved.find(request.who, page, str(uid))
    try:
        saved.remove(request.who, view)
    except Refused as refusal:
        messages.error(request, _("Nothing was removed: %(why)s") % {"why": refusal})
    else:
        messages.success(request, _("The view %(name)s is removed; nothing else is.") % {"name": view.name})
    return redirect(f"{address}?view={saved.NONE}")


@require_POST
@needs(Role.VIEWER)
def columns(request: HttpRequest) -> HttpResponse:
    """Remember which columns of the vendor list the reader wants, in which order and how densely; or the usual ones again."""
    if request.POST.get("act") == "reset":
        table.forget(request)
        messages.success(request, _("The list has its usual columns again."))
    else:
        ticked = table.placed(request.POST, request.POST.getlist("cols"))
        table.keep(request, ticked, request.POST.get("density", ""))
        messages.success(request, _("The list is shown so from now on."))
    back = QueryDict(request.POST.get("back", "")[:2000], mutable=True)
    for name in ("cols", "density"):  # the choice would not show under an address that names its own
        back.pop(name, None)
    return redirect(reverse("vendors") + (f"?{back.urlencode()}" if back else ""))


def _page(page: str) -> str:
    if page not in PAGES:
        raise Http404(page)
    return reverse(PAGES[ListPage(page)])
