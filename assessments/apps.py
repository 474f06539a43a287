"""The assessments app: judgements."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Judgements and documents."""

    name = "assessments"

    def ready(self) -> None:
        """Register what background jobs do."""
        import assessments.handlers  # noqa: F401
