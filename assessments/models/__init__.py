"""What is stored of judgements, and of the customer's own side."""

from assessments.models.assessment import AssessmentRow
from assessments.models.evidence_file import EvidenceFile
from assessments.models.followed import Followed
from assessments.models.kept_answer import KeptAnswer
from assessments.models.notice import Channel, ChannelKind, Delivery, DeliveryState, Digest, Notice
from assessments.models.plan import Milestone, PlanJudgement, PlanRevision, PlanRow
from assessments.models.questionnaire import Answer, QuestionnaireLink, VendorReply
from assessments.models.report import Report
from assessments.models.saved_view import ListPage, SavedView
from assessments.models.share import SharedLink, ShareKind

__all__ = [
    "Answer",
    "AssessmentRow",
    "Channel",
    "ChannelKind",
    "Delivery",
    "DeliveryState",
    "Digest",
    "EvidenceFile",
    "Followed",
    "KeptAnswer",
    "ListPage",
    "Milestone",
    "Notice",
    "PlanJudgement",
    "PlanRevision",
    "PlanRow",
    "QuestionnaireLink",
    "Report",
    "SavedView",
    "ShareKind",
    "SharedLink",
    "VendorReply",
]
