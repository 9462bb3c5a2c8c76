"""Python answers as the core does natively, byte for byte.

`SAME_ANSWERS_BIN` names the native side, and `SAME_ANSWERS_CALENDARS` how many calendars are made up.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from theo_calendar import (
    CalendarError,
    ConflictIndex,
    ConflictPolicy,
    WorkingHours,
    detect_conflicts,
    expand,
    format_conflict,
)

BINARY = os.environ.get("SAME_ANSWERS_BIN", "target/debug/same-answers")
# One Python asks most: the native half is the same file in all of them.
CALENDARS = int(os.environ.get("SAME_ANSWERS_CALENDARS", "10000" if sys.version_info < (3, 12) else "50"))
LENGTHS = {"bufferBeforeMinutes": "buffer_before", "bufferAfterMinutes": "buffer_after", "travelMinutes": "travel_time"}
IGNORED = {
    "ignoreAllDay": "count_all_day",
    "ignoreTentative": "count_tentative",
    "ignoreUnanswered": "count_unanswered",
}


def native(*arguments, given=""):
    return subprocess.run(
        [BINARY, *arguments], input=given, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def written(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def asked(question):
    """The arguments of a question about conflicts."""
    options = question["options"]
    policy = {name: timedelta(minutes=options.get(option, 0)) for option, name in LENGTHS.items()}
    policy |= {name: not options.get(option, False) for option, name in IGNORED.items()}
    policy["exclude"] = options.get("excludeEventId", [])
    if hours := options.get("workingHours"):
        days = {day: spans for day, spans in hours.items() if day != "timeZone"}
        policy["working_hours"] = WorkingHours(hours["timeZone"], **days)
    times = question.get("range") or {"draft": question.get("event")}
    if horizon := options.get("horizon"):
        times["horizon"] = (horizon["start"], horizon["end"])
    return {**times, "time_zone": options.get("timeZone"), "policy": ConflictPolicy(**policy)}


def answer(ask):
    try:
        return ask()
    except CalendarError as error:
        return error.kind


def expansion(page, question):
    found = expand(page, **question["window"], time_zone=question["options"].get("timeZone", "UTC"))
    utc = lambda time: time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    occurrences = [
        {
            "id": one.id,
            "eventId": one.event_id,
            "span": {"start": utc(one.span.start), "end": utc(one.span.end)},
            "allDay": one.all_day,
        }
        for one in found
    ]
    for one in found:
        # As Python has them, too: days of the zone, or the same instants.
        days = [time.date() for time in one.span]
        assert [one.start, one.end] == (days if one.all_day else [*one.span])
        assert one.span.start.tzinfo is ZoneInfo(question["options"].get("timeZone", "UTC"))
    unread = [list(item) for item in found.unreadable.items()]
    assert found.quarantined == ()
    return written({"occurrences": occurrences, "truncated": found.truncated, "unreadable": unread})


def conflicts(index, question):
    found = index.check(**asked(question))
    options = question["options"]
    shown_in = options.get("displayTimeZone") or options.get("timeZone") or "UTC"
    lines = [format_conflict(one, time_zone=shown_in) for one in found]
    return f'{{"found":{found.to_json()},"lines":{written(lines)}}}'


@pytest.fixture(scope="module")
def calendars():
    if not os.path.exists(BINARY):  # make test names one, so that nothing is left out there.
        pytest.skip("there is no native side: cargo build -p same-answers")
    return native("make", "--calendars", str(CALENDARS))


def test_made_up_calendars_have_the_same_conflicts_and_occurrences_natively_and_here(calendars):
    expected = iter(native("answer", given="\n".join(calendars)))
    found = taken = 0
    for line in calendars:
        calendar = json.loads(line)
        page = written(calendar["page"])
        index = ConflictIndex()
        assert index.add(page) == ()
        for question in calendar["questions"]:
            ask = expansion if "window" in question else conflicts
            given = answer(lambda: ask(page if "window" in question else index, question))
            assert given == next(expected), line
            found += given.count('"severity"')
            taken += given.count('"allDay"')
    assert next(expected, None) is None
    assert found > CALENDARS and taken > CALENDARS


def test_a_list_is_asked_as_an_index_is(calendars):
    for line in calendars[:100]:
        calendar = json.loads(line)
        for question in calendar["questions"]:
            if "window" in question:
                continue
            # A list is of one calendar, and so in the zone of the question.
            zone = question["options"].get("timeZone", "UTC")
            index = ConflictIndex()
            index.add(calendar["page"], time_zone=zone)
            from_index = answer(lambda: index.check(**asked(question)).to_json())
            for name in ("calendar_id", "account_id"):
                from_index = from_index.replace(f'"{name}":""', f'"{name}":null')
            from_list = answer(
                lambda: detect_conflicts(calendar["page"], **{**asked(question), "time_zone": zone}).to_json()
            )
            assert from_list == from_index
