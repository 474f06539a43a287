"""Addresses of the plan's pages. A kind is one of the plan's lists, like "processes"."""

from django.urls import path, re_path

from assessments.attached.views import attach_to_plan
from assessments.planning import files, history, history_tables, items, judged_tables, register_views, views

urlpatterns = [
    path("", views.overview, name="plan"),
    path("check/", views.checked, name="plan-lint"),
    path("answers/", views.answers, name="plan-answers"),
    path("judge/", views.judge, name="plan-judge"),
    path("example/", views.example, name="plan-example"),
    path("undo/<int:number>/", items.undo, name="plan-undo"),
    path("organisation/", items.edit, {"kind": "organisation"}, name="plan-organisation"),
    path("register/", register_views.register, name="plan-register"),
    re_path(r"^register\.(?P<form>csv|xlsx|json)$", register_views.register_table, name="plan-register-table"),
    path("decisions/", register_views.decisions),
    path("commitments/", register_views.commitments, name="plan-commitments"),
    path("files/", files.files, name="plan-files"),
    path("files/look/", files.look, name="plan-look"),
    path("files/accept/", files.accept, name="plan-accept"),
    path("files/empty/", files.empty, name="plan-empty"),
    path("files/dora.xlsx", files.dora_rows, name="plan-dora"),
    path("files/plan.<str:suffix>", files.export, name="plan-export"),
    path("history/", history.history, name="plan-history"),
    re_path(r"^history\.(?P<form>csv|xlsx|json)$", history_tables.history_table, name="plan-history-table"),
    re_path(r"^milestones\.(?P<form>csv|xlsx|json)$", history_tables.milestones_table, name="plan-milestones-table"),
    path("history/<int:number>/", history.revision, name="plan-revision"),
    path("history/<int:number>/restore/", history.restore, name="plan-restore"),
    path("milestones/", history.freeze, name="plan-freeze"),
    path("milestones/compare/", history.compare, name="plan-compare"),
    re_path(r"^files/kinds/(?P<kind>[a-z]+)\.(?P<form>csv|json)$", files.export_kind, name="plan-export-kind"),
    re_path(
        r"^(?P<what>check|answers|promises)\.(?P<form>csv|xlsx|json)$",
        judged_tables.judged_table,
        name="plan-judged-table",
    ),
    re_path(r"^(?P<kind>[a-z]+)\.(?P<form>csv|xlsx|json)$", items.items_table, name="plan-items-table"),
    path("<slug:kind>/", items.items, name="plan-items"),
    path("<slug:kind>/new/", items.edit, name="plan-new"),
    path("<slug:kind>/<slug:item_id>/", items.edit, name="plan-edit"),
    path("<slug:kind>/<slug:item_id>/files/", attach_to_plan, name="plan-attach"),
    path("<slug:kind>/<slug:item_id>/remove/", items.remove, name="plan-remove"),
]
