"""Which calendar is meant."""

from __future__ import annotations

from collections.abc import Iterable

from ._arguments import items, told
from ._native import AccountKey, CalendarKey
from .errors import InvalidInputError


def account_key(user: str, account: str) -> AccountKey:
    """The key of an account of `user`."""
    try:
        return AccountKey(user, account)
    except TypeError as error:
        raise told(error) from None


def calendar_key(
    user: str, calendar: CalendarKey | str, account: str | None, argument: str = "calendar"
) -> CalendarKey:
    """The key of `calendar` of `user`: itself, or by Google's id (`primary`) and the account.

    >>> calendar_key("ada", "primary", "ada@example.com")
    CalendarKey(user='ada', account='ada@example.com', calendar='primary')
    """
    if isinstance(calendar, str):
        if account is None:
            raise InvalidInputError(
                f"account: is missing: say through which account {calendar!r} is meant, or give a key"
            )
        try:
            return CalendarKey(user, account, calendar)
        except TypeError as error:
            raise told(error) from None
    if not isinstance(calendar, CalendarKey):
        raise TypeError(f"{argument}: must be a CalendarKey or a str, not {type(calendar).__name__}")
    if calendar.user != user:
        raise InvalidInputError(f"{argument}: is of user {calendar.user!r}, not of {user!r}")
    return calendar


def calendar_keys(
    user: str, calendars: Iterable[CalendarKey | str] | None, account: str | None
) -> list[CalendarKey] | None:
    """The keys of several, or `None` where all are meant."""
    if calendars is None:
        return None
    if isinstance(calendars, CalendarKey):
        calendars = [calendars]
    named = enumerate(items("calendars", calendars))
    return [calendar_key(user, calendar, account, f"calendars[{place}]") for place, calendar in named]
