//! Values made from the schema's tables.

use madeline_tl::{Definition, Object, ParamKind, Schema, Ty, Value};

/// Which optional parameters a made value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "each test uses what it needs")]
pub(crate) enum Optionals {
    /// None.
    None,
    /// All.
    All,
    /// Each by chance.
    Some,
}

/// Makes values of any type, the same ones for the same seed.
pub(crate) struct Maker<'s> {
    schema: &'s Schema,
    /// How deep the smallest object of each constructor nests.
    depths: Vec<u32>,
    state: u64,
    optionals: Optionals,
    /// Extreme numbers and lengths rather than ordinary ones.
    boundaries: bool,
}

/// Below this depth, objects are as small as possible.
const DEEP: u32 = 5;

impl<'s> Maker<'s> {
    /// A maker of values of that schema.
    pub(crate) fn new(schema: &'s Schema) -> Self {
        let mut maker = Self {
            schema,
            depths: Vec::new(),
            state: 0,
            optionals: Optionals::None,
            boundaries: false,
        };
        maker.depths = vec![u32::MAX; schema.constructors().len()];
        loop {
            let depths: Vec<u32> = schema
                .constructors()
                .map(|constructor| maker.depth(constructor))
                .collect();
            if depths == maker.depths {
                return maker;
            }
            maker.depths = depths;
        }
    }

    /// An object of that constructor, or a call of that method.
    pub(crate) fn make(
        &mut self,
        definition: Definition<'s>,
        seed: u64,
        optionals: Optionals,
        boundaries: bool,
    ) -> Value {
        (self.state, self.optionals, self.boundaries) = (seed, optionals, boundaries);
        self.object(definition, 0)
    }

    fn depth(&self, constructor: Definition<'_>) -> u32 {
        let params = constructor
            .params()
            .filter(|param| param.kind() == ParamKind::Mandatory);
        params
            .map(|param| self.type_depth(param.ty()))
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    fn type_depth(&self, ty: Ty) -> u32 {
        let depth = |constructor: Definition<'_>| self.depths[usize::from(constructor.number().0)];
        match ty {
            Ty::Boxed(id) => self.schema.constructors_of(id).map(depth).min().unwrap(),
            Ty::Bare(id) => depth(self.schema.definition(id).unwrap()),
            _ => 0,
        }
    }

    fn object(&mut self, definition: Definition<'s>, depth: u32) -> Value {
        let mut object = Object::new(definition.name().to_owned());
        let mut chosen = [None; 4 * 32];
        for param in definition.params() {
            let given = match param.kind() {
                ParamKind::Flags { .. } => false,
                ParamKind::Mandatory => true,
                // Parameters on one bit are there together or not at all.
                ParamKind::Optional { word, bit } => {
                    let slot = usize::from(word) * 32 + usize::from(bit);
                    *chosen[slot].get_or_insert_with(|| match self.optionals {
                        _ if depth > DEEP => false,
                        Optionals::None => false,
                        Optionals::All => true,
                        Optionals::Some => self.below(3) == 0,
                    })
                }
            };
            if given {
                object.set(param.name().to_owned(), self.value(param.ty(), depth + 1));
            }
        }
        Value::Object(object)
    }

    fn value(&mut self, ty: Ty, depth: u32) -> Value {
        match ty {
            Ty::Int => Value::Int(self.number(i64::from(i32::MIN), i64::from(i32::MAX))),
            Ty::Long => Value::Int(self.number(i64::MIN, i64::MAX)),
            Ty::Flags => Value::Int(self.number(0, i64::from(u32::MAX))),
            Ty::Double => Value::Double(self.number(-1_000_000, 1_000_000) as f64 / 8.0),
            Ty::String => Value::Text(self.text().bytes().collect()),
            Ty::Bytes => Value::Bytes(self.text().bytes().map(|byte| byte ^ 0xa5).collect()),
            Ty::Int128 => Value::Bytes((0..16).map(|_| self.below(256) as u8).collect()),
            Ty::Int256 => Value::Bytes((0..32).map(|_| self.below(256) as u8).collect()),
            Ty::Int512 => Value::Bytes((0..64).map(|_| self.below(256) as u8).collect()),
            Ty::Bool => Value::Bool(self.below(2) == 1),
            Ty::True => Value::Bool(true),
            Ty::Vector(id) => {
                let count = if depth > DEEP { 0 } else { self.below(3) };
                (0..count)
                    .map(|_| self.value(self.schema.vector(id).1, depth + 1))
                    .collect()
            }
            Ty::Boxed(id) => {
                let constructors: Vec<_> = self.schema.constructors_of(id).collect();
                let definition = if depth > DEEP {
                    constructors
                        .into_iter()
                        .min_by_key(|definition| self.depths[usize::from(definition.number().0)])
                } else {
                    let index = self.below(constructors.len() as u64) as usize;
                    constructors.get(index).copied()
                };
                self.object(definition.unwrap(), depth)
            }
            Ty::Bare(id) => self.object(self.schema.definition(id).unwrap(), depth),
            Ty::Object => self.object(self.schema.method("help.getConfig").unwrap(), depth),
        }
    }

    fn number(&mut self, min: i64, max: i64) -> i64 {
        if self.boundaries {
            return [min, max, 0][self.below(3) as usize];
        }
        (self.below(100_000) as i64 - 1_000).clamp(min, max)
    }

    fn text(&mut self) -> String {
        let length = if self.boundaries {
            [0, 1, 3, 253, 254, 255, 256][self.below(7) as usize]
        } else {
            self.below(12)
        };
        (0..length)
            .map(|_| char::from(b'a' + self.below(26) as u8))
            .collect()
    }

    /// A number below `limit`: `SplitMix64`.
    fn below(&mut self, limit: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % limit
    }
}
