"""What the package raises: one class a kind, all under :class:`CalendarError`.

A kind is one of the core's (`rate_limited`), and its class is called after it (:class:`RateLimitedError`). Where Python
has a class of its own for the same, the kind's is one of those too: a bad argument is a `ValueError`.
"""

from __future__ import annotations

import builtins
from typing import ClassVar


class CalendarError(Exception):
    """What went wrong, where, and what to do, in a sentence. Holds no secret.

    >>> from theo_calendar import parse_event
    >>> try:
    ...     parse_event("no JSON")
    ... except CalendarError as error:
    ...     print(error.kind)
    invalid_input
    """

    #: The kind, for programs: `rate_limited`.
    kind: ClassVar[str] = "internal"
    #: The operation that failed, as Google or the service names it: `events.insert`, `full_sync`.
    operation: str | None
    #: Google's own word for it: `conditionNotMet`.
    reason: str | None
    #: How many seconds to wait before another try, where somebody said.
    retry_after: float | None

    def __init__(
        self,
        message: str,
        operation: str | None = None,
        reason: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.reason = reason
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[CalendarError], tuple[object, ...]]:
        return type(self), (*self.args, self.operation, self.reason, self.retry_after)


class UnauthorizedError(CalendarError):
    """The access token is missing, wrong or expired."""


class GrantRevokedError(CalendarError):
    """The person's grant is gone: ask them to connect again."""


class ScopeMissingError(CalendarError):
    """The grant lacks a scope that this needs: ask the person for it."""


class ForbiddenError(CalendarError):
    """The person may not do this to that calendar or event."""


class NotFoundError(CalendarError, LookupError):
    """No such calendar, event, approval or channel."""


class AlreadyExistsError(CalendarError):
    """The id is taken."""


class DeletedError(CalendarError):
    """It was deleted before."""


class SyncTokenExpiredError(CalendarError):
    """The sync token is too old; a sync starts over by itself."""


class PreconditionFailedError(CalendarError):
    """Somebody changed it first."""


class RateLimitedError(CalendarError):
    """Too many requests just now: wait :attr:`retry_after` seconds."""


class QuotaExceededError(CalendarError):
    """The calendar's or the project's quota is used up."""


class InvalidRequestError(CalendarError):
    """Google refused the request as wrong."""


class PushRefusedError(CalendarError):
    """Google refuses push for this calendar: it is polled instead."""


class UnavailableError(CalendarError):
    """Google failed (5xx)."""


class TimeoutError(CalendarError, builtins.TimeoutError):
    """No answer in time: it may or may not have been applied."""


class ConnectionError(CalendarError, builtins.ConnectionError):
    """The connection failed: it may or may not have been applied."""


class MalformedResponseError(CalendarError):
    """The answer is not what Google documents, or was cut short."""


class InvalidInputError(CalendarError, ValueError):
    """An argument is wrong, and the sentence names it; nothing was sent."""


class NotPermittedError(CalendarError):
    """This principal may not do that: an agent cannot decide, a user cannot touch what is another's."""


class ExpiredError(CalendarError):
    """The approval is past its expiry."""


class WrongStateError(CalendarError):
    """The approval is not in a state that allows this."""


class StaleError(CalendarError):
    """The event drifted since the approval was asked."""


class LeaseLostError(CalendarError):
    """Another worker took over: nothing of this one's work is stored."""


class BusyError(CalendarError):
    """Another worker is on it just now."""


class StorageError(CalendarError):
    """The store failed."""


class InternalError(CalendarError):
    """A fault of this package: please report it."""


def _kind(name: str) -> str:
    letters = name.removesuffix("Error")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in letters).removeprefix("_")


_CLASSES: dict[str, type[CalendarError]] = {}
for _class in CalendarError.__subclasses__():
    _class.kind = _kind(_class.__name__)
    _CLASSES[_class.kind] = _class


def of_kind(
    kind: str, message: str, operation: str | None, reason: str | None, retry_after: float | None
) -> CalendarError:
    """What the native half raises for an error of `kind`."""
    return _CLASSES.get(kind, InternalError)(message, operation, reason, retry_after)
