//! The world file: who exists at start, what bots do, which errors the server gives.
//!
//! A world is JSON. [`World::parse`] reads it strictly: an unknown key, a reference to nobody or a value
//! Telegram would not hold is an error that names its place. `docs/sandbox.md` lists every key.

pub(crate) mod check;
mod content;
mod file;
mod named;

pub(crate) use content::from_hex;
pub use content::{
    Button, ButtonStyle, Content, Data, Entity, Game, PeerKind, ReplyKeyboard, SwitchInline,
    UrlAuth,
};
pub use file::{
    Api, Bot, Callback, Channel, Chat, File, Message, Place, ScriptedError, ScriptedRpcError,
    Unregistered, User, World,
};
pub use named::Named;

use std::fmt;
use std::path::Path;

/// Why a world file was refused: one line for every fault, each with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldError {
    faults: Vec<String>,
}

impl WorldError {
    /// The faults, each `place: what is wrong`.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }
}

impl fmt::Display for WorldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.faults.join("\n"))
    }
}

impl std::error::Error for WorldError {}

impl World {
    /// Reads a world from JSON text and checks it.
    pub fn parse(text: &str) -> Result<World, WorldError> {
        let world: World = serde_json::from_str(text).map_err(|fault| WorldError {
            faults: vec![fault.to_string()],
        })?;
        let faults = check::faults(&world);
        if faults.is_empty() {
            Ok(world)
        } else {
            Err(WorldError { faults })
        }
    }

    /// The same world with another number of data centres.
    pub fn with_dcs(mut self, dcs: i32) -> Result<World, WorldError> {
        self.dcs = dcs;
        let faults = check::faults(&self);
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(WorldError { faults })
        }
    }

    /// Reads a world file; the path leads every fault.
    pub fn load(path: &Path) -> Result<World, WorldError> {
        let name = path.display();
        let text = std::fs::read_to_string(path).map_err(|fault| WorldError {
            faults: vec![format!("{name}: {fault}")],
        })?;
        World::parse(&text).map_err(|error| WorldError {
            faults: error
                .faults
                .iter()
                .map(|fault| format!("{name}: {fault}"))
                .collect(),
        })
    }
}
