"""Single words of ours that come from rows and pure cores, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.report.phrases import PLAN_FLAGS
from assessments.templatetags import languages
from riskboard import locales
from riskboard.locales import _ as phrase
from vendors.catalogue.categories import NAMES

register = template.Library()
register.filter("said", languages.said)


def _local(form: int):
    """A filter that writes a date or time in the reader's time zone and language; empty for None."""

    def written(at: date | datetime | None) -> str:
        return "" if at in (None, "") else locales.when(at, form)

    return written


# As Django's `date` does, these take a time into the reader's zone, where it did not come through `utc`.
for name, form in {
    "local_day": locales.DAY, "local_minute": locales.MINUTE, "local_second": locales.SECOND, "local_moment": locales.MOMENT,
    "local_month": locales.MONTH,
}.items():  # fmt: skip
    register.filter(name, _local(form), expects_localtime=True)


@register.filter
def flagged(flag: str) -> str:
    """What a plan's or a portfolio's answer is to be read with, in words."""
    return phrase(PLAN_FLAGS[flag]) if flag in PLAN_FLAGS else flag


# What rows and cores hold one word of at a time. A test holds it against the types they come from.
WORDS = (
    # roles, and what the audit trail says
    _("viewer"), _("analyst"), _("approver"), _("admin"),
    _("page"), _("api"), _("job"), _("command"), _("added"), _("changed"), _("removed"),
    # categories of vendors
    _("CDN and edge"), _("cloud infrastructure"), _("communications"), _("CRM and marketing"), _("customer support"),
    _("database"), _("e-commerce"), _("email"), _("fintech"), _("gaming"), _("HR and payroll"), _("identity"), _("IT operations"),
    _("AI"), _("cloud platform"), _("collaboration"), _("content management"), _("dev tools"), _("monitoring and on-call"),
    _("network and CDN"),
    _("observability"), _("other"), _("payments"), _("productivity"), _("security"), _("web hosting"), _("unknown"),
    # incidents and status pages
    _("none"), _("minor"), _("major"), _("critical"), _("not stated"), _("not known"),
    _("investigating"), _("identified"), _("monitoring"), _("update"), _("resolved"), _("postmortem"),
    _("public"), _("login"), _("ok"), _("issue"), _("maintenance"),
    _("press"), _("letter"), _("login-dashboard"), _("ticket"),
    # the plan
    _("minimal"), _("moderate"), _("severe"), _("phone"), _("sms"), _("e-mail"), _("chat"), _("meeting"), _("radio"),
    _("in person"), _("tabletop"), _("switchover"), _("restore"), _("notification"), _("exit"), _("vendor-failover"),
    _("passed"), _("partly"), _("failed"), _("open"), _("accepted"), _("planned"), _("done"), _("no longer needed"),
    _("first 15 minutes"), _("first hour"), _("first four hours"), _("first day"), _("several days"), _("return"),
    _("staff"), _("customers"), _("management"), _("regulator"), _("vendor"), _("easy"), _("difficult"), _("highly complex"),
    _("low"), _("medium"), _("high"), _("not substitutable"), _("medium complexity"), _("easily substitutable"),
    _("kept"), _("at risk"), _("cannot be met"), _("due soon"), _("late"), _("kept late"), _("broken"),
    _("error"), _("warning"), _("advice"), _("errors"), _("warnings"), _("S"), _("M"), _("L"),
    _("Service type"), _("Strategy"), _("Triggers"), _("Substitutability"),  # fields called by their own names
    _("post-mortem"), _("open-dashboard"), _("faster-updates"), _("specific-updates"), _("rto"), _("rpo"), _("notice"), _("credit"),
    _("process"), _("service"), _("dependency"), _("fallback"), _("exercise"), _("contact"), _("runbook"), _("commitment"),
    _("decision"), _("organisation"), _("plan"),
    # pillars, weights, jobs, messages, objections
    _("outage-history"), _("openness"), _("timeliness"), _("backup"), _("default"), _("procurement"),
    _("operations"), _("regulated"),
    _("waiting"), _("sending"), _("sent"), _("dead"), _("queued"), _("running"), _("cancelled"),
    _("wrong-fact"), _("not-ours"), _("outdated"), _("missing-context"), _("method"),
)  # fmt: skip


@register.filter
def word(said: str | None) -> str | None:
    """A role, an impact, a verdict, a category in the reader's language; what is no word of ours stays as it is."""
    return gettext(NAMES.get(str(said), str(said))) if said else said
