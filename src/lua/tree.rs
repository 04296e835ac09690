//! Lua values for the codec and for PHP.
//!
//! A table is read once, as a whole: what it holds cannot be borrowed, since Lua may change, move or collect it as soon
//! as any of its code runs, and a call may run PHP's and wait. What reading finds that TL and PHP have no form for stays
//! in its place as what it is, and is an error only where somebody wants it.

use std::ffi::c_void;

use madeline_tl::{EntryKey, Key, Source, View};
use mlua::{Function, Table, Value};

use super::objects;

/// As deep as PHP's own values are followed.
const MAX_DEPTH: usize = 128;
/// How many values one tree may have: tables that share others are written out.
const MAX_VALUES: usize = 8 << 20;

/// A Lua value.
pub(super) enum Node {
    /// `nil`
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Double(f64),
    /// A string.
    Text(Vec<u8>),
    /// A table with the keys 1, 2, 3 and so on, or 0, 1, 2; or without any.
    List(Vec<Node>),
    /// Any other table.
    Map(Vec<(NodeKey, Node)>),
    /// A PHP object that Lua sees as a table: the table.
    Object(objects::Reference, Box<Node>),
    /// A function.
    Function(Function),
    /// An error that `pcall()` caught.
    Error(Box<mlua::Error>),
    /// Something else, in words.
    Other(String),
}

/// A key of a table; in order, numbers come first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NodeKey {
    /// A number.
    Index(i64),
    /// A string.
    Name(Vec<u8>),
}

impl NodeKey {
    /// The key as the codec has it.
    pub(super) fn entry(&self) -> EntryKey<'_> {
        match self {
            Self::Index(number) => EntryKey::Index(*number),
            Self::Name(name) => EntryKey::Name(name),
        }
    }
}

impl Node {
    /// Reads a value.
    ///
    /// # Errors
    /// Lua's own, where there is no memory.
    pub(super) fn read(value: &Value) -> mlua::Result<Self> {
        Reading {
            above: Vec::new(),
            left: MAX_VALUES,
        }
        .value(value)
    }

    /// The table of a PHP object for the object, and everything else for itself.
    fn plain(&self) -> &Self {
        match self {
            Self::Object(_, table) => table,
            other => other,
        }
    }

    fn find(&self, name: &[u8]) -> Option<&Self> {
        let Self::Map(entries) = self.plain() else {
            return None;
        };
        entries.iter().find_map(|(key, value)| match key {
            NodeKey::Name(key) if key == name => Some(value),
            _ => None,
        })
    }
}

struct Reading {
    /// The tables that the one being read lies in.
    above: Vec<*const c_void>,
    left: usize,
}

impl Reading {
    fn value(&mut self, value: &Value) -> mlua::Result<Node> {
        self.left = self.left.saturating_sub(1);
        Ok(match value {
            Value::Nil => Node::Null,
            Value::Boolean(truth) => Node::Bool(*truth),
            Value::Integer(number) => Node::Int(*number),
            Value::Number(number) => Node::Double(*number),
            Value::String(text) => Node::Text(text.as_bytes().to_vec()),
            Value::Table(table) => return self.table(table),
            Value::Function(function) => Node::Function(function.clone()),
            Value::Thread(_) => Node::Other("a coroutine".to_owned()),
            Value::Error(error) => Node::Error(error.clone()),
            _ => Node::Other("a userdata".to_owned()),
        })
    }

    fn table(&mut self, table: &Table) -> mlua::Result<Node> {
        let address = table.to_pointer();
        if self.above.contains(&address) {
            return Ok(Node::Other("a table that contains itself".to_owned()));
        }
        if self.above.len() == MAX_DEPTH {
            return Ok(Node::Other("a table that nests too deep".to_owned()));
        }
        self.above.push(address);
        let read = self.entries(table);
        self.above.pop();
        let node = read?;
        Ok(match objects::reference(table) {
            Some(object) => Node::Object(object, Box::new(node)),
            None => node,
        })
    }

    fn entries(&mut self, table: &Table) -> mlua::Result<Node> {
        let mut entries = Vec::new();
        let mut odd = None;
        table.for_each(|key: Value, value: Value| {
            let key = match &key {
                Value::Integer(number) => NodeKey::Index(*number),
                Value::String(name) => NodeKey::Name(name.as_bytes().to_vec()),
                other => {
                    odd = Some(format!(
                        "a table with a key that is a {}",
                        other.type_name()
                    ));
                    return Ok(());
                }
            };
            if self.left == 0 {
                odd = Some("a table with too many values".to_owned());
                return Ok(());
            }
            entries.push((key, self.value(&value)?));
            Ok(())
        })?;
        Ok(match odd {
            Some(what) => Node::Other(what),
            None => listed(entries),
        })
    }
}

/// A list where the keys are those of one.
fn listed(mut entries: Vec<(NodeKey, Node)>) -> Node {
    let count = entries.len() as i64;
    let number = |key: &NodeKey| match key {
        NodeKey::Index(number) => Some(*number),
        NodeKey::Name(_) => None,
    };
    let numbers = || entries.iter().map(|(key, _)| number(key));
    // Keys are different from each other: as many as there are between the first and the last are all of them.
    let is_within = |first: i64| {
        numbers()
            .all(|number| number.is_some_and(|number| (first..first + count).contains(&number)))
    };
    if !(is_within(1) || is_within(0)) {
        // Lua's order is another one in each process.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        return Node::Map(entries);
    }
    if !numbers().is_sorted() {
        entries.sort_by_key(|(key, _)| number(key));
    }
    Node::List(entries.into_iter().map(|(_, value)| value).collect())
}

impl<'a> Source<'a> for &'a Node {
    type Items = Items<'a>;

    fn view(self) -> View<'a> {
        match self.plain() {
            Node::Null => View::Null,
            Node::Bool(truth) => View::Bool(*truth),
            Node::Int(number) => View::Int(*number),
            Node::Double(number) => View::Double(*number),
            Node::Text(text) => View::Text(text),
            Node::List(_) | Node::Map(_) => View::Array,
            Node::Object(..) | Node::Function(_) | Node::Error(_) | Node::Other(_) => View::Opaque,
        }
    }

    fn field(self, key: Key<'_>) -> Option<Self> {
        self.find(key.name().as_bytes())
    }

    fn named(self, name: &str) -> Option<Self> {
        self.find(name.as_bytes())
    }

    fn entries<E>(
        self,
        mut visit: impl FnMut(EntryKey<'a>, Self) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.plain() {
            Node::List(items) => (0..)
                .zip(items)
                .try_for_each(|(index, item)| visit(EntryKey::Index(index), item)),
            Node::Map(entries) => entries
                .iter()
                .try_for_each(|(key, value)| visit(key.entry(), value)),
            _ => Ok(()),
        }
    }

    fn is_list(self) -> bool {
        matches!(self.plain(), Node::List(_))
    }

    fn len(self) -> usize {
        match self.plain() {
            Node::List(items) => items.len(),
            Node::Map(entries) => entries.len(),
            _ => 0,
        }
    }

    fn items(self) -> Items<'a> {
        match self.plain() {
            Node::List(items) => Items::List(items.iter()),
            Node::Map(entries) => Items::Map(entries.iter()),
            _ => Items::List([].iter()),
        }
    }

    fn description(self) -> Option<String> {
        match self.plain() {
            Node::Function(_) => Some("a function".to_owned()),
            Node::Error(_) => Some("an error".to_owned()),
            Node::Other(what) => Some(what.clone()),
            _ => None,
        }
    }
}

/// The values of a table, in order.
pub(super) enum Items<'a> {
    /// Of a list.
    List(std::slice::Iter<'a, Node>),
    /// Of any other.
    Map(std::slice::Iter<'a, (NodeKey, Node)>),
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        match self {
            Self::List(items) => items.next(),
            Self::Map(entries) => entries.next().map(|(_, value)| value),
        }
    }
}
