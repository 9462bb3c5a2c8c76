//! The Google Calendar that everybody can run.
