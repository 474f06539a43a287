"""Addresses of the pages."""

from django.urls import include, path, re_path

from assessments import catalogue_views, evidence, report_views, settings_tables, views
from assessments.api import docs_page
from assessments.attached import views as attached
from assessments.imports import views as imports
from assessments.questionnaire import file_views, links
from assessments.questionnaire.views import questionnaire
from assessments.sharing import views as sharing

FORM = r"\.(?P<form>csv|xlsx|json)$"  # how a list is taken away

urlpatterns = [
    path("", views.home, name="home"),
    path("add/", views.add, name="add"),
    path("catalogue/", catalogue_views.catalogue, name="catalogue"),
    re_path(r"^catalogue\.(?P<form>csv|xlsx|json)$", catalogue_views.catalogue_table, name="catalogue-table"),
    path("vendors/search", catalogue_views.vendor_search, name="vendor-search"),
    path("assess/", views.start, name="start"),
    path("jobs/<uuid:uid>/", views.job, name="job"),
    path("jobs/<uuid:uid>/cancel/", views.cancel_job, name="cancel-job"),
    path("assessments/<uuid:uid>/", views.assessment, name="assessment"),
    path("assessments/<uuid:uid>/report/", views.report, name="report"),
    path("assessments/<uuid:uid>/assessment.json", views.assessment_json, name="assessment-json"),
    path("assessments/<uuid:uid>/assessment.xlsx", views.assessment_xlsx, name="assessment-xlsx"),
    path("assessments/<uuid:uid>/facts.json", views.facts_json, name="facts-json"),
    path("vendors/<slug:slug>/questionnaire/", questionnaire, name="questionnaire"),
    path("vendors/<slug:slug>/questionnaire/links/", links.make_link, name="make-questionnaire-link"),
    path("vendors/<slug:slug>/questionnaire/links/<uuid:uid>/end/", links.end_link, name="end-questionnaire-link"),
    path("vendors/<slug:slug>/questionnaire/file/", file_views.answers_file, name="vendor-answers-file"),
    re_path(
        r"^vendors/(?P<slug>[-a-z0-9_]+)/questionnaire/answers\.(?P<form>csv|xlsx|toml|json)$",
        file_views.answers_table,
        name="vendor-answers-table",
    ),
    path("imports/answers/", file_views.answers_file, name="answers-file"),
    re_path(r"^imports/answers\.(?P<form>csv|xlsx|json)$", file_views.answers_table, name="answers-table"),
    path("ask/<str:token>/", links.ask, name="ask"),
    path("ask/<str:token>/files/<uuid:uid>/", links.own_file, name="ask-file"),
    path("ask/<str:token>/files/<uuid:uid>/remove/", links.settle_file, {"act": "remove"}, name="ask-remove-file"),
    path("ask/<str:token>/files/<uuid:uid>/restore/", links.settle_file, {"act": "restore"}, name="ask-restore-file"),
    path("evidence-files/<uuid:uid>/", attached.evidence_file, name="evidence-file"),
    path("evidence-files/<uuid:uid>/remove/", attached.remove, name="remove-evidence-file"),
    path("evidence-files/<uuid:uid>/restore/", attached.restore, name="restore-evidence-file"),
    path("evidence-files/<uuid:uid>/delete/", attached.delete, name="delete-evidence-file"),
    path("vendors/<slug:slug>/evidence/", evidence.evidence, name="evidence"),
    re_path(
        r"^vendors/(?P<slug>[-a-z0-9_]+)/evidence\.(?P<form>csv|xlsx|json)$",
        evidence.evidence_table,
        name="evidence-table",
    ),
    path("", include("assessments.board.urls")),
    path("settings/notifications/", include("assessments.notify.urls")),
    path("imports/", imports.imports, name="imports"),
    re_path(r"^imports/vendors\.(?P<form>csv|xlsx)$", imports.vendors_table, name="vendors-table"),
    path("plan/", include("assessments.planning.urls")),
    path("reports/", report_views.reports, name="reports"),
    re_path(rf"^reports{FORM}", report_views.reports_table, name="reports-table"),
    path("reports/make/", report_views.make, name="make-report"),
    path("reports/again/<uuid:uid>/", report_views.again, name="again-report"),
    path("reports/<uuid:uid>/", report_views.download, name="download-report"),
    path("reports/<uuid:uid>/check/", report_views.check, name="check-report"),
    path("reports/<uuid:uid>/share/", sharing.share_report, name="share-report"),
    re_path(rf"^settings/audit{FORM}", settings_tables.audit_table, name="audit-table"),
    re_path(rf"^settings/people{FORM}", settings_tables.people_table, name="people-table"),
    re_path(rf"^settings/tokens{FORM}", settings_tables.tokens_table, name="tokens-table"),
    re_path(rf"^settings/links{FORM}", settings_tables.links_table, name="links-table"),
    re_path(rf"^settings/notifications{FORM}", settings_tables.channels_table, name="channels-table"),
    re_path(rf"^settings/notifications/messages{FORM}", settings_tables.messages_table, name="messages-table"),
    re_path(
        rf"^settings/operation/(?P<part>jobs|pages|hosts){FORM}",
        settings_tables.operation_table,
        name="operation-table",
    ),
    path("settings/links/", sharing.links, name="links"),
    path("settings/links/badge/", sharing.share_badge, name="share-badge"),
    path("settings/links/calendar/", sharing.share_calendar, name="share-calendar"),
    path("settings/links/<uuid:uid>/end/", sharing.end, name="end-link"),
    path("shared/report/<str:token>/", sharing.shared_report, name="shared-report"),
    path("shared/badge/<str:token>.svg", sharing.shared_badge, name="shared-badge"),
    path("shared/badge/<str:token>.json", sharing.shared_badge_json, name="shared-badge-json"),
    path("shared/calendar/<str:token>.ics", sharing.shared_calendar, name="shared-calendar"),
    path("method/", views.method, name="method"),
    path("style/", views.style, name="style"),
    path("api-docs/", docs_page.api_docs, name="program-docs"),
]
