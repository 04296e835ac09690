//! The MTProto protocol as sans-IO state machines, client and server.
