"""What is asked for, and what a person says to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from ._native import Agent, Create, Delete, Respond, SendUpdates, Update, User

#: A change to Google Calendar.
Action = Create | Update | Delete | Respond

_ACTIONS = (Create, Update, Delete, Respond)


@dataclass(frozen=True, slots=True)
class Request:
    """A change, as it is asked for."""

    action: Action
    send_updates: SendUpdates | str = "none"
    reason: str | None = None
    expires_in: timedelta | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.action, _ACTIONS):
            raise TypeError(f"action: must be a Create, Update, Delete or Respond, not {type(self.action).__name__}")


@dataclass(frozen=True, slots=True)
class Approve:
    """Yes.

    >>> Approve(notes="fine with me")
    Approve(notes='fine with me')
    """

    #: What the person wrote with it.
    notes: str | None = None

    verb: ClassVar[str] = "approve"
    request: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Reject:
    """No."""

    #: What the person wrote with it.
    notes: str | None = None

    verb: ClassVar[str] = "reject"
    request: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class EditAndApprove:
    """Yes, but to this instead: a new approval that names the first is asked for and approved; the first is rejected."""

    #: What the person wants instead.
    action: Action
    #: Who is emailed about it: `all`, `externalOnly` or `none`.
    send_updates: SendUpdates | str = "none"
    #: Why.
    reason: str | None = None
    #: How long it may be executed; a day by default.
    expires_in: timedelta | None = None
    #: What the person wrote with it.
    notes: str | None = None

    verb: ClassVar[str] = "edit_and_approve"

    @property
    def request(self) -> Request:
        """What is asked for instead."""
        return Request(self.action, self.send_updates, self.reason, self.expires_in)


#: What a person says to a request.
Decision = Approve | Reject | EditAndApprove


def checked(decision: Decision) -> Decision:
    """`decision`, where it is one."""
    if not isinstance(decision, (Approve, Reject, EditAndApprove)):
        raise TypeError(f"decision: must be an Approve, Reject or EditAndApprove, not {type(decision).__name__}")
    return decision


def principal(by: User | Agent) -> User | Agent:
    """`by`, where it says who."""
    if not isinstance(by, (User, Agent)):
        raise TypeError(f"by: must be a User or an Agent, not {type(by).__name__}")
    return by
