//! The theo_calendar Python package.
