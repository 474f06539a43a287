"""The shapes incident.io serves, in the page's own data, its widget and its summary: only the fields that are kept."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from vendors.sources.own import Time


class Part(Struct):
    """A component."""

    id: str
    name: str


class Status(Struct):
    """How a component is."""

    component_id: str
    status: str | None = None
    current_status: str | None = None


class PartImpact(Struct):
    """How a component fared, from when to when."""

    component_id: str
    start_at: Time | None = None
    end_at: Time | None = None
    status: str | None = None
    status_page_incident_id: str | None = None


class Update(Struct):
    """One post."""

    id: str | None = None
    published_at: Time | None = None
    to_status: str | None = None
    message: Any = None
    message_string: str | None = None
    automated_update: bool | None = None


class Incident(Struct):
    """An incident or a maintenance, as the page tells it whole."""

    id: str
    name: str = ""
    status: str | None = None
    type: str | None = None
    published_at: Time | None = None
    updates: list[Any] = []
    component_impacts: list[Any] | None = None
    affected_components: list[Any] | None = None
    write_up_url: str | None = None
    starts_at: Time | None = None
    ends_at: Time | None = None


class Link(Struct):
    """An incident that is over: its name and when it was published."""

    id: str
    name: str = ""
    permalink: str | None = None
    published_at: Time | None = None
    status: str | None = None


class WidgetIncident(Struct):
    """An incident as the widget tells it."""

    id: str
    name: str = ""
    status: str | None = None
    url: str | None = None
    last_update_at: Time | None = None
    last_update_message: str | None = None
    current_worst_impact: str | None = None
    affected_components: list[Any] | None = None
    started_at: Time | None = None
    ends_at: Time | None = None


class Widget(Struct):
    """What the widget says is on now, and what is to come."""

    ongoing_incidents: list[Any]
    in_progress_maintenances: list[Any]
    scheduled_maintenances: list[Any]
    page_title: str | None = None
    page_url: str | None = None


class Proxy(Struct):
    """The summary, as the page's own script asks for it."""

    summary: dict[str, Any]
