"""Google's own Python client against the fake, through every method the fake serves."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import pytest
from conftest import ADA, BEA
from googleapiclient.errors import HttpError

TEAM = "team@group.calendar.google.com"


def hour(start=9, day="2026-06-01", **more):
    """An event of one hour in UTC."""
    return {
        "summary": "Standup",
        "start": {"dateTime": f"{day}T{start:02}:00:00Z"},
        "end": {"dateTime": f"{day}T{start + 1:02}:00:00Z"},
        **more,
    }


def daily(**more):
    zone = "Europe/Zurich"
    start = {"dateTime": "2026-06-01T09:00:00", "timeZone": zone}
    end = {"dateTime": "2026-06-01T10:00:00", "timeZone": zone}
    return {"summary": "Daily", "start": start, "end": end, "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"], **more}


def refused(request, status, reason):
    with pytest.raises(HttpError) as caught:
        request.execute()
    assert caught.value.resp.status == status
    assert caught.value.error_details[0]["reason"] == reason


def with_etag(request, etag):
    request.headers["If-Match"] = etag
    return request


def everything(request, following):
    """All items of a listing by the client's own paging, and the sync token of its last page."""
    items, pages = [], 0
    while request is not None:
        page = request.execute()
        items += page["items"]
        pages += 1
        request, last = following(request, page), page
    return items, last.get("nextSyncToken"), pages


def listing(google, **query):
    query = {"calendarId": "primary", **query}
    return everything(google.events().list(**query), google.events().list_next)


def test_events_are_written_read_and_deleted(google):
    events = google.events()
    made = events.insert(calendarId="primary", body=hour(id="abcde", location="Room 1")).execute()
    assert made["id"] == "abcde" and made["creator"]["self"]
    refused(events.insert(calendarId="primary", body=hour(id="abcde")), 409, "duplicate")
    assert events.get(calendarId="primary", eventId="abcde").execute() == made
    patched = events.patch(calendarId="primary", eventId="abcde", body={"summary": "New"}).execute()
    assert (patched["summary"], patched["location"]) == ("New", "Room 1")
    updated = events.update(calendarId="primary", eventId="abcde", body=hour(11)).execute()
    assert "location" not in updated and updated["sequence"] == 1
    events.delete(calendarId="primary", eventId="abcde").execute()
    refused(events.delete(calendarId="primary", eventId="abcde"), 410, "deleted")
    assert events.get(calendarId="primary", eventId="abcde").execute()["status"] == "cancelled"


def test_a_stale_etag_is_refused(google):
    events = google.events()
    made = events.insert(calendarId="primary", body=hour()).execute()
    key = {"calendarId": "primary", "eventId": made["id"]}
    fresh = with_etag(events.patch(**key, body={"summary": "One"}), made["etag"]).execute()
    refused(with_etag(events.patch(**key, body={"summary": "Two"}), made["etag"]), 412, "conditionNotMet")
    refused(with_etag(events.update(**key, body=hour()), made["etag"]), 412, "conditionNotMet")
    refused(with_etag(events.delete(**key), made["etag"]), 412, "conditionNotMet")
    with_etag(events.delete(**key), fresh["etag"]).execute()


def test_pages_and_sync_tokens(fake, google):
    for number in range(5):
        google.events().insert(calendarId="primary", body=hour(id=f"event{number}")).execute()
    items, token, pages = listing(google, maxResults=2)
    assert (len(items), pages) == (5, 3)
    google.events().patch(calendarId="primary", eventId="event3", body={"summary": "New"}).execute()
    google.events().delete(calendarId="primary", eventId="event4").execute()
    google.events().insert(calendarId="primary", body=hour(id="event5")).execute()
    delta, after, pages = listing(google, syncToken=token, maxResults=2)
    assert [event["id"] for event in delta] == ["event3", "event4", "event5"] and pages == 2
    assert set(delta[1]) == {"kind", "etag", "id", "status"}
    refused(google.events().list(calendarId="primary", syncToken=after, q="x"), 400, "invalidParameter")
    fake.control("expire-sync-tokens", {"calendar": ADA})
    refused(google.events().list(calendarId="primary", syncToken=after), 410, "fullSyncRequired")


def test_a_series_its_instances_and_exceptions(google):
    events = google.events()
    master = events.insert(calendarId="primary", body=daily()).execute()
    instances = events.instances(calendarId="primary", eventId=master["id"])
    items, _, pages = everything(instances, events.instances_next)
    assert len(items) == 5 and items[0]["id"] == f"{master['id']}_20260601T070000Z"
    instances = events.instances(calendarId="primary", eventId=master["id"], maxResults=2)
    assert everything(instances, events.instances_next)[2] == 3
    events.patch(calendarId="primary", eventId=items[1]["id"], body={"summary": "Changed"}).execute()
    events.delete(calendarId="primary", eventId=items[2]["id"]).execute()
    stored, _, _ = listing(google)
    assert [event["status"] for event in stored] == ["confirmed", "confirmed", "cancelled"]
    assert set(stored[2]) == {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}
    seen, _, _ = listing(google, singleEvents=True, orderBy="startTime", timeZone="Asia/Tokyo")
    assert [event["summary"] for event in seen] == ["Daily", "Changed", "Daily", "Daily"]
    assert seen[0]["start"]["dateTime"] == "2026-06-01T16:00:00+09:00"


def test_filters(google):
    events = google.events()
    tagged = {"private": {"op": "1"}, "shared": {"team": "a"}}
    events.insert(calendarId="primary", body=hour(id="tagged", extendedProperties=tagged)).execute()
    events.insert(calendarId="primary", body=hour(14, id="other0", summary="Lunch with Bea")).execute()
    focus = hour(16, id="focus", eventType="focusTime", focusTimeProperties={"autoDeclineMode": "declineNone"})
    events.insert(calendarId="primary", body=focus).execute()

    def ids(**query):
        return [event["id"] for event in listing(google, **query)[0]]

    assert ids(privateExtendedProperty=["op=1"]) == ["tagged"]
    assert ids(sharedExtendedProperty=["team=a"]) == ["tagged"]
    assert ids(q="lunch") == ["other0"]
    assert ids(eventTypes=["focusTime"]) == ["focus"]
    assert ids(iCalUID="other0@google.com") == ["other0"]
    assert ids(timeMin="2026-06-01T10:00:00Z", timeMax="2026-06-01T16:00:00Z") == ["other0"]
    assert ids(orderBy="updated") == ["tagged", "other0", "focus"]
    events.delete(calendarId="primary", eventId="focus").execute()
    assert ids(showDeleted=True) == ["tagged", "other0", "focus"]


def test_import_quick_add_and_move(google):
    events = google.events()
    foreign = hour(iCalUID="invitation@example.org", organizer={"email": "fay@example.org"})
    first = events.import_(calendarId="primary", body=foreign).execute()
    assert first["iCalUID"] == "invitation@example.org" and first["organizer"]["email"] == "fay@example.org"
    again = events.import_(calendarId="primary", body={**foreign, "summary": "Later"}).execute()
    assert (again["id"], again["summary"]) == (first["id"], "Later")
    lunch = events.quickAdd(calendarId="primary", text="Lunch with Bea tomorrow 12:30pm-1pm").execute()
    assert lunch["summary"] == "Lunch with Bea" and "T12:30:00" in lunch["start"]["dateTime"]
    moved = events.move(calendarId="primary", eventId=lunch["id"], destination=TEAM).execute()
    assert moved["organizer"]["email"] == TEAM and moved["id"] == lunch["id"]
    assert events.get(calendarId="primary", eventId=lunch["id"]).execute()["status"] == "cancelled"


def test_guests_conferences_and_mail(fake, google):
    body = hour(
        id="meeting",
        attendees=[{"email": ADA, "responseStatus": "accepted"}, {"email": BEA}, {"email": "fay@example.org"}],
        conferenceData={"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}},
        reminders={"useDefault": False, "overrides": [{"method": "popup", "minutes": 10}]},
    )
    insert = google.events().insert(calendarId="primary", body=body, conferenceDataVersion=1, sendUpdates="all")
    made = insert.execute()
    assert made["hangoutLink"].startswith("https://meet.google.com/")
    assert made["conferenceData"]["createRequest"]["status"]["statusCode"] == "success"
    assert [mail["to"] for mail in fake.control("counters")["mail"]] == [BEA, "fay@example.org"]
    shown = google.events().get(calendarId="primary", eventId="meeting", maxAttendees=1).execute()
    assert shown["attendeesOmitted"] and [guest["email"] for guest in shown["attendees"]] == [ADA]


def test_the_calendar_list(google):
    entries = google.calendarList()
    items, token, pages = everything(entries.list(maxResults=2), entries.list_next)
    assert (len(items), pages) == (3, 2)
    assert entries.get(calendarId="primary").execute()["primary"]
    patched = entries.patch(calendarId=TEAM, body={"summaryOverride": "Ours"}).execute()
    assert (patched["summary"], patched["summaryOverride"]) == ("Team", "Ours")
    assert "summaryOverride" not in entries.update(calendarId=TEAM, body={"selected": True}).execute()
    entries.delete(calendarId=TEAM).execute()
    delta, _, _ = everything(entries.list(syncToken=token), entries.list_next)
    assert [(entry["id"], entry["deleted"]) for entry in delta] == [(TEAM, True)]
    refused(entries.get(calendarId=TEAM), 404, "notFound")
    assert entries.insert(body={"id": TEAM}).execute()["accessRole"] == "owner"


def test_calendars(google):
    calendars = google.calendars()
    made = calendars.insert(body={"summary": "Trips", "timeZone": "Asia/Tokyo"}).execute()
    assert calendars.get(calendarId=made["id"]).execute()["timeZone"] == "Asia/Tokyo"
    assert calendars.patch(calendarId=made["id"], body={"description": "Far"}).execute()["description"] == "Far"
    assert "description" not in calendars.update(calendarId=made["id"], body={"summary": "Trips"}).execute()
    calendars.delete(calendarId=made["id"]).execute()
    refused(calendars.get(calendarId=made["id"]), 404, "notFound")
    google.events().insert(calendarId="primary", body=hour()).execute()
    calendars.clear(calendarId="primary").execute()
    assert listing(google)[0] == []


def test_free_busy(google):
    google.events().insert(calendarId="primary", body=daily()).execute()
    items = [{"id": ADA}, {"id": "nobody@example.com"}]
    body = {"timeMin": "2026-06-02T00:00:00Z", "timeMax": "2026-06-03T00:00:00Z", "items": items}
    answer = google.freebusy().query(body=body).execute()
    busy = [{"start": "2026-06-02T07:00:00Z", "end": "2026-06-02T08:00:00Z"}]
    assert answer["calendars"][ADA]["busy"] == busy
    assert answer["calendars"]["nobody@example.com"]["errors"][0]["reason"] == "notFound"


def test_settings_and_colors(google):
    settings = google.settings()
    items, token, _ = everything(settings.list(), settings.list_next)
    assert token and {item["id"] for item in items} >= {"timezone", "locale", "weekStart"}
    assert settings.get(setting="timezone").execute()["value"] == "Europe/Zurich"
    refused(settings.get(setting="nothing"), 404, "notFound")
    assert len(google.colors().get().execute()["event"]) == 11


@pytest.fixture
def hook():
    """An address that can be notified, and the notifications it got."""
    received = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.put(dict(self.headers.items()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", received
    server.shutdown()


def test_watching_and_stopping(google, hook):
    address, received = hook
    body = {"id": "channel-1", "type": "web_hook", "address": address, "token": "secret"}
    channel = google.events().watch(calendarId="primary", body=body).execute()
    first = {name.lower(): value for name, value in received.get(timeout=10).items()}
    assert first["x-goog-resource-state"] == "sync" and first["x-goog-channel-token"] == "secret"
    google.events().insert(calendarId="primary", body=hour()).execute()
    second = {name.lower(): value for name, value in received.get(timeout=10).items()}
    assert second["x-goog-resource-state"] == "exists"
    assert int(second["x-goog-message-number"]) > int(first["x-goog-message-number"])
    google.channels().stop(body={"id": "channel-1", "resourceId": channel["resourceId"]}).execute()
    refused(google.channels().stop(body={"id": "channel-1", "resourceId": "x"}), 404, "notFound")
    listed = google.calendarList().watch(body={**body, "id": "channel-2"}).execute()
    assert listed["resourceId"] != channel["resourceId"]
    google.settings().watch(body={**body, "id": "channel-3"}).execute()
    holidays = google.events().watch(calendarId="holidays@group.v.calendar.google.com", body=body)
    refused(holidays, 400, "pushNotSupportedForRequestedResource")


def test_roles_and_scopes(fake):
    bea = fake.client("bea-token")
    bea.events().list(calendarId=TEAM).execute()
    refused(bea.events().insert(calendarId=TEAM, body=hour()), 403, "requiredAccessLevel")
    refused(bea.events().list(calendarId=ADA), 404, "notFound")
    narrow = fake.control("token", {"person": BEA, "scopes": ["calendar.events"]})["accessToken"]
    refused(fake.client(narrow).calendarList().list(), 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


def test_faults_reach_the_client_as_google_sends_them(fake, google):
    fault = {"operation": "events.list", "kind": "status", "status": 429, "reason": "rateLimitExceeded", "times": 1}
    fake.control("faults", fault)
    refused(google.events().list(calendarId="primary"), 429, "rateLimitExceeded")
    assert listing(google)[0] == []


def test_every_method_served_was_called(called):
    """The last test of the file: nothing the fake serves was left out above."""
    served = {
        "calendarList": ["delete", "get", "insert", "list", "patch", "update", "watch"],
        "calendars": ["clear", "delete", "get", "insert", "patch", "update"],
        "channels": ["stop"],
        "colors": ["get"],
        "events": "delete get import insert instances list move patch quickAdd update watch".split(),
        "freebusy": ["query"],
        "settings": ["get", "list", "watch"],
    }
    assert {f"{resource}.{name}" for resource, names in served.items() for name in names} <= called
