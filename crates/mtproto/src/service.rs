//! The messages of the protocol itself.
