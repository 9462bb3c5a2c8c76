"""The ticks, webhooks and free time."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import ADA, TEAM, ZURICH

from theo_calendar import CalendarKey, Embedder, OAuthClient, Participant, WorkingHours, errors

PRIMARY = CalendarKey("ada", ADA, ADA)


def test_a_connected_account_is_synced_by_the_ticks(open_service, store):
    async def job():
        async with open_service(store) as service:
            await service.account_connected("ada", ADA)
            first = await service.sync_due()
            second = await service.sync_due()
            assert [type(one).__name__ for one in first.resources] == ["AccountKey"]
            assert PRIMARY in second.resources and second.report.events_added == 3
            assert first.next_at <= datetime.now(UTC) < second.next_at
            report = await service.sync_resource(PRIMARY)
            assert report.is_complete and report.events_processed == 0

    asyncio.run(job())


def test_google_notifies_where_there_is_an_address(open_service, store):
    async def job():
        async with open_service(store, webhooks="http://127.0.0.1:9/hook") as service:
            await service.full_sync("ada", accounts=[ADA])
            channel = await service.register_webhook(CalendarKey("ada", ADA, "primary"))
            assert channel.resource == PRIMARY and channel.expires_at > datetime.now(UTC)
            tick = await service.renew_due(limit=10)
            assert {one.resource for one in tick.opened} == {PRIMARY.account_key, CalendarKey("ada", ADA, TEAM)}
            assert tick.refused == tick.failed == ()
        async with open_service() as service:
            with pytest.raises(errors.InvalidInputError, match="address"):
                await service.register_webhook(PRIMARY)

    asyncio.run(job())


def test_events_are_found_by_what_an_asynchronous_function_says_they_mean(open_service, store):
    async def embed(texts):
        await asyncio.sleep(0)
        return [[1.0, 0.0] if "Dentist" in text or "teeth" in text else (0.1, 1.0) for text in texts]

    async def job():
        async with open_service(store, embedder=Embedder(embed, model="tiny", dimensions=2)) as service:
            await service.full_sync("ada", accounts=[ADA])
            tick = await service.embed_due()
            assert (tick.embedded, tick.refused, tick.failures) == (3, (), ())
            found = await service.search("ada", "teeth", mode="meaning")
            assert found[0].event.summary == "Dentist" and found[0].similarity > 0.99
            assert (found.model, found.is_embedded, found.meaning_missing) == ("tiny", True, None)

    asyncio.run(job())


def test_free_time_is_found_and_said(open_service, store):
    zone = ZoneInfo(ZURICH)
    day = datetime(2025, 3, 28, 14, tzinfo=zone)

    async def job():
        async with open_service(store) as service:
            await service.full_sync("ada", accounts=[ADA])
            return await service.find_slots(
                "ada",
                day,
                day + timedelta(hours=4),
                timedelta(hours=1),
                participants=["me", Participant("nobody@example.com", optional=True)],
                time_zone=zone,
                count_all_day=False,
            )

    slots = asyncio.run(job())
    assert [(slot.start.hour, slot.end.hour) for slot in slots] == [(14, 15), (16, 17), (17, 18)]
    assert slots[0].start.tzinfo is zone and slots[0].is_known and not slots.has_more
    assert str(slots[0]).startswith("Fri 2025-03-28 14:00–15:00 (Europe/Zurich): ")
    assert slots.unknown[0].who == "nobody@example.com" and slots[0].notes[0].standing == "unknown"


def test_free_time_is_in_the_working_hours_of_those_who_must_come(open_service):
    hours = WorkingHours(ZURICH, friday="16:00-17:00")
    day = datetime(2025, 3, 28, 14, tzinfo=ZoneInfo(ZURICH))

    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])

            async def slots(**asked):
                me = Participant("me", **asked)
                end, hour = day + timedelta(hours=4), timedelta(hours=1)
                return await service.find_slots("ada", day, end, hour, participants=[me], count_all_day=False)

            return (
                await slots(working_hours=hours),
                await slots(working_hours=hours, optional=True),
                await slots(),
            )

    must, may, at_any_time = asyncio.run(job())
    assert [slot.start - day for slot in must] == [timedelta(hours=2)]
    assert "inside_hours" in must[0].reasons and "inside_hours" not in at_any_time[0].reasons
    assert may[0] == must[0] and may[1].notes[0].standing == "outside_hours" and len(may) > 1
    assert len(at_any_time) == 3
    with pytest.raises(TypeError, match="^working_hours: must be a WorkingHours, not str"):
        Participant("me", working_hours="16:00-17:00")


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"duration": timedelta(0)}, errors.InvalidInputError, "at least a minute"),
        ({"duration": 60}, TypeError, "duration"),
        ({"participants": [5]}, TypeError, "^participants: "),
        ({"overlook": "all"}, errors.InvalidInputError, "^overlook: "),
    ],
)
def test_a_question_for_free_time_that_is_none_says_why(open_service, arguments, error, message):
    start = datetime(2025, 3, 28, tzinfo=UTC)
    asked = {"start": start, "end": start + timedelta(days=1), "duration": timedelta(hours=1), **arguments}

    async def job():
        async with open_service() as service:
            with pytest.raises(error, match=message):
                await service.find_slots("ada", **asked)

    asyncio.run(job())


def test_grants_in_the_store_are_renewed(open_service, google, store):
    client = OAuthClient("fake-client", "secret", token_url=f"{google.url}/token")
    past = datetime(2025, 1, 1, tzinfo=UTC)

    async def job():
        async with open_service(store, tokens=client, sealing_key=bytes(32)) as service:
            with pytest.raises(errors.InvalidInputError):
                await service.full_sync("ada")
            await service.store_grant("ada", ADA, access_token="old", expires_at=past, refresh_token="ada-refresh")
            assert [key.account for key in await service.granted_accounts("ada")] == [ADA]
            assert (await service.full_sync("ada", accounts=[ADA])).is_complete
            await service.delete_grant("ada", ADA)
            (failure,) = (await service.incremental_sync("ada")).failures
            assert failure.kind == "grant_revoked" and ADA in failure.message
        assert google.control("counters")["tokenRefreshes"] == 1

    asyncio.run(job())


def test_grants_in_a_database_need_a_key(open_service, database):
    async def job():
        with pytest.raises(errors.InvalidInputError, match="^sealing_key: "):
            await open_service(database, tokens=OAuthClient("x"))

    asyncio.run(job())
