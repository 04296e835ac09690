//! The rules.

use ext_php_rs::ffi::{ZEND_ACC_INTERFACE, ZEND_ACC_PRIVATE, ZEND_ACC_PROTECTED, ZEND_ACC_TRAIT};
use ext_php_rs::types::Zval;

use super::names::Names;
use crate::lang;
use crate::syntax::{Node, Tree};
use crate::zend;

/// Functions during which no other handler goes on, and what to use instead.
const BLOCKING: &[(&str, &str)] = &[
    (
        "file_get_contents",
        "$this->fileGetContents(), amphp/file or amphp/http-client",
    ),
    ("file_put_contents", "amphp/file"),
    ("fopen", "amphp/file"),
    ("curl_exec", "amphp/http-client"),
    ("fsockopen", "amphp/socket"),
    ("mysqli_query", "amphp/mysql"),
    ("mysqli_connect", "amphp/mysql"),
    ("mysql_connect", "amphp/mysql"),
    ("sleep", "$this->sleep()"),
    ("usleep", "$this->sleep()"),
    ("exec", "amphp/process"),
    ("shell_exec", "amphp/process"),
    ("proc_open", "amphp/process"),
    ("pcntl_fork", "Tools::callFork()"),
];
/// Classes of that kind.
const BLOCKING_CLASSES: &[(&str, &str)] = &[("pdo", "amphp/mysql"), ("mysqli", "amphp/mysql")];
/// Functions that have another name now.
const RENAMED: &[(&str, &str)] = &[
    ("amp\\file\\get", "Amp\\File\\read"),
    ("amp\\file\\put", "Amp\\File\\write"),
];
/// Functions that keep state where the session does not.
const FILES: &[&str] = &["amp\\file\\read", "amp\\file\\write"];
/// Methods whose generators nobody drives in release 8.
const NO_GENERATORS: &[&str] = &["onstart", "onupdatenewmessage", "onupdatenewchannelmessage"];

/// One thing that a rule does not allow.
pub(super) struct Issue {
    pub(super) message: String,
    /// 0: the whole file.
    pub(super) line: u32,
    /// MadelineProto refuses the handler for it.
    pub(super) severe: bool,
}

/// A walk through a file.
pub(super) struct Rules {
    is_plugin: bool,
    names: Names,
    /// The classes and their like that have names: whether each is a class.
    classes: Vec<bool>,
    /// Whether the first `declare` makes types strict; `None` without one.
    strict: Option<bool>,
    // By rule: so they are told.
    calls: Vec<Issue>,
    objects: Vec<Issue>,
    includes: Vec<Issue>,
    yields: Vec<Issue>,
}

/// Where in the file the walk is.
#[derive(Clone, Copy, Default)]
struct Place {
    in_function: bool,
    no_generator: bool,
}

impl Rules {
    /// What is the matter with a file.
    pub(super) fn check(tree: &Tree, is_plugin: bool) -> Vec<Issue> {
        let mut rules = Rules {
            is_plugin,
            names: Names::default(),
            classes: Vec::new(),
            strict: None,
            calls: Vec::new(),
            objects: Vec::new(),
            includes: Vec::new(),
            yields: Vec::new(),
        };
        rules.walk(tree.root(), Place::default());
        let mut issues = Vec::new();
        if is_plugin && rules.classes != [true] {
            issues.push(severe(lang::text("plugins_must_have_exactly_one_class"), 0));
        }
        if rules.strict != Some(true) {
            issues.push(severe(lang::text("must_have_declare_types"), 0));
        }
        for found in [rules.calls, rules.objects, rules.includes, rules.yields] {
            issues.extend(found);
        }
        issues
    }

    fn walk(&mut self, node: Node<'_>, mut place: Place) {
        match node.kind() {
            zend::_zend_ast_kind_ZEND_AST_NAMESPACE => {
                self.names = Names::of(node.child(0).and_then(Node::text));
                if let Some(body) = node.child(1) {
                    self.walk(body, place);
                    self.names = Names::default();
                }
                return;
            }
            zend::_zend_ast_kind_ZEND_AST_USE | zend::_zend_ast_kind_ZEND_AST_GROUP_USE => {
                return self.names.import(node);
            }
            zend::_zend_ast_kind_ZEND_AST_DECLARE => self.declare(node),
            zend::_zend_ast_kind_ZEND_AST_CLASS => {
                if let Some((Some(_), flags)) = node.declared() {
                    let others = ZEND_ACC_INTERFACE | ZEND_ACC_TRAIT | zend::ZEND_ACC_ENUM;
                    self.classes.push(flags & others == 0);
                }
            }
            zend::_zend_ast_kind_ZEND_AST_METHOD => {
                place.in_function = true;
                place.no_generator |= is_handler(node);
            }
            zend::_zend_ast_kind_ZEND_AST_FUNC_DECL
            | zend::_zend_ast_kind_ZEND_AST_CLOSURE
            | zend::_zend_ast_kind_ZEND_AST_ARROW_FUNC => place.in_function = true,
            zend::_zend_ast_kind_ZEND_AST_CALL => self.call(node),
            zend::_zend_ast_kind_ZEND_AST_NEW => self.object(node),
            zend::_zend_ast_kind_ZEND_AST_INCLUDE_OR_EVAL => self.include(node, place),
            zend::_zend_ast_kind_ZEND_AST_YIELD | zend::_zend_ast_kind_ZEND_AST_YIELD_FROM
                if place.no_generator =>
            {
                let text = lang::text("do_not_use_yield");
                self.yields.push(severe(text, node.line()));
            }
            _ => {}
        }
        for child in node.children().flatten() {
            self.walk(child, place);
        }
    }

    fn declare(&mut self, node: Node<'_>) {
        let directive = node.child(0).and_then(|list| list.child(0));
        let name = directive.and_then(|it| it.child(0)).and_then(Node::text);
        let value = directive.and_then(|it| it.child(1)).and_then(Node::value);
        let is_strict = name.is_some_and(|name| name.eq_ignore_ascii_case("strict_types"))
            && value.and_then(Zval::long) == Some(1);
        self.strict.get_or_insert(is_strict);
    }

    fn call(&mut self, node: Node<'_>) {
        let Some(name) = node.child(0).and_then(|name| self.names.function(name)) else {
            return;
        };
        let first = node.child(1).and_then(|arguments| arguments.child(0));
        let first = first.and_then(Node::text).unwrap_or_default();
        let line = node.line();
        if let Some(instead) = find(BLOCKING, &name) {
            if name != "fopen" || !first.starts_with("php://memory") {
                let text = instead_of("do_not_use_blocking_function", &name, instead);
                self.calls.push(severe(text, line));
            }
        } else if let Some(instead) = find(RENAMED, &name) {
            let text = instead_of("do_not_use_deprecated_function", &name, instead);
            self.calls.push(severe(text, line));
        } else if name == "unlink" {
            let name = if first == "MadelineProto.log" {
                "do_not_delete_MadelineProto.log"
            } else if is_archive(first) {
                "do_not_remove_MadelineProto.log_phar"
            } else {
                return;
            };
            self.calls.push(severe(lang::text(name), line));
        } else if FILES.contains(&name.as_str()) {
            self.calls.push(Issue {
                message: lang::text_with("recommend_not_use_filesystem_function", &name),
                line,
                severe: false,
            });
        }
    }

    fn object(&mut self, node: Node<'_>) {
        let name = node.child(0).and_then(|name| self.names.class(name));
        if let Some(name) = name
            && let Some(instead) = find(BLOCKING_CLASSES, &name)
        {
            let text = instead_of("do_not_use_blocking_class", &name, instead);
            self.objects.push(severe(text, node.line()));
        }
    }

    fn include(&mut self, node: Node<'_>, place: Place) {
        let name = if node.attribute() == zend::ZEND_EVAL {
            return;
        } else if self.is_plugin {
            "plugins_do_not_use_require"
        } else if place.in_function {
            "do_not_use_non_root_require_in_event_handler"
        } else {
            return;
        };
        self.includes.push(severe(lang::text(name), node.line()));
    }
}

/// Whether a method is one that may be no generator.
fn is_handler(method: Node<'_>) -> bool {
    method.declared().is_some_and(|(name, flags)| {
        let name = name.unwrap_or_default().to_ascii_lowercase();
        flags & (ZEND_ACC_PROTECTED | ZEND_ACC_PRIVATE) == 0
            && NO_GENERATORS.contains(&name.as_str())
    })
}

/// Whether a file is an archive that MadelineProto has downloaded.
fn is_archive(file: &str) -> bool {
    let parts = file.rsplit_once('.');
    parts.is_some_and(|(name, kind)| name.starts_with("madeline") && kind == "phar")
}

fn find<'t>(table: &[(&str, &'t str)], name: &str) -> Option<&'t str> {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(_, instead)| *instead)
}

fn instead_of(text: &str, name: &str, instead: &str) -> String {
    lang::text_with(text, name).replacen("%s", instead, 1)
}

fn severe(message: String, line: u32) -> Issue {
    Issue {
        message,
        line,
        severe: true,
    }
}
