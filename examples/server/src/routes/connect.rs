//! A person's Google accounts: connected, granting more, disconnected.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Redirect,
};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    accounts::{ConnectRequest, Disconnected},
    auth::scope::Capability,
    id::{AccountId, AccountKey},
    sync::SyncOptions,
};
use utoipa::{IntoParams, ToSchema};

use super::sync;
use crate::{
    identity::Identity,
    openapi::PREFIX,
    problem::{Answer, Problem},
    read::{Body, Query},
    state::ServerState,
};

/// Push channels that are opened at once.
const CHANNELS: usize = 100;

/// What a person is to be asked for.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConnectQuery {
    /// What for: `read`, `write`, `settings`, or several, separated by commas; `read` where it is not said.
    #[param(example = "read,write")]
    capability: Option<String>,
    /// The connected account that is to grant it, one thing at a time; the person chooses one where none is named.
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
}

/// Sends the person to Google, to connect an account or to let one do more
///
/// Google sends them back to `connect/callback`.
#[utoipa::path(get, path = "/connect", tag = "accounts", params(ConnectQuery),
    responses((status = 303, description = "To Google's consent page",
        headers(("Location" = String, description = "Google's consent page")))))]
pub(crate) async fn begin(
    who: Identity,
    State(state): State<ServerState>,
    query: Query<ConnectQuery>,
) -> Answer<Redirect> {
    let capabilities = capabilities(query.capability.as_deref().unwrap_or("read"))?;
    let redirect = redirect(&state);
    let Some(account) = query.0.account else {
        let (user, session) = (who.user, who.session);
        let request = ConnectRequest { user, session, redirect, capabilities, account: None };
        return Ok(Redirect::to(state.service.connect_url(&request).await?.as_str()));
    };
    let [capability] = capabilities[..] else {
        return Err(Problem::of_field("capability", "must be one, where an account is named"));
    };
    let account = connected(&state, &who, account).await?;
    let upgrade = state.service.scope_upgrade(&account, capability, &who.session, &redirect).await?;
    let missing = upgrade.as_ref().map(|upgrade| upgrade.url.as_str());
    Ok(Redirect::to(missing.unwrap_or(&state.addresses.after_connect)))
}

/// Where Google sends the person back
///
/// Good once, within ten minutes, in the session it was begun in. Connects the account, syncs it from now on, and sends
/// the person on.
#[utoipa::path(get, path = "/connect/callback", tag = "accounts", params(
    ("state" = Option<String>, Query), ("code" = Option<String>, Query), ("error" = Option<String>, Query)),
    responses((status = 303, description = "Connected", headers(("Location" = String)))))]
pub(crate) async fn finish(
    who: Identity,
    State(state): State<ServerState>,
    RawQuery(query): RawQuery,
) -> Answer<Redirect> {
    let connected = state.service.finish_connect(&who.user, &who.session, &query.unwrap_or_default()).await?;
    let (service, stop) = (state.service.clone(), state.stop.clone());
    let accounts = Some(vec![connected.account.account]);
    // Nobody waits for the first sync; what breaks it off, the ticks mend.
    state.tasks.spawn(async move {
        let options = SyncOptions { accounts, ..SyncOptions::default() };
        let begin = async {
            // To the end, whoever syncs it: only then is it known which calendars there are to watch.
            sync::patiently(&service, &who.user, &options).await?;
            service.renew_due(CHANNELS).await
        };
        if let Some(Err(error)) = stop.run_until_cancelled(begin).await {
            tracing::warn!(%error, "the first sync of an account failed");
        }
    });
    Ok(Redirect::to(&state.addresses.after_connect))
}

/// Which account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DisconnectBody {
    /// The `accountId` of its calendars.
    #[schema(value_type = String)]
    account_id: AccountId,
}

/// An account that was disconnected.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DisconnectedView {
    account_id: String,
    /// Calendars that were forgotten.
    calendars: u64,
    /// Events that were forgotten.
    events: u64,
    /// Approvals that were open, and are ended.
    ended_approvals: Vec<String>,
    /// Whether Google ended the grant too; the person may on their Google account's page.
    revoked: bool,
}

/// Disconnects an account
///
/// Ends what is open on it, takes its grant back at Google, and forgets its calendars and events. The audit stays.
#[utoipa::path(post, path = "/disconnect", tag = "accounts", request_body = DisconnectBody,
    responses((status = 200, body = DisconnectedView)))]
pub(crate) async fn end(
    who: Identity,
    State(state): State<ServerState>,
    body: Body,
) -> Answer<Json<DisconnectedView>> {
    let DisconnectBody { account_id } = body.read()?;
    let account = connected(&state, &who, account_id).await?;
    let Disconnected { account, forgotten, ended, not_revoked, .. } =
        state.service.disconnect(&who.principal(), &account).await?;
    Ok(Json(DisconnectedView {
        account_id: account.account.to_string(),
        calendars: forgotten.calendars,
        events: forgotten.events,
        ended_approvals: ended.iter().map(ToString::to_string).collect(),
        revoked: not_revoked.is_none(),
    }))
}

async fn connected(state: &ServerState, who: &Identity, account: AccountId) -> Answer<AccountKey> {
    let key = AccountKey { user: who.user.clone(), account };
    let accounts = state.service.accounts(&who.user).await?;
    accounts.contains(&key).then_some(key).ok_or_else(|| Problem::not_found("account"))
}

fn redirect(state: &ServerState) -> String {
    format!("{}{PREFIX}/connect/callback", state.addresses.origin.as_str().trim_end_matches('/'))
}

fn capabilities(text: &str) -> Answer<Vec<Capability>> {
    let named = text.split(',').map(|word| match word.trim() {
        "read" => Ok(Capability::Read),
        "write" => Ok(Capability::Write),
        "settings" => Ok(Capability::Settings),
        _ => Err(Problem::of_field("capability", "must be of read, write and settings, separated by commas")),
    });
    named.collect()
}
