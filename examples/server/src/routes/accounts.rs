//! The person's Google accounts, and what each may be used for.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{identity::Identity, problem::Answer, state::ServerState, view::AccountView};

#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectedAccounts {
    /// By address.
    accounts: Vec<AccountView>,
}

/// The person's Google accounts, what each may be used for, and what it has yet to grant
#[utoipa::path(get, path = "/accounts", tag = "accounts", responses((status = 200, body = ConnectedAccounts)))]
pub(crate) async fn list(who: Identity, State(state): State<ServerState>) -> Answer<Json<ConnectedAccounts>> {
    let granted = state.service.granted_accounts(&who.user).await?;
    Ok(Json(ConnectedAccounts { accounts: granted.iter().map(AccountView::new).collect() }))
}
