"""What a service is opened with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ._native import AccountKey
from .errors import InvalidInputError

#: Gives an access token for an account; a new one where `renewed` says that Google refused the last.
TokenFunction = Callable[[AccountKey, bool], Awaitable[str] | str]

#: Gives the vector of each text, in their order: lists of float, or rows of an array.
EmbedFunction = Callable[[list[str]], Awaitable[Sequence[Sequence[float]]] | Sequence[Sequence[float]]]

#: Gives the present instant, with its zone, at once.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class StaticToken:
    """One access token, for every account: a playground's, a test's, or one that the host renews itself.

    >>> StaticToken("ya29.secret")
    StaticToken(scopes=None)
    """

    #: The bearer token. Shown nowhere.
    token: str = field(repr=False)
    #: The scopes it is good for, so that what it does not allow is refused here; `None` where nobody knows.
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The host's own registration at Google: tokens come from grants in the store, and are renewed from them.

    Put a grant there with :meth:`CalendarService.store_grant`, after the person consented.
    """

    #: Client id.
    id: str
    #: Client secret; `None` for a public client. Shown nowhere.
    secret: str | None = field(default=None, repr=False)
    #: Where tokens come from: Google, or a fake's `/token`.
    token_url: str | None = None


@dataclass(frozen=True, slots=True)
class Embedder:
    """A model that turns texts into vectors, for search by meaning.

    The same model name must mean the same vectors for as long as they are kept.

    >>> Embedder("https://models.example.com", model="all-MiniLM-L6-v2", dimensions=384, key="secret")
    Embedder(embed='https://models.example.com', model='all-MiniLM-L6-v2', dimensions=384)
    """

    #: A server that speaks OpenAI's `/v1/embeddings`, or a function of a list of texts.
    embed: str | EmbedFunction
    #: Its name, stored with each vector.
    model: str
    #: How many numbers a vector has.
    dimensions: int
    #: Sent to the server as a bearer token. Shown nowhere.
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Options:
    """What the native half opens a service with."""

    store: str
    google: str | None
    tokens: StaticToken | OAuthClient | TokenFunction
    embedder: Embedder | None
    retiring: Embedder | None
    clock: Clock | None
    webhooks: str | None
    holder: str
    sealing_key: bytes | None
    migrate: bool
    timeout: float

    def __post_init__(self) -> None:
        if not isinstance(self.store, str):
            raise TypeError(f"store: must be a str, not {type(self.store).__name__}")
        if self.store != "memory" and not self.store.startswith(("postgres://", "postgresql://", "embedded:")):
            # Without the text: it may hold a password.
            raise InvalidInputError('store: is none: give "memory", "postgres://…" or "embedded:PATH"')
        if not (isinstance(self.tokens, (StaticToken, OAuthClient)) or callable(self.tokens)):
            wanted = "a StaticToken, an OAuthClient or a function of (account, renewed)"
            raise TypeError(f"tokens: must be {wanted}, not {type(self.tokens).__name__}")
        for name in ("embedder", "retiring"):
            embedder = getattr(self, name)
            if not (embedder is None or isinstance(embedder, Embedder)):
                raise TypeError(f"{name}: must be an Embedder, not {type(embedder).__name__}")
        if not (self.clock is None or callable(self.clock)):
            raise TypeError(f"clock: must be a function, not {type(self.clock).__name__}")


def unique_holder() -> str:
    """A name for this process among others that share a store."""
    return f"python-{os.getpid()}-{secrets.token_hex(4)}"
