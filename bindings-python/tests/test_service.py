"""The service: the mirror is filled, and read."""

import asyncio
import pickle
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import ADA, TEAM, ZURICH

from theo_calendar import CalendarKey, EventKey, errors

PRIMARY = CalendarKey("ada", ADA, ADA)
WEEK = {"start": date(2025, 3, 24), "end": date(2025, 3, 31), "time_zone": ZURICH}


def test_a_mirror_is_filled_and_read(open_service, store):
    async def job():
        async with open_service(store) as service:
            report = await service.full_sync("ada", accounts=[ADA])
            assert report.is_complete and report.events_added == 3
            assert [calendar.title for calendar in await service.calendars("ada")] == ["Ada", "Team"]
            events = await service.list_events("ada")
            assert {event.summary for event in events} == {"Dentist", "Standup", "Fair"}
            (dentist,) = await service.list_events("ada", text="zahnweg")
            assert dentist.start == datetime(2025, 3, 28, 15, tzinfo=ZoneInfo(ZURICH))
            assert await service.event(dentist.key) == dentist
            assert await service.event_counts("ada") == {PRIMARY: 3, CalendarKey("ada", ADA, TEAM): 0}
            status = await service.sync_status("ada")
            assert (status.status, status.event_count, status.full_sync_progress) == ("idle", 3, 100)
            return report

    report = asyncio.run(job())
    assert pickle.loads(pickle.dumps(report)) == report
    assert report.to_dict()["events_added"] == 3


def test_an_incremental_sync_brings_what_changed(open_service, google):
    async def job():
        service = await open_service()
        await service.full_sync("ada", accounts=[ADA])
        google.control("create-event", calendar=ADA, event={"summary": "New", "start": {"date": "2025-04-01"}})
        report = await service.incremental_sync("ada")
        assert (report.events_added, report.calendars[0].full) == (1, False)
        await service.close()

    asyncio.run(job())


def test_the_agenda_shows_each_occurrence_on_its_day(open_service, store):
    async def job():
        async with open_service(store) as service:
            await service.full_sync("ada", accounts=[ADA])
            return await service.agenda("ada", **WEEK)

    days = asyncio.run(job())
    assert [day.date for day in days] == [date(2025, 3, 24) + timedelta(days=day) for day in range(7)]
    assert [item.event.summary for item in days[4]] == ["Fair", "Standup", "Dentist"]
    fair, standup, dentist = days[4]
    assert (fair.start, fair.end) == (date(2025, 3, 27), date(2025, 3, 29))
    assert standup.start == datetime(2025, 3, 28, 9, tzinfo=ZoneInfo(ZURICH))
    assert standup.start.tzinfo is ZoneInfo(ZURICH) and standup.event_id.endswith("_20250328T080000Z")
    assert not days.truncated and days[-1].date == date(2025, 3, 30) and len(days[1:3]) == 2


def test_search_finds_by_words(open_service, store):
    async def job():
        async with open_service(store) as service:
            await service.full_sync("ada", accounts=[ADA])
            return await service.search("ada", "when is my dentist")

    found = asyncio.run(job())
    assert found[0].event.summary == "Dentist" and found[0].fields == ("title",)
    assert found.model is None and "no embedder" in found.meaning_missing


def test_a_calendar_is_named_by_its_key_or_by_google_s_id_and_the_account(open_service):
    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])
            by_key = await service.calendar("ada", PRIMARY)
            assert await service.calendar("ada", "primary", account=ADA) == by_key
            assert by_key.key == PRIMARY and by_key.time_zone == ZURICH and by_key.access_role == "owner"
            await service.set_calendar_settings("ada", TEAM, account=ADA, is_selected=False)
            assert (await service.calendar("ada", TEAM, account=ADA)).is_selected is False
            with pytest.raises(errors.InvalidInputError, match="^account: is missing"):
                await service.calendar("ada", "primary")
            with pytest.raises(errors.InvalidInputError, match="^calendar: is of user 'bea'"):
                await service.calendar("ada", CalendarKey("bea", ADA, ADA))
            with pytest.raises(errors.NotFoundError) as caught:
                await service.event(EventKey("ada", ADA, ADA, "none"))
            assert caught.value.operation == "event"

    asyncio.run(job())


def test_pages_are_told_while_they_come(open_service):
    async def job():
        async with open_service() as service:
            told = []
            run = service.full_sync("ada", accounts=[ADA])
            async for page in run:
                told.append((page.calendar, page.title, page.items))
            report = await run
            assert told == [(0, None, 2), (1, "Ada", 3), (2, "Team", 0)]
            assert report.events_processed == 3

            async def later(page):
                await asyncio.sleep(0)
                told.append(page)

            told.clear()
            await service.full_sync("ada", on_progress=told.append, force_refresh=True)
            assert [page.finished for page in told] == [True] * 3
            await service.incremental_sync("ada", on_progress=later)
            assert len(told) == 6

    asyncio.run(job())


def test_the_change_feed_ends_or_waits(open_service, google):
    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])
            changes = [change async for change in service.changes("ada", page=2)]
            assert {change.event.summary for change in changes} == {"Dentist", "Standup", "Fair"}
            waits = 0

            async def poll():
                nonlocal waits
                waits += 1
                google.control("delete-event", calendar=ADA, id=changes[0].key.event)
                await service.incremental_sync("ada")

            async for change in service.changes("ada", changes[-1].cursor, poll=poll):
                assert (change.key, change.event, waits) == (changes[0].key, None, 1)
                break

    asyncio.run(job())


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"start": date(2025, 1, 1)}, errors.InvalidInputError, "^end: is missing"),
        ({"start": date(2025, 1, 2), "end": date(2025, 1, 1)}, errors.InvalidInputError, "^end: "),
        ({"start": datetime(2025, 1, 1), "end": date(2025, 1, 3)}, errors.InvalidInputError, "^start: .* time zone"),
        ({"start": 5, "end": date(2025, 1, 3)}, TypeError, "^start: "),
        ({"time_zone": "Mars/Olympus"}, errors.InvalidInputError, "^time_zone: "),
        ({"calendars": [5]}, TypeError, r"^calendars\[0\]: "),
        ({"limit": -1}, errors.InvalidInputError, "^limit: "),
    ],
)
def test_a_wrong_argument_is_named(open_service, arguments, error, message):
    async def job():
        async with open_service() as service:
            with pytest.raises(error, match=message):
                await service.list_events("ada", **arguments)

    asyncio.run(job())


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"store": "mysql://x"}, errors.InvalidInputError, "^store: "),
        ({"store": "postgres://nobody@127.0.0.1:1/none"}, errors.StorageError, "connect"),
        ({"tokens": 5}, TypeError, "^tokens: "),
        ({"clock": 5}, TypeError, "^clock: "),
        ({"embedder": "http://x"}, TypeError, "^embedder: "),
        ({"google": "ftp://x"}, errors.InvalidInputError, "https"),
        ({"google": "no address"}, errors.InvalidInputError, "^google: "),
        ({"timeout": -1.0}, errors.InvalidInputError, "^timeout: "),
        ({"webhooks": "http://example.com"}, errors.InvalidInputError, "https"),
    ],
)
def test_what_cannot_be_opened_says_why(open_service, options, error, message):
    async def job():
        with pytest.raises(error, match=message):
            await open_service(**options)

    asyncio.run(job())


def test_a_closed_service_says_so(open_service):
    async def job():
        service = await open_service()
        await service.close()
        await service.close()
        with pytest.raises(errors.InvalidInputError, match="closed"):
            await service.calendars("ada")

    asyncio.run(job())
