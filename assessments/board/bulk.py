"""One change to many vendors at once: asked about with a count where they are many, said afterwards, and taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from assessments import following, noted
from assessments.models import Followed
from assessments.models.followed import Criticality
from assessments.report import comparison
from riskboard.errors import Refused

MOST_CHOSEN = 500  # vendors one bulk edit may name
MODEST = 25  # bulk edits of more are asked about first
TAKEN = "bulk_taken"  # in the session: the last change of words, until it is taken back or another is made

ACTS = {
    "tag": gettext_lazy("Add these tags to %(n)s vendors?"), "untag": gettext_lazy("Take these tags from %(n)s vendors?"),
    "owner": gettext_lazy("Set the owner of %(n)s vendors?"),
    "criticality": gettext_lazy("Set the criticality of %(n)s vendors?"),
    "away": gettext_lazy("Put away %(n)s vendors?"), "back": gettext_lazy("Bring back %(n)s vendors?"),
    "again": gettext_lazy("Judge anew %(n)s vendors?"),
}  # fmt: skip
FIELDS = {"tag": "tag_line", "untag": "tag_line", "owner": "owner", "criticality": "criticality"}
VALUES = ("tag", "owner", "criticality")  # what is typed for an act, by the name of its field on the page


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One change to many vendors: tag, untag, owner, criticality, put away, bring back, judge anew; or take the last one back."""
    slugs = request.POST.getlist("vendors")[: MOST_CHOSEN + 1]
    act, back = request.POST.get("act", ""), reverse("vendors") + _back(request)
    if act == "compare":
        return redirect(f"{reverse('compare')}?{urlencode([('v', slug) for slug in slugs[: comparison.MOST + 1]])}")
    if act == "undo":
        _take_back(request)
        return redirect(back)
    if not slugs or len(slugs) > MOST_CHOSEN:
        text = (
            gettext("Choose the vendors it is for first.")
            if not slugs
            else gettext("At most %(most_chosen)s at once; choose fewer.") % {"most_chosen": MOST_CHOSEN}
        )
        messages.error(request, gettext("Nothing was changed. %(text)s") % {"text": text})
        return redirect(back)
    typed = {name: request.POST.get(name, "")[:400] for name in VALUES}
    if len(slugs) > MODEST and request.POST.get("sure") != "yes":
        return render(request, "board/sure.html", _question(act, slugs, typed) | {"back": _back(request)})
    try:
        did = _do(request, act, slugs, typed)
    except Refused as refusal:
        messages.error(request, gettext("Nothing was changed: %(refusal)s.") % {"refusal": refusal})
        return redirect(back)
    messages.success(request, did)
    if act == "away":
        request.session["put_away"] = slugs  # offered back once, on the next page
    return redirect(back)


def _question(act: str, slugs: list[str], typed: dict[str, str]) -> dict[str, Any]:
    shown = typed.get({"untag": "tag"}.get(act, act), "")
    if act == "criticality":
        shown = _level(shown)
    elif act == "owner" and not shown.strip():
        shown = gettext("Nobody: the owners that stand there are taken away.")
    words = ACTS[act] % {"n": len(slugs)} if act in ACTS else ""
    return {"slugs": slugs, "act": act, "typed": typed, "shown": shown, "words": words}


def _level(typed: str) -> str:
    """The level in the reader's language; what is none of them as it was typed."""
    return str(
        dict(Criticality.choices).get(typed, typed)
        or gettext("Not stated: the levels that stand there are taken away.")
    )


def _do(request: HttpRequest, act: str, slugs: list[str], typed: dict[str, str]) -> str:
    """Do it; what was done, in a sentence. Raises Refused."""
    if act in FIELDS:
        return _worded(request, act, slugs, typed)
    if act == "away":
        count = following.put_away(slugs, now=timezone.now())
        said = ngettext(
            "Put %(n)s vendor away. Nothing known of it is lost.",
            "Put %(n)s vendors away. Nothing known of them is lost.",
            count,
        )
        return said % {"n": count}
    if act == "back":
        count = following.bring_back(slugs)
        return ngettext("Brought %(n)s vendor back.", "Brought %(n)s vendors back.", count) % {"n": count}
    if act == "again":
        rows = list(Followed.objects.shown().filter(vendor__slug__in=slugs))
        for row in rows:
            following.again(row)
        count = len(rows)
        said = ngettext("%(n)s vendor will be judged anew.", "%(n)s vendors will be judged anew.", count)
        return said % {"n": count}
    raise Refused(gettext("that is nothing this page can do"))


def _worded(request: HttpRequest, act: str, slugs: list[str], typed: dict[str, str]) -> str:
    """Write the words, keep what stood there to be taken back, and say how many changed."""
    if act in ("tag", "untag"):
        tags = noted.tags_of(typed["tag"])
        if not tags:
            raise Refused(gettext("no tag was written"))
        made = noted.tag(slugs, add=tags) if act == "tag" else noted.tag(slugs, drop=tags)
        told = ", ".join(tags)
    else:
        made = noted.put(slugs, act, typed[act])
        told = _level(noted.criticality_of(typed[act])) if act == "criticality" else noted.owner_of(typed[act])
    if made:
        request.session[TAKEN] = {"field": FIELDS[act], "rows": {slug: list(both) for slug, both in made.items()}}
    n = len(made)
    if act == "tag":
        said = ngettext("Tagged %(n)s vendor: %(told)s.", "Tagged %(n)s vendors: %(told)s.", n)
    elif act == "untag":
        said = ngettext("Untagged %(n)s vendor: %(told)s.", "Untagged %(n)s vendors: %(told)s.", n)
    elif not typed[act].strip():
        said = ngettext("Taken away from %(n)s vendor.", "Taken away from %(n)s vendors.", n)
    elif act == "owner":
        said = ngettext("Set the owner of %(n)s vendor: %(told)s.", "Set the owner of %(n)s vendors: %(told)s.", n)
    else:
        said = ngettext(
            "Set the criticality of %(n)s vendor: %(told)s.", "Set the criticality of %(n)s vendors: %(told)s.", n
        )
    return said % {"n": n, "told": told}


def offered(request: HttpRequest) -> int:
    """How many vendors the last change of words reached, where it was not offered back yet; 0: nothing to take back."""
    taken = request.session.get(TAKEN)
    if not isinstance(taken, dict) or taken.get("offered"):
        return 0
    request.session[TAKEN] = taken | {"offered": True}
    return len(taken["rows"])


def _take_back(request: HttpRequest) -> None:
    taken = request.session.pop(TAKEN, None)
    if not isinstance(taken, dict):
        messages.error(request, gettext("There is nothing to take back any more."))
        return
    rows = {slug: (before, after) for slug, (before, after) in taken["rows"].items()}
    count = noted.take_back(taken["field"], rows)
    said = ngettext("It is as before at %(n)s vendor.", "It is as before at %(n)s vendors.", count) % {"n": count}
    if count < len(rows):
        said += " " + ngettext(
            "%(n)s was changed by somebody since, and stays.",
            "%(n)s were changed by somebody since, and stay.",
            len(rows) - count,
        ) % {"n": len(rows) - count}
    messages.success(request, said)


def _back(request: HttpRequest) -> str:
    """The query string of the list one came from; nothing else can be asked for."""
    kept = QueryDict(request.POST.get("back", "")[:2000].lstrip("?")).urlencode()
    return f"?{kept}" if kept else ""
