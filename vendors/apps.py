"""The vendors app: facts."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Facts about vendors."""

    name = "vendors"

    def ready(self) -> None:
        """Load Celery, so that shared tasks bind to this project's app whatever was started; register the jobs."""
        import riskboard.celery_app  # noqa: F401
        import vendors.handlers  # noqa: F401
