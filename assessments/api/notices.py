"""What the workspace is told of, by API: notices, the channels that carry them, and what became of each message."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Channel, ChannelKind, Delivery, DeliveryState, Digest, Notice
from assessments.notify import outbox
from assessments.notify.forms import ChannelForm
from assessments.notify.found import KINDS
from assessments.notify.views import give_new_key, set_up, try_out
from riskboard.accounts.access import needs
from riskboard.accounts.models import Role
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused
from riskboard.locales import ENGLISH

_ASKED = ("name", "kind", "address", "digest", "quiet_from", "quiet_to", "time_zone", "language")


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One thing worth telling. `path`: its page; `data`: what programs are told."""

    vendor = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    data = serializers.DictField(read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "kind", "vendor", "title", "text", "path", "data", "at", "created_at")
        read_only_fields = fields


@extend_schema_serializer(component_name="NotificationChannel")
class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """Where messages go. Its address is never shown again: `hint` is what may be."""

    events = serializers.ListField(child=serializers.ChoiceField(choices=list(KINDS.items())), read_only=True)

    class Meta:
        model = Channel
        fields = (
            "uid", "name", "kind", "hint", "events", "digest", "quiet_from", "quiet_to", "time_zone", "language",
            "paused_at", "fault", "created_at",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(component_name="NotificationChannelAsk")
class ChannelAskSerializer(serializers.Serializer[Any]):
    """How a channel is called, where it leads, what it wants and when. Checked as the page's form checks it."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    address = serializers.CharField(max_length=2000, help_text="An e-mail address, an Apprise address, or a webhook's")
    events = serializers.ListField(child=serializers.ChoiceField(choices=list(KINDS.items())), min_length=1)
    digest = serializers.ChoiceField(choices=Digest.choices, default=Digest.NOW)
    quiet_from = serializers.CharField(max_length=5, allow_blank=True, default="", help_text="Like 22:00; empty: none")
    quiet_to = serializers.CharField(max_length=5, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=64, default="UTC")
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, default=ENGLISH, help_text="What its messages are written in"
    )


@extend_schema_serializer(component_name="NotificationChannelMade")
class ChannelMadeSerializer(ChannelSerializer):
    """The channel; `signing_key` of a webhook, which is told only now, else null."""

    signing_key = serializers.CharField(read_only=True, allow_null=True)

    class Meta(ChannelSerializer.Meta):
        fields = (*ChannelSerializer.Meta.fields, "signing_key")
        read_only_fields = fields


class TriedSerializer(serializers.Serializer[Any]):
    """Whether a test was taken by the other side, and its own words where it was not."""

    arrived = serializers.BooleanField()
    fault = serializers.CharField(allow_blank=True)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One notice by one channel."""

    notice = NoticeSerializer(read_only=True)
    channel = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)

    class Meta:
        model = Delivery
        fields = ("uid", "channel", "notice", "state", "attempts", "due_at", "sent_at", "error")
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, enum=list(KINDS), description="Only those")]
    )
)
class Notices(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    """What was worth telling."""

    serializer_class = NoticeSerializer
    queryset = nothing_of(Notice)

    def get_queryset(self) -> Any:
        """In the order they were found."""
        rows, kind = Notice.objects.select_related("vendor").order_by("pk"), self.request.query_params.get("kind", "")
        if kind not in ("", *KINDS):
            raise Refused(f"kind: one of {', '.join(KINDS)}")
        return rows.filter(kind=kind) if kind else rows


class Channels(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[Channel]
):
    """Channels, for administrators."""

    needs = str(Role.ADMIN)
    serializer_class = ChannelSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(Channel)

    def get_queryset(self) -> Any:
        """In the order they were made."""
        return Channel.objects.order_by("pk")

    @extend_schema(request=ChannelAskSerializer, responses={201: ChannelMadeSerializer})
    def create(self, request: Request) -> Response:
        """Make a channel. A webhook's signing key is told once."""
        made, key = set_up(_form(request.data, None))
        made.signing_key = key or None  # type: ignore[attr-defined]
        return Response(ChannelMadeSerializer(made).data, status=201)

    @extend_schema(request=ChannelAskSerializer, responses=ChannelSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Change it; what is left out stays. Its kind stays as it is."""
        return Response(ChannelSerializer(_form(request.data, self.get_object()).save()).data)

    @extend_schema(request=None, responses=TriedSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, uid: str) -> Response:
        """Send a message now, and say what came of it."""
        fault = try_out(self.get_object(), request._request, now=timezone.now())
        return Response(TriedSerializer({"arrived": not fault, "fault": fault}).data)

    @extend_schema(request=None, responses=ChannelSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, uid: str) -> Response:
        """Stop it; what is new waits."""
        return self._paused(timezone.now())

    @extend_schema(request=None, responses=ChannelSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, uid: str) -> Response:
        """Let it go on; what waits goes out."""
        return self._paused(None)

    def _paused(self, at: Any) -> Response:
        channel = self.get_object()
        channel.paused_at = channel.paused_at or at if at else None
        channel.save()
        return Response(ChannelSerializer(channel).data)

    @extend_schema(request=None, responses=ChannelMadeSerializer)
    @action(detail=True, methods=["post"], url_path="new-key")
    def new_key(self, request: Request, uid: str) -> Response:
        """Another signing key for a webhook, told once; the old one signs along for a day."""
        channel = get_object_or_404(Channel, uid=uid, kind=ChannelKind.WEBHOOK)
        channel.signing_key = give_new_key(channel)  # type: ignore[attr-defined]
        return Response(ChannelMadeSerializer(channel).data)

    @extend_schema(responses=DeliverySerializer(many=True))
    @action(detail=True)
    def deliveries(self, request: Request, uid: str) -> Response:
        """What became of each message, in the order they were due to be sent."""
        rows = self.get_object().deliveries.select_related("notice__vendor", "channel").order_by("pk")
        return self.get_paginated_response(DeliverySerializer(self.paginate_queryset(rows), many=True).data)


class Deliveries(viewsets.GenericViewSet[Delivery]):
    """One message."""

    serializer_class = DeliverySerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(Delivery)

    def get_queryset(self) -> Any:
        """Of every channel."""
        return Delivery.objects.select_related("notice__vendor", "channel")

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"])
    @needs(Role.ADMIN)  # type: ignore[arg-type]
    def again(self, request: Request, uid: str) -> Response:
        """Send it once more, with the same id."""
        delivery = self.get_object()
        outbox.send_again(delivery, now=timezone.now())
        return Response(DeliverySerializer(self.get_object()).data)


def _form(data: Any, channel: Channel | None) -> ChannelForm:
    """The page's form, filled by what was sent over what stands. Raises ValidationError by field."""
    asked = ChannelAskSerializer(data=data, partial=channel is not None)
    asked.is_valid(raise_exception=True)
    given = asked.validated_data if channel is None else _standing(channel) | asked.validated_data
    typed = QueryDict(mutable=True)
    for name in _ASKED:
        typed[name] = str(given.get(name, ""))
    typed.setlist("events", given["events"])
    form = ChannelForm(typed, instance=channel)
    if not form.is_valid():
        raise serializers.ValidationError({name: list(map(str, faults)) for name, faults in form.errors.items()})
    return form


def _standing(channel: Channel) -> dict[str, Any]:
    """The channel as its form would show it; no address: the one it has is kept."""
    hours = {name: f"{at:%H:%M}" if (at := getattr(channel, name)) else "" for name in ("quiet_from", "quiet_to")}
    kept = {name: getattr(channel, name) for name in ("name", "kind", "events", "digest", "time_zone", "language")}
    return kept | hours | {"address": ""}
