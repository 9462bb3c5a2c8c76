"""An agent at a terminal: it looks into a calendar and proposes; the person decides; then it is done, once.

Without options it needs nothing: the calendar is that of a Google which it starts by itself, and the model is a script.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from agent import converse
from at_google import Google, fake_google
from decision import settle
from model import ChatModel, Model
from script import ScriptedModel

from theo_calendar import CalendarError, CalendarService, StaticToken

USER = "ada"
QUESTIONS = (
    "What is on Thursday?",
    "My review clashes with something that day. Find it another time, please.",
    "Is it done?",
)


@dataclass(frozen=True)
class Place:
    """Whose calendar, where, and what time it is there."""

    google: Google
    account: str
    time_zone: str
    clock: Callable[[], datetime]


async def main() -> int:
    options = parsed()
    if options.google is not None:
        google = Google(options.google, os.environ.get("THEO_ACCESS_TOKEN", ""))
        return await session(
            Place(google, options.account, options.time_zone, lambda: datetime.now(UTC)),
            options,
        )
    with fake_google() as (google, now):
        return await session(Place(google, "ada@example.com", "Europe/Berlin", lambda: now), options)


async def session(place: Place, options: argparse.Namespace) -> int:
    """Asks each question, and after each has the person decide what came of it."""
    tokens, url = StaticToken(place.google.token), place.google.url
    async with CalendarService.open(tokens=tokens, google=url, clock=place.clock) as service:
        report = await service.full_sync(USER, accounts=[place.account])
        for failure in report.failures:
            print(f"not synced: {failure.message}", file=sys.stderr)
        print(f"Mirrored {report.events_added} events of {place.account}.")
        tools = service.tools(USER, agent="theo", time_zone=place.time_zone, clock=place.clock)
        messages = [{"role": "system", "content": tools.instructions()}]
        model = configured()
        for question in options.ask or QUESTIONS:
            print(f"\nAda: {question}")
            messages.append({"role": "user", "content": question})
            print(f"Theo: {await converse(model, tools, messages)}")
            await settle(service, tools, USER, place.google, yes=options.yes)
    return 0


def configured() -> Model:
    """The model that the environment names; the script without one."""
    url = os.environ.get("OPENAI_BASE_URL")
    if not url:
        return ScriptedModel()
    return ChatModel(url, os.environ.get("OPENAI_MODEL", "gpt-4.1"), os.environ.get("OPENAI_API_KEY"))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--ask",
        action="append",
        metavar="QUESTION",
        help="ask this instead; needs a model, see README",
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        help="approve whatever is proposed, without asking",
    )
    parser.add_argument(
        "--google",
        metavar="URL",
        help="another Google: https://www.googleapis.com is Google's own",
    )
    parser.add_argument("--account", metavar="ADDRESS", help="whose calendars, there")
    parser.add_argument("--time-zone", metavar="ZONE", help="on whose clocks, there: Europe/Berlin")
    options = parser.parse_args()
    if options.google and not (options.account and options.time_zone and os.environ.get("THEO_ACCESS_TOKEN")):
        parser.error("--google needs --account, --time-zone, and a token in THEO_ACCESS_TOKEN")
    if options.ask and not os.environ.get("OPENAI_BASE_URL"):
        parser.error("--ask needs a model: name one by OPENAI_BASE_URL, since the script knows its own questions only")
    return options


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    # An OSError is a model, or a Google, that cannot be reached or answers with an error.
    except (CalendarError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
