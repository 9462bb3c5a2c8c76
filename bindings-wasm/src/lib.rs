//! The theo-calendar npm package.
