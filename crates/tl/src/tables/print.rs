//! Tables as Rust source: what build.rs writes.

use std::fmt;

use super::Tables;

/// A constant expression with the names of this module's types and of their variants in scope. Rows are printed by their derived `Debug`,
/// which is how Rust spells them.
impl fmt::Display for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = |slots: &[u16]| format!("{{ slots: Cow::Borrowed(&{slots:?}) }}");
        writeln!(f, "Tables {{ layer: {},", self.layer)?;
        writeln!(f, "text: Cow::Borrowed({:?}),", self.text)?;
        writeln!(f, "keys: Cow::Borrowed(&{:?}),", self.keys)?;
        writeln!(f, "types: Cow::Borrowed(&{:?}),", self.types)?;
        writeln!(f, "members: Cow::Borrowed(&{:?}),", self.members)?;
        writeln!(f, "vectors: Cow::Borrowed(&{:?}),", self.vectors)?;
        writeln!(f, "params: Cow::Borrowed(&{:?}),", self.params)?;
        writeln!(f, "definitions: Cow::Borrowed(&{:?}),", self.definitions)?;
        writeln!(f, "constructors: {},", self.constructors)?;
        writeln!(f, "namespaces: Cow::Borrowed(&{:?}),", self.namespaces)?;
        writeln!(f, "ids: IdTable {},", slots(&self.ids.slots))?;
        writeln!(
            f,
            "constructor_names: NameTable {},",
            slots(&self.constructor_names.slots)
        )?;
        writeln!(
            f,
            "method_names: NameTable {},",
            slots(&self.method_names.slots)
        )?;
        writeln!(
            f,
            "type_names: NameTable {},",
            slots(&self.type_names.slots)
        )?;
        writeln!(f, "key_names: NameTable {},", slots(&self.key_names.slots))?;
        f.write_str("}")
    }
}
