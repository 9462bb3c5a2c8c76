"""Events and approvals as a model is shown them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .._native import Approval, Attendee, Calendar, Conflict, Event, Person, User
from .ids import calendar_id, event_id, quoted
from .times import shown, span
from .untrusted import harmless, untrusted

#: How many guests of an event are named.
GUESTS = 30
_LINES = 20


def calendar(one: Calendar) -> dict[str, Any]:
    """A calendar of the person's."""
    return _said(
        id=calendar_id(one.key.account, one.key.calendar),
        is_primary=one.is_primary,
        access=_word(one.access_role),
        may_propose=one.access_role in ("owner", "writer", "writerWithoutPrivateAccess"),
        **untrusted({"title": one.title, "description": one.description}),
    )


def event(
    one: Event,
    zone: ZoneInfo,
    *,
    id: str | None = None,
    start: date | datetime | None = None,
    end: date | datetime | None = None,
) -> dict[str, Any]:
    """An event in a list; with `id`, `start` and `end` that occurrence of it."""
    key = one.key
    assert key is not None, "what comes from the mirror has a key"
    start, end = (one.start, one.end) if start is None else (start, end)
    series = one.recurring_event_id or (one.id if one.recurrence else None)
    is_occurrence = one.recurring_event_id is not None or id not in (None, one.id)
    return _said(
        id=event_id(key, id),
        series=event_id(key, series) if series and is_occurrence else None,
        is_whole_series=True if series and not is_occurrence else None,
        **span(start, end, zone),
        status=_word(one.status) or "confirmed",
        type=_word(one.event_type) or "default",
        my_response=_word(one.my_response),
        counts_as_busy=one.transparency != "transparent",
        guests=len(one.attendees),
        **untrusted({"title": one.summary, "location": one.location}, organizer=_person(one.organizer)),
    )


def whole_event(one: Event, zone: ZoneInfo, series: Event | None = None) -> dict[str, Any]:
    """All of it that is of use; of an occurrence, what its `series` is too."""
    told = event(one, zone)
    others = untrusted(
        {"description": one.description},
        guests=[_guest(guest) for guest in one.attendees[:GUESTS]],
        recurrence=[harmless(line) for line in (series or one).recurrence[:_LINES]],
        video_call=None if one.hangout_link is None else harmless(one.hangout_link),
    ).get("untrusted", {})
    said = told.pop("untrusted", {})
    cut = said.pop("cut", {}) | others.pop("cut", {})
    return _said(
        **told,
        guests_not_named=max(0, len(one.attendees) - GUESTS) or None,
        updated=None if one.updated is None else shown(one.updated, zone),
        untrusted=_said(**said, **others, cut=cut or None),
    )


def conflict(one: Conflict, zone: ZoneInfo) -> dict[str, Any]:
    """What is in the way of something."""
    key = None
    if one.account_id is not None and one.calendar_id is not None:
        key = f"{calendar_id(one.account_id, one.calendar_id)}/{quoted(one.instance_id or one.event_id)}"
    return _said(
        id=key,
        **span(one.start, one.end, zone),
        severity=str(one.severity),
        reasons=[str(reason) for reason in one.reasons],
        overlap_minutes=None if one.overlap is None else _minutes(one.overlap.start, one.overlap.end),
        guests=one.guests,
        **untrusted({"title": one.summary}),
    )


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)


def approval(one: Approval, zone: ZoneInfo) -> dict[str, Any]:
    """A change that was asked for, and where it stands."""
    preview, outcome = one.preview, one.outcome
    by, emails = one.requested_by, (*preview.emails.inside, *preview.emails.outside)
    return _said(
        id=one.id,
        state=_word(one.state),
        asked_by="the person" if isinstance(by, User) else f"agent {by.name}",
        asked=shown(one.requested_at, zone),
        expires=shown(one.expires_at, zone),
        send_updates=_word(one.send_updates),
        emails_sent_to=len(emails),
        occurrences_touched=preview.occurrence_count,
        conflicts_caused=[conflict(one, zone) for one in preview.conflicts_caused[:_LINES]],
        conflicts_solved=[conflict(one, zone) for one in preview.conflicts_solved[:_LINES]],
        decided=None if one.decided_at is None else shown(one.decided_at, zone),
        notes_of_the_person=None if one.notes is None else harmless(one.notes, "description"),
        outcome=None if outcome is None else outcome.kind,
        **untrusted(
            {
                **{"summary": preview.summary, "reason": one.reason, "calendar": preview.calendar},
                "message": None if outcome is None else outcome.message,
            },
            changes=[
                {"field": change.field, "before": _line(change.before), "after": _line(change.after)}
                for change in preview.changes[:_LINES]
            ],
            occurrences=[harmless(line) for line in preview.occurrences[:_LINES]],
            emails=[harmless(address, "email") for address in emails[:GUESTS]],
        ),
    )


def _guest(guest: Attendee) -> dict[str, Any]:
    return _said(
        **_named(guest.email, guest.display_name),
        response=_word(guest.response_status),
        comment=None if guest.comment is None else harmless(guest.comment, "comment"),
        is_self=guest.is_self or None,
        is_organizer=guest.organizer or None,
        is_optional=guest.optional or None,
        is_room=guest.resource or None,
    )


def _person(one: Person | None) -> dict[str, Any] | None:
    return None if one is None else _said(**_named(one.email, one.display_name), is_self=one.is_self or None)


def _named(email: str | None, name: str | None) -> dict[str, Any]:
    return {"email": email and harmless(email, "email"), "name": name and harmless(name, "name")}


def _line(text: str | None) -> str | None:
    return None if text is None else harmless(text)


def _word(word: str | None) -> str | None:
    """A word of Google's, as plain text."""
    return None if word is None else harmless(str(word))


def _said(**fields: Any) -> dict[str, Any]:
    """An answer without what there is nothing to say of."""
    return {name: value for name, value in fields.items() if value is not None}
