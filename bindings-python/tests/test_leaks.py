"""Nothing is kept of what was asked: many calls, and the memory of the process before and after."""

import gc
import os
import sys

import pytest

from theo_calendar import (
    CalendarError,
    ConflictIndex,
    detect_conflicts,
    expand,
    parse_event,
    parse_events_page,
    scope_status,
)

# One Python makes all of them: without optimizing they take 20 s.
CALLS = 100_000 if sys.version_info < (3, 12) else 10_000
EVENT = {
    "id": "review",
    "summary": "Review",
    "start": {"dateTime": "2025-03-28T15:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2025-03-28T16:00:00+01:00", "timeZone": "Europe/Berlin"},
    "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"],
}
PAGE = parse_events_page({"timeZone": "Europe/Berlin", "items": [EVENT]})
WINDOW = ("2025-03-28T00:00:00Z", "2025-03-29T00:00:00Z")
INDEX = ConflictIndex()


def refused():
    try:
        expand("{", *WINDOW)
    except CalendarError as error:
        return error


WORK = [
    lambda: parse_event(EVENT).start,
    lambda: [one.start for one in expand(PAGE, *WINDOW)],
    lambda: str(detect_conflicts(PAGE, *WINDOW)[0]),
    lambda: (INDEX.add(PAGE), INDEX.check(*WINDOW)[0].span, INDEX.remove("review")),
    lambda: scope_status("openid").missing,
    refused,
]


def resident():
    """Bytes of this process that are in memory."""
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs Linux's /proc")
def test_calls_leave_nothing_behind(capsys):
    def calls(count):
        for turn in range(count):
            WORK[turn % len(WORK)]()

    calls(CALLS // 10)
    before = resident()
    calls(CALLS)
    after = resident()
    with capsys.disabled():
        print(f"\n   {CALLS} calls: {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB after")
    assert after - before < 4_000_000
