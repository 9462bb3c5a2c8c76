"""Functions of the host's: what they raise, and what becomes of one that never returns."""

import asyncio
import contextvars
from datetime import UTC, datetime

import pytest
from conftest import ADA

from theo_calendar import AccountKey, Embedder, errors

CALLER = contextvars.ContextVar("caller", default=None)


async def token(account, renewed):
    await asyncio.sleep(0)
    return "ada-token"


def plain(account, renewed):
    return "ada-token"


@pytest.mark.parametrize("tokens", [token, plain])
def test_tokens_come_from_a_function_asynchronous_or_not(open_service, tokens):
    async def job():
        async with open_service(tokens=tokens) as service:
            assert (await service.full_sync("ada", accounts=[ADA])).is_complete

    asyncio.run(job())


def test_a_token_that_google_refuses_is_renewed_once_for_all(open_service):
    asked = []

    async def tokens(account, renewed):
        asked.append((account, renewed, CALLER.get()))
        await asyncio.sleep(0.01)
        return "ada-token" if renewed else "stale"

    async def job():
        async with open_service(tokens=tokens) as service:
            CALLER.set("host")
            assert (await service.full_sync("ada", accounts=[ADA])).is_complete

    asyncio.run(job())
    key = AccountKey("ada", ADA)
    assert asked[:2] == [(key, False, "host"), (key, True, "host")]


def test_what_a_function_raises_is_the_cause_of_the_call_s_error(open_service):
    class Fault(Exception):
        pass

    async def embed(texts):
        raise Fault("no model here")

    async def job():
        async with open_service(embedder=Embedder(embed, model="tiny", dimensions=2)) as service:
            with pytest.raises(errors.UnavailableError, match="embedder raised .*Fault: no model here") as caught:
                await service.search("ada", "lunch", mode="meaning")
            assert isinstance(caught.value.__cause__, Fault)
            found = await service.search("ada", "lunch")
            assert list(found) == [] and "no model here" in found.meaning_missing

    asyncio.run(job())


def test_a_calendar_error_keeps_its_kind(open_service):
    async def tokens(account, renewed):
        raise errors.GrantRevokedError("ask them again")

    async def job():
        async with open_service(tokens=tokens) as service:
            report = await service.full_sync("ada", accounts=[ADA])
            (failure,) = report.failures
            assert (failure.kind, failure.resource) == ("grant_revoked", AccountKey("ada", ADA))
            assert (await service.sync_status("ada")).status == "paused"

    asyncio.run(job())


@pytest.mark.parametrize("given", [None, 5, b"ada-token"])
def test_what_is_no_token_says_so(open_service, given):
    async def job():
        async with open_service(tokens=lambda account, renewed: given) as service:
            (failure,) = (await service.full_sync("ada", accounts=[ADA])).failures
            assert "tokens: gave" in failure.message

    asyncio.run(job())


@pytest.mark.parametrize("given", [[[1.0]], [["x", "y"]], 5, [[0.0, 0.0]], []])
def test_what_are_no_embeddings_is_refused(open_service, given):
    async def job():
        async with open_service(embedder=Embedder(lambda texts: given, model="tiny", dimensions=2)) as service:
            with pytest.raises(errors.CalendarError):
                await service.search("ada", "lunch", mode="meaning")

    asyncio.run(job())


def test_a_function_that_never_returns_is_cancelled_in_time_and_holds_up_nobody(open_service):
    ended = []

    async def embed(texts):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(texts)

    async def job():
        embedder = Embedder(embed, model="tiny", dimensions=2)
        async with open_service(embedder=embedder, timeout=0.3) as service:
            hung = asyncio.ensure_future(service.search("ada", "lunch", mode="meaning"))
            for _ in range(50):
                await service.calendars("ada")
            assert not hung.done()
            with pytest.raises(errors.TimeoutError, match="embedder gave nothing within 0.3 seconds"):
                await hung
            while not ended:
                await asyncio.sleep(0.01)
            cancelled = asyncio.ensure_future(service.search("ada", "dinner", mode="meaning"))
            await asyncio.sleep(0.05)
            cancelled.cancel()
            while len(ended) < 2:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(job(), 20))
    assert ended == [["lunch"], ["dinner"]]


def test_what_the_clock_raises_is_raised_by_the_call(open_service):
    def clock():
        raise RuntimeError("stopped")

    async def job():
        async with open_service(clock=clock) as service:
            with pytest.raises(errors.InvalidInputError, match="^(pending_approvals: )?clock: raised") as caught:
                await service.pending_approvals("ada")
            assert str(caught.value.__cause__) == "stopped"

    asyncio.run(job())


@pytest.mark.parametrize("now", [datetime(2025, 3, 28), "yesterday", 5])
def test_a_clock_that_gives_no_time_says_so(open_service, now):
    async def job():
        async with open_service(clock=lambda: now) as service:
            with pytest.raises(errors.InvalidInputError, match="clock: "):
                await service.pending_approvals("ada")

    asyncio.run(job())


def test_the_clock_is_the_host_s(open_service):
    async def job():
        async with open_service(clock=lambda: datetime(2031, 5, 6, 7, tzinfo=UTC)) as service:
            await service.full_sync("ada", accounts=[ADA])
            assert (await service.sync_status("ada")).last_sync_at == datetime(2031, 5, 6, 7, tzinfo=UTC)

    asyncio.run(job())


def test_what_a_progress_function_raises_stops_the_sync(open_service):
    class Stop(Exception):
        pass

    def stop(page):
        raise Stop

    async def job():
        async with open_service() as service:
            with pytest.raises(Stop):
                await service.full_sync("ada", accounts=[ADA], on_progress=stop)
            assert (await service.full_sync("ada")).is_complete

    asyncio.run(job())


def test_a_progress_function_that_never_returns_runs_out_of_time(open_service):
    async def job():
        async with open_service(timeout=0.2) as service:
            with pytest.raises(errors.TimeoutError, match="on_progress"):
                await service.full_sync("ada", accounts=[ADA], on_progress=lambda page: asyncio.Event().wait())
            assert (await service.full_sync("ada")).is_complete

    asyncio.run(job())
