//! What Google refuses in an event a client writes.

use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};
use crate::series::Series;
use crate::when::When;

const TEXTS: [&str; 9] = [
    "summary",
    "description",
    "location",
    "colorId",
    "visibility",
    "transparency",
    "status",
    "eventType",
    "eventLabelId",
];
const FLAGS: [&str; 6] = [
    "anyoneCanAddSelf",
    "guestsCanInviteOthers",
    "guestsCanModify",
    "guestsCanSeeOtherGuests",
    "attendeesOmitted",
    "endTimeUnspecified",
];
const LISTS: [&str; 3] = ["attendees", "attachments", "recurrence"];
const OBJECTS: [&str; 11] = [
    "start",
    "end",
    "reminders",
    "conferenceData",
    "extendedProperties",
    "source",
    "gadget",
    "birthdayProperties",
    "focusTimeProperties",
    "outOfOfficeProperties",
    "workingLocationProperties",
];
const CHOICES: [(&str, &[&str]); 4] = [
    ("visibility", &["default", "public", "private", "confidential"]),
    ("transparency", &["opaque", "transparent"]),
    ("status", &["confirmed", "tentative", "cancelled"]),
    ("eventType", &["default", "outOfOffice", "focusTime", "workingLocation", "birthday", "fromGmail"]),
];

/// The fields a client may write; all others are Google's.
pub(crate) fn is_writable(field: &str) -> bool {
    TEXTS.contains(&field)
        || FLAGS.contains(&field)
        || LISTS.contains(&field)
        || OBJECTS.contains(&field)
        || field == "sequence"
}

/// Types of the fields a client sent, `null` being allowed everywhere.
pub(crate) fn types(event: &Map<String, Value>) -> ApiResult<()> {
    for (field, value) in event.iter().filter(|(_, value)| !value.is_null()) {
        let field = field.as_str();
        let fits = match field {
            _ if TEXTS.contains(&field) => value.is_string(),
            _ if FLAGS.contains(&field) => value.is_boolean(),
            _ if LISTS.contains(&field) => value.is_array(),
            _ if OBJECTS.contains(&field) => value.is_object(),
            "sequence" => value.is_i64() || value.is_u64(),
            "id" | "iCalUID" => value.is_string(),
            _ => true,
        };
        if !fits {
            return Err(ApiError::invalid(format!("Invalid value for: {field}.")));
        }
    }
    for (field, choices) in CHOICES {
        if let Some(value) = event.get(field).and_then(Value::as_str).filter(|value| !choices.contains(value))
        {
            return Err(ApiError::invalid(format!("Invalid value for: {field}: \"{value}\".")));
        }
    }
    Ok(())
}

/// An id a client chose: base32hex, 5 to 1024 characters.
pub(crate) fn id(id: &str) -> ApiResult<()> {
    let fits =
        (5..=1024).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'a'..=b'v' | b'0'..=b'9'));
    if fits { Ok(()) } else { Err(ApiError::invalid("Invalid resource id value.")) }
}

/// Start, end and recurrence of a whole event.
pub(crate) fn times(event: &Map<String, Value>) -> ApiResult<(When, When)> {
    let field = |name: &str| -> ApiResult<When> {
        let value = event.get(name).ok_or_else(|| ApiError::required(&format!("{name} time")))?;
        When::parse(value, name)
    };
    let (start, end) = (field("start")?, field("end")?);
    if start.is_day() != end.is_day() {
        return Err(ApiError::invalid("Start and end times must either both be date or both be dateTime."));
    }
    if end.key() < start.key() || (start.is_day() && end.key() == start.key()) {
        return Err(ApiError::time_range_empty());
    }
    let recurs = event.get("recurrence").and_then(Value::as_array).is_some_and(|lines| !lines.is_empty());
    if recurs {
        if matches!(&start, When::At(_, None)) {
            return Err(ApiError::required("time zone definition for start time"));
        }
        if event.contains_key("recurringEventId") {
            return Err(ApiError::invalid("An instance of a recurring event cannot recur."));
        }
        Series::of(event)?;
    }
    Ok((start, end))
}

/// Reminders, extended properties and colour.
pub(crate) fn limits(event: &Map<String, Value>) -> ApiResult<()> {
    if let Some(reminders) = event.get("reminders") {
        let overrides = reminders.get("overrides").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if overrides.len() > 5 {
            return Err(ApiError::invalid("Too many override reminders specified: at most 5 are allowed."));
        }
        if !overrides.is_empty() && reminders.get("useDefault") == Some(&Value::Bool(true)) {
            return Err(ApiError::new(
                400,
                "cannotUseDefaultRemindersAndSpecifyOverride",
                "Cannot specify both default reminders and overrides at the same time.",
            ));
        }
        for reminder in overrides {
            let minutes = reminder.get("minutes").and_then(Value::as_i64);
            let method = reminder.get("method").and_then(Value::as_str);
            if !minutes.is_some_and(|minutes| (0..=40_320).contains(&minutes)) {
                return Err(ApiError::invalid("Invalid reminder minutes: must be between 0 and 40320."));
            }
            if !matches!(method, Some("email" | "popup")) {
                return Err(ApiError::invalid("Invalid reminder method."));
            }
        }
    }
    for part in ["private", "shared"] {
        let held = event.get("extendedProperties").and_then(|all| all.get(part)).and_then(Value::as_object);
        for (key, value) in held.into_iter().flatten() {
            let text = value.as_str().ok_or_else(|| ApiError::invalid("Invalid extended property value."))?;
            if key.chars().count() > 44 || text.chars().count() > 1024 {
                return Err(ApiError::invalid(
                    "Extended property too long: a key has 44, a value 1024 characters.",
                ));
            }
        }
    }
    let colour = event.get("colorId").and_then(Value::as_str);
    if colour.is_some_and(|id| !id.parse::<u8>().is_ok_and(|number| (1..=11).contains(&number))) {
        return Err(ApiError::invalid("Invalid value for: colorId."));
    }
    Ok(())
}
