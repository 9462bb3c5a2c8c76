"""Starts the fake, points Google's own client at it, and checks every answer against Google's own schemas."""

import json
import os
import signal
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import googleapiclient
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from schemas import Schemas

ROOT = Path(__file__).resolve().parents[3]
ADA = "ada@example.com"
BEA = "bea@example.com"
SEED = {
    "people": [
        {
            "email": ADA,
            "timeZone": "Europe/Zurich",
            "accessToken": "ada-token",
            "calendars": [
                {"id": "team@group.calendar.google.com", "summary": "Team", "timeZone": "America/New_York"},
                {"id": "holidays@group.v.calendar.google.com", "summary": "Holidays", "refusesWatch": True},
            ],
        },
        {
            "email": BEA,
            "timeZone": "UTC",
            "accessToken": "bea-token",
            "calendars": [{"id": "team@group.calendar.google.com", "accessRole": "reader"}],
        },
    ]
}


def discovery():
    """Google's description of its API, as packaged with its client."""
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    return json.loads((folder / "calendar.v3.json").read_text())


class CheckedHttp(httplib2.Http):
    """Checks each good answer against the schema of the method that was called, and notes the method."""

    def __init__(self, schemas, called):
        super().__init__()
        self.schemas, self.called = schemas, called

    def request(self, uri, method="GET", *args, **kwargs):
        response, content = super().request(uri, method, *args, **kwargs)
        name, schema = self.schemas.method(method, uri)
        self.called.add(name)
        if response.status == 200:
            self.schemas.check(schema, json.loads(content), name)
        elif response.status == 204:
            assert content == b"" and schema is None, f"{name} should have answered a {schema}"
        return response, content


class Fake:
    """A running fake, and clients for it."""

    def __init__(self, url, called):
        self.url, self.called, self.document = url, called, discovery()
        self.schemas = Schemas(self.document)

    def client(self, token="ada-token"):
        document = dict(self.document, rootUrl=f"{self.url}/", baseUrl=f"{self.url}/calendar/v3/", mtlsRootUrl="")
        http = AuthorizedHttp(Credentials(token), http=CheckedHttp(self.schemas, self.called))
        return build_from_document(document, http=http)

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=data)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())


@contextmanager
def started(*arguments, ends_by=signal.SIGKILL):
    """Runs the program, ended by a signal, and gives its root."""
    binary = os.environ.get("FAKE_GOOGLE_BIN", str(ROOT / "target" / "debug" / "fake-google"))
    process = subprocess.Popen([binary, "--port", "0", *arguments], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield line.removeprefix("listening on ")
    finally:
        process.send_signal(ends_by)
        process.wait()


@pytest.fixture(scope="session")
def called():
    """The methods that any test called."""
    return set()


@pytest.fixture
def fake(tmp_path, called):
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED))
    with started("--seed", str(seed), "--allow-http-webhooks") as url:
        yield Fake(url, called)


@pytest.fixture
def google(fake):
    return fake.client()
