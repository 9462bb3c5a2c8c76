"""What stands in the way."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from theo_calendar import (
    Conflict,
    ConflictIndex,
    ConflictPolicy,
    ConflictReason,
    Conflicts,
    Duplicate,
    DuplicateReason,
    Severity,
    TimeRange,
    WorkingHours,
    detect_conflicts,
    expand,
    format_conflict,
    has_high_severity_conflicts,
    parse_event,
)

BERLIN = ZoneInfo("Europe/Berlin")


def at(hour, minute=0):
    return datetime(2025, 3, 31, hour, minute, tzinfo=BERLIN)


def event(id, start, end, **fields):
    return {"id": id, "summary": id.title(), "start": start, "end": end, **fields}


STANDUP = event(
    "standup",
    datetime(2015, 3, 2, 9, tzinfo=BERLIN),
    datetime(2015, 3, 2, 9, 30, tzinfo=BERLIN),
    recurrence=["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
)
LUNCH = event(
    "lunch",
    at(12),
    at(13),
    iCalUID="lunch@example.com",
    attendees=[{"email": "me@example.com", "self": True, "responseStatus": "tentative"}, {"email": "ada@example.com"}],
)
FAIR = event("fair", date(2025, 3, 31), date(2025, 4, 1))
EVENTS = [STANDUP, LUNCH, FAIR]


def test_a_conflict_says_all_of_itself():
    found = detect_conflicts(EVENTS, at(9, 15), at(10), time_zone=BERLIN)
    fair, standup = found
    assert (standup.event_id, standup.instance_id, standup.summary) == (
        "standup",
        "standup_20250331T070000Z",
        "Standup",
    )
    assert (standup.original_start, standup.start, standup.end) == (at(9), at(9), at(9, 30))
    assert (standup.start.tzinfo, standup.calendar_id, standup.account_id, standup.ical_uid) == (
        BERLIN,
        None,
        None,
        None,
    )
    assert standup.span == TimeRange(at(9), at(9, 30))
    assert standup.proposed == (at(9, 15), at(10)) and standup.overlap == (at(9, 15), at(9, 30))
    assert (standup.guests, standup.duplicates) == (0, ())
    assert standup.severity is Severity.HIGH
    assert standup.reasons == (ConflictReason.OVERLAP, ConflictReason.ACCEPTED)
    assert (fair.start, fair.end, fair.severity) == (date(2025, 3, 31), date(2025, 4, 1), Severity.LOW)
    assert (found.worst, found.is_free, found.is_complete, found.truncated) == (Severity.HIGH, False, True, False)
    assert found.looked_at == (at(9, 15), at(10)) and found.looked_at.start.tzinfo is BERLIN


def test_a_conflict_reads_as_one_line_in_any_zone():
    fair, standup = detect_conflicts(EVENTS, at(9, 15), at(10), time_zone=BERLIN)
    line = "High: overlaps “Standup” Mon 2025-03-31 09:00–09:30 (Europe/Berlin): on your calendar"
    assert str(standup) == format_conflict(standup) == line
    assert "Mon 2025-03-31 03:00–03:30 (America/New_York)" in format_conflict(standup, time_zone="America/New_York")
    assert repr(standup) == f"<Conflict {line}>"


def test_severities_are_in_the_order_of_how_bad_they_are():
    assert max(Severity) is Severity.HIGH and min(Severity) is Severity.LOW
    assert Severity.LOW < Severity.MEDIUM < "high" and Severity.HIGH >= "medium"
    assert sorted(["high", Severity.LOW, Severity.MEDIUM]) == ["low", "medium", "high"]


def test_one_high_conflict_makes_all_of_them_high():
    found = detect_conflicts(EVENTS, at(9, 15), at(10), time_zone=BERLIN)
    assert has_high_severity_conflicts(found) and has_high_severity_conflicts(list(found))
    assert not has_high_severity_conflicts(found[:1]) and not has_high_severity_conflicts(iter(()))


def test_what_is_free_is_said_so_only_where_everything_could_be_read():
    evening = (at(20), at(21))
    found = detect_conflicts([LUNCH], *evening)
    assert (found.is_free, found.worst, len(found)) == (True, None, 0)
    assert not detect_conflicts([LUNCH, {"summary": "no id"}], *evening).is_free
    odd = detect_conflicts([{**STANDUP, "recurrence": ["RRULE:FREQ=OFTEN"]}], *evening)
    assert odd.unreadable == ("standup",) and not odd.is_free


@pytest.mark.parametrize("form", [dict, parse_event, json.dumps])
def test_a_draft_is_not_in_its_own_way(form):
    moved = {**json.loads(parse_event(LUNCH).to_json()), "summary": "Late lunch"}
    assert not detect_conflicts([LUNCH], draft=form(moved))
    del moved["id"], moved["iCalUID"]
    if form is not parse_event:
        assert [one.event_id for one in detect_conflicts([LUNCH], draft=form(moved))] == ["lunch"]


def test_a_draft_that_recurs_is_asked_about_at_each_occurrence_within_its_horizon():
    weekly = {"summary": "Sync", "start": at(12, 30), "end": at(13), "recurrence": ["RRULE:FREQ=DAILY"]}
    days = [event(f"day{day}", at(12) + timedelta(days=day), at(13) + timedelta(days=day)) for day in (0, 89, 100)]
    found = detect_conflicts(days, draft=weekly)
    assert [one.event_id for one in found] == ["day0", "day89"] and found.truncated
    found = detect_conflicts(days, draft=weekly, horizon=(date(2025, 7, 1), date(2025, 8, 1)))
    assert [(one.event_id, one.proposed.start) for one in found] == [("day100", at(12, 30) + timedelta(days=100))]


def test_a_policy_says_what_counts():
    after_lunch = (at(13, 10), at(14))
    assert not detect_conflicts([LUNCH], *after_lunch)
    (near,) = detect_conflicts([LUNCH], *after_lunch, policy=ConflictPolicy(buffer_before=timedelta(minutes=15)))
    assert (near.severity, near.reasons[0], near.overlap) == (Severity.LOW, ConflictReason.TOO_CLOSE, None)
    at_noon = (at(12), at(13))
    assert not detect_conflicts([LUNCH], *at_noon, policy=ConflictPolicy(count_tentative=False))
    assert not detect_conflicts([LUNCH], *at_noon, policy=ConflictPolicy(exclude="lunch"))
    assert not detect_conflicts([FAIR], *at_noon, policy=ConflictPolicy(count_all_day=False))


def test_a_time_outside_of_the_working_hours_is_told():
    hours = WorkingHours.on_workdays("Europe/Berlin", "09:00-17:00")
    found = detect_conflicts([], at(18), at(19), policy=ConflictPolicy(working_hours=hours))
    assert found.outside_hours == ((at(18), at(19)),) and found.worst is Severity.LOW


def test_a_policy_is_a_value():
    hours = WorkingHours("Europe/Berlin", monday=["09:00-12:00", "13:00-17:00"], sunday="10:00-11:00")
    assert hours.days == {"monday": ("09:00-12:00", "13:00-17:00"), "sunday": ("10:00-11:00",)}
    policy = ConflictPolicy(
        travel_time=timedelta(minutes=20), exclude=["a"], count_unanswered=False, working_hours=hours
    )
    same = pickle.loads(pickle.dumps(policy))
    assert policy == same and hash(policy) == hash(same) and policy != ConflictPolicy()
    assert (same.travel_time, same.exclude, same.count_unanswered) == (timedelta(minutes=20), ("a",), False)
    assert same.working_hours == hours and hash(same.working_hours) == hash(hours)
    assert eval(repr(policy), vars(__import__("theo_calendar")) | {"datetime": __import__("datetime")}) == policy
    with pytest.raises(AttributeError):
        policy.travel_time = timedelta(0)


def test_the_same_meeting_through_two_calendars_is_one_conflict():
    index = ConflictIndex()
    assert index.add([LUNCH], calendar_id="work", account_id="me@example.com") == ()
    index.add([LUNCH], calendar_id="home")
    (one,) = index.check(at(12), at(13))
    assert (one.calendar_id, one.account_id) == ("home", None)
    assert one.duplicates == (Duplicate("lunch", "work", "me@example.com", DuplicateReason.SAME_EVENT),)
    index.remove_calendar(calendar_id="home")
    assert index.check(at(12), at(13))[0].calendar_id == "work"


def test_an_index_answers_as_the_list_does_and_changes():
    index = ConflictIndex()
    index.add(EVENTS, time_zone=BERLIN)
    for question in [{"start": at(9, 15), "end": at(13)}, {"draft": {"start": at(9), "end": at(20)}}]:
        from_index = json.loads(index.check(time_zone=BERLIN, **question).to_json())
        for one in from_index["conflicts"]:
            one["calendar_id"] = one["account_id"] = None
        assert from_index == json.loads(detect_conflicts(EVENTS, time_zone=BERLIN, **question).to_json())
    assert len(index) == 3 and repr(index) == "<ConflictIndex of 3 events>"
    assert index.remove("lunch") and not index.remove("lunch")
    assert [bad.index for bad in index.add([FAIR, {}])] == [1]
    assert len(index) == 2


def test_an_index_is_asked_and_changed_by_many_threads_at_once():
    from concurrent.futures import ThreadPoolExecutor

    index = ConflictIndex()
    index.add([LUNCH])

    def work(turn):
        if turn % 10 == 0:
            index.add([event(f"more{turn}", at(20), at(21))])
        return len(index.check(at(12), at(13)))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(500))) == {1}
    assert len(index) == 51


def test_conflicts_are_a_sequence_that_is_pickled_whole():
    found = detect_conflicts([*EVENTS, {"summary": "no id"}], at(9, 15), at(13), time_zone=BERLIN)
    assert isinstance(found, Conflicts) and isinstance(found[0], Conflict)
    assert [found[place] for place in range(len(found))] == list(found) == list(found[:])
    assert pickle.loads(pickle.dumps(found)) == found
    for one in found:
        same = pickle.loads(pickle.dumps(one))
        assert same == one and hash(same) == hash(one) and str(same) == str(one)
    assert found[0].to_dict() == json.loads(found[0].to_json()) == json.loads(found.to_json())["conflicts"][0]


def test_what_takes_place_is_what_is_in_the_way():
    window = (datetime(2025, 3, 31, tzinfo=UTC), datetime(2025, 4, 7, tzinfo=UTC))
    taken = expand([STANDUP, LUNCH], *window)
    found = detect_conflicts([STANDUP, LUNCH], *window)
    assert [one.span for one in found] == [one.span for one in taken]
