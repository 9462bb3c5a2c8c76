//! PostgreSQL stores for theo-calendar: the durable mirror.
