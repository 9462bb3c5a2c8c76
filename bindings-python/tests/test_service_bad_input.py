"""What the service is wrongly given is told by the argument's name."""

import asyncio
import re
from datetime import date, datetime, timedelta

import pytest
from conftest import ADA

import theo_calendar
from theo_calendar import AccountKey, Agent, CalendarKey, CalendarService, Create, Reject, StaticToken, User

ME = User("ada")
KEY = CalendarKey("ada", ADA, ADA)
EVENT = {"summary": "Tea", "start": {"date": "2025-03-28"}, "end": {"date": "2025-03-29"}}
NO_TEXT = [5, None, b"ada"]
NO_KEYS = [5, [5], [None]]
NO_TIME = [5, "noon", datetime(2025, 3, 28), object()]
NO_ZONE = [5, "Mars/Base"]
NO_COUNT = ["5", None, -1, 2.5]
NO_FLAG = [5, "yes"]
NO_LENGTH = [5, "1 h", timedelta(minutes=-1)]
WINDOW = {"start": date(2025, 3, 24), "end": date(2025, 3, 31)}
NO_WINDOW = {"start": NO_TIME, "end": [*NO_TIME, date(2025, 3, 1)]}
HERE = {"calendars": ["primary"], "account": ADA}
WHERE = {"calendars": NO_KEYS, "account": [5, None]}
METHODS = {
    "full_sync": (
        {"user": "ada"},
        {"user": NO_TEXT, "accounts": [5, [5]], "calendar_ids": [5, [5]], "force_refresh": NO_FLAG, "on_progress": [5]},
    ),
    "incremental_sync": ({"user": "ada"}, {"user": NO_TEXT, "on_progress": [5]}),
    "account_connected": ({"user": "ada", "account": ADA}, {"user": NO_TEXT, "account": NO_TEXT}),
    "store_grant": (
        {"user": "ada", "account": ADA, "access_token": "x", "expires_at": datetime.now().astimezone()},
        {
            "user": NO_TEXT,
            "account": NO_TEXT,
            "access_token": NO_TEXT,
            "expires_at": [5, None, "noon", datetime(2025, 3, 28)],
            "refresh_token": [5],
            "scopes": [5, [5]],
        },
    ),
    "granted_accounts": ({"user": "ada"}, {"user": NO_TEXT}),
    "delete_grant": ({"user": "ada", "account": ADA}, {"user": NO_TEXT, "account": NO_TEXT}),
    "sync_status": ({"user": "ada"}, {"user": NO_TEXT}),
    "calendars": ({"user": "ada"}, {"user": NO_TEXT}),
    "calendar": ({"user": "ada", "calendar": KEY}, {"calendar": [5, None]}),
    "set_calendar_settings": (
        {"user": "ada", "calendar": KEY},
        {"calendar": [5, None], "is_selected": NO_FLAG, "is_hidden": NO_FLAG},
    ),
    "list_events": (
        {"user": "ada", **WINDOW, **HERE},
        {
            "user": NO_TEXT,
            **WHERE,
            **NO_WINDOW,
            "time_zone": NO_ZONE,
            "include_series": NO_FLAG,
            "text": [5],
            "include_cancelled": NO_FLAG,
            "limit": ["5", -1, 2.5],
            "offset": NO_COUNT,
        },
    ),
    "event": ({}, {"key": [5, None, KEY]}),
    "event_counts": ({"user": "ada"}, {"user": NO_TEXT}),
    "search": (
        {"user": "ada", "text": "tea", **HERE},
        {
            "user": NO_TEXT,
            "text": NO_TEXT,
            "mode": [5, "guess"],
            **WHERE,
            "time_zone": NO_ZONE,
            "attendee": [5],
            "limit": NO_COUNT,
        },
    ),
    "agenda": ({"user": "ada", **WINDOW, **HERE}, {"user": NO_TEXT, **NO_WINDOW, "time_zone": NO_ZONE, **WHERE}),
    "detect_conflicts": (
        {"user": "ada", **WINDOW, **HERE},
        {"user": NO_TEXT, **NO_WINDOW, "time_zone": NO_ZONE, "policy": [5], **WHERE},
    ),
    "find_slots": (
        {"user": "ada", **WINDOW, "duration": timedelta(hours=1)},
        {
            "user": NO_TEXT,
            **NO_WINDOW,
            "duration": [*NO_LENGTH, None],
            "participants": [5, [5]],
            "time_zone": NO_ZONE,
            "step": NO_LENGTH,
            "buffer_before": NO_LENGTH,
            "buffer_after": NO_LENGTH,
            "overlook": [5, "all"],
            "count_all_day": NO_FLAG,
            "allow_unknown": NO_FLAG,
            "overlapping": NO_FLAG,
            "exclude": [5, [5]],
            "limit": NO_COUNT,
        },
    ),
    "request": (
        {"by": ME, "action": Create(KEY, EVENT)},
        {
            "by": [5, None, "ada"],
            "action": [5, None, EVENT],
            "send_updates": [5, "some"],
            "reason": [5],
            "expires_in": NO_LENGTH,
        },
    ),
    "request_again": ({}, {"by": [5, "ada"], "approval_id": NO_TEXT}),
    "decide": ({}, {"by": [5, "ada"], "approval_id": NO_TEXT, "decision": [5, "approve", Reject]}),
    "execute": ({}, {"user": NO_TEXT, "approval_id": NO_TEXT}),
    "approval": ({}, {"user": NO_TEXT, "approval_id": NO_TEXT}),
    "pending_approvals": ({"user": "ada"}, {"user": NO_TEXT}),
    "audit": ({"user": "ada"}, {"user": NO_TEXT, "after": NO_COUNT, "limit": NO_COUNT}),
    "verify_audit": ({"user": "ada"}, {"user": NO_TEXT}),
    "register_webhook": ({}, {"resource": [5, None, "primary"]}),
    "receive_webhook": ({"headers": {}}, {"headers": [5, None, [5], [("x-goog-channel-id", 7)]]}),
    "sync_resource": ({"resource": AccountKey("ada", ADA)}, {"resource": [5, None, "primary"]}),
    "sync_due": ({}, {"limit": NO_COUNT}),
    "renew_due": ({}, {"limit": NO_COUNT}),
    "expire_due": ({}, {"limit": NO_COUNT}),
    "reconcile_due": ({}, {"limit": NO_COUNT}),
    "embed_due": ({}, {"limit": NO_COUNT}),
    "drop_embeddings": ({"model": "tiny"}, {"model": NO_TEXT}),
}
#: What else a call needs that is not tried with good arguments alone.
NEEDED = {
    "event": {},
    "request_again": {"by": ME, "approval_id": "none"},
    "decide": {"by": ME, "approval_id": "none", "decision": Reject()},
    "execute": {"user": "ada", "approval_id": "none"},
    "approval": {"user": "ada", "approval_id": "none"},
}
OPENING = {
    "store": [5, None, "sqlite:"],
    "tokens": [5, None, "ya29.secret"],
    "google": [5, "not an address"],
    "embedder": [5, "http://127.0.0.1"],
    "retiring": [5],
    "clock": [5],
    "webhooks": [5, "http://example.com/hook"],
    "holder": [5],
    "sealing_key": [5, "key", b"short"],
    "migrate": NO_FLAG,
    "timeout": ["5", -1.0, float("nan")],
}


@pytest.fixture
def ask(open_service):
    """Calls a method of a service over Ada's calendars."""

    def ask(name, arguments):
        async def job():
            async with open_service() as service:
                await service.full_sync("ada", accounts=[ADA])
                await getattr(service, name)(**arguments)

        asyncio.run(job())

    return ask


@pytest.mark.parametrize(("name", "wrong"), [(name, wrong) for name, (_, wrong) in METHODS.items()])
def test_a_bad_argument_of_a_method_is_named(open_service, name, wrong):
    good = METHODS[name][0] | NEEDED.get(name, {})

    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])
            for argument, values in wrong.items():
                for bad in values:
                    with pytest.raises((TypeError, ValueError)) as caught:
                        await getattr(service, name)(**{**good, argument: bad})
                    assert re.search(rf"\b{argument}\b", str(caught.value)), (argument, bad, caught.value)

    asyncio.run(job())


@pytest.mark.parametrize("name", [name for name in METHODS if name not in {"event", *NEEDED, "register_webhook"}])
def test_what_the_bad_arguments_of_a_method_stand_in_for_is_good(ask, name):
    ask(name, METHODS[name][0])


@pytest.mark.parametrize("argument", OPENING)
def test_a_bad_argument_of_open_is_named(google, argument):
    async def opened(bad):
        good = {"store": "memory", "google": google.url, "tokens": StaticToken("ada-token")}
        await CalendarService.open(**{**good, argument: bad})

    for bad in OPENING[argument]:
        with pytest.raises((TypeError, ValueError)) as caught:
            asyncio.run(opened(bad))
        assert re.search(rf"\b{argument}\b", str(caught.value)), (bad, caught.value)


def test_bad_arguments_of_the_feed_and_of_drafts_are_named(open_service):
    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])

            async def read(**arguments):
                async for _ in service.changes(**{"user": "ada", **arguments}):
                    pass

            async def drafted(**arguments):
                await service.detect_conflicts("ada", **{"draft": EVENT, **arguments})

            await read()
            await drafted()
            for ask, argument, values in [
                (read, "user", NO_TEXT),
                (read, "cursor", NO_COUNT),
                (read, "page", NO_COUNT),
                (read, "poll", [5]),
                (drafted, "draft", [5, "{", {}]),
                (drafted, "horizon", [5, (5, 6)]),
            ]:
                for bad in values:
                    with pytest.raises((TypeError, ValueError), match=f"^{argument}: "):
                        await ask(**{argument: bad})

    asyncio.run(job())


def test_a_change_s_arguments_are_named():
    for make, argument, values in [
        (lambda bad: Create(bad, EVENT), "calendar", [5, None, ADA]),
        (lambda bad: Create(KEY, bad), "event", [5, None, "[]"]),
        (lambda bad: User(bad), "id", NO_TEXT),
        (lambda bad: Agent(bad, "ada"), "name", NO_TEXT),
        (lambda bad: Agent("theo", bad), "user", NO_TEXT),
    ]:
        for bad in values:
            with pytest.raises((TypeError, ValueError)) as caught:
                make(bad)
            # Python shows the notes below the sentence.
            notes = getattr(caught.value, "__notes__", [])
            assert re.search(rf"\b{argument}\b", " ".join([str(caught.value), *notes])), (argument, bad, caught.value)


def test_every_method_is_among_them():
    methods = {
        name
        for name in dir(CalendarService)
        if not name.startswith("_") and name not in {"open", "close", "changes", "tools"}
    }
    assert methods == set(METHODS)
    assert theo_calendar.CalendarService is CalendarService
