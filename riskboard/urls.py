"""Addresses."""

from django.urls import include, path

urlpatterns = [path("", include("assessments.urls"))]
handler400 = "assessments.errors.bad_request"
handler403 = "assessments.errors.forbidden"
handler404 = "assessments.errors.not_found"
handler500 = "assessments.errors.server_error"
