//! The client's steps.

use std::time::Duration;

use super::{Error, NewAuthKey};
use crate::random::Random;
use crate::rsa::RsaKey;

/// For which DC, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The DC's number; +10000 for test DCs, negative for media DCs.
    pub dc: i32,
    /// `Some(seconds)` for a temporary key (perfect forward secrecy), `None` for a permanent one.
    pub expires_in: Option<i32>,
}

/// Waits for `resPQ`.
pub struct AwaitResPq {}

/// Begins an exchange: the bytes of `req_pq_multi`.
pub fn start(random: &mut dyn Random) -> (Vec<u8>, AwaitResPq) {
    todo!()
}

impl AwaitResPq {
    /// Takes `resPQ`; gives the bytes of `req_DH_params`.
    pub fn res_pq(self, answer: &[u8], keys: &[RsaKey], target: Target, random: &mut dyn Random) -> Result<(Vec<u8>, AwaitDhParams), Error> {
        todo!()
    }
}

/// Waits for `server_DH_params_ok`.
pub struct AwaitDhParams {}

impl AwaitDhParams {
    /// Takes `Server_DH_Params`; gives the bytes of `set_client_DH_params`. `now`: local time since the Unix epoch.
    pub fn dh_params(self, answer: &[u8], now: Duration, random: &mut dyn Random) -> Result<(Vec<u8>, AwaitDhGen), Error> {
        todo!()
    }
}

/// Waits for `dh_gen_ok`.
pub struct AwaitDhGen {}

/// What the last answer leads to.
pub enum Outcome {
    /// The key is agreed on.
    Created(NewAuthKey),
    /// The server asked for another `g_b`: send this and wait again.
    Retry(Vec<u8>, AwaitDhGen),
}

impl AwaitDhGen {
    /// Takes `Set_client_DH_params_answer`.
    pub fn dh_gen(self, answer: &[u8], random: &mut dyn Random) -> Result<Outcome, Error> {
        todo!()
    }
}
