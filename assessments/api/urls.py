"""Addresses of the API."""

import re
from typing import Any

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from assessments.api import (
    answers,
    board,
    evidence,
    evidence_files,
    exports,
    imports,
    judgements,
    notices,
    people,
    plan,
    plan_records,
    reports,
    saved_views,
    schema,  # noqa: F401 - registers the way in
    vendors,
)

router = SimpleRouter(use_regex_path=False)
router.register("vendors", vendors.Vendors, basename="api-vendors")
router.register("assessments", judgements.Assessments, basename="api-assessments")
router.register("jobs", judgements.Jobs, basename="api-jobs")
router.register("reports", reports.Reports, basename="api-reports")
router.register("evidence-files", evidence_files.EvidenceFiles, basename="api-evidence-files")
router.register("links", reports.Links, basename="api-links")
router.register("notices", notices.Notices, basename="api-notices")
router.register("channels", notices.Channels, basename="api-channels")
router.register("deliveries", notices.Deliveries, basename="api-deliveries")
router.register("views", saved_views.Views, basename="api-views")
router.register("members", people.Members, basename="api-members")
router.register("tokens", people.Tokens, basename="api-tokens")
router.register("audit", people.Audit, basename="api-audit")


def _at(address: str, view: Any, **acts: str) -> Any:
    """That address, each method leading to what it names."""
    words = re.sub(r"<\w+:(\w+)>", r"\1", address).strip("/").replace("/", "-")
    return path(address, view.as_view(acts), name=f"api-{words}")


OF_VENDOR = "vendors/<slug:slug>/"
ITEM = "plan/items/<slug:kind>/"
REVISION = "plan/history/<int:number>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    _at("me/", people.Me, get="read"),
    _at("portfolio/", board.Portfolio, get="read"),
    _at("compare/", board.Comparison, get="read"),
    _at("compare/workbook/", board.Comparison, get="workbook"),
    _at("compare/judge/", board.Comparison, post="judge"),
    _at("catalogue/", board.Catalogue, get="every"),
    _at("find/", board.Find, get="read"),
    _at("method/", board.Method, get="read"),
    _at(OF_VENDOR + "incidents/<int:number>/", vendors.Vendors, get="incident"),
    _at(OF_VENDOR + "answers/", answers.Answers, get="read", patch="write"),
    _at(OF_VENDOR + "answers/<slug:item>/files/", evidence_files.Attach, post="to_answer"),
    _at(OF_VENDOR + "links/", answers.QuestionnaireLinks, get="list", post="create"),
    _at(OF_VENDOR + "links/<uuid:uid>/end/", answers.QuestionnaireLinks, post="end"),
    _at(OF_VENDOR + "evidence/", evidence.Evidence, get="every", post="add"),
    _at(OF_VENDOR + "evidence/batches/", evidence.Evidence, get="batches"),
    _at(OF_VENDOR + "evidence/withdraw/", evidence.Evidence, post="withdraw"),
    _at(OF_VENDOR + "evidence/restore/", evidence.Evidence, post="restore"),
    _at(OF_VENDOR + "evidence/table/", evidence.EvidenceTables, get="table", post="take_table"),
    _at(OF_VENDOR + "evidence/export/", evidence.EvidenceTables, post="take_export"),
    _at("plan/", plan.PlanWhole, get="read", put="replace"),
    _at("plan/judge/", plan.PlanWhole, post="judge"),
    _at("plan/example/", plan.PlanWhole, post="example"),
    _at("plan/organisation/", plan.PlanHead, get="read", put="replace"),
    _at(ITEM, plan.PlanItems, get="every", post="create"),
    _at(ITEM + "<slug:item_id>/", plan.PlanItems, get="read", put="replace", delete="remove"),
    _at(ITEM + "<slug:item_id>/files/", evidence_files.Attach, post="to_item"),
    _at("plan/files/<slug:suffix>/", plan.PlanFiles, get="read", post="take"),
    _at("plan/answers/", plan_records.PlanJudgements, get="answers"),
    _at("plan/lint/", plan_records.PlanJudgements, get="lint"),
    _at("plan/register/", plan_records.PlanJudgements, get="register"),
    _at("plan/promises/", plan_records.PlanJudgements, get="promises"),
    _at("plan/due/", plan_records.PlanJudgements, get="due"),
    _at("plan/history/", plan_records.PlanHistory, get="list"),
    _at(REVISION, plan_records.PlanHistory, get="read"),
    _at(REVISION + "undo/", plan_records.PlanHistory, post="undo"),
    _at(REVISION + "restore/", plan_records.PlanHistory, post="restore"),
    _at("plan/milestones/", plan_records.PlanMilestones, get="list", post="create"),
    _at("plan/milestones/compare/", plan_records.PlanMilestones, get="compare"),
    _at("plan/milestones/<uuid:uid>/", plan_records.PlanMilestones, get="retrieve"),
    _at("exports/vendors/<slug:form>/", exports.Exports, get="vendors"),
    _at("exports/incidents/<slug:slug>/<slug:form>/", exports.Exports, get="incidents"),
    _at("exports/evidence/<slug:slug>/<slug:form>/", exports.Exports, get="evidence"),
    _at("exports/answers/<slug:form>/", exports.Exports, get="answers"),
    _at("exports/register/<slug:form>/", exports.Exports, get="register"),
    _at("exports/plan/<slug:kind>/<slug:form>/", exports.Exports, get="plan"),
    _at("exports/judged/<slug:what>/<slug:form>/", exports.Exports, get="judged"),
    _at("exports/catalogue/<slug:form>/", exports.Exports, get="catalogue"),
    _at("exports/reports/<slug:form>/", exports.Exports, get="reports"),
    _at("exports/links/<slug:form>/", exports.Exports, get="links"),
    _at("exports/history/<slug:form>/", exports.Exports, get="history"),
    _at("exports/milestones/<slug:form>/", exports.Exports, get="milestones"),
    _at("exports/audit/<slug:form>/", exports.SettingsExports, get="audit"),
    _at("exports/people/<slug:form>/", exports.SettingsExports, get="people"),
    _at("exports/tokens/<slug:form>/", exports.SettingsExports, get="tokens"),
    _at("exports/channels/<slug:form>/", exports.SettingsExports, get="channels"),
    _at("exports/messages/<slug:form>/", exports.SettingsExports, get="messages"),
    _at("exports/dora/", exports.Exports, get="dora"),
    _at("imports/vendors/", imports.Imports, post="vendors"),
    _at("imports/vendors/<slug:form>/", exports.Templates, get="vendors"),
    _at("imports/answers/", imports.Imports, post="answers"),
    _at("imports/plan/<slug:kind>/", imports.Imports, post="plan"),
    _at("imports/plan/<slug:kind>/<slug:form>/", exports.Templates, get="plan"),
    *router.urls,
]
