//! Working hours, as they are written.

use utoipa::ToSchema;

/// When somebody works: of each day any number of stretches, `09:00-17:30`; a day that is left out is free.
#[derive(ToSchema)]
#[schema(as = WorkingHours)]
#[allow(dead_code, reason = "it says in the document what is read as the SDK's own type")]
pub(crate) struct Hours {
    /// IANA name.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    #[schema(required = false)]
    monday: Vec<String>,
    #[schema(required = false)]
    tuesday: Vec<String>,
    #[schema(required = false)]
    wednesday: Vec<String>,
    #[schema(required = false)]
    thursday: Vec<String>,
    #[schema(required = false)]
    friday: Vec<String>,
    #[schema(required = false)]
    saturday: Vec<String>,
    #[schema(required = false)]
    sunday: Vec<String>,
}
