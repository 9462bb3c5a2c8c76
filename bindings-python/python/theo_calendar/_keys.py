"""Which calendar is meant."""

from __future__ import annotations

from collections.abc import Iterable

from ._native import CalendarKey
from .errors import InvalidInputError


def calendar_key(user: str, calendar: CalendarKey | str, account: str | None) -> CalendarKey:
    """The key of `calendar` of `user`: itself, or by Google's id (`primary`) and the account.

    >>> calendar_key("ada", "primary", "ada@example.com")
    CalendarKey(user='ada', account='ada@example.com', calendar='primary')
    """
    if isinstance(calendar, str):
        if account is None:
            raise InvalidInputError(
                f"account: is missing: say through which account {calendar!r} is meant, or give a key"
            )
        return CalendarKey(user, account, calendar)
    if not isinstance(calendar, CalendarKey):
        raise TypeError(f"calendar: must be a CalendarKey or a str, not {type(calendar).__name__}")
    if calendar.user != user:
        raise InvalidInputError(f"calendar: is of user {calendar.user!r}, not of {user!r}")
    return calendar


def calendar_keys(
    user: str, calendars: Iterable[CalendarKey | str] | None, account: str | None
) -> list[CalendarKey] | None:
    """The keys of several, or `None` where all are meant."""
    if calendars is None:
        return None
    if isinstance(calendars, (str, CalendarKey)):
        calendars = [calendars]
    return [calendar_key(user, calendar, account) for calendar in calendars]
