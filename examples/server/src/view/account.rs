//! A connected account.

use serde::Serialize;
use theo_calendar::{accounts::GrantedAccount, auth::scope};
use utoipa::ToSchema;

/// A Google account of a person's.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    account_id: String,
    /// What Google says was granted.
    scopes: Vec<String>,
    /// What it may be used for, and what not yet.
    capabilities: Vec<CapabilityView>,
}

/// What an account may be used for once it is granted.
#[derive(Serialize, ToSchema)]
#[schema(as = GrantedCapability)]
#[serde(rename_all = "camelCase")]
struct CapabilityView {
    capability: CapabilityName,
    is_granted: bool,
    /// What it is needed for, to be shown to the person.
    why: &'static str,
    /// The least scope that grants it.
    scope: &'static str,
}

/// By which `GET connect` asks for it.
#[derive(Serialize, ToSchema)]
#[schema(as = Capability)]
#[serde(rename_all = "snake_case")]
enum CapabilityName {
    Read,
    Write,
    Settings,
}

impl AccountView {
    pub(crate) fn new(granted: &GrantedAccount) -> Self {
        let GrantedAccount { account, scopes } = granted;
        let capabilities = scope::Capability::ALL.iter().map(|one| CapabilityView {
            capability: match one {
                scope::Capability::Read => CapabilityName::Read,
                scope::Capability::Write => CapabilityName::Write,
                scope::Capability::Settings => CapabilityName::Settings,
            },
            is_granted: one.is_granted_by(scopes),
            why: one.why(),
            scope: one.scope(),
        });
        Self {
            account_id: account.account.to_string(),
            capabilities: capabilities.collect(),
            scopes: scopes.clone(),
        }
    }
}
