"""What the environment says of whose calendars are served, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .._opening import Opening
from .._options import OAuthClient, StaticToken
from ..errors import InvalidInputError
from ..service import CalendarService

#: Each variable, and what it says.
VARIABLES = {
    "THEO_USER": "whose calendars: the host's own name of the person",
    "THEO_TIME_ZONE": "on whose clocks times are told and meant, such as Europe/Berlin",
    "THEO_AGENT": "what the agent is called in its proposals; theo by default",
    "THEO_ACCOUNTS": "the addresses of the Google accounts to mirror, with commas between; by default those that the "
    "store knows",
    "THEO_ACCESS_TOKEN": "one access token, for each account; or else:",
    "GOOGLE_CLIENT_ID": "the host's registration at Google: tokens come from the grants in the database",
    "GOOGLE_CLIENT_SECRET": "its secret, where it has one",
    "THEO_SEALING_KEY": "what seals those grants there, 64 hexadecimal digits (openssl rand -hex 32)",
    "DATABASE_URL": "where the mirror is kept, and where proposals wait: postgres://user@host/database, or "
    "embedded:FOLDER; without it they are gone with this process",
    "THEO_GOOGLE_URL": "the root of the API in place of Google's own: a fake, or a proxy",
    "THEO_SYNC_SECONDS": "how often changes are fetched from Google; 60 by default, 0 where another process does so",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    user: str
    time_zone: ZoneInfo
    agent: str
    accounts: list[str] | None
    tokens: StaticToken | OAuthClient
    sealing_key: bytes | None
    store: str
    google: str | None
    #: Seconds between two syncs; `None` where another process syncs.
    sync_every: float | None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        """What `environment` says; an empty variable is none.

        Raises `InvalidInputError`, with a line for each variable that is wrong; none shows a value that is secret.
        """
        reader = _Reader(environment)
        google = reader.text("THEO_GOOGLE_URL")
        settings = cls(
            user=reader.needed("THEO_USER"),
            time_zone=reader.zone("THEO_TIME_ZONE"),
            agent=reader.text("THEO_AGENT") or "theo",
            accounts=reader.names("THEO_ACCOUNTS"),
            tokens=reader.tokens(google),
            sealing_key=reader.key("THEO_SEALING_KEY"),
            store=reader.store("DATABASE_URL"),
            google=google,
            sync_every=reader.seconds("THEO_SYNC_SECONDS", 60.0),
        )
        if reader.wrong:
            raise InvalidInputError("\n".join(reader.wrong))
        return settings

    def opening(self) -> Opening[CalendarService]:
        """The service that it describes."""
        return CalendarService.open(self.store, tokens=self.tokens, google=self.google, sealing_key=self.sealing_key)


class _Reader:
    """Reads on where something is wrong, so that all of it is told at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.wrong: list[str] = []

    def text(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def needed(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            self.wrong.append(f"{name}: is missing: {VARIABLES[name]}")
        return text or ""

    def names(self, name: str) -> list[str] | None:
        text = self.text(name)
        return None if text is None else [part.strip() for part in text.split(",") if part.strip()]

    def zone(self, name: str) -> ZoneInfo:
        text = self.needed(name)
        try:
            return ZoneInfo(text or "UTC")
        except (KeyError, ValueError, OSError):
            self.wrong.append(f"{name}: there is no {text!r}: give an IANA name such as Europe/Berlin")
            return ZoneInfo("UTC")

    def tokens(self, google: str | None) -> StaticToken | OAuthClient:
        token, client = self.text("THEO_ACCESS_TOKEN"), self.text("GOOGLE_CLIENT_ID")
        if token is not None and client is not None:
            self.wrong.append(
                "THEO_ACCESS_TOKEN: is one way to get tokens and GOOGLE_CLIENT_ID another: give one of them"
            )
        elif token is None and client is None:
            self.wrong.append(
                "THEO_ACCESS_TOKEN: is missing, and so is GOOGLE_CLIENT_ID: one of them says where tokens are"
            )
        elif client is not None and self.text("DATABASE_URL") is None:
            self.wrong.append("DATABASE_URL: is missing: with GOOGLE_CLIENT_ID tokens come from the grants in it")
        if client is None:
            return StaticToken(token or "")
        token_url = None if google is None else f"{google.rstrip('/')}/token"
        return OAuthClient(client, self.text("GOOGLE_CLIENT_SECRET"), token_url)

    def key(self, name: str) -> bytes | None:
        text = self.text(name)
        try:
            key = None if text is None else bytes.fromhex(text)
        except ValueError:
            key = b""
        if key is not None and len(key) != 32:
            self.wrong.append(f"{name}: is no key: give 64 hexadecimal digits (openssl rand -hex 32)")
        return key

    def store(self, name: str) -> str:
        text = self.text(name) or "memory"
        if text != "memory" and not text.startswith(("postgres://", "postgresql://", "embedded:")):
            # Without the text: it may hold a password.
            self.wrong.append(f"{name}: is none: give postgres://user@host/database or embedded:FOLDER")
        return text

    def seconds(self, name: str, usual: float) -> float | None:
        text = self.text(name)
        try:
            seconds = usual if text is None else float(text)
            if not 0 <= seconds < 1e6:
                raise ValueError
        except ValueError:
            self.wrong.append(f"{name}: {text!r} is no number of seconds")
            return None
        return seconds or None
