"""A local mirror of a person's Google calendars, and an agent that changes nothing there without their yes."""

from . import errors
from ._native import (
    AccessRole,
    Attendee,
    Event,
    EventsPage,
    EventStatus,
    EventType,
    Person,
    QuarantinedEvent,
    ResponseStatus,
    SendUpdates,
    Transparency,
    Visibility,
    parse_event,
    parse_events_page,
)
from .errors import CalendarError

__all__ = [
    "AccessRole",
    "Attendee",
    "CalendarError",
    "Event",
    "EventStatus",
    "EventType",
    "EventsPage",
    "Person",
    "QuarantinedEvent",
    "ResponseStatus",
    "SendUpdates",
    "Transparency",
    "Visibility",
    "errors",
    "parse_event",
    "parse_events_page",
]
