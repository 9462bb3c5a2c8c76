"""A Google: one that this example starts, or any other. Asked here without theo_calendar, so that it can bear witness."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote

HERE = Path(__file__).parent
#: Monday morning of the week in `seed.json`.
NOW = datetime(2026, 1, 5, 7, tzinfo=UTC)


class Google(NamedTuple):
    """Where it is, and a token for it."""

    url: str
    token: str

    def event(self, calendar: str, event: str) -> str:
        """An event as Google has it: its title and its times."""
        path = f"/calendar/v3/calendars/{quote(calendar)}/events/{quote(event)}"
        request = urllib.request.Request(self.url.rstrip("/") + path, headers={"Authorization": f"Bearer {self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found = json.load(answer)
        except HTTPError as error:
            if error.code in (404, 410):
                return "it is gone"
            raise
        if found.get("status") == "cancelled":
            return "it is gone"
        start, end = (found[name].get("dateTime") or found[name]["date"] for name in ("start", "end"))
        return f"{found.get('summary')!r} from {start} to {end}"


@contextmanager
def fake_google() -> Generator[tuple[Google, datetime], None, None]:
    """A Google on loopback with the week of `seed.json`, and what time it is there."""
    program = os.environ.get("FAKE_GOOGLE_BIN", str(HERE.parents[1] / "target" / "debug" / "fake-google"))
    command = [
        program,
        "--port",
        "0",
        "--seed",
        str(HERE / "seed.json"),
        "--now",
        NOW.isoformat(),
    ]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        sys.exit(f"{program} is not there: cargo build -p fake-google")
    with process:
        try:
            assert process.stdout is not None, "it was asked for"
            yield (
                Google(
                    process.stdout.readline().strip().removeprefix("listening on "),
                    "fake-access-token",
                ),
                NOW,
            )
        finally:
            process.kill()
