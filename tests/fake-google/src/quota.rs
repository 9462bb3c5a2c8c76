//! Google's sliding one-minute quotas, off until a test sets them.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};

/// How many requests are let through in any minute of the fake's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QuotaLimits {
    /// By one person; Google's documented value is 600.
    pub per_user: Option<u32>,
    /// By everybody; Google's documented value is 10,000.
    pub per_project: Option<u32>,
    /// Answer 429 `rateLimitExceeded` where Google may also answer 403.
    pub as_429: bool,
}

/// The quotas and what was used of them.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    pub(crate) limits: QuotaLimits,
    project: VecDeque<DateTime<Utc>>,
    users: HashMap<String, VecDeque<DateTime<Utc>>>,
}

impl Quota {
    /// Counts a request, or refuses it. Refused requests count as well.
    pub(crate) fn admit(&mut self, person: &str, now: DateTime<Utc>) -> ApiResult<()> {
        let (user, project) = (self.limits.per_user, self.limits.per_project);
        if user.is_none() && project.is_none() {
            return Ok(());
        }
        let used = self.users.entry(person.to_owned()).or_default();
        let user_over = count(used, now) > user.map_or(usize::MAX, |limit| limit as usize);
        let project_over = count(&mut self.project, now) > project.map_or(usize::MAX, |limit| limit as usize);
        let status = if self.limits.as_429 { 429 } else { 403 };
        match (user_over, project_over) {
            (true, _) if status == 403 => Err(ApiError::injected(403, "userRateLimitExceeded", None)),
            (false, false) => Ok(()),
            _ => Err(ApiError::injected(status, "rateLimitExceeded", None)),
        }
    }
}

fn count(used: &mut VecDeque<DateTime<Utc>>, now: DateTime<Utc>) -> usize {
    used.push_back(now);
    while used.front().is_some_and(|at| *at <= now - TimeDelta::minutes(1)) {
        used.pop_front();
    }
    used.len()
}
