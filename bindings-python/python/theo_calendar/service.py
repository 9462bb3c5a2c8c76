"""The service: a local mirror of people's Google calendars, and an agent's way to change them with their yes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import _native
from ._arguments import function, items, naming
from ._decisions import Action, Decision, Request, checked, principal
from ._keys import account_key
from ._mirror import Mirror
from ._native import (
    AccountKey,
    Agent,
    Approval,
    AuditRecord,
    CalendarKey,
    ChainEnd,
    Channel,
    SendUpdates,
    SyncReport,
    SyncStatus,
    User,
)
from ._opening import Opening
from ._options import Clock, Embedder, OAuthClient, Options, StaticToken, TokenFunction, unique_holder
from ._sync import ProgressFunction, SyncRun
from ._ticks import ApprovalTick, EmbedTick, RenewalTick, SyncTick
from ._webhooks import Headers, Received, pairs

if TYPE_CHECKING:
    from .tools import Tools


class CalendarService(Mirror):
    """A local mirror of people's Google calendars, and an agent's way to change them with their yes.

    - Reads come from the mirror: they make no request, save that :meth:`find_slots` asks Google when others are busy.
    - Nothing is written to Google but by :meth:`execute` and :meth:`reconcile_due`, and by these only what a person
      approved.
    - The first argument is the host's own name of the person, whose calendars no other user's call can reach.
    - Nothing runs by itself: the host calls the ticks (:meth:`sync_due` and those like it) when each says that it next
      wants to run.

    Each method runs outside the GIL and beside any number of others, in asyncio, uvloop, or anyio on asyncio. All raise
    :class:`~theo_calendar.errors.CalendarError` with a class for each kind: `StorageError` where the store fails, and
    `InvalidInputError` after :meth:`close`, or in a process that was forked after it was opened.

    A task that is cancelled drops the call: a sync goes on, next time, after the last page stored; of an execution the
    intent is stored before Google is called, so that :meth:`reconcile_due` finds out what became of it.
    """

    def __init__(self, native: _native.Service, patience: float, stop: Callable[[], Awaitable[None]] | None) -> None:
        self._native = naming(native)
        self._patience = patience
        self._stop = stop

    @staticmethod
    def open(
        store: str = "memory",
        *,
        tokens: StaticToken | OAuthClient | TokenFunction,
        google: str | None = None,
        embedder: Embedder | None = None,
        retiring: Embedder | None = None,
        clock: Clock | None = None,
        webhooks: str | None = None,
        holder: str | None = None,
        sealing_key: bytes | None = None,
        migrate: bool = True,
        timeout: float = 30.0,
    ) -> Opening[CalendarService]:
        """Opens a service: await it, or enter it with `async with`, which also closes it.

        >>> async def example():
        ...     async with CalendarService.open(tokens=StaticToken("ya29.secret")) as service:
        ...         await service.full_sync("ada", accounts=["ada@example.com"])

        :param store: `"memory"`, which is gone with the service; `"postgres://user@host/database"` (16 or newer, with
            pgvector); or `"embedded:PATH"`, a PostgreSQL server of its own that keeps its data in the folder `PATH`
            (needs `theo-calendar[embedded]`).
        :param tokens: where access tokens come from: one token, the grants in the store, or a function of
            `(account: AccountKey, renewed: bool)`. It is asked for each request, and should remember what it gave.
        :param google: the root of the API in place of Google's own: a fake, or a proxy.
        :param embedder: what search finds meaning with; without one it finds words.
        :param retiring: the embedder that the current one replaces: it answers for those whose events are not embedded
            anew.
        :param clock: what time it is, in place of the machine's: for tests. It must return at once.
        :param webhooks: the https address at which Google notifies of changes; without one calendars are polled.
        :param holder: a name for this process among others that share the store; a random one by default.
        :param sealing_key: 32 bytes that seal tokens in a database. Needed with an `OAuthClient`, and to be kept apart
            from the database: what was sealed under a lost one is lost.
        :param migrate: whether to bring the database's schema up to date.
        :param timeout: how many seconds a request to Google, and each function of the host's, may take.
        """
        holder = unique_holder() if holder is None else holder
        return Opening(
            CalendarService,
            Options(store, google, tokens, embedder, retiring, clock, webhooks, holder, sealing_key, migrate, timeout),
        )

    async def close(self) -> None:
        """Closes its connections when running calls are done, and stops an embedded server. Twice is as once."""
        await self._native.close()
        if self._stop is not None:
            stop, self._stop = self._stop, None
            await stop()

    async def __aenter__(self) -> CalendarService:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # Keeping the mirror equal to Google

    def full_sync(
        self,
        user: str,
        *,
        accounts: Iterable[str] | None = None,
        calendar_ids: Iterable[str] | None = None,
        force_refresh: bool = False,
        on_progress: ProgressFunction | None = None,
    ) -> SyncRun:
        """Mirrors the calendars of `user`: what was never listed is listed completely, of the rest Google sends what
        changed. Await it for its :class:`SyncReport`, or iterate over it for its pages first.

        :param accounts: only these; one not known yet becomes so. All known ones by default.
        :param calendar_ids: only these, of those selected; `primary` is the account's own.
        :param force_refresh: list everything completely, whatever is mirrored, and whatever failed before.
        :param on_progress: called with each :class:`SyncProgress` in the event loop; may be asynchronous. What it
            raises stops the sync and is raised from it.

        What Google fails on stops nothing else: see `failures` of the report. Raises `InvalidInputError` when no
        account is known or named.
        """
        names = None if accounts is None else items("accounts", accounts)
        ids = None if calendar_ids is None else items("calendar_ids", calendar_ids)
        return SyncRun(
            lambda on_page: self._native.sync(user, force_refresh, ids, names, on_page),
            function("on_progress", on_progress),
            self._patience,
        )

    def incremental_sync(self, user: str, *, on_progress: ProgressFunction | None = None) -> SyncRun:
        """Brings what changed since the last sync; as :meth:`full_sync`."""
        return self.full_sync(user, on_progress=on_progress)

    async def account_connected(self, user: str, account: str) -> None:
        """Lets an account be synced from now on by :meth:`sync_due`: the person connected it, or did so anew."""
        await self._native.account_connected(account_key(user, account))

    async def store_grant(
        self,
        user: str,
        account: str,
        *,
        access_token: str,
        expires_at: datetime,
        refresh_token: str | None = None,
        scopes: Iterable[str] = (),
    ) -> None:
        """Keeps what the person granted through an account, over what there is, for an :class:`OAuthClient`.

        :param expires_at: when the access token ends, with its zone.
        :param scopes: what they granted; with none nothing is refused here for want of it.
        """
        key = account_key(user, account)
        await self._native.store_grant(key, access_token, expires_at, refresh_token, items("scopes", scopes))

    async def granted_accounts(self, user: str) -> list[AccountKey]:
        """The accounts of `user` that have a grant."""
        return await self._native.granted_accounts(user)

    async def delete_grant(self, user: str, account: str) -> None:
        """Forgets a grant; nothing happens where there is none."""
        await self._native.delete_grant(account_key(user, account))

    async def sync_status(self, user: str) -> SyncStatus:
        """How far the mirror of `user` is."""
        return await self._native.sync_status(user)

    # Changing Google Calendar, with a person's yes

    async def request(
        self,
        by: User | Agent,
        action: Action,
        *,
        send_updates: SendUpdates | str = "none",
        reason: str | None = None,
        expires_in: timedelta | None = None,
    ) -> Approval:
        """Asks for a change: nothing changes until the person approves it and it is executed.

        :param by: who asks: a `User`, or an `Agent` that acts for one.
        :param action: a `Create`, `Update`, `Delete` or `Respond`.
        :param send_updates: who is emailed about it: `all`, `externalOnly` or `none`.
        :param reason: why, in words for the person.
        :param expires_in: how long the person has to decide and execute; a day by default.

        Raises `NotFoundError` for an unknown calendar or event, `ForbiddenError` where the person may only read, and
        `InvalidInputError` for what cannot be done.
        """
        request = Request(action, str(send_updates), reason, expires_in)
        return await self._native.request(principal(by), request)

    async def request_again(self, by: User | Agent, approval_id: str) -> Approval:
        """Asks anew for a change that went stale, against the event as it is now. Raises `WrongStateError` unless it
        did."""
        return await self._native.request_again(principal(by), approval_id)

    async def decide(self, by: User | Agent, approval_id: str, decision: Decision) -> Approval:
        """Takes the person's decision: an `Approve`, `Reject` or `EditAndApprove`.

        Raises `NotPermittedError` for an agent's, `NotFoundError` for another user's approval, `WrongStateError` when
        it is decided already, and `ExpiredError` when it is too late.
        """
        return await self._native.decide(principal(by), approval_id, checked(decision))

    async def execute(self, user: str, approval_id: str) -> Approval:
        """Makes an approved change at Google, once, however often it is called; `state` and `outcome` say what came
        of it.

        Raises `WrongStateError` where it is not approved, and `ExpiredError` when it is too late. A task that is
        cancelled leaves the approval `executing`: :meth:`reconcile_due` finds out whether it was done.
        """
        return await self._native.execute(user, approval_id)

    async def approval(self, user: str, approval_id: str) -> Approval:
        """One approval. Raises `NotFoundError`, also for another user's."""
        return await self._native.approval(user, approval_id)

    async def pending_approvals(self, user: str) -> list[Approval]:
        """What waits for a decision of `user`, newest first."""
        return await self._native.pending_approvals(user)

    async def audit(self, user: str, *, after: int = 0, limit: int = 100) -> list[AuditRecord]:
        """At most `limit` audit records of `user` after number `after`, oldest first."""
        return await self._native.audit(user, after, limit)

    async def verify_audit(self, user: str) -> ChainEnd:
        """Checks every audit record of `user`, and says where their chain ends: keep that elsewhere, and compare.

        Raises `StorageError`, naming the first record that was changed, moved or removed.
        """
        return await self._native.verify_audit(user)

    def tools(
        self,
        user: str,
        *,
        agent: str,
        time_zone: str | ZoneInfo,
        expires_in: timedelta | None = None,
        clock: Clock | None = None,
    ) -> Tools:
        """The calendars of `user` as tools for a language model: it reads, and it proposes as `agent`.

        :param agent: what the agent is called where its proposals are shown.
        :param time_zone: on whose clocks times are told and meant: the person's.
        :param expires_in: how long the person has to decide and execute what it proposes; a day by default.
        :param clock: what time it is, as the model is told; the machine's by default.

        Needs `theo-calendar[tools]`. Raises `InvalidInputError` for an unknown zone.
        """
        from .tools import Tools

        return Tools(self, user, agent=agent, time_zone=time_zone, expires_in=expires_in, clock=clock)

    # Notifications, and the ticks

    async def register_webhook(self, resource: CalendarKey | AccountKey) -> Channel | None:
        """Lets Google notify of what changes in a calendar, or in an account's list of calendars; `None` where Google
        refuses push, so that it is polled. Before it ends, :meth:`renew_due` opens the next.

        Raises `InvalidInputError` where the service was opened without `webhooks`.
        """
        return await self._native.register_webhook(resource)

    async def receive_webhook(self, headers: Headers) -> Received:
        """Takes a notification of Google's, of any user: a POST to the address that the service was opened with, of
        which only the headers say anything. Answer 204 whatever came of it, and 503 where it raises: Google sends it again
        then.

        What fits no open channel is ignored, and does nothing: see `ignored`.

        >>> async def webhook(service, request):  # of any web framework
        ...     received = await service.receive_webhook(request.headers)
        ...     return 204
        """
        return await self._native.receive_webhook(pairs(headers))

    async def sync_resource(self, resource: CalendarKey | AccountKey) -> SyncReport:
        """Syncs one calendar, or one account's list of calendars, where it is due: what a job does for a
        notification."""
        return await self._native.sync_resource(resource)

    async def sync_due(self, limit: int = 10) -> SyncTick:
        """A tick: syncs at most `limit` calendars and lists, of any user, that are due."""
        return await self._native.sync_due(limit)

    async def renew_due(self, limit: int = 10) -> RenewalTick:
        """A tick: opens at most `limit` push channels where there is none or one soon ends."""
        return await self._native.renew_due(limit)

    async def expire_due(self, limit: int = 100) -> ApprovalTick:
        """A tick: expires at most `limit` approvals that are past their time."""
        return await self._native.expire_due(limit)

    async def reconcile_due(self, limit: int = 100) -> ApprovalTick:
        """A tick: reads back at most `limit` approvals of which nobody knows whether they were done."""
        return await self._native.reconcile_due(limit)

    async def embed_due(self, limit: int = 10) -> EmbedTick:
        """A tick: embeds what changed, for at most `limit` users; does nothing without an embedder."""
        return await self._native.embed_due(limit)

    async def drop_embeddings(self, model: str) -> int:
        """Forgets all embeddings by a model that is no longer used; gives how many went."""
        return await self._native.drop_embeddings(model)
