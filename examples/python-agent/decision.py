"""The person's part: what was proposed is shown, decided, made, and looked up at Google."""

from __future__ import annotations

from typing import Any

from at_google import Google

from theo_calendar import Approval, Approve, CalendarService, Create, Reject, User
from theo_calendar.tools import Tools


async def settle(service: CalendarService, tools: Tools, user: str, google: Google, *, yes: bool) -> None:
    """Has the person decide each proposal. The model has no part in it: only this side can decide and execute."""
    for proposal in (await tools.call("pending_approvals"))["approvals"]:
        show(proposal)
        if not (yes or asked("Approve it? [y/N] ")):
            await service.decide(User(user), proposal["id"], Reject())
            print("Rejected: nothing is changed.")
            continue
        await service.decide(User(user), proposal["id"], Approve())
        done = await service.execute(user, proposal["id"])
        outcome = done.outcome
        if outcome is not None and outcome.kind == "done" and outcome.event is not None:
            print(f"Executed. At Google: {google.event(calendar_of(done), outcome.event)}")
        else:
            print(f"Not executed ({done.state}): {outcome and outcome.message}")


def show(proposal: dict[str, Any]) -> None:
    """What the person decides on. It holds others' text, which the tools made harmless for a terminal, too."""
    told = proposal["untrusted"]
    print(f"\n{proposal['asked_by']} asks: {told['summary']}")
    print(f"  because: {told['reason']}")
    for change in told.get("changes", []):
        print(f"  {change['field']}: {change['before']} → {change['after']}")
    print(f"  emails: {', '.join(told.get('emails', [])) or 'none'}")


def calendar_of(approval: Approval) -> str:
    """Google's id of the calendar that it changes."""
    action = approval.action
    return action.calendar.calendar if isinstance(action, Create) else action.event.calendar


def asked(question: str) -> bool:
    """Whether the person says yes; who says nothing says no."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False
