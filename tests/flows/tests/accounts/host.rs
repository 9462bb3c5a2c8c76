//! A host that people connect their accounts to, and the browser they do it with.

use std::sync::Arc;

use bytes::Bytes;
use flows::{ADA, Person, Stores};
use secrecy::SecretString;
use theo_calendar::{
    CalendarService, Result,
    accounts::{ConnectRequest, Connected},
    approval::{Action, ActionRequest, Approval, Decision, Principal},
    auth::scope::Capability,
    http::{HttpClient, ReqwestClient},
    id::{AccountKey, UserId},
    model::EventDraft,
    recurrence::Tzdb,
    time::EventTime,
};
use url::Url;

/// Where Google sends people back to.
pub(crate) const BACK: &str = "http://localhost/api/integrations/calendar/callback";

/// Ada's second account.
pub(crate) const HOME: &str = "ada@home.example.org";

/// A host with one user, whose accounts are at a fake Google.
pub(crate) struct Host {
    pub(crate) person: Person,
    pub(crate) service: CalendarService,
    browser: ReqwestClient,
}

impl Host {
    pub(crate) async fn new(store: Stores) -> Self {
        let person = Person::new().kept_in(store).await;
        person.google.add_person(HOME, "Europe/Zurich");
        person.google.consent_as(ADA, None);
        let person = person.renewing();
        let service = Self::replica(&person, "host");
        Self { person, service, browser: ReqwestClient::new().unwrap() }
    }

    /// One more process over the same store.
    pub(crate) fn replica(person: &Person, name: &str) -> CalendarService {
        // Its requests are not only the API's, which alone the discovery document judges.
        let client = person.client_over(ReqwestClient::new().unwrap());
        let clock = Arc::new(person.clock.clone());
        CalendarService::new(person.store.clone(), client, clock, Arc::new(Tzdb), name)
            .with_oauth(person.oauth(), [BACK])
            .unwrap()
            .with_webhooks("https://theo.example.com/webhook")
            .unwrap()
    }

    pub(crate) fn user(&self) -> UserId {
        self.person.account.user.clone()
    }

    pub(crate) fn session() -> SecretString {
        "ada's session".into()
    }

    pub(crate) async fn url(&self, capabilities: &[Capability], account: Option<&str>) -> Url {
        let request = ConnectRequest {
            user: self.user(),
            session: Self::session(),
            redirect: BACK.to_owned(),
            capabilities: capabilities.to_vec(),
            account: account.map(Into::into),
        };
        self.service.connect_url(&request).await.unwrap()
    }

    /// The person decides on Google's page; gives what stands behind the `?` of where they are sent back to.
    pub(crate) async fn decide(&self, url: &Url) -> String {
        let page = http::Request::get(url.as_str()).body(Bytes::new()).unwrap();
        let answer = self.browser.send(page).await.unwrap();
        assert_eq!(answer.status(), 302, "{answer:?}");
        let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert_eq!(back.as_str().split('?').next(), Some(BACK));
        back.query().unwrap().to_owned()
    }

    pub(crate) async fn finish(&self, query: &str) -> Result<Connected> {
        self.service.finish_connect(&self.user(), &Self::session(), query).await
    }

    /// `account` connects with what it is asked for.
    pub(crate) async fn connect(&self, account: &str, capabilities: &[Capability]) -> Connected {
        self.person.google.consent_as(account, None);
        let query = self.decide(&self.url(capabilities, None).await).await;
        self.finish(&query).await.unwrap()
    }

    /// A lunch that Theo asks for and Ada approves, in `calendar` of the account called by the same name.
    pub(crate) async fn approved(&self, calendar: &str) -> Approval {
        let asked = self.asked(calendar).await;
        let ada = Principal::User(self.user());
        self.service.decide(&ada, &asked.id, Decision::Approve { notes: None }).await.unwrap()
    }

    /// The same, not decided yet.
    pub(crate) async fn asked(&self, calendar: &str) -> Approval {
        let at = |time: &str| EventTime::local(time.parse().unwrap(), "Europe/Zurich");
        let draft = Box::new(EventDraft::new("Lunch", at("2025-04-01T12:00:00"), at("2025-04-01T13:00:00")));
        let calendar = AccountKey::new(self.user(), calendar).calendar(calendar);
        let theo = Principal::Agent { user: self.user(), name: "theo".into() };
        self.service.request(&theo, ActionRequest::new(Action::Create { calendar, draft })).await.unwrap()
    }
}
