//! How well search finds what was asked for, by a real model: a made-up life of 2,000 events, queries with labels that
//! come from how it was made, and the figures.

pub mod limits;
pub mod query;
pub mod remembered;
pub mod report;
pub mod run;
pub mod scenario;
pub mod score;
pub mod world;
