//! What names mean where they stand (<https://www.php.net/manual/en/language.namespaces.rules.php>).

use std::collections::HashMap;

use crate::syntax::Node;
use crate::zend;

/// The namespace and what was imported into it. All names are in lower case.
#[derive(Default)]
pub(super) struct Names {
    namespace: String,
    classes: HashMap<String, String>,
    functions: HashMap<String, String>,
}

impl Names {
    /// Those at the beginning of a namespace; without a name of the global one.
    pub(super) fn of(namespace: Option<&str>) -> Names {
        Names {
            namespace: namespace.unwrap_or_default().to_ascii_lowercase(),
            ..Names::default()
        }
    }

    /// Takes a `use` in.
    pub(super) fn import(&mut self, node: Node<'_>) {
        if node.kind() != zend::_zend_ast_kind_ZEND_AST_GROUP_USE {
            return self.import_all(node, node.attribute(), "");
        }
        let prefix = node.child(0).and_then(Node::text).unwrap_or_default();
        if let Some(list) = node.child(1) {
            let of = match node.attribute() {
                0 => list.attribute(),
                of => of,
            };
            self.import_all(list, of, &format!("{}\\", lower(prefix)));
        }
    }

    /// `of`: which kind of symbols they are, where the single ones do not say it.
    fn import_all(&mut self, list: Node<'_>, of: u32, prefix: &str) {
        for one in list.children().flatten() {
            let Some(name) = one.child(0).and_then(Node::text) else {
                continue;
            };
            let name = format!("{prefix}{}", lower(name));
            let alias = match one.child(1).and_then(Node::text) {
                Some(alias) => lower(alias),
                None => name.rsplit('\\').next().unwrap_or_default().to_owned(),
            };
            match if of == 0 { one.attribute() } else { of } {
                zend::ZEND_SYMBOL_CLASS => drop(self.classes.insert(alias, name)),
                zend::ZEND_SYMBOL_FUNCTION => drop(self.functions.insert(alias, name)),
                _ => {}
            }
        }
    }

    /// The function that a name means; one of the namespace's own may stand for the global one.
    pub(super) fn function(&self, node: Node<'_>) -> Option<String> {
        self.resolve(node, |names, name| {
            let imported = names.functions.get(&name).cloned();
            imported.unwrap_or(name)
        })
    }

    /// The class that a name means.
    pub(super) fn class(&self, node: Node<'_>) -> Option<String> {
        self.resolve(node, |names, name| {
            let imported = names.classes.get(&name).cloned();
            imported.unwrap_or_else(|| names.here(&name))
        })
    }

    fn resolve(
        &self,
        node: Node<'_>,
        unqualified: impl Fn(&Names, String) -> String,
    ) -> Option<String> {
        let name = lower(node.text()?);
        Some(match node.attribute() {
            zend::ZEND_NAME_FQ => name,
            zend::ZEND_NAME_RELATIVE => self.here(&name),
            _ => match name.split_once('\\') {
                Some((first, rest)) => match self.classes.get(first) {
                    Some(imported) => format!("{imported}\\{rest}"),
                    None => self.here(&name),
                },
                None => unqualified(self, name),
            },
        })
    }

    fn here(&self, name: &str) -> String {
        if self.namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{}\\{name}", self.namespace)
        }
    }
}

fn lower(name: &str) -> String {
    name.trim_start_matches('\\').to_ascii_lowercase()
}
