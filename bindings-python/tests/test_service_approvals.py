"""Changes: asked by an agent, decided by the person, made once."""

import asyncio
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import ADA, ZURICH

from theo_calendar import (
    Agent,
    Approve,
    CalendarKey,
    Conflict,
    Create,
    Delete,
    EditAndApprove,
    EventKey,
    Reject,
    Respond,
    Severity,
    Update,
    User,
    errors,
)

PRIMARY = CalendarKey("ada", ADA, "primary")
PERSON, THEO = User("ada"), Agent("theo", "ada")
ZURICH_CLOCKS = ZoneInfo(ZURICH)
KICKOFF = {
    "summary": "Kickoff",
    "start": datetime(2025, 3, 28, 15, 30, tzinfo=ZURICH_CLOCKS),
    "end": datetime(2025, 3, 28, 16, 30, tzinfo=ZURICH_CLOCKS),
}


@pytest.fixture
def run(open_service, store):
    """Runs a job with a mirror that is filled."""

    def run(job, **options):
        async def with_service():
            async with open_service(store, **options) as service:
                await service.full_sync("ada", accounts=[ADA])
                return await job(service)

        return asyncio.run(with_service())

    return run


def test_what_an_agent_asks_is_made_once_after_the_person_s_yes(run, google):
    async def job(service):
        asked = await service.request(THEO, Create(PRIMARY, KICKOFF), reason="You asked", send_updates="all")
        assert (asked.state, asked.requested_by, asked.reason) == ("pending", THEO, "You asked")
        assert asked.preview.summary.startswith('Create "Kickoff" on Fri 2025-03-28 15:30')
        assert {change.field for change in asked.preview.changes} == {"summary", "start", "end"}
        assert asked.preview.occurrence_count == 1 and asked.preview.emails.inside == ()
        assert asked.action.event["start"]["timeZone"] == ZURICH
        assert await service.pending_approvals("ada") == [asked]
        with pytest.raises(errors.NotPermittedError):
            await service.decide(THEO, asked.id, Approve())
        approved = await service.decide(PERSON, asked.id, Approve(notes="fine"))
        assert (approved.state, approved.decided_by, approved.notes) == ("approved", PERSON, "fine")
        done = await service.execute("ada", asked.id)
        assert await service.execute("ada", asked.id) == done
        assert (done.state, done.outcome.kind) == ("executed", "done")
        assert await service.approval("ada", asked.id) == done
        event = await service.event(PRIMARY.event(done.outcome.event))
        assert event.summary == "Kickoff" and google.requests("events.insert") == 1
        records = await service.audit("ada")
        assert [record.action for record in records][:2] == ["approval.requested", "approval.approved"]
        assert records[0].actor == THEO and records[-1].approval == asked.id
        end = await service.verify_audit("ada")
        assert (end.number, end.hash) == (records[-1].number, records[-1].hash)
        return done

    done = run(job)
    assert pickle.loads(pickle.dumps(done)) == done
    assert done.to_dict()["state"] == "executed"


def test_an_event_is_changed_deleted_and_answered(run):
    async def job(service):
        (dentist,) = await service.list_events("ada", text="dentist")
        change = Update(dentist.key, {"summary": "Dentist!", "location": None, "start": KICKOFF["start"]})
        assert change.changes["location"] is None and change.scope == "all"
        asked = await service.request(THEO, change)
        shown = {change.field: (change.before, change.after) for change in asked.preview.changes}
        assert shown["location"] == ("Zahnweg 1", None)
        assert shown["summary"] == ("Dentist", "Dentist!")
        await service.decide(PERSON, asked.id, Approve())
        assert (await service.execute("ada", asked.id)).state == "executed"
        now = await service.event(dentist.key)
        assert (now.summary, now.location, now.start) == ("Dentist!", None, KICKOFF["start"])
        gone = await service.request(PERSON, Delete(dentist.key))
        await service.decide(PERSON, gone.id, Approve())
        assert (await service.execute("ada", gone.id)).state == "executed"
        with pytest.raises(errors.NotFoundError):
            await service.event(dentist.key)
        (fair,) = await service.list_events("ada", text="fair")
        with pytest.raises(errors.InvalidInputError):
            await service.request(THEO, Respond(fair.key, "accepted", comment="with pleasure"))

    run(job)


def test_the_preview_says_which_conflicts_a_change_makes_and_which_it_ends(run):
    async def job(service):
        into_the_dentist = await service.request(THEO, Create(PRIMARY, KICKOFF))
        (dentist,) = await service.list_events("ada", text="dentist")
        later = {
            "start": datetime(2025, 3, 29, 15, tzinfo=ZURICH_CLOCKS),
            "end": datetime(2025, 3, 29, 16, tzinfo=ZURICH_CLOCKS),
        }
        off_the_fair = await service.request(THEO, Update(dentist.key, later))
        return into_the_dentist.preview, off_the_fair.preview

    caused, solved = run(job)
    assert [conflict.summary for conflict in caused.conflicts_caused] == ["Fair", "Dentist"]
    assert caused.conflicts_solved == () and caused.conflicts_incomplete is False
    fair, dentist = caused.conflicts_caused
    assert isinstance(dentist, Conflict) and dentist.severity is Severity.HIGH
    assert dentist.overlap.start == KICKOFF["start"] and dentist.overlap.start.tzinfo is ZURICH_CLOCKS
    assert str(dentist) == "High: overlaps “Dentist” Fri 2025-03-28 15:00–16:00 (Europe/Zurich): you organize it"
    assert [conflict.event_id for conflict in solved.conflicts_solved] == [fair.event_id]
    assert (
        solved.conflicts_caused == () and pickle.loads(pickle.dumps(solved)).conflicts_solved == solved.conflicts_solved
    )


def test_a_person_says_no_or_yes_to_something_else(run):
    async def job(service):
        no = await service.request(THEO, Create(PRIMARY, KICKOFF))
        assert (await service.decide(PERSON, no.id, Reject(notes="not now"))).state == "rejected"
        first = await service.request(THEO, Create(PRIMARY, KICKOFF))
        later = Create(PRIMARY, {**KICKOFF, "summary": "Later"})
        edited = await service.decide(PERSON, first.id, EditAndApprove(later, notes="later"))
        assert (edited.state, edited.supersedes, edited.action.event["summary"]) == ("approved", first.id, "Later")
        with pytest.raises(errors.WrongStateError):
            await service.decide(PERSON, first.id, Approve())

    run(job)


def test_a_change_that_drifted_is_stale_and_may_be_asked_anew(run, google):
    async def job(service):
        (dentist,) = await service.list_events("ada", text="dentist")
        asked = await service.request(THEO, Update(dentist.key, {"summary": "Mine"}))
        await service.decide(PERSON, asked.id, Approve())
        google.control("patch-event", calendar=ADA, id=dentist.id, patch={"location": "Elsewhere"})
        stale = await service.execute("ada", asked.id)
        assert (stale.state, stale.outcome.kind) == ("stale", "drifted")
        assert stale.outcome.drift.theirs == ("location",) and stale.outcome.drift.can_merge
        await service.incremental_sync("ada")
        assert (await service.request_again(THEO, asked.id)).supersedes == asked.id

    run(job)


def test_what_nobody_decides_in_time_expires(run):
    now = datetime(2025, 3, 20, tzinfo=UTC)

    async def job(service):
        nonlocal now
        asked = await service.request(THEO, Create(PRIMARY, KICKOFF), expires_in=timedelta(hours=1))
        assert asked.expires_at == now + timedelta(hours=1)
        now += timedelta(hours=2)
        tick = await service.expire_due()
        assert [(one.id, one.state) for one in tick.changed] == [(asked.id, "expired")]
        assert tick.failed == () and tick.next_at > now
        with pytest.raises(errors.CalendarError):
            await service.decide(PERSON, asked.id, Approve())

    run(job, clock=lambda: now)


KEY = EventKey("ada", ADA, ADA, "x")


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: Create(PRIMARY, "{"), errors.InvalidInputError, "^event: "),
        (lambda: Create(PRIMARY, {"start": datetime(2025, 1, 1)}), ValueError, "^event: .*time zone"),
        (lambda: Create("primary", {}), TypeError, "calendar"),
        (lambda: Update(KEY, []), errors.InvalidInputError, "^changes: "),
        (lambda: Update(KEY, {}, scope="some"), errors.InvalidInputError, "^scope: .*this_and_following"),
        (lambda: Respond(KEY, "perhaps"), errors.InvalidInputError, "^response: .*tentative"),
        (lambda: Delete(5), TypeError, "event"),
    ],
)
def test_an_action_that_is_none_says_why(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    "arguments, message",
    [(("ada", Create(PRIMARY, KICKOFF)), "^by: "), ((PERSON, "create"), "^action: ")],
)
def test_a_request_of_a_wrong_type_names_the_argument(open_service, arguments, message):
    async def job():
        async with open_service() as service:
            with pytest.raises(TypeError, match=message):
                await service.request(*arguments)
            with pytest.raises(TypeError, match="^decision: "):
                await service.decide(PERSON, "x", "approve")

    asyncio.run(job())


def test_actions_are_equal_hash_and_pickle_by_what_they_hold():
    for one in (
        PERSON,
        THEO,
        Create(PRIMARY, KICKOFF),
        Update(KEY, {"location": None}),
        Delete(KEY),
        Respond(KEY, "accepted"),
    ):
        assert pickle.loads(pickle.dumps(one)) == one and len({one, pickle.loads(pickle.dumps(one))}) == 1
    assert repr(Delete(KEY, scope="this")).startswith("Delete(event=EventKey(")
    assert Create(PRIMARY, {"start": date(2025, 3, 28)}).event == {"start": {"date": "2025-03-28"}}
