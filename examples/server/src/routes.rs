//! What each route does: one file a resource.
#![allow(unused_qualifications, reason = "the macro that describes a route writes some")]

mod accounts;
mod approvals;
mod audit;
mod calendars;
mod changes;
mod conflicts;
mod connect;
mod events;
pub(crate) mod health;
pub(crate) mod metrics;
mod search;
mod slots;
mod sync;
pub(crate) mod webhook;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::ServerState;

/// All of them, by their paths under the prefix.
pub(crate) fn all() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(calendars::list))
        .routes(routes!(calendars::choose))
        .routes(routes!(events::list, events::create))
        .routes(routes!(events::read, events::update, events::delete))
        .routes(routes!(approvals::list))
        .routes(routes!(approvals::read, approvals::decide))
        .routes(routes!(sync::status, sync::start))
        .routes(routes!(webhook::receive))
        .routes(routes!(accounts::list))
        .routes(routes!(connect::begin))
        .routes(routes!(connect::finish))
        .routes(routes!(connect::end))
        .routes(routes!(conflicts::find))
        .routes(routes!(search::find))
        .routes(routes!(slots::find))
        .routes(routes!(changes::follow))
        .routes(routes!(audit::list))
        .routes(routes!(health::read))
        .routes(routes!(metrics::read))
}
