"""The app's place in Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Starts the audit of registered models, and the log of sign-ins."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "riskboard.accounts"
    label = "accounts"

    def ready(self) -> None:
        from riskboard.accounts import audit, events

        audit.watch_registered()
        events.watch()
