//! The compiler of the tables: TL text in, rows out.

use std::collections::{HashMap, HashSet};

use grammers_tl_parser::tl::Type;

use super::params::{self, Kind, Parsed};
use super::statement::{self, SchemaError, Word};
use super::{
    DefinitionId, DefinitionRow, FIXED_KEYS, IdTable, KeyId, Making, NameTable, ParamRow, Reading,
    Span, Tables, Ty, TypeId, TypeRow, VectorId, VectorRow, reading,
};

/// Row numbers are 16 bits wide and the last one marks an empty slot.
const MAX_ROWS: usize = u16::MAX as usize - 1;

/// Makes the tables of a TL file. `layer` goes before the file's own `// LAYER n`; one of them must be there.
///
/// # Errors
/// The first place where the file is not a usable schema: syntax, a name or id twice, a type without constructors, a
/// condition on a parameter that is no flags word, and what else is said of [`SchemaError::what`].
pub(crate) fn compile(text: &str, layer: Option<i32>) -> Result<Tables, SchemaError> {
    let file = statement::split(text)?;
    let layer = layer.or(file.layer).ok_or_else(|| SchemaError {
        line: 1,
        column: 1,
        what: "expected a comment // LAYER n, or a layer given beside the file".to_owned(),
    })?;
    let mut parsed = Vec::new();
    for statement in &file.statements {
        parsed.extend(params::parse(statement)?);
    }
    // Constructors first; the sort is stable, so each kind keeps the order of the file.
    parsed.sort_by_key(|definition| definition.method);
    Compiler::new(&parsed)?.run(&parsed, layer)
}

/// The tables while they grow.
pub(super) struct Compiler<'t> {
    text: String,
    keys: Vec<Span>,
    key_ids: HashMap<String, KeyId>,
    pub(super) types: Vec<TypeRow>,
    type_ids: HashMap<String, TypeId>,
    pub(super) members: Vec<DefinitionId>,
    pub(super) vectors: Vec<VectorRow>,
    vector_ids: HashMap<(bool, Ty), VectorId>,
    constructor_ids: HashMap<&'t str, DefinitionId>,
    pub(super) params: Vec<ParamRow>,
    pub(super) definitions: Vec<DefinitionRow>,
}

impl<'t> Compiler<'t> {
    /// Learns the names that definitions refer to: constructors and types.
    fn new(parsed: &'t [Parsed<'t>]) -> Result<Self, SchemaError> {
        let mut compiler = Self {
            text: String::new(),
            keys: Vec::new(),
            key_ids: HashMap::new(),
            types: Vec::new(),
            type_ids: HashMap::new(),
            members: Vec::new(),
            vectors: Vec::new(),
            vector_ids: HashMap::new(),
            constructor_ids: HashMap::new(),
            params: Vec::new(),
            definitions: Vec::new(),
        };
        check_unique(parsed)?;
        let mut members: Vec<Vec<DefinitionId>> = Vec::new();
        for (row, definition) in parsed
            .iter()
            .enumerate()
            .filter(|(_, definition)| !definition.method)
        {
            let ty = &definition.result;
            if ty.bare
                || ty.generic_arg.is_some()
                || ty.generic_ref
                || definition.generics.contains(&ty.name)
            {
                let word = &definition.result_word;
                return Err(word.error(format!(
                    "expected the name of a boxed type, found {}",
                    word.text
                )));
            }
            let id = DefinitionId(row as u16);
            compiler.constructor_ids.insert(definition.name, id);
            let name = full_name(ty);
            let known = compiler.type_ids.len();
            let ty = *compiler
                .type_ids
                .entry(name.clone())
                .or_insert(TypeId(known as u16));
            if usize::from(ty.0) == known {
                let name = compiler.store(&name);
                compiler.types.push(TypeRow {
                    name,
                    first: 0,
                    count: 0,
                    min: 0,
                });
                members.push(Vec::new());
            }
            if let Some(members) = members.get_mut(usize::from(ty.0)) {
                members.push(id);
            }
        }
        for (row, members) in compiler.types.iter_mut().zip(members) {
            (row.first, row.count) = (compiler.members.len() as u16, members.len() as u16);
            compiler.members.extend(members);
        }
        Ok(compiler)
    }

    fn run(mut self, parsed: &'t [Parsed<'t>], layer: i32) -> Result<Tables, SchemaError> {
        for name in FIXED_KEYS {
            self.key(name);
        }
        for definition in parsed {
            self.definition(definition)?;
        }
        self.minimums(parsed)?;
        if self
            .keys
            .len()
            .max(self.vectors.len())
            .max(self.definitions.len())
            > MAX_ROWS
        {
            return Err(SchemaError {
                line: 1,
                column: 1,
                what: format!("expected at most {MAX_ROWS} different names"),
            });
        }
        let constructors = parsed
            .iter()
            .filter(|definition| !definition.method)
            .count();
        let namespaces = self.namespaces(parsed);
        let names = |method| {
            parsed
                .iter()
                .filter(move |p| p.method == method)
                .map(|p| p.name)
                .collect::<Vec<_>>()
        };
        let ids: Vec<u32> = self.definitions.iter().map(|row| row.id).collect();
        let mut type_names = vec![""; self.types.len()];
        for (name, id) in &self.type_ids {
            if let Some(slot) = type_names.get_mut(usize::from(id.0)) {
                *slot = name;
            }
        }
        let mut key_names = vec![""; self.keys.len()];
        for (name, id) in &self.key_ids {
            if let Some(slot) = key_names.get_mut(usize::from(id.0)) {
                *slot = name;
            }
        }
        Ok(Tables {
            layer,
            ids: IdTable::new(&ids),
            constructor_names: NameTable::new(names(false).into_iter()),
            method_names: NameTable::new(names(true).into_iter()),
            type_names: NameTable::new(type_names.into_iter()),
            key_names: NameTable::new(key_names.into_iter()),
            constructors: constructors as u16,
            namespaces: namespaces.into(),
            text: self.text.into(),
            keys: self.keys.into(),
            types: self.types.into(),
            members: self.members.into(),
            vectors: self.vectors.into(),
            params: self.params.into(),
            definitions: self.definitions.into(),
        })
    }

    fn definition(&mut self, parsed: &Parsed<'t>) -> Result<(), SchemaError> {
        let ty = self.ty(&parsed.result_word, &parsed.result, &parsed.generics)?;
        let name = parsed.name;
        let result = full_name(&parsed.result);
        let mut row = DefinitionRow {
            id: parsed.id,
            key: self.key(name),
            ty,
            method: parsed.method,
            first: self.params.len() as u32,
            count: parsed.params.len() as u16,
            making: Making::Map,
            hooked: !parsed.method && reading::is_rewritten(name),
            peer: !parsed.method && reading::is_peer(name, &result),
            message: !parsed.method && name == "message",
            min: 0,
            mandatory: 0,
            trues: 0,
            leading: 0,
            valued: [0; 2],
            bits: [0; 2],
        };
        if parsed.params.len() > MAX_ROWS {
            return Err(parsed
                .head
                .error(format!("expected at most {MAX_ROWS} parameters")));
        }
        let mut bits = HashMap::new();
        for param in &parsed.params {
            if let Kind::Optional(word, bit, _) = &param.kind {
                *bits.entry((*word, *bit)).or_insert(0_u16) += 1;
            }
        }
        for param in &parsed.params {
            let (word, bit, ty) = match &param.kind {
                Kind::Flags(number) => (*number, 0, Ty::Flags),
                Kind::Mandatory(ty) => (
                    ParamRow::MANDATORY,
                    0,
                    self.ty(&param.word, ty, &parsed.generics)?,
                ),
                Kind::Optional(word, bit, ty) if is_true(ty) => (*word, *bit, Ty::True),
                Kind::Optional(word, bit, ty) => {
                    (*word, *bit, self.ty(&param.word, ty, &parsed.generics)?)
                }
            };
            let optional = word != ParamRow::MANDATORY && ty != Ty::Flags;
            let place = reading::Place {
                constructor: name,
                result: &result,
                name: &param.name,
                type_name: param
                    .word
                    .text
                    .rsplit([':', '?'])
                    .next()
                    .unwrap_or_default(),
                ty,
                optional,
            };
            let reading = if parsed.method {
                [Reading::Plain; 3]
            } else {
                reading::of_param(&place)
            };
            let key = self.key(&param.name);
            self.params.push(ParamRow {
                key,
                ty,
                word,
                bit,
                shared: bits
                    .get(&(word, bit))
                    .is_some_and(|count| optional && *count > 1),
                hooked: reading::is_hooked(&param.name) && ty != Ty::Flags,
                reading,
            });
            row.count_param(ty, word, bit);
        }
        if !parsed.method {
            let types = self.params.get(row.first as usize..).unwrap_or_default();
            row.making =
                reading::of_constructor(name, &types.iter().map(|row| row.ty).collect::<Vec<_>>());
        }
        self.definitions.push(row);
        Ok(())
    }

    /// Looks a type up; vector types are numbered as they appear.
    fn ty(&mut self, word: &Word<'_>, ty: &Type, generics: &[String]) -> Result<Ty, SchemaError> {
        if let Some(argument) = &ty.generic_arg {
            let item = self.ty(word, argument, &[])?;
            let boxed = match (ty.namespace.is_empty(), ty.name.as_str()) {
                (true, "Vector") => true,
                (true, "vector") => false,
                _ => {
                    return Err(word.error(format!(
                        "expected Vector or vector before <, found {}",
                        full_name(ty)
                    )));
                }
            };
            let known = self.vectors.len();
            let id = *self
                .vector_ids
                .entry((boxed, item))
                .or_insert(VectorId(known as u16));
            if usize::from(id.0) == known {
                self.vectors.push(VectorRow {
                    boxed,
                    item,
                    min: 1,
                });
            }
            return Ok(Ty::Vector(id));
        }
        let name = full_name(ty);
        if generics.contains(&name) {
            return Ok(Ty::Object);
        }
        if ty.generic_ref {
            return Err(word.error(format!("expected {{{name}:Type}} before !{name}")));
        }
        if let Some(boxed) = name.strip_prefix('%') {
            return self.only_constructor(word, boxed).map(Ty::Bare);
        }
        let builtin = match name.as_str() {
            "int" => Ty::Int,
            "long" => Ty::Long,
            "double" => Ty::Double,
            "string" => Ty::String,
            "bytes" => Ty::Bytes,
            "int128" => Ty::Int128,
            "int256" => Ty::Int256,
            "int512" => Ty::Int512,
            "Bool" => Ty::Bool,
            "Object" => Ty::Object,
            "true" => return Err(word.error("expected true behind a condition like flags.3?")),
            _ => return self.defined(word, &name, ty.bare),
        };
        Ok(builtin)
    }

    fn defined(&self, word: &Word<'_>, name: &str, bare: bool) -> Result<Ty, SchemaError> {
        let found = if bare {
            self.constructor_ids.get(name).map(|id| Ty::Bare(*id))
        } else {
            self.type_ids.get(name).map(|id| Ty::Boxed(*id))
        };
        let wanted = if bare {
            "constructor"
        } else {
            "type with constructors"
        };
        found.ok_or_else(|| word.error(format!("expected a {wanted} of this file, found {name}")))
    }

    fn only_constructor(&self, word: &Word<'_>, name: &str) -> Result<DefinitionId, SchemaError> {
        let row = self
            .type_ids
            .get(name)
            .and_then(|id| self.types.get(usize::from(id.0)));
        match row {
            Some(row) if row.count == 1 => self.members.get(usize::from(row.first)).copied(),
            _ => None,
        }
        .ok_or_else(|| {
            word.error(format!(
                "expected a type with one constructor after %, found {name}"
            ))
        })
    }

    fn key(&mut self, name: &str) -> KeyId {
        if let Some(key) = self.key_ids.get(name) {
            return *key;
        }
        let key = KeyId(self.keys.len() as u16);
        let span = self.store(name);
        self.keys.push(span);
        self.key_ids.insert(name.to_owned(), key);
        key
    }

    fn store(&mut self, text: &str) -> Span {
        let span = Span {
            start: self.text.len() as u32,
            len: text.len() as u32,
        };
        self.text.push_str(text);
        span
    }

    fn namespaces(&mut self, parsed: &[Parsed<'_>]) -> Vec<Span> {
        let methods = parsed.iter().filter(|definition| definition.method);
        let mut names: Vec<&str> = methods
            .filter_map(|method| Some(method.name.rsplit_once('.')?.0))
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.store(name)).collect()
    }
}

fn check_unique(parsed: &[Parsed<'_>]) -> Result<(), SchemaError> {
    if parsed.len() > MAX_ROWS {
        return Err(SchemaError {
            line: 1,
            column: 1,
            what: format!("expected at most {MAX_ROWS} definitions"),
        });
    }
    let mut ids = HashMap::new();
    let mut names = HashSet::new();
    for definition in parsed {
        let Parsed {
            head,
            name,
            id,
            method,
            ..
        } = definition;
        if !names.insert((*method, *name)) {
            return Err(head.error(format!("expected a new name, found {name} a second time")));
        }
        if let Some(other) = ids.insert(*id, *name) {
            return Err(head.error(format!(
                "expected a new id for {name}, found {id:08x}, which is {other}'s"
            )));
        }
    }
    Ok(())
}

fn is_true(ty: &Type) -> bool {
    ty.namespace.is_empty() && ty.name == "true" && ty.generic_arg.is_none()
}

fn full_name(ty: &Type) -> String {
    let mut name = ty.namespace.join(".");
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(&ty.name);
    name
}
