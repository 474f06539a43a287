"""The vendors app: facts."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Facts about vendors."""

    name = "vendors"

    def ready(self) -> None:
        """Load Celery, so that shared tasks bind to this project's app whatever was started."""
        import riskboard.celery_app  # noqa: F401
