//! What is told and kept of a sync that fails holds no token, however it fails.

use fake_google::{Fault, FaultKind};
use flows::{ADA, Person};
use secrecy::ExposeSecret;
use theo_calendar::sync::SyncStatus;

use super::STORE;

#[tokio::test]
async fn no_token_is_told_of_however_a_call_fails() {
    let status =
        |status, reason: &str| FaultKind::Status { status, reason: reason.to_owned(), retry_after: None };
    let mut failures = 0;
    for kind in [
        status(400, "invalid"),
        status(401, "authError"),
        status(403, "insufficientPermissions"),
        status(403, "rateLimitExceeded"),
        status(404, "notFound"),
        status(410, "fullSyncRequired"),
        status(429, "rateLimitExceeded"),
        status(503, "backendError"),
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::TruncateBody,
        FaultKind::TruncateGzip,
        FaultKind::RevokeGrant,
    ] {
        for operation in ["calendarList.list", "events.list", "oauth.token"] {
            let ada = Person::new().kept_in(STORE).await.granted().await;
            ada.google.fault(Fault::always(operation, kind.clone()));
            if operation == "oauth.token" {
                ada.google.expire_access_tokens(ADA);
            }
            let before = ada.store.grant(&ada.account).await.unwrap().unwrap();

            let report = ada.sync().await;

            failures += report.failures.len();
            let direct = ada.client().for_account(&ada.account).event(&ADA.into(), &"x".into()).await;
            let error = direct.unwrap_err();
            let after = ada.store.grant(&ada.account).await.unwrap().unwrap();
            let user = &ada.account.user;
            let told = format!(
                "{error} {error:?} {report:?} {before:?} {:?} {:?} {:?} {:?}",
                ada.store.sync_states(user).await.unwrap(),
                SyncStatus::read(&*ada.store, user).await.unwrap(),
                ada.store.audit(user, 0, 100).await.unwrap(),
                ada.client(),
            );
            for grant in [&before, &after] {
                let refresh = grant.refresh_token.as_ref().unwrap();
                for secret in [grant.access_token.expose_secret(), refresh.expose_secret()] {
                    assert!(secret.len() > 10 && !told.contains(secret), "{operation}, {kind:?}: {told}");
                }
            }
        }
    }
    assert!(failures >= 30, "{failures} syncs failed");
}
