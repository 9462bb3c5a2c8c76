//! The `events` resource: one file for each thing that can be done to events.

pub(crate) mod attendee;
pub(crate) mod check;
pub(crate) mod conference;
pub(crate) mod filter;
pub(crate) mod instance;
pub(crate) mod list;
pub(crate) mod mail;
pub(crate) mod page;
pub(crate) mod read;
pub(crate) mod remove;
pub(crate) mod settle;
pub(crate) mod transfer;
pub(crate) mod write;
