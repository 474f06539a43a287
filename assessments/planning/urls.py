"""Addresses of the plan's pages. A kind is one of the plan's lists, like "processes"."""

from django.urls import path

from assessments.planning import items, views

urlpatterns = [
    path("", views.overview, name="plan"),
    path("check/", views.checked, name="plan-lint"),
    path("answers/", views.answers, name="plan-answers"),
    path("judge/", views.judge, name="plan-judge"),
    path("example/", views.example, name="plan-example"),
    path("undo/<int:number>/", items.undo, name="plan-undo"),
    path("organisation/", items.edit, {"kind": "organisation"}, name="plan-organisation"),
    path("<slug:kind>/", items.items, name="plan-items"),
    path("<slug:kind>/new/", items.edit, name="plan-new"),
    path("<slug:kind>/<slug:item_id>/", items.edit, name="plan-edit"),
    path("<slug:kind>/<slug:item_id>/remove/", items.remove, name="plan-remove"),
]
