"""What a service says without changing anything: the mirror, and when people have time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ._arguments import function, items
from ._keys import calendar_key, calendar_keys
from ._native import (
    Agenda,
    Calendar,
    CalendarKey,
    Change,
    ConflictPolicy,
    Conflicts,
    Event,
    EventKey,
    SearchMode,
    SearchResults,
    Service,
    Slots,
)
from ._slots import Participant, SlotQuery, participants_of

#: A day, which begins at midnight; an instant with its zone; or RFC 3339 text.
Time = date | datetime | str


class Mirror:
    """The mirror, as a service reads it."""

    _native: Service

    async def calendars(self, user: str) -> list[Calendar]:
        """The calendars of `user`, of all accounts, primary ones first."""
        return await self._native.calendars(user)

    async def calendar(self, user: str, calendar: CalendarKey | str, *, account: str | None = None) -> Calendar:
        """One calendar, by its key, or by Google's id (`primary`) and the account. Raises `NotFoundError`."""
        return await self._native.calendar(calendar_key(user, calendar, account))

    async def set_calendar_settings(
        self,
        user: str,
        calendar: CalendarKey | str,
        *,
        account: str | None = None,
        is_selected: bool | None = None,
        is_hidden: bool | None = None,
    ) -> None:
        """Keeps what the person chose: whether a calendar is synced and counts in conflicts, and whether lists leave it
        out. What is `None` stays as it is. Raises `NotFoundError`."""
        await self._native.set_calendar_settings(calendar_key(user, calendar, account), is_selected, is_hidden)

    async def list_events(
        self,
        user: str,
        *,
        calendars: Iterable[CalendarKey | str] | None = None,
        account: str | None = None,
        start: Time | None = None,
        end: Time | None = None,
        time_zone: str | ZoneInfo | None = None,
        include_series: bool = False,
        text: str | None = None,
        include_cancelled: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Event]:
        """Events as mirrored, by start: one-offs, exceptions and, where no range is given, the masters of series.

        :param calendars: only of these; `account` is that of those named by Google's id.
        :param start: with `end`: only those that take time between them, masters left out.
        :param time_zone: the zone whose midnight is meant by a `date`; UTC by default.
        :param include_series: with a range: also masters that may take place in it, and all their exceptions.
        :param text: only those whose title, place or description holds this, in any case.
        :param include_cancelled: cancelled exceptions too.

        Raises `NotFoundError` for an unknown calendar.
        """
        return await self._native.list_events(
            user,
            calendar_keys(user, calendars, account),
            start,
            end,
            time_zone,
            include_series,
            text,
            include_cancelled,
            limit,
            offset,
        )

    async def event(self, key: EventKey) -> Event:
        """One event. Raises `NotFoundError`."""
        return await self._native.event(key)

    async def event_counts(self, user: str) -> dict[CalendarKey, int]:
        """How many events of each calendar are mirrored, cancelled exceptions left out."""
        return dict(await self._native.event_counts(user))

    async def search(
        self,
        user: str,
        text: str,
        *,
        mode: SearchMode | str = "hybrid",
        calendars: Iterable[CalendarKey | str] | None = None,
        account: str | None = None,
        start: Time | None = None,
        end: Time | None = None,
        time_zone: str | ZoneInfo | None = None,
        attendee: str | None = None,
        limit: int = 10,
    ) -> SearchResults:
        """Events that fit a question or some words, best first: by words, by meaning, or by both.

        :param mode: `hybrid`, which does without meaning where the embedder is missing or fails; `text`; or `meaning`.
        :param attendee: only events whose organizer or guest has this address.
        :param limit: how many at most; no more than 100 come.

        In mode `meaning` it raises `InvalidInputError` without an embedder, and what the embedder fails with.
        """
        keys = calendar_keys(user, calendars, account)
        return await self._native.search(user, text, str(mode), keys, start, end, time_zone, attendee, limit)

    async def agenda(
        self,
        user: str,
        start: Time,
        end: Time,
        *,
        time_zone: str | ZoneInfo | None = None,
        calendars: Iterable[CalendarKey | str] | None = None,
        account: str | None = None,
    ) -> Agenda:
        """The days between `start` and `end` on which something happens, each occurrence of a series by itself.

        :param time_zone: in which days are counted and times are shown; UTC by default.
        :param calendars: only these; by default all but those that lists leave out.
        """
        return await self._native.agenda(user, start, end, time_zone, calendar_keys(user, calendars, account))

    async def changes(
        self,
        user: str,
        cursor: int = 0,
        *,
        poll: Callable[[], Awaitable[object]] | None = None,
        page: int = 500,
    ) -> AsyncIterator[Change]:
        """Changes of the mirror after `cursor`, in the order they were stored, none skipped; of an event that changed
        often perhaps only the last. Keep the `cursor` of the last one that was worked off: after it the feed goes on.

        :param poll: waits until it is worth looking again. Without it the feed ends where it has no more.

        >>> async def follow(service):
        ...     async for change in service.changes("ada", poll=lambda: asyncio.sleep(5)):
        ...         print(change.cursor, change.key.event, change.event or "is gone")
        """
        function("poll", poll)
        while True:
            changes, following = await self._native.changes_since(user, cursor, page)
            for change in changes:
                yield change
            if changes:
                cursor = following
            elif poll is None:
                return
            else:
                await poll()

    async def detect_conflicts(
        self,
        user: str,
        start: Time | None = None,
        end: Time | None = None,
        *,
        draft: str | bytes | Mapping[str, Any] | Event | None = None,
        time_zone: str | ZoneInfo | None = None,
        policy: ConflictPolicy | None = None,
        horizon: tuple[Time, Time] | None = None,
        calendars: Iterable[CalendarKey | str] | None = None,
        account: str | None = None,
    ) -> Conflicts:
        """What stands in the way of the time from `start` to `end`, or of `draft`: series as they take place, one
        meeting seen through two calendars once. The answer is as of :func:`~theo_calendar.detect_conflicts`.

        :param draft: an event to be, or to be changed: one with an `id` is not in its own way.
        :param time_zone: the zone of days, and of times in `draft` that name none; UTC by default.
        :param horizon: of a `draft` that recurs, the occurrences asked about; by default the 90 days from its first.
        :param calendars: only these, whatever they are, by key or by Google's id through `account`. By default the
            selected ones that `user` may write to, of all accounts: what is in a colleague's takes the colleague's time.

        >>> async def example(service):
        ...     for conflict in await service.detect_conflicts("ada", "2025-03-28T14:30:00Z", "2025-03-28T15:30:00Z"):
        ...         print(conflict)

        Raises `NotFoundError` for an unknown calendar, and `InvalidInputError` for what cannot be read.
        """
        keys = calendar_keys(user, calendars, account)
        return await self._native.detect_conflicts(user, start, end, draft, horizon, time_zone, policy, keys)

    async def find_slots(
        self,
        user: str,
        start: Time,
        end: Time,
        duration: timedelta,
        *,
        participants: Iterable[Participant | str] = ("me",),
        time_zone: str | ZoneInfo | None = None,
        step: timedelta = timedelta(minutes=15),
        buffer_before: timedelta = timedelta(0),
        buffer_after: timedelta = timedelta(0),
        overlook: str = "nothing",
        count_all_day: bool = True,
        allow_unknown: bool = False,
        overlapping: bool = False,
        exclude: Iterable[str] = (),
        limit: int = 10,
    ) -> Slots:
        """When `user` and others have time for each other between `start` and `end`, best first.

        :param participants: who takes part: `me`, or addresses of calendars. When others are busy Google is asked.
        :param time_zone: on whose clocks starts and days are counted, and in which times are shown; UTC by default.
        :param step: how far apart starts are, counted from midnight.
        :param buffer_before: time that everybody has free before it; `buffer_after` after it.
        :param overlook: what in people's time may be overlooked, by how bad a conflict it would be: `nothing`, `low` or
            `medium`.
        :param allow_unknown: give slots, too, of which it is not known that all who must come are free.
        :param overlapping: give slots, too, that share time with better ones.
        :param exclude: ids of events that are left out, with their instances: those that are to be moved.

        Unknown is not free: the answer names whose time is not known. Raises `InvalidInputError` for a window of more
        than 62 days or shorter than the meeting, and for more than 200 people.
        """
        query = SlotQuery(
            start,
            end,
            time_zone,
            duration,
            participants_of(participants),
            step,
            buffer_before,
            buffer_after,
            str(overlook),
            count_all_day,
            allow_unknown,
            overlapping,
            items("exclude", exclude),
            limit,
        )
        return await self._native.find_slots(user, query)
