"""What must hold beside others: loops, crowds, cancellation, forks, and a hundred thousand calls."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from conftest import ADA

from theo_calendar import Approve, CalendarKey, Create, User, errors

PRIMARY = CalendarKey("ada", ADA, "primary")
DAY = {"summary": "Off", "start": {"date": "2025-04-01"}, "end": {"date": "2025-04-02"}}


def with_uvloop(job):
    uvloop = pytest.importorskip("uvloop")
    uvloop.run(job())


@pytest.mark.parametrize(
    "run", [lambda job: asyncio.run(job()), with_uvloop, anyio.run], ids=["asyncio", "uvloop", "anyio"]
)
def test_it_runs_in_any_loop_with_a_thousand_calls_beside_each_other(open_service, store, run):
    async def job():
        async with open_service(store, tokens=lambda account, renewed: "ada-token") as service:
            await service.full_sync("ada", accounts=[ADA])
            found = await asyncio.gather(*(service.list_events("ada") for _ in range(1000)))
            assert {len(events) for events in found} == {3}
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await service.calendars("ada")
            assert len(await service.calendars("ada")) == 2

    run(job)


def test_one_service_serves_one_loop_after_another(open_service):
    opened = asyncio.run(opening(open_service()))
    for _ in range(3):
        asyncio.run(opening(opened.full_sync("ada", accounts=[ADA])))
    assert len(asyncio.run(opened.calendars("ada"))) == 2


async def opening(awaitable):
    return await awaitable


def test_a_sync_that_is_cancelled_goes_on_where_it_stopped(open_service, google):
    google.control("faults", operation="events.list", kind="delay", millis=60_000, times=1)

    async def job():
        async with open_service() as service:
            told = asyncio.Event()
            sync = asyncio.ensure_future(
                opening(service.full_sync("ada", accounts=[ADA], on_progress=lambda _: told.set()))
            )
            await told.wait()
            while not google.requests("events.list"):
                await asyncio.sleep(0.01)
            sync.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sync
            assert (await service.full_sync("ada")).is_complete
            assert len(await service.list_events("ada")) == 3

    asyncio.run(asyncio.wait_for(job(), 30))


# Google made it, and is asked what became of the lost answer; or has not made it yet.
IN_FLIGHT = {
    "made": [("events.insert", {"kind": "dropAfter"}), ("events.get", {"kind": "delay", "millis": 60_000})],
    "not-made": [("events.insert", {"kind": "delay", "millis": 60_000})],
}


@pytest.mark.parametrize("faults", IN_FLIGHT.values(), ids=IN_FLIGHT)
def test_an_execution_that_is_cancelled_while_it_waits_for_google_is_found_out_and_done_once(
    open_service, google, faults
):
    now = [datetime.now(UTC)]
    for operation, fault in faults:
        google.control("faults", operation=operation, times=1, **fault)

    async def job():
        async with open_service(clock=lambda: now[0]) as service:
            await service.full_sync("ada", accounts=[ADA])
            asked = await service.request(User("ada"), Create(PRIMARY, DAY))
            await service.decide(User("ada"), asked.id, Approve())
            execution = asyncio.ensure_future(service.execute("ada", asked.id))
            while not google.requests(operation):
                await asyncio.sleep(0.01)
            execution.cancel()
            with pytest.raises(asyncio.CancelledError):
                await execution
            assert (await service.approval("ada", asked.id)).state == "executing"
            # Longer than the execution's lease lasts, and the quiet after which it is looked into.
            now[0] += timedelta(minutes=10)
            (done,) = (await service.reconcile_due()).changed
            assert (done.id, done.state, done.outcome.kind) == (asked.id, "executed", "done")
            assert (await service.reconcile_due()).changed == ()
            assert await service.execute("ada", asked.id) == done
            await service.incremental_sync("ada")
            assert [event.id for event in await service.list_events("ada", text="Off")] == [done.outcome.event]

    asyncio.run(asyncio.wait_for(job(), 30))


STARVED = """
import asyncio, os, resource, sys
from theo_calendar import CalendarService, StaticToken, errors

def opened():
    return CalendarService.open(google=sys.argv[1], tokens=StaticToken("ada-token"))

async def without_files():
    free = os.dup(0)
    os.close(free)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        await opened()
    except errors.UnavailableError as error:
        assert "Too many open files" in str(error), error
    else:
        raise AssertionError
    resource.setrlimit(resource.RLIMIT_NOFILE, before)

async def without_threads():
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if os.geteuid() == 0:
        os.setuid(65534)  # No limit binds root.
    try:
        await opened()
    except errors.InternalError as error:
        assert "report it" in str(error), error
    else:
        raise AssertionError

async def recovered():
    async with opened() as service:
        assert await service.calendars("ada") == []

async def job():
    if sys.argv[2] == "files":
        await without_files()
        await recovered()
    else:
        await without_threads()

asyncio.run(job())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits mean other things there")
@pytest.mark.parametrize("lacking", ["files", "threads"])
def test_where_no_runtime_can_be_started_the_host_lives_and_a_panic_is_an_internal_error(google, lacking):
    program = [sys.executable, "-c", STARVED, google.url, lacking]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ("OS can't spawn worker thread" in ran.stderr) == (lacking == "threads")


FORKED = """
import asyncio, os, sys
import theo_calendar
from theo_calendar import CalendarService, StaticToken, blocking, errors

def opened():
    return CalendarService.open(google=sys.argv[1], tokens=StaticToken("ada-token"))

async def read(service):
    return len(await service.calendars("ada"))

async def job():
    async with opened() as service:
        await service.full_sync("ada", accounts=["ada@example.com"])
        return await read(service)

def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0

def fresh():
    assert asyncio.run(job()) == 2

def inherited():
    try:
        asyncio.run(read(parent))
    except errors.InvalidInputError as error:
        assert "forked" in str(error)
    else:
        raise AssertionError
    try:
        waiting.calendars("ada")
    except errors.InvalidInputError as error:
        assert "forked" in str(error)
    else:
        raise AssertionError
    waiting.close()
    fresh()

child(fresh)
fresh()
parent = asyncio.run(opened()._open())
waiting = blocking.CalendarService.open(google=sys.argv[1], tokens=StaticToken("ada-token"))
child(inherited)
assert asyncio.run(read(parent)) == 0
waiting.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_opens_its_own_and_is_told_of_its_parent_s(google):
    program = [sys.executable, "-W", "ignore", "-c", FORKED, google.url]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


INTERRUPTED = """
import asyncio, signal, sys
from theo_calendar import CalendarService

# What runs in the background is started deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)

async def job():
    async def never(account, renewed):
        print("waiting", flush=True)
        await asyncio.Event().wait()

    async with CalendarService.open(google=sys.argv[1], tokens=never) as service:
        await service.full_sync("ada", accounts=["a"])

try:
    asyncio.run(job())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_ctrl_c_ends_what_waits(google):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, google.url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, "interrupted\n")


def resident():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is measured by /proc")
def test_a_hundred_thousand_reads_leave_no_memory_behind(open_service, capsys):
    async def job():
        async with open_service() as service:
            await service.full_sync("ada", accounts=[ADA])

            async def read(calls):
                for _ in range(calls // 100):
                    await asyncio.gather(*(service.list_events("ada") for _ in range(100)))

            await read(20_000)
            before, started = resident(), time.perf_counter()
            await read(100_000)
            return before, resident(), time.perf_counter() - started

    before, after, seconds = asyncio.run(job())
    with capsys.disabled():
        print(f"\n100,000 reads: {before:.1f} MiB resident before, {after:.1f} after; {seconds * 10:.0f} µs each")
    assert after - before < 8


def test_tools_of_a_closed_service_and_in_an_unknown_zone_say_so(open_service):
    async def job():
        service = await open_service()
        tools = service.tools("ada", agent="theo", time_zone="Europe/Berlin")
        with pytest.raises(errors.InvalidInputError, match="^time_zone: "):
            service.tools("ada", agent="theo", time_zone="Mars/Olympus")
        await service.close()
        assert "closed" in (await tools.call("list_calendars"))["error"]["untrusted"]["message"]

    asyncio.run(job())
