//! One occurrence, this and the following, or all of a series: changed, deleted and answered.

use flows::{ADA, Standup, TEAM, World};
use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    approval::{
        ActionRequest, Approval, ApprovalState, Outcome,
        RecurrenceScope::{self, All, This, ThisAndFollowing},
        created_event_id,
    },
    model::{EventPatch, ResponseStatus},
};

use super::STORE;

pub(super) fn set(fields: Value) -> EventPatch {
    EventPatch::new(serde_json::from_value(fields).unwrap())
}

/// From `start` to `end` on that day of April.
pub(super) fn times(day: u32, start: &str, end: &str) -> Value {
    let time = |clock: &str| json!({ "dateTime": format!("2025-04-{day:02}T{clock}:00"), "timeZone": "Europe/Zurich" });
    json!({ "start": time(start), "end": time(end) })
}

pub(super) async fn done(world: &World, request: ActionRequest) -> Approval {
    let approved = world.approved(request).await;
    let ended = world.process().execute(&approved.user, &approved.id).await.unwrap();
    assert_eq!(ended.state, ApprovalState::Executed, "{:?}", ended.outcome);
    assert_eq!(world.agenda_mirrored().await, world.agenda_at_google(), "the mirror shows what Google shows");
    ended
}

pub(super) async fn refused(world: &World, request: ActionRequest) -> (ErrorKind, String) {
    let error = world.process().request(&world.theo(), request).await.unwrap_err();
    (error.kind(), error.to_string())
}

/// Of each event of a series, the answers of the guests.
fn answers(world: &World, event: &str) -> Vec<String> {
    let event = world.google.event(ADA, event).unwrap();
    let guests = event["attendees"].as_array().unwrap().iter();
    guests.map(|guest| guest["responseStatus"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn this_and_following_goes_on_changed_with_what_remains_and_every_exception() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let mut patch = times(9, "10:00", "10:15");
    patch["location"] = "Room 2".into();

    let ended = done(&world, world.patch(&standup.on(9), set(patch), ThisAndFollowing)).await;

    assert_eq!(
        world.agenda_at_google(),
        [
            "Mon 2025-04-07 09:00 Standup @ Room 1",
            "Tue 2025-04-08 09:00 Standup @ Room 1",
            "Wed 2025-04-09 10:00 Standup @ Room 2",
            "Thu 2025-04-10 15:00 Standup @ Room 2",
            "Sat 2025-04-12 10:00 Standup @ Room 2",
            "Sun 2025-04-13 10:00 Standup @ Room 2",
            "Mon 2025-04-14 10:00 Demo @ Room 2",
            "Tue 2025-04-15 10:00 Standup @ Room 2",
            "Wed 2025-04-16 10:00 Standup @ Room 2",
        ]
    );
    let new = created_event_id(&ended.id);
    assert_eq!(ended.outcome, Some(Outcome::Done { event: new.clone(), duplicates: vec![] }));
    let lines = |id: &str| world.google.event(ADA, id).unwrap()["recurrence"].clone();
    assert_eq!(lines(&standup.id), json!(["RRULE:FREQ=DAILY;UNTIL=20250409T065959Z"]));
    assert_eq!(lines(new.as_str()), json!(["RRULE:FREQ=DAILY;COUNT=8", "EXDATE:20250411T080000Z"]));
    assert_eq!(answers(&world, new.as_str()), ["accepted", "accepted", "declined"]);
    assert_eq!(answers(&world, &format!("{new}_20250410T080000Z")), ["accepted", "declined", "declined"]);
    let marks = world.audit_of(&ended).await;
    let steps = ["requested", "approved", "executing", "continued", "continued", "continued", "executed"];
    assert_eq!(marks, steps.map(|step| format!("approval.{step}")));
    assert_eq!(
        world.google.effects().len(),
        4,
        "two series and two exceptions: {:?}",
        world.google.effects()
    );
    world.mirror("owner").await;
    assert_eq!(world.agenda_mirrored().await, world.agenda_at_google(), "and so after the next sync");
}

#[tokio::test]
async fn an_exception_that_is_named_takes_the_change_and_later_ones_keep_what_it_does_not_say() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let mut patch = times(10, "11:00", "11:15");
    patch["summary"] = "Sync".into();

    done(&world, world.patch(&standup.on(10), set(patch), ThisAndFollowing)).await;

    let agenda = world.agenda_at_google();
    assert_eq!(agenda[2], "Wed 2025-04-09 09:00 Standup @ Room 1");
    assert_eq!(agenda[3], "Thu 2025-04-10 11:00 Sync @ Room 1");
    assert_eq!(agenda[6], "Mon 2025-04-14 11:00 Sync @ Room 1");
    assert_eq!(agenda.len(), 9);
}

#[tokio::test]
async fn deleting_this_and_following_ends_the_series_and_from_the_first_on_deletes_it() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;

    let ended = done(&world, world.remove(&standup.on(9), ThisAndFollowing)).await;
    assert_eq!(
        world.agenda_at_google(),
        ["Mon 2025-04-07 09:00 Standup @ Room 1", "Tue 2025-04-08 09:00 Standup @ Room 1"]
    );
    let outcome = Outcome::Done { event: standup.id.as_str().into(), duplicates: vec![] };
    assert_eq!(ended.outcome, Some(outcome));
    assert_eq!(world.google.effects().len(), 1);

    done(&world, world.remove(&standup.on(7), ThisAndFollowing)).await;
    assert!(world.agenda_at_google().is_empty());
    assert_eq!(world.google.event(ADA, &standup.id).unwrap()["status"], "cancelled");
}

#[tokio::test]
async fn from_the_first_occurrence_on_is_all_and_a_one_off_is_all_of_itself() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let meeting = world.meeting().await;
    let room = || set(json!({ "location": "Room 2" }));

    done(&world, world.patch(&standup.on(7), room(), ThisAndFollowing)).await;
    done(&world, world.patch(&standup.id, set(json!({ "summary": "Sync" })), ThisAndFollowing)).await;
    done(&world, world.patch(&meeting, room(), ThisAndFollowing)).await;

    let master = world.google.event(ADA, &standup.id).unwrap();
    assert_eq!((&master["location"], &master["summary"]), (&json!("Room 2"), &json!("Sync")));
    assert_eq!(master["recurrence"], json!(["RRULE:FREQ=DAILY;COUNT=10"]));
    assert_eq!(world.google.event(ADA, &meeting).unwrap()["location"], "Room 2");
    assert_eq!(world.google.effects().len(), 3);
}

#[tokio::test]
async fn all_moves_by_as_much_as_the_occurrence_that_was_named_and_so_do_its_dates() {
    let world = World::kept_in(STORE).await;
    let series = world
        .event(json!({
            "summary": "Choir", "recurrence":
                ["RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20250428T170000Z", "EXDATE;TZID=Europe/Zurich:20250417T190000"],
            "start": { "dateTime": "2025-04-07T19:00:00+02:00", "timeZone": "Europe/Zurich" },
            "end": { "dateTime": "2025-04-07T20:00:00+02:00", "timeZone": "Europe/Zurich" },
        }))
        .await;
    let monday = format!("{series}_20250414T170000Z");

    done(&world, world.patch(&monday, set(times(15, "20:00", "21:30")), All)).await;

    let agenda = world.agenda_at_google();
    let days = [
        "Tue 2025-04-08",
        "Fri 2025-04-11",
        "Tue 2025-04-15",
        "Tue 2025-04-22",
        "Fri 2025-04-25",
        "Tue 2025-04-29",
    ];
    assert_eq!(agenda, days.map(|day| format!("{day} 20:00 Choir @ ")));
    let there = world.google.event(ADA, &series).unwrap();
    assert_eq!(
        there["recurrence"],
        json!(["RRULE:FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=20250429T180000Z", "EXDATE:20250418T180000Z"])
    );
    assert_eq!(there["end"]["dateTime"], "2025-04-08T21:30:00+02:00");
}

#[tokio::test]
async fn a_series_that_moves_loses_its_exceptions_as_at_google_and_the_person_is_told() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;

    let ended = done(&world, world.patch(&standup.on(9), set(times(9, "10:00", "10:15")), All)).await;

    let told = "; 3 occurrences that were changed or cancelled by themselves are as the others again";
    assert!(ended.preview.summary.ends_with(told), "{}", ended.preview.summary);
    let agenda = world.agenda_at_google();
    assert_eq!(agenda.len(), 10);
    assert!(agenda.iter().all(|line| line.ends_with("10:00 Standup @ Room 1")), "{agenda:?}");
}

#[tokio::test]
async fn this_is_one_occurrence_that_nobody_changed_before_also_of_whole_days() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let holiday = world
        .event(json!({
            "summary": "Holiday", "start": { "date": "2025-04-21" }, "end": { "date": "2025-04-22" },
            "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
        }))
        .await;

    done(&world, world.patch(&standup.on(8), set(times(8, "17:00", "17:15")), This)).await;
    done(&world, world.remove(&standup.on(9), This)).await;
    done(&world, world.answer(&standup.on(12), ResponseStatus::Declined, This)).await;
    done(&world, world.patch(&format!("{holiday}_20250422"), set(json!({ "summary": "Trip" })), This)).await;
    done(&world, world.remove(&format!("{holiday}_20250423"), This)).await;

    let agenda = world.agenda_at_google();
    assert_eq!(
        agenda[..3],
        [
            "Mon 2025-04-07 09:00 Standup @ Room 1",
            "Tue 2025-04-08 17:00 Standup @ Room 1",
            "Thu 2025-04-10 15:00 Standup @ Room 1",
        ]
    );
    assert_eq!(
        agenda[agenda.len() - 2..],
        ["Mon 2025-04-21 00:00 Holiday @ ", "Tue 2025-04-22 00:00 Trip @ "]
    );
    assert_eq!(answers(&world, &standup.on(12))[0], "declined");
    assert_eq!(answers(&world, &standup.id)[0], "accepted");
}

#[tokio::test]
async fn an_answer_to_this_and_following_answers_each_and_is_refused_where_they_are_too_many() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::by(&world, json!({ "email": TEAM[0] })).await;

    done(&world, world.answer(&standup.on(13), ResponseStatus::Declined, ThisAndFollowing)).await;

    for (day, answer) in
        [(12, "accepted"), (13, "declined"), (14, "declined"), (15, "declined"), (16, "declined")]
    {
        assert_eq!(answers(&world, &standup.on(day))[..2], [answer, "accepted"], "{day}");
    }
    assert_eq!(answers(&world, &standup.id)[0], "accepted");
    assert_eq!(world.google.effects().len(), 4);
    assert_eq!(world.google.mail().len(), 4, "one to the organizer for each");
    done(&world, world.answer(&standup.on(7), ResponseStatus::Tentative, ThisAndFollowing)).await;
    assert_eq!(answers(&world, &standup.id)[0], "tentative", "from the first on it is all of the series");

    let endless = world
        .event(json!({
            "summary": "Yoga", "recurrence": ["RRULE:FREQ=WEEKLY"],
            "organizer": { "email": TEAM[0] }, "attendees": [{ "email": ADA, "self": true }],
            "start": { "dateTime": "2025-04-08T18:00:00+02:00", "timeZone": "Europe/Zurich" },
            "end": { "dateTime": "2025-04-08T19:00:00+02:00", "timeZone": "Europe/Zurich" },
        }))
        .await;
    let second = format!("{endless}_20250415T160000Z");
    let (kind, text) =
        refused(&world, world.answer(&second, ResponseStatus::Declined, ThisAndFollowing)).await;
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert!(text.ends_with("answer this one, or all"), "{text}");
}

#[tokio::test]
async fn what_cannot_be_split_is_refused_before_anybody_is_asked() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let theirs = Standup::by(&world, json!({ "email": TEAM[0] })).await;
    let room = || set(json!({ "location": "Room 2" }));
    let table: [(ActionRequest, ErrorKind, &str); 5] = [
        (world.patch(&theirs.on(9), room(), ThisAndFollowing), ErrorKind::Forbidden, "only its organizer"),
        (world.remove(&theirs.on(9), ThisAndFollowing), ErrorKind::Forbidden, "only its organizer"),
        (world.patch(&standup.on(11), room(), ThisAndFollowing), ErrorKind::Deleted, "is cancelled already"),
        (world.patch(&standup.on(20), room(), ThisAndFollowing), ErrorKind::NotFound, "has no occurrence"),
        (
            world.patch(&standup.on(20), set(times(20, "10:00", "10:15")), All),
            ErrorKind::NotFound,
            "has no occurrence",
        ),
    ];
    for (request, kind, text) in table {
        let (found, message) = refused(&world, request).await;
        assert_eq!(found, kind, "{message}");
        assert!(message.contains(text), "{message}");
    }
    assert_eq!(world.google.all_requests(), 0);
}

#[tokio::test]
async fn the_preview_shows_the_occurrences_of_each_scope_as_they_are() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let room = || set(json!({ "location": "Room 2" }));
    let scopes: [(RecurrenceScope, &str, u64, &[&str]); 3] = [
        (This, "Change location of \"Standup\"", 1, &["Wed 2025-04-09 09:00–09:15 (Europe/Zurich)"]),
        (
            ThisAndFollowing,
            "Change location of this and all that follow of \"Standup\"",
            7,
            &[
                "Wed 2025-04-09 09:00–09:15 (Europe/Zurich)",
                "Thu 2025-04-10 15:00–15:30 (Europe/Zurich)",
                "Sat 2025-04-12 09:00–09:15 (Europe/Zurich)",
                "Sun 2025-04-13 09:00–09:15 (Europe/Zurich)",
                "Mon 2025-04-14 09:00–09:15 (Europe/Zurich)",
            ],
        ),
        (
            All,
            "Change location of the whole series \"Standup\"",
            9,
            &[
                "Mon 2025-04-07 09:00–09:15 (Europe/Zurich)",
                "Tue 2025-04-08 09:00–09:15 (Europe/Zurich)",
                "Wed 2025-04-09 09:00–09:15 (Europe/Zurich)",
                "Thu 2025-04-10 15:00–15:30 (Europe/Zurich)",
                "Sat 2025-04-12 09:00–09:15 (Europe/Zurich)",
            ],
        ),
    ];
    for (scope, summary, count, occurrences) in scopes {
        let asked =
            world.process().request(&world.theo(), world.patch(&standup.on(9), room(), scope)).await.unwrap();
        let shown = &asked.preview;
        assert!(shown.summary.starts_with(summary), "{}", shown.summary);
        assert_eq!((shown.occurrence_count, shown.occurrences_truncated), (count, false), "{scope:?}");
        assert_eq!(shown.occurrences, occurrences, "{scope:?}");
        let changes: Vec<_> = shown.changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(changes, ["location"], "{scope:?}");
    }
    let endless = world
        .event(json!({
            "summary": "Lunch", "recurrence": ["RRULE:FREQ=DAILY"],
            "start": { "dateTime": "2025-04-07T12:00:00+02:00", "timeZone": "Europe/Zurich" },
            "end": { "dateTime": "2025-04-07T13:00:00+02:00", "timeZone": "Europe/Zurich" },
        }))
        .await;
    let asked = world.process().request(&world.theo(), world.remove(&endless, All)).await.unwrap();
    assert_eq!((asked.preview.occurrence_count, asked.preview.occurrences_truncated), (1000, true));
    assert_eq!(asked.preview.occurrences.len(), 5);
}

#[tokio::test]
async fn what_the_person_was_shown_is_checked_against_what_is_there() {
    for who in ["the occurrence", "the series", "a later occurrence"] {
        let world = World::kept_in(STORE).await;
        let standup = Standup::of(&world).await;
        let patch = set(json!({ "summary": "Sync" }));
        let approved = world.approved(world.patch(&standup.on(9), patch, ThisAndFollowing)).await;
        let event = match who {
            "the occurrence" => standup.on(9),
            "the series" => standup.id.clone(),
            _ => standup.on(15),
        };
        world.google.patch_event(ADA, &event, json!({ "location": "Room 3" }));

        let ended = world.process().execute(&approved.user, &approved.id).await.unwrap();

        if who == "a later occurrence" {
            assert_eq!(ended.state, ApprovalState::Executed, "what it says for itself is taken over");
            assert!(world.agenda_at_google().contains(&"Tue 2025-04-15 09:00 Sync @ Room 3".to_owned()));
            continue;
        }
        assert_eq!(ended.state, ApprovalState::Stale, "{who}: {:?}", ended.outcome);
        let Some(Outcome::Drifted(drift)) = &ended.outcome else { panic!("{:?}", ended.outcome) };
        assert_eq!((drift.theirs.join(" "), drift.can_merge()), ("location".to_owned(), true), "{who}");
        assert!(world.google.effects().is_empty(), "{who}");
    }
}
