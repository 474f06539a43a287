"""Addresses of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from assessments.api import (
    schema,  # noqa: F401 - registers the way in
    views,
)

router = SimpleRouter(use_regex_path=False)
router.register("vendors", views.Vendors, basename="api-vendors")
router.register("assessments", views.Assessments, basename="api-assessments")
router.register("jobs", views.Jobs, basename="api-jobs")
router.register("reports", views.Reports, basename="api-reports")
urlpatterns = [path("schema/", SpectacularAPIView.as_view(), name="api-schema"), *router.urls]
