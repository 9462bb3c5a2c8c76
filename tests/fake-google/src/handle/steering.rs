//! Changing the world and breaking it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::FakeGoogle;
use crate::edit;
use crate::error::ApiResult;
use crate::fault::Fault;
use crate::generate::Generate;
use crate::person::Role;
use crate::quota::QuotaLimits;
use crate::steer;

/// The steering methods take what a test wrote down; a name that does not exist is a mistake in the test.
#[track_caller]
fn expect<T>(result: ApiResult<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("fake-google: {} ({})", error.message, error.reason),
    }
}

fn zone(name: &str) -> Tz {
    expect(crate::when::zone(name))
}

impl FakeGoogle {
    /// The fake's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.lock().clock.now()
    }

    /// Sets the clock; it runs on from there.
    pub fn set_clock(&self, now: DateTime<Utc>) {
        self.shared.lock().clock.set(now);
    }

    /// Moves the clock.
    pub fn advance(&self, by: TimeDelta) {
        self.shared.lock().clock.advance(by);
    }

    /// Makes an account with a primary calendar. Panics if the zone does not exist.
    pub fn add_person(&self, email: &str, time_zone: &str) {
        self.shared.lock().add_person(email, zone(time_zone));
    }

    /// Makes a calendar in its owner's list. Panics if the zone does not exist.
    pub fn add_calendar(&self, owner: &str, id: &str, summary: &str, time_zone: &str) {
        self.shared.lock().add_calendar(owner, id, summary, zone(time_zone));
    }

    /// Puts a calendar in another person's list. Panics if the role does not exist.
    pub fn share(&self, calendar: &str, person: &str, role: &str) {
        let role = Role::parse(role).unwrap_or_else(|| panic!("fake-google: no such role: {role}"));
        self.shared.lock().share(calendar, person, role);
    }

    /// Takes another person's access to a calendar away: 404 for them, and gone from their list.
    pub fn unshare(&self, calendar: &str, person: &str) {
        self.shared.lock().unshare(calendar, person);
    }

    /// Makes up calendars and events.
    pub fn generate(&self, generate: &Generate) {
        expect(generate.plant(&mut self.shared.lock()));
    }

    /// Whether a calendar refuses to be watched, as those of holidays do.
    pub fn refuse_watch(&self, calendar: &str, refuses: bool) {
        expect(self.shared.lock().calendar_mut(calendar).map(|calendar| calendar.refuses_watch = refuses));
    }

    /// An access token that does not expire by itself. `calendar.readonly` stands for the scope's full URL.
    pub fn token(&self, person: &str, scopes: &[&str]) -> String {
        let mut state = self.shared.lock();
        let token = state.new_token("ya29.");
        state.grant_access(&token, person, scopes, None);
        token
    }

    /// An access token that expires after `life` of the fake's time.
    pub fn expiring_token(&self, person: &str, scopes: &[&str], life: TimeDelta) -> String {
        let mut state = self.shared.lock();
        let (token, expires) = (state.new_token("ya29."), state.clock.now() + life);
        state.grant_access(&token, person, scopes, Some(expires));
        token
    }

    /// A refresh token of a grant to `client_id`.
    pub fn refresh_token(&self, person: &str, client_id: &str, scopes: &[&str]) -> String {
        let mut state = self.shared.lock();
        let token = state.new_token("1//");
        state.grant_refresh(&token, person, client_id, scopes);
        token
    }

    /// Ends the life of a person's access tokens now; refresh tokens stay good.
    pub fn expire_access_tokens(&self, person: &str) {
        self.shared.lock().expire_access(person);
    }

    /// The person removes the application: every token of theirs is dead.
    pub fn revoke(&self, person: &str) {
        self.shared.lock().grants.revoke_person(person);
    }

    /// Who consents at the consent page, and to which scopes (`None`: all that are asked for).
    pub fn consent_as(&self, person: &str, granted: Option<&[&str]>) {
        let consent = &mut self.shared.lock().grants.consent;
        consent.person = Some(person.to_owned());
        consent.granted = granted.map(steer::scopes);
        consent.denied = false;
    }

    /// From now on the person refuses at the consent page.
    pub fn deny_consent(&self) {
        self.shared.lock().grants.consent.denied = true;
    }

    /// Whether a refresh answer carries a new refresh token and ends the old one; at first it does not.
    pub fn rotate_refresh_tokens(&self, rotate: bool) {
        self.shared.lock().grants.rotate_refresh_token = rotate;
    }

    /// Puts a fault in force.
    pub fn fault(&self, fault: Fault) {
        self.shared.lock().faults.add(fault);
    }

    /// The faults still in force.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.lock().faults.list().to_vec()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Sets the quotas; there are none at first.
    pub fn set_quota(&self, limits: QuotaLimits) {
        self.shared.lock().quota.limits = limits;
    }

    /// While `lose` holds, changes are not notified.
    pub fn lose_notifications(&self, lose: bool) {
        self.shared.lock().channels.lose_notifications = lose;
    }

    /// Every sync token of a calendar answers 410 from now on.
    pub fn expire_sync_tokens(&self, calendar: &str) {
        self.shared.lock().expire_sync_tokens(calendar);
    }

    /// Google forgets what was deleted in a calendar, as it does after some weeks: complete listings no longer show it
    /// even as deleted, and every sync token answers 410.
    pub fn forget_deleted(&self, calendar: &str) {
        expect(self.shared.lock().forget_deleted(calendar));
    }

    /// Every sync token of a person's calendar list answers 410 from now on.
    pub fn expire_list_sync_tokens(&self, person: &str) {
        self.shared.lock().expire_list_sync_tokens(person);
    }

    /// The person makes an event in Google's own pages. Any JSON goes; what is missing is filled in.
    pub fn create_event(&self, calendar: &str, event: Value) -> Value {
        expect(edit::create(&mut self.shared.lock(), calendar, event))
    }

    /// The person changes an event, or one occurrence of a series, in Google's own pages.
    pub fn patch_event(&self, calendar: &str, event: &str, patch: Value) -> Value {
        expect(edit::patch(&mut self.shared.lock(), calendar, event, &patch))
    }

    /// The person deletes an event, or one occurrence of a series, in Google's own pages.
    pub fn delete_event(&self, calendar: &str, event: &str) {
        expect(edit::delete(&mut self.shared.lock(), calendar, event));
    }

    /// The person changes "this and following" in Google's own pages; gives the new series, whose id is
    /// `<base>_R<local start>`.
    pub fn split_series(&self, calendar: &str, instance: &str, changes: Value) -> Value {
        expect(edit::split(&mut self.shared.lock(), calendar, instance, &changes))
    }
}
