//! How long values are at least, and how many fields they have: by this the decoder bounds and sizes what it makes.

use super::compile::Compiler;
use super::params::Parsed;
use super::statement::SchemaError;
use super::{DefinitionId, DefinitionRow, ParamRow, Ty};

/// How deep bare types may contain each other.
const MAX_BARE: u32 = 32;

impl Compiler<'_> {
    /// Fills in the shortest sizes, by which counts of vectors are judged.
    pub(super) fn minimums(&mut self, parsed: &[Parsed<'_>]) -> Result<(), SchemaError> {
        let mut known = vec![None; self.definitions.len()];
        for (row, definition) in parsed.iter().enumerate() {
            let min = self
                .minimum(DefinitionId(row as u16), &mut known, 0)
                .ok_or_else(|| {
                    definition.head.error(format!(
                        "expected {} not to contain itself as a bare type",
                        definition.name
                    ))
                })?;
            if let Some(row) = self.definitions.get_mut(row) {
                row.min = min;
            }
        }
        for ty in &mut self.types {
            let members = self
                .members
                .iter()
                .skip(usize::from(ty.first))
                .take(usize::from(ty.count));
            let sizes = members
                .filter_map(|id| self.definitions.get(usize::from(id.0)))
                .map(|row| row.min);
            ty.min = sizes.min().unwrap_or(0).saturating_add(4);
        }
        for index in 0..self.vectors.len() {
            let min = self.vectors.get(index).and_then(|row| match row.item {
                Ty::Boxed(ty) => self.types.get(usize::from(ty.0)).map(|row| row.min),
                item => self.type_minimum(item, &mut known, 0),
            });
            if let (Some(row), Some(min)) = (self.vectors.get_mut(index), min) {
                row.min = min.max(1);
            }
        }
        Ok(())
    }

    fn minimum(&self, id: DefinitionId, known: &mut Vec<Option<u32>>, depth: u32) -> Option<u32> {
        let index = usize::from(id.0);
        if let Some(min) = known.get(index).copied().flatten() {
            return Some(min);
        }
        if depth > MAX_BARE {
            return None;
        }
        let row = self.definitions.get(index)?;
        let params = self
            .params
            .iter()
            .skip(row.first as usize)
            .take(usize::from(row.count));
        let mut min = 0_u32;
        for param in
            params.filter(|param| param.ty == Ty::Flags || param.word == ParamRow::MANDATORY)
        {
            min = min.saturating_add(self.type_minimum(param.ty, known, depth + 1)?);
        }
        *known.get_mut(index)? = Some(min);
        Some(min)
    }

    fn type_minimum(&self, ty: Ty, known: &mut Vec<Option<u32>>, depth: u32) -> Option<u32> {
        Some(match ty {
            Ty::True => 0,
            Ty::Int | Ty::String | Ty::Bytes | Ty::Bool | Ty::Flags | Ty::Boxed(_) | Ty::Object => {
                4
            }
            Ty::Long | Ty::Double => 8,
            Ty::Int128 => 16,
            Ty::Int256 => 32,
            Ty::Int512 => 64,
            Ty::Vector(id) => self
                .vectors
                .get(usize::from(id.0))
                .map_or(4, |row| if row.boxed { 8 } else { 4 }),
            Ty::Bare(id) => return self.minimum(id, known, depth),
        })
    }
}

impl DefinitionRow {
    /// Keeps the counts from which the decoder knows the size of a map before it reads the parameters.
    pub(super) fn count_param(&mut self, ty: Ty, word: u8, bit: u8) {
        // Parameters of no bytes, `true` flags, may stand between the words.
        let leads = self.mandatory == 0 && self.valued == [0; 2];
        let masks = match ty {
            Ty::Flags => {
                if leads && word < 2 {
                    self.leading = word + 1;
                }
                return;
            }
            Ty::True => {
                self.trues += 1;
                &mut self.bits
            }
            _ if word == ParamRow::MANDATORY => {
                self.mandatory += 1;
                return;
            }
            _ => &mut self.valued,
        };
        if let Some(mask) = masks.get_mut(usize::from(word)) {
            *mask |= 1 << bit;
        }
    }
}
