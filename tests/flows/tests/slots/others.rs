//! What Google says of others.

use std::collections::BTreeMap;

use async_trait::async_trait;
use fake_google::{Fault, FaultKind};
use flows::{ADA, Person};
use theo_calendar::{
    Result,
    auth::{AccessToken, Freshness, StaticToken, TokenProvider},
    conflict::slots::{Participant, SlotQuery, SlotReason, Who},
    id::{AccountId, AccountKey},
    sync::{SyncOptions, Unobserved},
};

use super::{
    STORE,
    own::{event, monday, service, shown},
};

const BOB: &str = "bob@example.com";
const EVE: &str = "eve@example.org";

/// Ada, who may see when Bob is busy, and not when Eve is.
async fn ada() -> Person {
    let ada = Person::new().kept_in(STORE).await;
    for email in [BOB, EVE] {
        ada.google.add_person(email, "Europe/Zurich");
    }
    ada.google.share(BOB, ADA, "freeBusyReader");
    ada.made(ADA, event("Review", "09:00", "10:00"));
    ada.made(BOB, event("Secret", "10:00", "12:00"));
    ada.made(EVE, event("Secret", "12:00", "13:00"));
    ada.sync().await;
    ada
}

fn with(others: impl IntoIterator<Item = Participant>) -> SlotQuery {
    let mut query = monday();
    query.participants.extend(others);
    query
}

#[tokio::test]
async fn others_are_asked_at_google_and_one_who_cannot_be_asked_is_not_free() {
    let ada = ada().await;
    let (service, user) = (service(&ada), &ada.account.user);
    let found = service.find_slots(user, &with([Participant::required(BOB)])).await.unwrap();
    assert_eq!(shown(&found), ["12:00", "13:00", "14:00", "15:00", "16:00"]);
    assert_eq!(found.slots[0].reasons[0], SlotReason::EveryoneFree);

    let both = with([Participant::required(BOB), Participant::required(EVE)]);
    let found = service.find_slots(user, &both).await.unwrap();
    assert!(found.slots.is_empty());
    assert_eq!(found.unknown.len(), 1);
    assert_eq!(found.unknown[0].who, Who::from(EVE));
    assert_eq!(found.unknown[0].why, "Google does not say (notFound)");

    let found = service.find_slots(user, &SlotQuery { allow_unknown: true, ..both }).await.unwrap();
    assert_eq!(shown(&found).len(), 5);
    assert!(found.slots.iter().all(|slot| !slot.is_known && slot.reasons[0] == SlotReason::NotKnown));

    let optional = with([Participant::required(BOB), Participant::optional(EVE)]);
    assert_eq!(shown(&service.find_slots(user, &optional).await.unwrap()).len(), 5);
}

#[tokio::test]
async fn where_google_fails_others_are_unknown_and_ones_own_time_is_not() {
    let ada = ada().await;
    let (service, user) = (service(&ada), &ada.account.user);
    let refused = FaultKind::Status { status: 403, reason: "forbidden".into(), retry_after: None };
    ada.google.fault(Fault::always("freebusy.query", refused));
    let found = service.find_slots(user, &with([Participant::required(BOB)])).await.unwrap();
    assert!(found.slots.is_empty());
    assert_eq!(found.unknown.len(), 1);
    assert!(found.unknown[0].why.starts_with("Google could not be asked: freebusy.query"), "{found:?}");
    let alone = service.find_slots(user, &monday()).await.unwrap();
    assert_eq!(shown(&alone).len(), 7);
}

#[tokio::test]
async fn many_are_asked_fifty_at_a_time_and_nothing_is_sent_for_a_question_that_is_refused() {
    let ada = ada().await;
    let (service, user) = (service(&ada), &ada.account.user);
    let names: Vec<String> = (0..119).map(|number| format!("guest{number}@example.com")).collect();
    for name in &names {
        ada.google.add_person(name, "Europe/Zurich");
        ada.google.share(name, ADA, "freeBusyReader");
    }
    ada.made(&names[7], event("Secret", "12:00", "15:00"));
    ada.google.reset_books();
    let crowd = with(names.iter().map(|name| Participant::required(name.as_str())));
    let found = service.find_slots(user, &crowd).await.unwrap();
    assert_eq!(shown(&found), ["10:00", "11:00", "15:00", "16:00"]);
    assert_eq!(ada.google.requests("freebusy.query"), 3);

    service.find_slots(user, &SlotQuery { limit: 0, ..crowd }).await.unwrap_err();
    assert_eq!(ada.google.requests("freebusy.query"), 3);
}

/// The tokens of a person with several accounts.
struct TokenOfEach(BTreeMap<AccountId, StaticToken>);

#[async_trait]
impl TokenProvider for TokenOfEach {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        self.0[&account.account].access_token(account, freshness).await
    }
}

#[tokio::test]
async fn one_whom_the_first_account_does_not_see_is_asked_through_the_next() {
    const WORK: &str = "work@example.com";
    let ada = ada().await;
    ada.google.add_person(WORK, "Europe/Zurich");
    ada.google.share(EVE, WORK, "freeBusyReader");
    ada.made(WORK, event("Board", "16:00", "17:00"));
    let token = |email: &str| (email.into(), StaticToken::new(ada.google.token(email, &["calendar"])));
    let tokens = TokenOfEach([token(ADA), token(WORK)].into());
    let ada = ada.tokens(tokens);
    let (service, user) = (service(&ada), &ada.account.user);
    let second = SyncOptions { accounts: Some(vec![WORK.into()]), ..SyncOptions::default() };
    service.full_sync(user, &second, &Unobserved).await.unwrap();
    ada.google.reset_books();

    let query = with([Participant::required(BOB), Participant::required(EVE)]);
    let found = service.find_slots(user, &query).await.unwrap();
    assert_eq!(shown(&found), ["13:00", "14:00", "15:00"]);
    assert!(found.unknown.is_empty());
    assert_eq!(ada.google.requests("freebusy.query"), 2);

    // With that account's token gone, what it alone showed is not known.
    ada.google.revoke(WORK);
    let found = service.find_slots(user, &query).await.unwrap();
    assert!(found.slots.is_empty());
    let who: Vec<&Who> = found.unknown.iter().map(|unknown| &unknown.who).collect();
    assert_eq!(who, [&Who::from(EVE)], "{found:?}");
}
