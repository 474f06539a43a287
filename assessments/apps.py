"""The assessments app: judgements."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Judgements and documents."""

    name = "assessments"

    def ready(self) -> None:
        """Register what background jobs do, and listen for news of facts."""
        import assessments.handlers  # noqa: F401
        from assessments.following import judge_anew
        from vendors.polling import facts_changed

        facts_changed.connect(judge_anew, dispatch_uid="judge what changed")
