//! theo-calendar.
