"""When events take place."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from theo_calendar import Expansion, Occurrence, TimeRange, errors, expand, parse_event, parse_events_page

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
REVIEW = {
    "id": "review",
    "summary": "Review",
    "start": {"dateTime": "2015-03-02T15:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2015-03-02T16:00:00+01:00", "timeZone": "Europe/Berlin"},
    "recurrence": ["RRULE:FREQ=WEEKLY"],
}
MOVED = {
    "id": "review_20250324T140000Z",
    "recurringEventId": "review",
    "originalStartTime": {"dateTime": "2025-03-24T15:00:00+01:00", "timeZone": "Europe/Berlin"},
    "start": {"dateTime": "2025-03-25T10:00:00+01:00"},
    "end": {"dateTime": "2025-03-25T11:00:00+01:00"},
}
FAIR = {"id": "fair", "start": {"date": "2025-03-28"}, "end": {"date": "2025-03-30"}}
PAGE = {"timeZone": "Europe/Berlin", "items": [REVIEW, MOVED, FAIR]}
WINDOW = (date(2025, 3, 24), date(2025, 4, 7))

FORMS = {
    "a page as dicts": PAGE,
    "a page as text": json.dumps(PAGE),
    "a page as bytes": json.dumps(PAGE).encode(),
    "a page as bytearray": bytearray(json.dumps(PAGE).encode()),
    "a page that was read": parse_events_page(PAGE),
    "its events": parse_events_page(PAGE).events,
    "its events and a dict": [*parse_events_page(PAGE).events[:2], FAIR],
}


def iso(found):
    return [one.start.isoformat() for one in found]


@pytest.mark.parametrize("events", FORMS.values(), ids=FORMS)
def test_events_take_place_the_same_in_any_form(events):
    assert iso(expand(events, *WINDOW)) == ["2025-03-25T10:00:00+01:00", "2025-03-28", "2025-03-31T15:00:00+02:00"]


@pytest.mark.parametrize(
    "events",
    [
        [REVIEW],
        iter([REVIEW]),
        (parse_event(REVIEW),),
        json.dumps([REVIEW]),
        REVIEW,
        json.dumps(REVIEW),
        parse_event(REVIEW),
    ],
)
def test_a_list_and_one_event_are_events_too(events):
    found = expand(events, *WINDOW, time_zone=BERLIN)
    assert iso(found) == ["2025-03-24T15:00:00+01:00", "2025-03-31T15:00:00+02:00"]


def test_an_occurrence_says_what_it_is_of():
    moved, fair, review = expand(PAGE, *WINDOW)
    assert (moved.id, moved.event_id) == ("review_20250324T140000Z", "review_20250324T140000Z")
    assert moved.original_start == datetime(2025, 3, 24, 15, tzinfo=BERLIN)
    assert (review.id, review.event_id, review.summary) == ("review_20250331T130000Z", "review", "Review")
    assert review.event.recurrence == ["RRULE:FREQ=WEEKLY"]
    assert review.end == datetime(2025, 3, 31, 16, tzinfo=BERLIN)
    assert (fair.start, fair.end, fair.all_day, fair.original_start) == (
        date(2025, 3, 28),
        date(2025, 3, 30),
        True,
        None,
    )
    assert fair.span == TimeRange(datetime(2025, 3, 28, tzinfo=BERLIN), datetime(2025, 3, 30, tzinfo=BERLIN))


def test_times_are_in_the_zone_asked_for_and_days_are_its_days():
    review, fair = expand([REVIEW, FAIR], date(2025, 3, 28), date(2025, 4, 1), time_zone=NEW_YORK)[::-1]
    assert (review.start.isoformat(), review.start.tzinfo) == ("2025-03-31T09:00:00-04:00", NEW_YORK)
    assert fair.span.start.isoformat() == "2025-03-28T00:00:00-04:00"
    assert expand(FAIR, "2025-03-27T23:00:00Z", "2025-03-28T00:00:00Z", time_zone="Europe/Berlin")
    assert not expand(FAIR, "2025-03-27T23:00:00Z", "2025-03-28T00:00:00Z")


@pytest.mark.parametrize("utc", ["UTC", UTC, ZoneInfo("UTC")])
def test_a_zone_is_a_name_or_a_tzinfo(utc):
    assert expand(REVIEW, *WINDOW, time_zone=utc)[0].start == datetime(2025, 3, 24, 14, tzinfo=UTC)


def test_an_hour_that_clocks_show_twice_is_told_apart():
    night = {"id": "night", "start": {"dateTime": "2025-10-26T01:30:00Z"}, "end": {"dateTime": "2025-10-26T02:30:00Z"}}
    (one,) = expand(night, date(2025, 10, 26), date(2025, 10, 27), time_zone=BERLIN)
    assert (one.start.isoformat(), one.start.fold) == ("2025-10-26T02:30:00+01:00", 1)


def test_it_is_a_sequence():
    found = expand(PAGE, *WINDOW)
    assert isinstance(found, Expansion) and len(found) == 3 and found
    assert found[-1] == found[2] and isinstance(found[0], Occurrence)
    assert found[::-2] == (found[2], found[0])
    assert list(found) == [found[0], found[1], found[2]] and found[1] in found
    assert found == expand(PAGE, *WINDOW) and found != expand(REVIEW, *WINDOW)
    assert len(set(found) | set(expand(PAGE, *WINDOW))) == 3
    for outside in (3, -4, 2**62):
        with pytest.raises(IndexError):
            found[outside]
    with pytest.raises(TypeError):
        found["first"]


def test_it_is_pickled_whole():
    found = expand([*PAGE["items"], {"summary": "no id"}, {**REVIEW, "recurrence": ["RRULE:FREQ=OFTEN"]}], *WINDOW)
    assert pickle.loads(pickle.dumps(found)) == found
    assert [pickle.loads(pickle.dumps(one)) for one in found] == list(found)


def test_it_shows_what_it_is():
    found = expand(FAIR, *WINDOW)
    assert repr(found) == "Expansion(count=1, truncated=False)"
    assert repr(found[0]) == (
        "Occurrence(id='fair', summary=None, start=datetime.date(2025, 3, 28), end=datetime.date(2025, 3, 30))"
    )


def test_an_event_that_cannot_be_read_is_told_by_its_place_and_the_others_take_place():
    found = expand([parse_event(FAIR), {"summary": "no id"}, REVIEW], *WINDOW)
    assert [one.event_id for one in found] == ["review", "fair", "review"]
    (bad,) = found.quarantined
    assert bad.index == 1 and "id" in bad.reason and json.loads(bad.raw) == {"summary": "no id"}


def test_a_rule_past_its_bound_is_cut_visibly():
    every_second = {**REVIEW, "recurrence": ["RRULE:FREQ=SECONDLY"]}
    found = expand(every_second, date(2025, 1, 1), date(2026, 1, 1))
    assert found.truncated and 0 < len(found) <= 50_000


def test_many_occurrences_do_not_hold_other_threads_up():
    # Releasing the GIL cannot be seen from one thread: another one counts meanwhile.
    import threading

    counted, done = 0, threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    daily = [{**REVIEW, "id": f"daily{number}", "recurrence": ["RRULE:FREQ=DAILY"]} for number in range(3)]
    before = counted
    expand(daily, date(2015, 1, 1), date(2100, 1, 1))
    after = counted
    done.set()
    thread.join()
    assert after > before


def test_a_time_without_a_zone_is_refused_rather_than_guessed():
    with pytest.raises(errors.InvalidInputError, match=r"^start: .*has no time zone.*ZoneInfo"):
        expand(REVIEW, datetime(2025, 3, 24), datetime(2025, 3, 24) + timedelta(days=1))
