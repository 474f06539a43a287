"""What the API gives and takes. Times are UTC, hours are hours, shares 0 to 1, points 0 to 100; null is "not known", never zero."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.response import Response

from assessments.board.bulk import MOST_CHOSEN
from assessments.forms import LONGEST_PART, MOST_PARTS, AssessAgainForm
from assessments.models import AssessmentRow, Followed, Report
from assessments.models.followed import LONGEST_NOTE, LONGEST_OWNER, LONGEST_TAG, MOST_TAGS, Criticality
from assessments.noted import tags_of
from assessments.scoring.model import PILLARS
from riskboard.errors import Refused
from riskboard.jobs.models import Job, State
from vendors.models import Incident, StatusPage

NULL = {"allow_null": True, "read_only": True}


class PillarsSerializer(serializers.Serializer[Any]):
    """Points of each pillar; null: not known."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """One field a pillar, by its id."""
        return {pillar: serializers.FloatField(**NULL) for pillar in PILLARS}


class AssessmentSerializer(serializers.ModelSerializer[AssessmentRow]):
    """One judgement in short; its document holds the rest."""

    vendor = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    pillars = PillarsSerializer(read_only=True)

    class Meta:
        model = AssessmentRow
        fields = (
            "uid", "vendor", "as_of", "rto_hours", "value", "low", "high", "coverage", "grade", "chance", "pillars",
            "disputed", "last_incident_at", "method_version", "method_sha256", "facts_sha256", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class VendorSerializer(serializers.ModelSerializer[Followed]):
    """A vendor the workspace follows, with its newest judgement."""

    slug = serializers.CharField(source="vendor.slug", read_only=True)
    name = serializers.CharField(source="vendor.name", read_only=True)
    category = serializers.CharField(source="vendor.category", read_only=True)
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    # a field made from the model's would leave "" out of the schema
    criticality = serializers.ChoiceField(choices=Criticality.values, allow_blank=True, read_only=True)
    newest = AssessmentSerializer(read_only=True)

    class Meta:
        model = Followed
        fields = (
            "slug", "name", "category", "tags", "note", "owner", "criticality", "added_at", "judged_at", "archived_at", "newest",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(component_name="IncidentInList")
class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """One incident of the public record; the posts are in the assessment's facts."""

    title = serializers.CharField(source="document.title", read_only=True)
    url = serializers.CharField(source="document.url", default=None, **NULL)
    end_known = serializers.CharField(source="document.end_known", read_only=True)

    class Meta:
        model = Incident
        fields = ("id", "external_id", "title", "impact", "started_at", "resolved_at", "end_known", "url", "gone_at")
        read_only_fields = fields


class StatusPageSerializer(serializers.ModelSerializer[StatusPage]):
    """One status page of a vendor. `fault`: why it could not be read; `due_at` null: it is not watched."""

    checked_at = serializers.DateTimeField(source="watch.checked_at", default=None, **NULL)
    changed_at = serializers.DateTimeField(source="watch.changed_at", default=None, **NULL)
    due_at = serializers.DateTimeField(source="watch.due_at", default=None, **NULL)

    class Meta:
        model = StatusPage
        fields = (
            "url", "platform", "access", "state", "fault", "fetched_at", "facts_as_of", "checked_at", "changed_at", "due_at",
        )  # fmt: skip
        read_only_fields = fields


class WhatIfSerializer(serializers.Serializer[Any]):
    """The forecast for another need; `chance_left` and `hours_left`: with the second system, null without one."""

    sentence = serializers.CharField(read_only=True)
    confidence = serializers.CharField(read_only=True)
    chance = serializers.FloatField(**NULL)
    low = serializers.FloatField(**NULL)
    high = serializers.FloatField(**NULL)
    hours_mean = serializers.FloatField(**NULL)
    chance_left = serializers.FloatField(**NULL)
    hours_left = serializers.FloatField(**NULL)
    recorded_over = serializers.IntegerField(read_only=True)
    flags = serializers.ListField(child=serializers.CharField(), read_only=True)


class AskSerializer(serializers.Serializer[Any]):
    """What to assess: a status page's address, or a vendor's name or slug; and for how long one can do without it ("4h").

    `parts`: the components relied on; none: a typical part is judged.
    """

    target = serializers.CharField(max_length=2000)
    rto = serializers.CharField(max_length=40, default="4h")
    parts = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_PART), max_length=MOST_PARTS, required=False, default=list
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The same checks as the page's form."""
        parts = attrs.get("parts", [])
        form = AssessAgainForm(attrs, names=parts)
        if not form.is_valid():
            raise serializers.ValidationError({name: list(map(str, faults)) for name, faults in form.errors.items()})
        found = {"target": form.cleaned_data["target"], "rto_hours": form.cleaned_data["rto"]}
        return found | {"components": sorted(set(parts))}


def _tags() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False,
        help_text="The workspace's own words for it, in lower case",
    )  # fmt: skip


def _owner() -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_OWNER, allow_blank=True, required=False, help_text="Who looks after it, in the workspace's own words"
    )  # fmt: skip


def _criticality() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=Criticality.values, allow_blank=True, required=False, help_text="How much depends on it, as people say it"
    )  # fmt: skip


def checked_tags(tags: list[str]) -> list[str]:
    """As they are kept. Raises ValidationError for what is no tag."""
    try:
        return tags_of(",".join(tags))
    except Refused as refusal:
        raise serializers.ValidationError({"tags": [str(refusal)]}) from refusal


class NoteSerializer(serializers.Serializer[Any]):
    """What the workspace writes of a vendor; what is left out stays."""

    tags = _tags()
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False)
    owner = _owner()
    criticality = _criticality()

    def validate_tags(self, tags: list[str]) -> list[str]:
        """As they are kept."""
        return checked_tags(tags)


class FollowSerializer(AskSerializer):
    """Which vendor, for how long one can do without it, and what to remember of it."""

    parts = None  # type: ignore[assignment]
    tags = _tags()
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False)
    owner = _owner()
    criticality = _criticality()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The same checks as the page's forms."""
        more = {name: attrs[name] for name in ("note", "owner", "criticality") if name in attrs}
        return super().validate(attrs) | more | {"tags": checked_tags(attrs.get("tags", []))}


class BulkSerializer(serializers.Serializer[Any]):
    """One change to many vendors. `tags`: what is added or taken away; `owner`, `criticality`: what is set, "" for nothing."""

    act = serializers.ChoiceField(
        choices=["tag", "untag", "set-owner", "set-criticality", "put-away", "bring-back", "judge"]
    )
    vendors = serializers.ListField(
        child=serializers.SlugField(max_length=100), min_length=1, max_length=MOST_CHOSEN, help_text="Their slugs"
    )
    tags = _tags()
    owner = _owner()
    criticality = _criticality()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is to be set where something must be."""
        tags = checked_tags(attrs.get("tags", []))
        if attrs["act"] in ("tag", "untag") and not tags:
            raise serializers.ValidationError({"tags": ["Say which."]})
        wanted = attrs["act"].removeprefix("set-")
        if wanted in ("owner", "criticality") and wanted not in attrs:
            raise serializers.ValidationError({wanted: ['Say which; "" takes it away.']})
        return attrs | {"tags": tags}


class BulkDoneSerializer(serializers.Serializer[Any]):
    """How many changed."""

    changed = serializers.IntegerField()


class JobSerializer(serializers.ModelSerializer[Job]):
    """A piece of background work. `result` names what it made, null until it is done; `error` says why it failed."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    result = serializers.DictField(allow_null=True, read_only=True)

    class Meta:
        model = Job
        fields = ("uid", "kind", "state", "progress", "message", "error", "result", "created_at", "finished_at")
        read_only_fields = fields


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A finished report; its file is at `/api/v1/reports/{uid}/file/`."""

    class Meta:
        model = Report
        fields = ("uid", "kind", "format", "name", "sha256", "size", "pages", "created_at")
        read_only_fields = fields


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)


def accepted(job: Job) -> Response:
    """202: a worker does it. The body is the job; `Location` says where it is followed."""
    return Response(JobSerializer(job).data, status=202, headers={"Location": f"/api/v1/jobs/{job.uid}/"})
