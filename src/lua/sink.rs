//! Lua tables straight from TL bytes.

use madeline_tl::{Definition, Key, Sink};
use mlua::{IntoLua, Table, Value};

use super::engine::Engine;
use super::tree::Node;
use super::values::{self, Functions};
use crate::exceptions::Thrown;
use crate::types::button::{self, Owner};

/// Builds the tables of one result. An error of Lua's, which is out of memory then, is kept until the end.
pub(super) struct LuaSink<'e> {
    engine: &'e Engine,
    owner: Owner<'e>,
    error: Option<mlua::Error>,
    seen: Vec<u8>,
    ends: Vec<usize>,
}

/// A table that is being filled; none where there was no memory for it.
pub(super) struct Filling {
    table: Option<Table>,
    items: i64,
}

impl<'e> LuaSink<'e> {
    /// For results of calls that `owner` makes.
    pub(super) fn new(engine: &'e Engine, owner: Owner<'e>) -> Self {
        Self {
            engine,
            owner,
            error: None,
            seen: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The first thing that went wrong.
    pub(super) fn take_error(&mut self) -> Option<mlua::Error> {
        self.error.take()
    }

    /// The serialized users and chats that were met, in order.
    pub(super) fn seen(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .filter_map(|(start, end)| self.seen.get(start..*end))
    }

    fn noted<T>(&mut self, result: mlua::Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }

    fn string(&mut self, bytes: &[u8]) -> Value {
        let string = self.engine.lua().create_string(bytes);
        self.noted(string).map_or(Value::Nil, Value::String)
    }

    fn begin(&mut self, items: usize, fields: usize) -> Filling {
        let table = self.engine.lua().create_table_with_capacity(items, fields);
        Filling {
            table: self.noted(table),
            items: 0,
        }
    }

    fn fill(&mut self, into: &Filling, key: impl IntoLua, value: Value) {
        if let Some(table) = &into.table {
            let set = table.raw_set(key, value);
            self.noted(set);
        }
    }

    fn end(filling: Filling) -> Value {
        filling.table.map_or(Value::Nil, Value::Table)
    }

    /// Gives a message the buttons that PHP scripts get.
    fn with_buttons(&self, message: &Table) -> mlua::Result<()> {
        const MARKUP: &str = "reply_markup";
        if !message.contains_key(MARKUP)? {
            return Ok(());
        }
        let node = Node::read(&Value::Table(message.clone()))?;
        let markup = self.engine.php_or_raise(|| {
            let mut message = values::to_php(self.engine, &node, Functions::Refused)
                .map_err(|odd| Thrown::Exception(odd.to_string()))?;
            if let Some(message) = message.array_mut() {
                button::replace(message, &self.owner);
            }
            let markup = message.array().and_then(|message| message.get(MARKUP));
            Ok(markup.map(ext_php_rs::types::Zval::shallow_clone))
        })?;
        match markup {
            Some(markup) => message.raw_set(MARKUP, values::to_lua(self.engine, &markup)?),
            None => Ok(()),
        }
    }
}

impl Sink for LuaSink<'_> {
    type Value = Value;
    type Map = Filling;
    type List = Filling;

    fn null(&mut self) -> Value {
        Value::Nil
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Boolean(value)
    }

    fn int(&mut self, value: i64) -> Value {
        Value::Integer(value)
    }

    fn double(&mut self, value: f64) -> Value {
        Value::Number(value)
    }

    fn text(&mut self, value: &[u8]) -> Value {
        self.string(value)
    }

    /// Lua's strings are bytes.
    fn bytes(&mut self, value: &[u8]) -> Value {
        self.string(value)
    }

    fn map(&mut self, definition: Definition<'_>, capacity: usize) -> Filling {
        let map = self.begin(0, capacity + 1);
        let name = self.string(definition.name().as_bytes());
        self.fill(&map, "_", name);
        map
    }

    fn put(&mut self, map: &mut Filling, key: Key<'_>, value: Value) {
        let key = self.engine.key(key);
        if let Some(key) = self.noted(key) {
            self.fill(map, key, value);
        }
    }

    fn finish_map(&mut self, map: Filling, definition: Definition<'_>) -> Value {
        if let Some(table) = map.table.as_ref().filter(|_| definition.is_message()) {
            let changed = self.with_buttons(table);
            self.noted(changed);
        }
        Self::end(map)
    }

    fn list(&mut self, capacity: usize) -> Filling {
        self.begin(capacity, 0)
    }

    fn push(&mut self, list: &mut Filling, value: Value) {
        list.items += 1;
        self.fill(list, list.items, value);
    }

    fn finish_list(&mut self, list: Filling) -> Value {
        Self::end(list)
    }

    fn table(&mut self, capacity: usize) -> Filling {
        self.begin(0, capacity)
    }

    /// A decimal number becomes an integer key, as in PHP.
    fn set(&mut self, table: &mut Filling, key: &[u8], value: Value) {
        let number = std::str::from_utf8(key).ok().and_then(|text| {
            let number: i64 = text.parse().ok()?;
            (number.to_string() == text).then_some(number)
        });
        let key = number.map_or_else(|| self.string(key), Value::Integer);
        if !key.is_nil() {
            self.fill(table, key, value);
        }
    }

    fn finish_table(&mut self, table: Filling) -> Value {
        Self::end(table)
    }

    fn seen(&mut self, _: Definition<'_>, bytes: &[u8]) {
        self.seen.extend_from_slice(bytes);
        self.ends.push(self.seen.len());
    }
}
