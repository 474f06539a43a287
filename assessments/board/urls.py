"""Addresses of the board."""

from django.urls import path, re_path

from assessments.board import bulk, exports, saved_pages, views

urlpatterns = [
    path("find/", views.find, name="find"),
    path("vendors/", views.vendors, name="vendors"),
    re_path(r"^vendors\.(?P<form>csv|xlsx|json)$", exports.vendors_table, name="vendors-list"),
    path("views/columns/", saved_pages.columns, name="list-columns"),
    path("views/<slug:page>/", saved_pages.save_view, name="save-view"),
    path("views/<slug:page>/<uuid:uid>/remove/", saved_pages.remove_view, name="remove-view"),
    path("portfolio/bulk/", bulk.bulk, name="vendors-bulk"),
    path("vendors/<slug:slug>/", views.vendor, name="vendor"),
    path("vendors/<slug:slug>/note/", views.note, name="vendor-note"),
    path("vendors/<slug:slug>/incidents/", views.incidents, name="incidents"),
    re_path(
        r"^vendors/(?P<slug>[-a-z0-9_]+)/incidents\.(?P<form>csv|xlsx|json)$",
        exports.incidents_table,
        name="incidents-table",
    ),
    path("vendors/<slug:slug>/incidents/<int:pk>/", views.incident, name="incident"),
    path("vendors/<slug:slug>/what-if/", views.whatif, name="what-if"),
    path("compare/", views.compare, name="compare"),
    path("compare/judge/", views.judge_all, name="compare-judge"),
]
