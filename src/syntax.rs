//! PHP source code as the engine's own parser sees it.

use std::marker::PhantomData;
use std::ptr;

use ext_php_rs::alloc::efree;
use ext_php_rs::ffi::{zend_arena, zend_ast};
use ext_php_rs::types::{ZendStr, Zval};

use crate::exceptions::Thrown;
use crate::zend::{self, zend_ast_decl, zend_ast_list, zend_ast_zval};

/// What a node is: one of the engine's `ZEND_AST_*`.
pub(crate) type Kind = u32;

/// A file's syntax tree.
pub(crate) struct Tree {
    root: *mut zend_ast,
    arena: *mut zend_arena,
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    node: *const zend_ast,
    tree: PhantomData<&'t Tree>,
}

impl Tree {
    /// Parses a file's code, which begins outside of `<?php`. What is no PHP is an exception of PHP's.
    pub(crate) fn parse(code: &[u8], file: &str) -> Result<Tree, Thrown> {
        let (code, file) = (ZendStr::new(code, false), ZendStr::new(file, false));
        let mut arena = ptr::null_mut();
        // SAFETY: both strings are valid during the call, which keeps references of its own to what it needs later; the arena
        // is written. The parser's former state is put back.
        let root = unsafe {
            zend::zend_compile_string_to_ast(
                ptr::from_ref(&*code).cast_mut(),
                &raw mut arena,
                ptr::from_ref(&*file).cast_mut(),
            )
        };
        if root.is_null() {
            Thrown::pending()?;
            let text = "cannot be parsed".to_owned();
            return Err(Thrown::Exception(text));
        }
        Ok(Tree { root, arena })
    }

    /// The list of the file's statements.
    pub(crate) fn root(&self) -> Node<'_> {
        Node {
            node: self.root,
            tree: PhantomData,
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // SAFETY: the tree is ours, and nobody has a node of it any more; an arena is a chain of the engine's blocks.
        unsafe {
            zend::zend_ast_destroy(self.root);
            let mut arena = self.arena;
            while !arena.is_null() {
                let before = (*arena).prev;
                efree(arena.cast());
                arena = before;
            }
        }
    }
}

impl<'t> Node<'t> {
    pub(crate) fn kind(self) -> Kind {
        // SAFETY: a node of a tree that is alive; every node begins with its kind and attribute.
        unsafe { Kind::from((*self.node).kind) }
    }

    /// Whose meaning depends on the kind.
    pub(crate) fn attribute(self) -> u32 {
        // SAFETY: as above.
        unsafe { u32::from((*self.node).attr) }
    }

    /// Where it begins.
    pub(crate) fn line(self) -> u32 {
        // SAFETY: as above; values have their line elsewhere, all others behind the attribute.
        unsafe {
            if self.kind() == zend::_zend_ast_kind_ZEND_AST_ZVAL {
                (*self.node.cast::<zend_ast_zval>()).val.u2.lineno
            } else {
                (*self.node).lineno
            }
        }
    }

    /// The nodes below; `None` for parts that the source leaves out.
    pub(crate) fn children(self) -> impl Iterator<Item = Option<Node<'t>>> {
        // SAFETY: as above; the kind says which structure the node is, and how many pointers to others it has.
        let (first, count) = unsafe {
            let kind = self.kind();
            if self.is_declaration() {
                let node = self.node.cast::<zend_ast_decl>();
                ((&raw const (*node).child).cast(), (*node).child.len())
            } else if kind >> zend::ZEND_AST_SPECIAL_SHIFT & 1 != 0 {
                (ptr::null::<*const zend_ast>(), 0)
            } else if kind >> zend::ZEND_AST_IS_LIST_SHIFT & 1 != 0 {
                let node = self.node.cast::<zend_ast_list>();
                ((&raw const (*node).child).cast(), (*node).children as usize)
            } else {
                let count = kind >> zend::ZEND_AST_NUM_CHILDREN_SHIFT;
                ((&raw const (*self.node).child).cast(), count as usize)
            }
        };
        (0..count).map(move |index| {
            // SAFETY: one of the node's pointers, which are null or lead to nodes of the same tree.
            let node = unsafe { *first.add(index) };
            (!node.is_null()).then_some(Node {
                node,
                tree: PhantomData,
            })
        })
    }

    /// One of them.
    pub(crate) fn child(self, index: usize) -> Option<Node<'t>> {
        self.children().nth(index).flatten()
    }

    /// The value that a literal or a name is.
    pub(crate) fn value(self) -> Option<&'t Zval> {
        (self.kind() == zend::_zend_ast_kind_ZEND_AST_ZVAL)
            // SAFETY: the structure of such nodes; the value lives as long as the tree.
            .then(|| unsafe { &(*self.node.cast::<zend_ast_zval>()).val })
    }

    /// The text that a literal or a name is.
    pub(crate) fn text(self) -> Option<&'t str> {
        self.value()?.str()
    }

    /// The name and the flags (`ZEND_ACC_*`) of a class, function or method; a class without a name is anonymous.
    pub(crate) fn declared(self) -> Option<(Option<&'t str>, u32)> {
        // SAFETY: the structure of such nodes; the name is null or a string that lives as long as the tree.
        self.is_declaration().then(|| unsafe {
            let node = self.node.cast::<zend_ast_decl>();
            let name = (*node).name.cast::<ZendStr>().as_ref();
            (name.and_then(|name| name.as_str().ok()), (*node).flags)
        })
    }

    fn is_declaration(self) -> bool {
        // The engine's kinds of declarations follow that of functions, among the special ones.
        let kind = self.kind();
        kind >> zend::ZEND_AST_SPECIAL_SHIFT == 1 && kind >= zend::_zend_ast_kind_ZEND_AST_FUNC_DECL
    }
}
