"""Addresses."""

from django.urls import include, path

from riskboard import health, metrics, operating

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("readyz/web", health.readyz_web, name="readyz-web"),
    path("settings/operation/", operating.operation, name="operation"),
    path("settings/operation/jobs/<uuid:uid>/retry/", operating.settle, {"act": "retry"}, name="retry-job"),
    path("settings/operation/jobs/<uuid:uid>/discard/", operating.settle, {"act": "discard"}, name="discard-job"),
    path("settings/operation/pages/<int:page>/look/", operating.look_again, name="look-again"),
    path("settings/operation/hosts/<int:pk>/free/", operating.free, name="free-host"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("assessments.urls")),
    path("", include("riskboard.accounts.urls")),
    path("api/v1/", include("assessments.api.urls")),
    path("account/", include("allauth.urls")),
]
handler400 = "riskboard.pages.bad_request"
handler403 = "riskboard.pages.forbidden"
handler404 = "riskboard.pages.not_found"
handler500 = "riskboard.pages.server_error"
