"""The program goes on from where it was asked to end: Google's own client notices nothing."""

import signal

from conftest import ADA, Fake, started


def test_a_sync_token_outlives_the_program(tmp_path, called):
    state = str(tmp_path / "state.json")
    with started("--state", state, "--generate-events", "20", ends_by=signal.SIGTERM) as url:
        events = Fake(url, called).client("fake-access-token").events()
        token = events.list(calendarId=ADA).execute()["nextSyncToken"]
        made = events.quickAdd(calendarId=ADA, text="Lunch").execute()

    with started("--state", state, ends_by=signal.SIGINT) as url:
        events = Fake(url, called).client("fake-access-token").events()
        changed = events.list(calendarId=ADA, syncToken=token).execute()["items"]

    assert [event["etag"] for event in changed] == [made["etag"]]
