"""Who asks, who else is here, and who did what, by API. People are invited, and tokens made, on the pages alone: they ask again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskboard.accounts.access import Who, scoped
from riskboard.accounts.models import ApiToken, AuditEntry, Membership, Role, TokenScope, Workspace
from riskboard.accounts.scope import nothing_of
from riskboard.accounts.views import entries_of, revoke


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    """The workspace asked in."""

    class Meta:
        model = Workspace
        fields = ("uid", "slug", "name", "require_mfa", "created_at")
        read_only_fields = fields


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token: what it may, until when, and when it was last used (to ten minutes). `hint`: its last four characters."""

    made_by = serializers.CharField(source="created_by.email", default=None, read_only=True, allow_null=True)

    class Meta:
        model = ApiToken
        fields = (
            "uid", "name", "hint", "role", "scope", "made_by", "expires_at", "revoked_at", "last_used_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class MeSerializer(serializers.Serializer[Any]):
    """Who asks. `token` null: a person, in a browser."""

    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    workspace = WorkspaceSerializer()
    token = TokenSerializer(allow_null=True)


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """One person's role."""

    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "email", "role", "created_at")
        read_only_fields = fields


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    """One write: who, when, what, and the fields before and after (null where it was made or removed)."""

    before = serializers.DictField(read_only=True, allow_null=True)
    after = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = AuditEntry
        fields = ("id", "at", "actor", "via", "did", "kind", "object_id", "label", "before", "after", "request_id")
        read_only_fields = fields


@scoped(TokenScope.REPORTS)
class Me(viewsets.ViewSet):
    """The asker."""

    @extend_schema(responses={200: MeSerializer}, operation_id="me_read")
    def read(self, request: Request) -> Response:
        """Who asks, in which workspace, with which role; of a token also its end and its last use."""
        asking: Who = request._request.who  # type: ignore[attr-defined]
        uid = asking.key.removeprefix("token ") if asking.token else None
        token = ApiToken.objects.select_related("created_by").get(uid=uid) if uid else None
        body = {"name": asking.name, "role": asking.role, "workspace": asking.workspace, "token": token}
        return Response(MeSerializer(body).data)


class Members(mixins.ListModelMixin, viewsets.GenericViewSet[Membership]):
    """The workspace's people, for administrators."""

    needs = str(Role.ADMIN)
    serializer_class = MemberSerializer
    queryset = nothing_of(Membership)

    def get_queryset(self) -> Any:
        """In the order they came."""
        return Membership.objects.filter(workspace=_room(self.request)).select_related("user").order_by("pk")


class Tokens(mixins.ListModelMixin, viewsets.GenericViewSet[ApiToken]):
    """The workspace's tokens, for administrators."""

    needs = str(Role.ADMIN)
    serializer_class = TokenSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(ApiToken)

    def get_queryset(self) -> Any:
        """In the order they were made."""
        return ApiToken.objects.filter(workspace=_room(self.request)).select_related("created_by").order_by("pk")

    @extend_schema(request=None, responses=TokenSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, uid: str) -> Response:
        """End it, at once; also the one that asks."""
        found = self.get_object()
        revoke(found)
        return Response(TokenSerializer(found).data)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("actor", OpenApiTypes.STR, description="Part of the name"),
            OpenApiParameter("kind", OpenApiTypes.STR, description='Like "followed" or "channel"'),
        ]
    )
)
class Audit(mixins.ListModelMixin, viewsets.GenericViewSet[AuditEntry]):
    """Every write in the workspace, for administrators."""

    needs = str(Role.ADMIN)
    serializer_class = AuditSerializer
    queryset = nothing_of(AuditEntry)

    def get_queryset(self) -> Any:
        """In the order they were made."""
        query = self.request.query_params
        return entries_of(_room(self.request), actor=query.get("actor", ""), kind=query.get("kind", "")).order_by("pk")


def _room(request: Any) -> Workspace:
    workspace: Workspace = request._request.who.workspace
    return workspace
