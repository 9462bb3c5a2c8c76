"""Events: what Google sent, lazily, losing nothing."""

import json
import pickle
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import theo_calendar
from theo_calendar import Event, EventStatus, errors, parse_event, parse_events_page

BERLIN = ZoneInfo("Europe/Berlin")
REVIEW = {
    "id": "review",
    "etag": '"1"',
    "status": "confirmed",
    "summary": "Review",
    "start": {"dateTime": "2025-03-28T15:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2025-03-28T16:00:00+01:00", "timeZone": "Europe/Berlin"},
    "attendees": [{"email": "me@example.com", "self": True, "responseStatus": "needsAction"}],
    "fieldOfTheFuture": {"kept": [1, 2.50, None]},
}


@pytest.mark.parametrize("form", [dict, json.dumps, lambda event: json.dumps(event).encode(), parse_event])
def test_an_event_is_read_from_any_form(form):
    event = parse_event(form(REVIEW))
    assert (event.id, event.summary, event.status) == ("review", "Review", EventStatus.CONFIRMED)
    assert event.start == datetime(2025, 3, 28, 15, tzinfo=BERLIN)
    assert event.start.tzinfo is BERLIN


def test_an_event_a_day_later_is_at_the_same_wall_clock_across_a_change_of_offset():
    start = parse_event(REVIEW).start + timedelta(days=3)
    assert start.isoformat() == "2025-03-31T15:00:00+02:00"


def test_whole_days_are_dates():
    event = parse_event({"id": "fair", "start": {"date": "2025-03-28"}, "end": {"date": "2025-03-30"}})
    assert (event.start, event.end, event.all_day) == (date(2025, 3, 28), date(2025, 3, 30), True)


def test_days_and_times_of_python_are_written_as_google_writes_them():
    event = parse_event({"id": "x", "start": date(2025, 3, 28), "end": datetime(2025, 3, 28, 15, tzinfo=BERLIN)})
    assert event.to_google()["start"] == {"date": "2025-03-28"}
    assert event.to_google()["end"] == {"dateTime": "2025-03-28T15:00:00+01:00", "timeZone": "Europe/Berlin"}


def test_nothing_that_google_sent_is_lost():
    event = parse_event(REVIEW)
    assert event.to_google() == REVIEW
    assert Event.from_google(event.to_json()) == event
    assert pickle.loads(pickle.dumps(event)) == event


def test_events_are_equal_and_hash_by_what_they_hold():
    one, same, other = parse_event(REVIEW), parse_event(REVIEW), parse_event({**REVIEW, "summary": "Other"})
    assert one == same and one != other
    assert {one, same} == {one}


def test_a_word_that_this_version_does_not_know_is_kept():
    event = parse_event({**REVIEW, "status": "postponed"})
    assert event.status == "postponed" and not isinstance(event.status, EventStatus)


def test_an_event_shows_what_it_is():
    assert repr(parse_event({"id": "x", "start": {"date": "2025-03-28"}})) == (
        "Event(id='x', summary=None, start=datetime.date(2025, 3, 28), end=None)"
    )


def test_an_event_that_cannot_be_read_is_quarantined_and_the_others_are_unharmed():
    page = parse_events_page({"timeZone": "Europe/Berlin", "items": [REVIEW, {"summary": "no id"}]})
    assert [event.id for event in page.events] == ["review"]
    (bad,) = page.quarantined
    assert (bad.index, bad.id) == (1, None) and "id" in bad.reason


@pytest.mark.parametrize("page", [b"{", "[]", {}, b"\xff"])
def test_what_is_no_page_says_so(page):
    with pytest.raises(errors.MalformedResponseError):
        parse_events_page(page)


@pytest.mark.parametrize("event", ["{", "[]", {"id": 5}, {"id": "x", "start": {"dateTime": "noon"}}])
def test_what_is_no_event_names_the_argument(event):
    with pytest.raises(errors.InvalidInputError, match="^event: ") as caught:
        parse_event(event)
    assert caught.value.kind == "invalid_input"
    assert isinstance(caught.value, ValueError)


def test_what_is_not_json_at_all_is_a_type_error():
    with pytest.raises(TypeError, match="^event: "):
        parse_event(object())


def test_each_kind_of_the_core_has_a_class():
    assert set(errors._CLASSES) >= set(theo_calendar._native.ERROR_KINDS)
