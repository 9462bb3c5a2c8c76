"""Bad input: each argument of each function, with a wrong type and a wrong value, raises what names it."""

import json
import re
from datetime import date, datetime, timedelta
from functools import partial

import pytest

import theo_calendar
from theo_calendar import (
    Attendee,
    ConflictIndex,
    ConflictPolicy,
    Event,
    Person,
    WorkingHours,
    detect_conflicts,
    errors,
    expand,
    format_conflict,
    has_high_severity_conflicts,
    parse_event,
    parse_events_page,
    parse_scopes,
    scope_status,
)

SERIES = {
    "id": "review",
    "start": {"dateTime": "2025-03-28T15:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2025-03-28T16:00:00+01:00", "timeZone": "Europe/Berlin"},
}
FROM, TO = "2025-03-28T00:00:00Z", "2025-03-29T00:00:00Z"
CONFLICT = detect_conflicts([SERIES], FROM, TO)[0]
CIRCLE = {}
CIRCLE["itself"] = CIRCLE

NO_TIME = [5, object(), "noon", "2025-03-28", datetime(2025, 3, 28)]
NO_ZONE = [5, object(), "Mars/Base", "europe berlin", ""]
NO_EVENTS = [
    5,
    None,
    object(),
    "{",
    b"\xff",
    "5",
    {},
    {"items": 5},
    [5],
    ["{}"],
    [SERIES, object()],
    [{"id": object()}],
    [CIRCLE],
]
NO_EVENT = [
    5,
    object(),
    "{",
    "[]",
    b"\xff",
    {"id": 5},
    {"id": "x", "start": {"dateTime": "noon"}},
    CIRCLE,
    {"id": float("nan")},
]
NO_DRAFT = [
    *NO_EVENT,
    {"summary": "Without times"},
    {**SERIES, "end": SERIES["start"]},
    {**SERIES, "recurrence": ["RRULE:FREQ=OFTEN"]},
    {**SERIES, "start": {"dateTime": "2025-03-28T15:00:00", "timeZone": "Mars/Base"}},
    {**SERIES, "start": datetime(2025, 3, 28)},
]
NO_NAME = [5, object(), b"bytes"]
NO_LENGTH = [5, "15 minutes", object(), timedelta(minutes=-1)]
NO_TEXTS = [5, object(), [5], [None]]
NO_SPANS = [*NO_TEXTS, "9 to 5", ["17:00-09:00"], "25:00-26:00"]

QUESTION = {
    "start": NO_TIME,
    "end": [*NO_TIME, FROM, date(2025, 3, 28)],
    "time_zone": NO_ZONE,
    "policy": [5, {}, object()],
}
DRAFT = {"draft": NO_DRAFT, "horizon": [5, FROM, (FROM,), (FROM, 5), (TO, FROM), (FROM, TO, TO)]}
WHERE = {"calendar_id": NO_NAME, "account_id": NO_NAME}
FUNCTIONS = [
    (parse_event, {"event": SERIES}, {"event": [*NO_EVENT, None]}),
    (parse_events_page, {"page": {"items": []}}, {"page": [5, None, object(), CIRCLE, "{", {}, [], b"\xff"]}),
    (Event.from_google, {"event": SERIES}, {"event": [*NO_EVENT, None]}),
    (Attendee.from_google, {"attendee": {}}, {"attendee": [5, None, "[]", {"email": 5}]}),
    (Person.from_google, {"person": {}}, {"person": [5, None, "[]", {"email": 5}]}),
    (
        expand,
        {"events": [SERIES], "start": FROM, "end": TO, "time_zone": "UTC"},
        {"events": NO_EVENTS, "start": [*NO_TIME, None], "end": [*NO_TIME, None, FROM], "time_zone": NO_ZONE},
    ),
    (detect_conflicts, {"events": [SERIES], "start": FROM, "end": TO}, {"events": NO_EVENTS, **QUESTION}),
    (detect_conflicts, {"events": [SERIES], "draft": SERIES}, DRAFT),
    (ConflictIndex().check, {"start": FROM, "end": TO}, QUESTION),
    (ConflictIndex().check, {"draft": SERIES}, DRAFT),
    (ConflictIndex().add, {"events": [SERIES]}, {"events": NO_EVENTS, "time_zone": NO_ZONE, **WHERE}),
    (ConflictIndex().remove, {"event_id": "review"}, {"event_id": NO_NAME, **WHERE}),
    (ConflictIndex().remove_calendar, {}, WHERE),
    (has_high_severity_conflicts, {"conflicts": []}, {"conflicts": [5, None, [5], [SERIES]]}),
    (format_conflict, {"conflict": CONFLICT}, {"conflict": [5, None, SERIES], "time_zone": NO_ZONE}),
    (parse_scopes, {"scope": ""}, {"scope": NO_NAME}),
    (scope_status, {"scopes": ""}, {"scopes": [*NO_TEXTS, None]}),
    (
        ConflictPolicy,
        {},
        dict.fromkeys(["buffer_before", "buffer_after", "travel_time"], NO_LENGTH)
        | dict.fromkeys(["count_all_day", "count_tentative", "count_unanswered"], [5, "yes", object()])
        | {"working_hours": [5, "09:00-17:00", {}], "exclude": NO_TEXTS, "buffer": [timedelta(0)]},
    ),
    (
        WorkingHours,
        {"time_zone": "UTC"},
        {"time_zone": [*NO_ZONE, None], "monday": NO_SPANS, "sunday": [*NO_SPANS, None], "someday": ["09:00-17:00"]},
    ),
]  # fmt: skip
CASES = [
    pytest.param(function, good, argument, bad, id=f"{function.__name__}-{argument}-{place}")
    for function, good, wrong in FUNCTIONS
    for argument, values in wrong.items()
    for place, bad in enumerate(values)
]


@pytest.mark.parametrize(("function", "good", "argument", "bad"), CASES)
def test_a_bad_argument_is_named(function, good, argument, bad):
    with pytest.raises((TypeError, ValueError, errors.MalformedResponseError)) as caught:
        function(**{**good, argument: bad})
    # What is no page is Google's fault, so that its sentence is about the answer.
    assert re.match(rf"{argument}(\[\d+\])?: ", str(caught.value)) or isinstance(
        caught.value, errors.MalformedResponseError
    )


@pytest.mark.parametrize(("function", "good"), [(function, good) for function, good, _ in FUNCTIONS])
def test_what_the_bad_arguments_stand_in_for_is_good(function, good):
    function(**good)


def test_every_function_is_among_them():
    public = {
        name for name in theo_calendar.__all__ if type(getattr(theo_calendar, name)).__name__.startswith("builtin")
    }
    assert public == {function.__name__ for function, _, _ in FUNCTIONS} & public


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"start": FROM},
        {"end": TO},
        {"start": FROM, "draft": SERIES},
        {"start": FROM, "end": TO, "horizon": (FROM, TO)},
    ],
)
def test_a_question_is_a_time_or_a_draft(question):
    for ask in (partial(detect_conflicts, []), ConflictIndex().check):
        with pytest.raises(TypeError, match="^(start|end|draft|horizon): "):
            ask(**question)


def test_two_stretches_of_a_day_that_overlap_are_told():
    with pytest.raises(errors.InvalidInputError, match="09:00-12:00 and 11:00-13:00 of Mon overlap"):
        WorkingHours("UTC", monday=["11:00-13:00", "09:00-12:00"])
    with pytest.raises(errors.InvalidInputError, match="^spans: "):
        WorkingHours.on_workdays("UTC", "9-5")


def test_a_rule_that_cannot_be_read_is_quoted():
    odd = {**SERIES, "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=XX"]}
    found = expand([odd], FROM, TO)
    assert [one.event_id for one in found] == ["review"] and not found.truncated
    assert "BYDAY" in found.unreadable["review"] and "XX" in found.unreadable["review"]
    with pytest.raises(errors.InvalidInputError, match="^draft: .*BYDAY.*XX"):
        detect_conflicts([], draft=odd)


def test_a_zone_that_is_unknown_is_quoted():
    for call in (
        partial(expand, [], FROM, TO),
        partial(detect_conflicts, [], FROM, TO),
        partial(ConflictIndex().add, []),
    ):
        with pytest.raises(
            errors.InvalidInputError, match='^time_zone: time zone "Mars/Base" is not known: use an IANA'
        ):
            call(time_zone="Mars/Base")
    page = {"timeZone": "Mars/Base", "items": []}
    with pytest.raises(errors.InvalidInputError, match='^events: time zone "Mars/Base" is not known'):
        expand(page, FROM, TO)
    assert len(expand(page, FROM, TO, time_zone="UTC")) == 0


def test_an_end_before_its_start_says_both():
    with pytest.raises(errors.InvalidInputError, match="^end: the range from 2025-03-29 .* to 2025-03-28 .* is empty"):
        expand([], TO, FROM)
    with pytest.raises(errors.InvalidInputError, match="^draft: the event ends no later than it starts"):
        detect_conflicts([], draft={"start": date(2025, 3, 28), "end": date(2025, 3, 28)})


def test_a_rule_past_its_bound_is_refused_where_it_is_read():
    bomb = {**SERIES, "recurrence": ["RRULE:FREQ=DAILY;COUNT=99999999999999999999"]}
    assert "COUNT" in expand([bomb], FROM, TO).unreadable["review"]
    with pytest.raises(errors.InvalidInputError, match="^draft: .*COUNT"):
        detect_conflicts([], draft=bomb)


def test_hostile_depth_and_size_are_errors_of_their_own():
    deep = "[" * 100_000
    for call in (parse_event, partial(expand, start=FROM, end=TO)):
        with pytest.raises(errors.InvalidInputError):
            call(deep)
    nested = current = {}
    for _ in range(10_000):
        current["items"] = current = {}
    with pytest.raises((RecursionError, ValueError)):
        expand(nested, FROM, TO)


def test_times_past_what_python_knows_are_exceptions():
    far = {**SERIES, "start": {"dateTime": "9999-12-31T23:00:00Z"}, "end": {"dateTime": "9999-12-31T23:30:00Z"}}
    with pytest.raises(OverflowError):
        _ = expand(far, FROM, "9999-12-31T23:59:59Z", time_zone="Asia/Tokyo")[0].start
    wide = ConflictPolicy(travel_time=timedelta.max)
    with pytest.raises((OverflowError, ValueError)):
        _ = detect_conflicts([SERIES], FROM, TO, policy=wide).looked_at


def test_an_object_that_lies_about_its_json_is_an_exception():
    class Liar(dict):
        def items(self):
            raise RuntimeError("no")

    class Proxy:
        def to_google(self):
            raise RuntimeError("no")

    for value in (Liar(SERIES), {"id": Proxy()}):
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            parse_event(value)
            raise ValueError("it was read as it was")
    assert json.loads(parse_event({"id": "x", "attendees": [Attendee.from_google({"email": "a@b.c"})]}).to_json())
