//! What `Settings\\Lua` means for a script.

use ext_php_rs::types::Zval;

use super::parts::LUA;
use super::{Invalid, SETTINGS, describe};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::function;
use crate::lua::LIBRARIES;
use crate::zval::entries::values;

/// What a script may do.
#[derive(Clone, Debug)]
pub(crate) struct LuaLimits {
    /// How many instructions it may run without calling PHP.
    pub(crate) instructions: Option<u64>,
    /// How many bytes its values may take up; 0 for any number.
    pub(crate) memory: usize,
    /// Its standard libraries.
    pub(crate) libraries: Vec<String>,
    /// Whether it may start programs and load native and compiled code.
    pub(crate) unsafe_functions: bool,
    /// Whether PHP is kept to some directories.
    pub(crate) confined: bool,
}

impl LuaLimits {
    /// As a `Settings` object says, or by default.
    pub(crate) fn of(settings: &Zval) -> Result<Self, Thrown> {
        let given = SETTINGS
            .object(settings)
            .map(|settings| SETTINGS.read(settings, "lua"));
        let made = LUA.instantiate();
        let part = match given.as_ref().and_then(|given| LUA.object(given)) {
            Some(part) => part,
            None => Object::of(&made),
        };
        let limit = |property: &str, setter: &str| {
            let value = LUA.read(part, property);
            let number = value.long().and_then(|number| u64::try_from(number).ok());
            number.ok_or_else(|| {
                let expected = "a number that is not negative, or 0 for no limit";
                Thrown::from(Invalid::new(
                    format!("Lua::{setter}()"),
                    expected,
                    describe(&value),
                ))
            })
        };
        let instructions = limit("instructionLimit", "setInstructionLimit")?;
        let memory = limit("memoryLimit", "setMemoryLimit")?;
        Ok(Self {
            instructions: (instructions > 0).then_some(instructions),
            memory: usize::try_from(memory).unwrap_or(usize::MAX),
            libraries: libraries(&LUA.read(part, "libraries"))?,
            unsafe_functions: LUA.read(part, "allowUnsafe").bool() == Some(true),
            confined: is_confined(),
        })
    }
}

/// All but `debug`, with which a script can undo every limit.
pub(super) fn default_libraries() -> Vec<String> {
    let names = LIBRARIES.into_iter().filter(|name| *name != "debug");
    names.map(str::to_owned).collect()
}

fn libraries(given: &Zval) -> Result<Vec<String>, Thrown> {
    let Some(given) = given.array() else {
        return Ok(default_libraries());
    };
    let names = values(given).map(|value| {
        let value = value.dereference();
        let name = value.str().filter(|name| LIBRARIES.contains(name));
        name.map(str::to_owned).ok_or_else(|| {
            let expected = format!("names of {}", LIBRARIES.join(", "));
            Invalid::new("Lua::setLibraries()", expected, describe(value)).into()
        })
    });
    names.collect()
}

fn is_confined() -> bool {
    let directories = function::call("ini_get", vec![&"open_basedir"]);
    directories
        .and_then(|value| value.string())
        .is_some_and(|value| !value.is_empty())
}
