"""What is stored of judgements."""

from assessments.models.assessment import AssessmentRow
from assessments.models.report import Report

__all__ = ["AssessmentRow", "Report"]
