"""Saved views by API: those for everybody, and a person's own (a token has none of its own)."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.board import saved
from assessments.models import ListPage, SavedView
from riskboard.accounts.access import needs
from riskboard.accounts.models import Role
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused


class ViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list under a name. `query`: its state as an address has it; `is_default`: the list opens so where nothing is asked for."""

    name = serializers.CharField(max_length=saved.LONGEST_NAME)
    query = serializers.CharField(max_length=saved.LONGEST_QUERY, allow_blank=True, default="")
    is_shared = serializers.BooleanField(default=False)
    is_default = serializers.BooleanField(default=False)

    class Meta:
        model = SavedView
        fields = ("uid", "page", "name", "query", "is_shared", "is_default", "created_at")
        read_only_fields = ("uid", "created_at")
        validators: list[Any] = []  # the verb settles what there may be one of


class ViewChangeSerializer(serializers.Serializer[Any]):
    """What is left out stays."""

    name = serializers.CharField(max_length=saved.LONGEST_NAME, required=False)
    query = serializers.CharField(max_length=saved.LONGEST_QUERY, allow_blank=True, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_default = serializers.BooleanField(required=False)


@extend_schema_view(
    list=extend_schema(
        parameters=[OpenApiParameter("page", OpenApiTypes.STR, enum=ListPage.values, description="Of that list")]
    )
)
class Views(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SavedView]):
    """Views the asker may open; another person's private one is not there."""

    serializer_class = ViewSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(SavedView)

    def get_queryset(self) -> Any:
        """In the order they were saved."""
        rows = SavedView.objects.of(self._asking.user).order_by("pk")
        page = self.request.query_params.get("page", "") if self.action == "list" else ""
        if page not in ("", *ListPage.values):
            raise Refused(f"page: one of {', '.join(ListPage.values)}")
        return rows.filter(page=page) if page else rows

    @property
    def _asking(self) -> Any:
        return self.request._request.who  # type: ignore[attr-defined]

    @extend_schema(request=ViewSerializer, responses={201: ViewSerializer})
    @needs(Role.VIEWER)  # type: ignore[arg-type]
    def create(self, request: Request) -> Response:
        """Save a view."""
        asked = ViewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        page = given.pop("page")
        given["query"] = saved.state_of(page, QueryDict(given["query"]))
        return Response(ViewSerializer(saved.save(self._asking, page, **given)).data, status=201)

    @extend_schema(request=ViewChangeSerializer, responses=ViewSerializer)
    @needs(Role.VIEWER)  # type: ignore[arg-type]
    def partial_update(self, request: Request, uid: str) -> Response:
        """Change it."""
        view = self.get_object()
        asked = ViewChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        stands = {name: getattr(view, name) for name in ("name", "query", "is_shared", "is_default")}
        given = stands | asked.validated_data
        given["query"] = saved.state_of(view.page, QueryDict(given["query"]))
        return Response(ViewSerializer(saved.save(self._asking, view.page, view=view, **given)).data)

    @extend_schema(responses={204: None})
    @needs(Role.VIEWER)  # type: ignore[arg-type]
    def destroy(self, request: Request, uid: str) -> Response:
        """Remove it; the rows it showed stay."""
        saved.remove(self._asking, self.get_object())
        return Response(status=204)
