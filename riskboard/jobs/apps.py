"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "riskboard.jobs"
    label = "jobs"
