"""What is in the way in a person's mirror."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import ADA, TEAM, ZURICH

from theo_calendar import CalendarKey, ConflictPolicy, Severity, detect_conflicts, errors

AT_ZURICH = ZoneInfo(ZURICH)
FRIDAY = (datetime(2025, 3, 28, 15, 30, tzinfo=AT_ZURICH), datetime(2025, 3, 28, 16, 30, tzinfo=AT_ZURICH))


def asked(open_service, questions, store="memory"):
    """What `questions` answers with a service over the mirror of Ada's calendars."""

    async def job():
        async with open_service(store) as service:
            await service.full_sync("ada", accounts=[ADA])
            return await questions(service)

    return asyncio.run(job())


def titles(found):
    return [conflict.summary for conflict in found]


def test_what_is_in_the_way_of_a_time_is_told_as_the_pure_function_tells_it(open_service, store):
    async def questions(service):
        return await service.detect_conflicts("ada", *FRIDAY, time_zone=ZURICH), await service.list_events("ada")

    found, events = asked(open_service, questions, store)
    assert titles(found) == ["Fair", "Dentist"] and found.worst is Severity.HIGH and not found.is_free
    assert found[1].calendar_id == ADA and found[1].span.start == datetime(2025, 3, 28, 15, tzinfo=AT_ZURICH)
    alone = detect_conflicts(events, *FRIDAY, time_zone=ZURICH)
    assert type(found) is type(alone) and [str(one) for one in found] == [str(one) for one in alone]


def test_a_series_is_in_the_way_where_it_takes_place(open_service):
    async def questions(service):
        first = await service.detect_conflicts("ada", "2025-03-26T08:00:00Z", "2025-03-26T08:30:00Z")
        return first, await service.detect_conflicts("ada", "2025-04-03T07:00:00Z", "2025-04-03T07:30:00Z")

    within, after = asked(open_service, questions)
    assert titles(within) == ["Standup"] and within[0].instance_id.endswith("_20250326T080000Z")
    assert after.is_free and after.is_complete


def test_a_draft_is_asked_about_at_each_of_its_occurrences_and_is_not_in_its_own_way(open_service):
    weekly = {
        "summary": "Physio",
        "start": FRIDAY[0],
        "end": FRIDAY[1],
        "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
    }

    async def questions(service):
        (dentist,) = await service.list_events("ada", text="zahnweg")
        policy = ConflictPolicy(count_all_day=False)
        later = (date(2025, 3, 29), date(2025, 4, 1))
        return (
            await service.detect_conflicts("ada", draft=weekly, policy=policy),
            await service.detect_conflicts("ada", draft=weekly, policy=policy, horizon=later),
            await service.detect_conflicts("ada", draft=dentist, policy=policy),
        )

    asked_whole, asked_later, moved = asked(open_service, questions)
    assert titles(asked_whole) == ["Dentist"] and asked_whole[0].proposed.end - FRIDAY[0] == timedelta(hours=1)
    assert titles(asked_later) == [] and titles(moved) == []


def test_days_are_those_of_the_zone_asked_in(open_service):
    async def questions(service):
        day = (date(2025, 3, 29), date(2025, 3, 30))
        zones = [None, ZURICH, "Pacific/Kiritimati"]
        return [titles(await service.detect_conflicts("ada", *day, time_zone=zone)) for zone in zones]

    assert asked(open_service, questions) == [["Standup"], ["Standup"], ["Fair", "Dentist", "Standup"]]


def test_calendars_that_do_not_count_are_asked_when_they_are_named(open_service):
    async def questions(service):
        await service.set_calendar_settings("ada", "primary", account=ADA, is_selected=False)
        assert (await service.detect_conflicts("ada", *FRIDAY)).is_free
        by_key = [CalendarKey("ada", ADA, ADA)]
        return (
            await service.detect_conflicts("ada", *FRIDAY, calendars=by_key),
            await service.detect_conflicts("ada", *FRIDAY, calendars=["primary"], account=ADA),
            await service.detect_conflicts("ada", *FRIDAY, calendars=[TEAM], account=ADA),
        )

    by_key, by_id, team = asked(open_service, questions)
    assert titles(by_key) == titles(by_id) == ["Fair", "Dentist"] and team.is_free


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({}, TypeError, "^start: is missing"),
        ({"start": FRIDAY[0]}, TypeError, "^end: is missing"),
        ({"start": FRIDAY[1], "end": FRIDAY[0]}, errors.InvalidInputError, "^end: "),
        ({"start": FRIDAY[0], "end": FRIDAY[1], "draft": {}}, TypeError, "^draft: "),
        ({"start": FRIDAY[0], "end": FRIDAY[1], "horizon": FRIDAY}, TypeError, "^horizon: "),
        ({"draft": {"summary": "never"}}, errors.InvalidInputError, "^draft: "),
        ({"start": FRIDAY[0], "end": FRIDAY[1], "policy": 5}, TypeError, "^policy: "),
        ({"start": FRIDAY[0], "end": FRIDAY[1], "time_zone": "Mars/Olympus"}, errors.InvalidInputError, "^time_zone: "),
        ({"start": FRIDAY[0], "end": FRIDAY[1], "calendars": ["primary"]}, errors.InvalidInputError, "^account: "),
    ],
)
def test_a_wrong_argument_is_named(open_service, arguments, error, message):
    async def questions(service):
        with pytest.raises(error, match=message):
            await service.detect_conflicts("ada", **arguments)

    asked(open_service, questions)


def test_an_unknown_calendar_and_a_closed_service_say_so(open_service):
    async def questions(service):
        with pytest.raises(errors.NotFoundError) as caught:
            await service.detect_conflicts("ada", *FRIDAY, calendars=["nobody@example.com"], account=ADA)
        assert caught.value.operation == "detect_conflicts"
        await service.close()
        with pytest.raises(errors.InvalidInputError, match="closed"):
            await service.detect_conflicts("ada", *FRIDAY)

    asked(open_service, questions)
