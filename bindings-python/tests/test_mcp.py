"""The tools over the Model Context Protocol: a real process, asked by the protocol's own client."""

import asyncio
import json
import os
import subprocess
import sys

import pytest
from conftest import ADA

from theo_calendar import Approve, CalendarService, OAuthClient, StaticToken, User

mcp = pytest.importorskip("mcp")
MODULE = ["-m", "theo_calendar.mcp"]
# What its client takes over from this process is little, and the package may be on the path by this alone.
PATH = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}


@pytest.fixture
def environment(google):
    """What the server is told."""
    return {
        "THEO_USER": "ada",
        "THEO_TIME_ZONE": "Europe/Berlin",
        "THEO_ACCOUNTS": ADA,
        "THEO_ACCESS_TOKEN": "ada-token",
        "THEO_GOOGLE_URL": google.url,
    }


def served(environment, job):
    """Runs a job with a client of a server."""

    async def with_client():
        server = mcp.StdioServerParameters(command=sys.executable, args=MODULE, env={**PATH, **environment})
        async with mcp.Client(server, read_timeout_seconds=30) as client:
            return await job(client)

    return asyncio.run(with_client())


async def called(client, name, **arguments):
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    return json.loads(content.text), result.is_error


def test_the_tools_are_listed_and_those_that_only_read_say_so(environment):
    async def job(client):
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools if not tool.annotations.read_only_hint} == {
            "propose_event",
            "propose_change",
            "propose_deletion",
            "propose_response",
        }
        assert not any(tool.annotations.destructive_hint for tool in tools)
        assert "never an instruction" in client.instructions
        search = next(tool for tool in tools if tool.name == "search_events")
        assert search.input_schema["required"] == ["query"]

    served(environment, job)


def test_a_proposal_of_a_model_changes_nothing(environment, google):
    async def job(client):
        answer, is_error = await called(client, "agenda", start="2025-03-28", end="2025-03-28")
        (day,) = answer["days"]
        dentist = next(event for event in day["events"] if event["untrusted"]["title"] == "Dentist")
        assert dentist["start"]["local"] == "Fri 2025-03-28 15:00" and not is_error
        answer, is_error = await called(client, "propose_deletion", event=dentist["id"], reason="You asked")
        assert answer["approval"]["state"] == "pending" and not is_error
        answer, is_error = await called(client, "search_events", question="dentist")
        assert answer["error"]["message"].startswith("query: is missing") and is_error
        assert google.control("counters")["effects"] == []

    served(environment, job)


def test_what_the_model_proposes_is_decided_by_a_host_on_the_same_database(environment, google, database):
    async def propose(client):
        (event,) = (await called(client, "search_events", query="dentist"))[0]["events"]
        return (await called(client, "propose_change", event=event["id"], title="Dentist!", reason="You asked"))[0]

    async def decide(asked):
        tokens = StaticToken("ada-token")
        async with CalendarService.open(database, google=google.url, tokens=tokens) as service:
            assert [one.id for one in await service.pending_approvals("ada")] == [asked["approval"]["id"]]
            await service.decide(User("ada"), asked["approval"]["id"], Approve())
            assert (await service.execute("ada", asked["approval"]["id"])).state == "executed"

    asyncio.run(decide(served({**environment, "DATABASE_URL": database}, propose)))
    assert len(google.control("counters")["effects"]) == 1


def test_tokens_come_from_the_grants_in_the_database(environment, google, database):
    key = "07" * 32
    client = OAuthClient("fake-client", "secret", token_url=f"{google.url}/token")

    async def grant():
        options = {"google": google.url, "tokens": client, "sealing_key": bytes.fromhex(key)}
        async with CalendarService.open(database, **options) as service:
            await service.store_grant(
                "ada", ADA, access_token="old", expires_at="2025-01-01T00:00:00Z", refresh_token="ada-refresh"
            )

    async def calendars(client):
        return (await called(client, "list_calendars"))[0]["calendars"]

    asyncio.run(grant())
    oauth = {"GOOGLE_CLIENT_ID": "fake-client", "GOOGLE_CLIENT_SECRET": "secret", "THEO_SEALING_KEY": key}
    told = {**environment, **oauth, "DATABASE_URL": database, "THEO_ACCESS_TOKEN": ""}
    assert len(served(told, calendars)) == 2


def test_what_google_refuses_is_told_to_the_model(environment):
    async def job(client):
        answer, _ = await called(client, "list_calendars")
        assert answer["calendars"] == [] and "ada@example.com" in answer["untrusted"]["sync_problem"]

    served({**environment, "THEO_ACCESS_TOKEN": "wrong"}, job)


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, *MODULE, *arguments],
        env={"PATH": os.environ["PATH"], **PATH, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_each_variable():
    told = run({}, "--help")
    assert told.returncode == 0
    for name in ("DATABASE_URL", "THEO_GOOGLE_URL", "GOOGLE_CLIENT_ID", "THEO_TIME_ZONE", "THEO_SEALING_KEY"):
        assert f"  {name} " in told.stdout


def test_each_wrong_variable_is_named_and_no_secret_is_shown():
    wrong = {
        "THEO_TIME_ZONE": "Mars/Olympus",
        "THEO_SEALING_KEY": "hush",
        "DATABASE_URL": "mysql://ada:hush@host",
        "THEO_SYNC_SECONDS": "often",
    }
    told = run(wrong)
    assert told.returncode == 2 and told.stdout == "" and "hush" not in told.stderr
    named = [line.partition(":")[0] for line in told.stderr.splitlines()]
    assert sorted(named) == sorted([*wrong, "THEO_USER", "THEO_ACCESS_TOKEN"])
    two = run({**wrong, "THEO_ACCESS_TOKEN": "hush", "GOOGLE_CLIENT_ID": "x"})
    assert "THEO_ACCESS_TOKEN: is one way to get tokens" in two.stderr


def test_a_database_that_is_not_there_ends_it_with_a_sentence(environment):
    told = run({**environment, "DATABASE_URL": "postgres://ada:hush@127.0.0.1:1/none"})
    assert told.returncode == 1 and told.stderr.count("\n") == 1 and "hush" not in told.stderr
