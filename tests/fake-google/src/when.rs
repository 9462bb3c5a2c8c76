//! Google's `EventDateTime`: a day, or an instant with a zone.

use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};

/// A start, an end or an original start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum When {
    /// All day: the date alone.
    Day(NaiveDate),
    /// An instant, and the zone the event names for itself.
    At(DateTime<Utc>, Option<String>),
}

impl When {
    /// Reads `{"date": ...}` or `{"dateTime": ..., "timeZone": ...}`.
    pub(crate) fn parse(value: &Value, field: &str) -> ApiResult<Self> {
        let map = value.as_object().ok_or_else(|| ApiError::invalid(format!("Invalid {field} time.")))?;
        let bad = || ApiError::invalid(format!("Invalid {field} time."));
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        let named = text("timeZone").map(|name| zone(name).map(|tz| (name, tz))).transpose()?;
        match (text("date"), text("dateTime")) {
            (Some(_), Some(_)) => Err(bad()),
            (None, None) => Err(ApiError::required(&format!("{field} time"))),
            (Some(date), None) => {
                NaiveDate::parse_from_str(date, "%Y-%m-%d").map(Self::Day).map_err(|_| bad())
            }
            (None, Some(time)) => {
                let name = named.map(|(name, _)| name.to_owned());
                if let Ok(at) = DateTime::parse_from_rfc3339(time) {
                    return Ok(Self::At(at.with_timezone(&Utc), name));
                }
                let local = time.parse::<NaiveDateTime>().map_err(|_| bad())?;
                let (_, tz) = named.ok_or_else(|| {
                    ApiError::invalid(format!("Missing time zone definition for {field} time."))
                })?;
                Ok(Self::At(local_instant(tz, local), name))
            }
        }
    }

    /// The instant it stands for; a day begins at midnight in `calendar`.
    pub(crate) fn instant(&self, calendar: Tz) -> DateTime<Utc> {
        match self {
            Self::Day(day) => local_instant(calendar, day.and_time(NaiveTime::MIN)),
            Self::At(at, _) => *at,
        }
    }

    /// As Google writes it: an instant carries the offset of the zone it is shown in.
    pub(crate) fn json(&self, shown: Tz) -> Value {
        match self {
            Self::Day(day) => json!({ "date": day.to_string() }),
            Self::At(at, name) => {
                let mut map = Map::new();
                let text = at.with_timezone(&shown).to_rfc3339_opts(SecondsFormat::Secs, true);
                map.insert("dateTime".into(), text.into());
                map.insert("timeZone".into(), name.as_deref().unwrap_or(shown.name()).into());
                Value::Object(map)
            }
        }
    }

    /// The tail of an instance's id: `20250328T150000Z`, or `20250328`.
    pub(crate) fn id_suffix(&self) -> String {
        match self {
            Self::Day(day) => day.format("%Y%m%d").to_string(),
            Self::At(at, _) => at.format("%Y%m%dT%H%M%SZ").to_string(),
        }
    }

    pub(crate) fn is_day(&self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The day as midnight UTC, or the instant: a key by which instances of one series compare.
    pub(crate) fn key(&self) -> i64 {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc().timestamp(),
            Self::At(at, _) => at.timestamp(),
        }
    }

    /// Moved by as much as `later` is after `earlier`.
    pub(crate) fn shifted(&self, earlier: &Self, later: &Self) -> Self {
        match (self, earlier, later) {
            (Self::Day(day), Self::Day(from), Self::Day(to)) => {
                let days = (*to - *from).num_days();
                let moved = if days < 0 {
                    day.checked_sub_days(Days::new(days.unsigned_abs()))
                } else {
                    day.checked_add_days(Days::new(days.unsigned_abs()))
                };
                Self::Day(moved.unwrap_or(*day))
            }
            (Self::At(at, name), Self::At(from, _), Self::At(to, _)) => {
                Self::At(*at + (*to - *from), name.clone())
            }
            _ => self.clone(),
        }
    }
}

/// A zone by its name in the tz database.
pub(crate) fn zone(name: &str) -> ApiResult<Tz> {
    name.parse().map_err(|_| ApiError::invalid(format!("Invalid time zone: {name}.")))
}

/// A wall clock time in a zone; of two, the earlier; in a gap, as if the clock had not yet jumped.
pub(crate) fn local_instant(tz: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match tz.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => {
            let before = local - chrono::TimeDelta::hours(3);
            match tz.from_local_datetime(&before).earliest() {
                Some(at) => at.to_utc() + chrono::TimeDelta::hours(3),
                None => local.and_utc(),
            }
        }
    }
}

/// An RFC 3339 time with an offset, as a query parameter must be.
pub(crate) fn parameter_time(name: &str, text: &str) -> ApiResult<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| {
        ApiError::parameter(name, format!("Invalid value for {name}: {text} (an offset is mandatory)"))
    })
}
