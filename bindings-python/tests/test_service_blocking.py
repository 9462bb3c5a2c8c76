"""The service for hosts without an event loop."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ADA, TEAM

from theo_calendar import CalendarKey, CalendarService as Asynchronous, Create, StaticToken, User, errors
from theo_calendar.blocking import CalendarService


@pytest.fixture
def service(google, store):
    with CalendarService.open(store, google=google.url, tokens=StaticToken("ada-token")) as service:
        yield service


def test_each_call_returns_when_it_is_done(service):
    pages = []
    assert service.full_sync("ada", accounts=[ADA], on_progress=pages.append).is_complete
    assert [page.title for page in pages] == [None, "Ada", "Team"]
    assert {change.event.summary for change in service.changes("ada", page=2)} == {"Dentist", "Standup", "Fair"}
    asked = service.request(
        User("ada"),
        Create(CalendarKey("ada", ADA, "primary"), {"start": {"date": "2025-04-01"}, "end": {"date": "2025-04-02"}}),
    )
    assert service.pending_approvals("ada") == [asked]
    with pytest.raises(errors.NotFoundError):
        service.approval("ada", "none")


def test_the_feed_goes_on_after_each_wait(service):
    service.full_sync("ada", accounts=[ADA])
    waits = []
    for change in service.changes("ada", poll=lambda: (waits.append(1), service.full_sync("ada"))):
        if change.cursor == 3:
            break
    assert waits == []


def test_threads_call_beside_each_other(service):
    service.full_sync("ada", accounts=[ADA])
    with ThreadPoolExecutor(20) as pool:
        counts = list(pool.map(lambda _: len(service.list_events("ada")), range(200)))
    assert counts == [3] * 200


def test_every_method_of_the_service_is_here():
    methods = {name for name in dir(Asynchronous) if not name.startswith("_")}
    assert methods == {name for name in dir(CalendarService) if not name.startswith("_")}
    assert CalendarService.search.__doc__ == Asynchronous.search.__doc__


def test_closed_twice_is_closed_once(google):
    service = CalendarService.open(google=google.url, tokens=StaticToken("ada-token"))
    service.close()
    service.close()
    with pytest.raises(errors.InvalidInputError, match="closed"):
        service.calendars("ada")
    assert not [thread for thread in threading.enumerate() if thread.name == "theo-calendar-blocking"]


INTERRUPTED = """
import signal, sys
from theo_calendar.blocking import CalendarService

# What runs in the background is started deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)

async def never(account, renewed):
    print("waiting", flush=True)
    import asyncio
    try:
        await asyncio.Event().wait()
    finally:
        print("cancelled", flush=True)

service = CalendarService.open(google=sys.argv[1], tokens=never)
try:
    service.full_sync("ada", accounts=["a"])
except KeyboardInterrupt:
    print("interrupted", service.calendars("ada"), flush=True)
service.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_ctrl_c_ends_the_call_and_leaves_the_service_usable(google):
    command = [sys.executable, "-c", INTERRUPTED, google.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert sorted(told.splitlines()) == ["cancelled", "interrupted []"]


def test_the_tools_of_an_agent_are_the_same(service):
    service.full_sync("ada", accounts=[ADA])
    tools = service.tools("ada", agent="theo", time_zone="Europe/Berlin")
    assert [one["id"] for one in tools.call("list_calendars")["calendars"]] == [f"{ADA}/{ADA}", f"{ADA}/{TEAM}"]
    assert json.loads(tools.call_text("nothing"))["error"]["kind"] == "invalid_input"
    assert len(tools.openai()) == len(tools.anthropic()) and tools.is_read_only("agenda")
