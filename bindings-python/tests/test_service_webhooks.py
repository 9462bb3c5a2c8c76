"""What Google notifies of."""

import asyncio
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread

import pytest
from conftest import ADA

from theo_calendar import CalendarKey, Disbelief, Received

PRIMARY = CalendarKey("ada", ADA, ADA)


@pytest.fixture
def hook():
    """A server's address, and the headers of what comes there."""
    came = Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            came.put(self.headers)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", came
        server.shutdown()


def test_what_changes_at_google_is_notified_and_synced(open_service, google, store, hook):
    async def job():
        address, came = hook
        async with open_service(store, webhooks=address) as service:
            await service.full_sync("ada", accounts=[ADA])
            await service.register_webhook(PRIMARY)
            handshake = await asyncio.to_thread(came.get, timeout=30)
            assert await service.receive_webhook(dict(handshake.items())) == Received()

            google.control("create-event", calendar=ADA, event={"summary": "New", "start": {"date": "2025-04-01"}})
            headers = await asyncio.to_thread(came.get, timeout=30)
            received = await service.receive_webhook(headers.items())
            assert received.resource == PRIMARY and received.ignored is None
            assert received.sync_at > datetime.now(UTC)
            report = await service.sync_resource(received.resource)
            assert report.events_added == 1

            forged = {**dict(headers.items()), "x-goog-channel-token": "guess"}
            assert await service.receive_webhook(forged) == Received(ignored=Disbelief.WRONG_TOKEN)
            assert (await service.receive_webhook({"X-Goog: \r\n": "é"})).ignored is Disbelief.UNREADABLE
            assert (await service.sync_due()).resources == ()

    asyncio.run(job())


def test_headers_that_are_none_are_named(open_service):
    async def job():
        async with open_service() as service:
            for wrong in ([("x-goog-channel-id", 7)], {"x-goog-channel-id": None}, [1]):
                with pytest.raises(TypeError, match="headers"):
                    await service.receive_webhook(wrong)

    asyncio.run(job())
