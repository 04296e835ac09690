//! Small forms of the functions of Amp that scripts call because MadelineProto brought them along.
//!
//! They are there from the moment that a script shows itself to be one of MadelineProto's (it includes the loader, or makes an
//! API object), and only where nobody else defines them. A script that loads the real Amp afterwards gets the real ones: while
//! PHP compiles a file, ours are out of the function table, so a file may declare functions of their names, and no compiled
//! code, which opcache may keep, relies on ours. Scripts that are none of MadelineProto's never notice anything: the hooks are
//! set when the first one that is comes along.

mod files;
mod functions;

use std::cell::Cell;
use std::ffi::c_char;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::ffi::{
    HashTable, IS_PTR, ext_php_rs_compiler_globals, ext_php_rs_executor_globals, zend_class_entry,
    zend_file_handle, zend_function, zend_function_entry, zend_hash_add, zend_hash_del,
    zend_hash_find_known_hash, zend_hash_str_find, zend_lookup_class_ex, zend_op_array,
    zend_string,
};
use ext_php_rs::types::{ZendStr, Zval};

use crate::class::{self, Class};
use crate::coroutine::FUTURE;
use crate::exceptions::{COMPOSITE, TIMEOUT, Thrown};
use crate::{function, zend};

/// Classes of ours that stand in for Amp's, by the names of those.
const CLASSES: &[(&str, &Class)] = &[
    ("Amp\\Future", &FUTURE),
    ("Amp\\Promise", &FUTURE),
    ("Amp\\CompositeException", &COMPOSITE),
    ("Amp\\MultiReasonException", &COMPOSITE),
    ("Amp\\TimeoutException", &TIMEOUT),
];

type CompileFile = unsafe extern "C" fn(*mut zend_file_handle, i32) -> *mut zend_op_array;
type CompileString = unsafe extern "C" fn(
    *mut zend_string,
    *const c_char,
    zend::zend_compile_position,
) -> *mut zend_op_array;
type Autoload = unsafe extern "C" fn(*mut zend_string, *mut zend_string) -> *mut zend_class_entry;

/// What the hooks stand in front of, once they are set.
static BEFORE: OnceLock<Before> = OnceLock::new();
/// Our functions by lower-case names, as the engine registers functions; they live as long as the process.
static FUNCTIONS: AtomicPtr<HashTable> = AtomicPtr::new(ptr::null_mut());
/// What it was made of.
static ENTRIES: AtomicPtr<zend_function_entry> = AtomicPtr::new(ptr::null_mut());

struct Before {
    compile_file: Option<CompileFile>,
    compile_string: Option<CompileString>,
    autoload: Option<Autoload>,
}

thread_local! {
    /// The functions are on offer in this request.
    static ON: Cell<bool> = const { Cell::new(false) };
}

/// Prepares the functions. At module start-up.
pub(crate) fn startup() {
    // SAFETY: an all-zero table may be initialised; in the process' memory, as a request's is gone when start-up ends.
    let table = unsafe {
        let table = Box::into_raw(Box::new(std::mem::zeroed::<HashTable>()));
        zend::_zend_hash_init(table, 32, None, true);
        table
    };
    // SAFETY: the table ends with an all-zero entry and lives as long as the process; so do the functions.
    unsafe {
        zend::zend_register_functions(
            ptr::null_mut(),
            entries(),
            table,
            ext_php_rs::ffi::MODULE_PERSISTENT as i32,
        );
    }
    FUNCTIONS.store(table, Ordering::Release);
}

/// The functions as the engine registers them: one table, however often PHP starts in this process.
fn entries() -> *const zend_function_entry {
    let known = ENTRIES.load(Ordering::Relaxed);
    if !known.is_null() {
        return known;
    }
    let tables = [functions::FUNCTIONS, files::FUNCTIONS];
    let functions = tables.into_iter().flatten().map(class::function_entry);
    let mut entries: Vec<_> = functions.collect();
    // SAFETY: an all-zero entry ends the table.
    entries.push(unsafe { std::mem::zeroed() });
    let entries = Vec::leak(entries).as_mut_ptr();
    ENTRIES.store(entries, Ordering::Relaxed);
    entries
}

/// Offers the functions for the rest of the request. No PHP code runs here.
pub(crate) fn offer() {
    // SAFETY: this thread's globals.
    let options = unsafe { (*ext_php_rs_compiler_globals()).compiler_options };
    // What is there while opcache preloads, it takes for the script's.
    if options & zend::ZEND_COMPILE_PRELOAD != 0 || ON.replace(true) {
        return;
    }
    BEFORE.get_or_init(|| {
        // SAFETY: hooks of the engine, which only this thread uses now; opcache has set its own long before.
        unsafe {
            let before = Before {
                compile_file: zend::zend_compile_file,
                compile_string: zend::zend_compile_string,
                autoload: zend::zend_autoload,
            };
            zend::zend_compile_file = Some(compile_file);
            zend::zend_compile_string = Some(compile_string);
            zend::zend_autoload = Some(autoload);
            before
        }
    });
    show();
}

/// Makes one of our classes known by Amp's name before an object of it meets `catch`, `instanceof` or a parameter's type, none
/// of which loads classes. Autoloaders are asked first, and may run.
pub(crate) fn introduce(class: &Class) {
    offer();
    for (name, _) in CLASSES.iter().filter(|(_, ours)| ptr::eq(*ours, class)) {
        let key = name.to_ascii_lowercase();
        // SAFETY: this thread's globals; the name is valid.
        unsafe {
            let classes = (*ext_php_rs_executor_globals()).class_table;
            let known = zend_hash_str_find(classes, key.as_ptr().cast(), key.len());
            if known.is_null() && Thrown::pending().is_ok() {
                let name = ZendStr::new(*name, false);
                zend_lookup_class_ex(ptr::from_ref(&*name).cast_mut(), ptr::null_mut(), 0);
                if Thrown::pending().is_err() {
                    function::forget_exception();
                }
            }
        }
    }
}

/// At the end of a request, before the engine empties its function table.
pub(crate) fn end_of_request() {
    hide();
    ON.set(false);
}

/// `zend_compile_file`. No Rust value is alive during the compilation, which may end in a fatal error.
unsafe extern "C" fn compile_file(handle: *mut zend_file_handle, kind: i32) -> *mut zend_op_array {
    hide();
    let Some(compile) = BEFORE.get().and_then(|before| before.compile_file) else {
        return ptr::null_mut();
    };
    // SAFETY: the hook that was there before, with its own arguments.
    let code = unsafe { compile(handle, kind) };
    show();
    code
}

/// `zend_compile_string`, for `eval()`.
unsafe extern "C" fn compile_string(
    source: *mut zend_string,
    name: *const c_char,
    position: zend::zend_compile_position,
) -> *mut zend_op_array {
    hide();
    let Some(compile) = BEFORE.get().and_then(|before| before.compile_string) else {
        return ptr::null_mut();
    };
    // SAFETY: as above.
    let code = unsafe { compile(source, name, position) };
    show();
    code
}

/// `zend_autoload`: asked for a class that does not exist; ours come last.
unsafe extern "C" fn autoload(
    name: *mut zend_string,
    key: *mut zend_string,
) -> *mut zend_class_entry {
    let Some(load) = BEFORE.get().and_then(|before| before.autoload) else {
        return ptr::null_mut();
    };
    // SAFETY: as above; the key is a valid string.
    unsafe {
        let found = load(name, key);
        if !found.is_null() || !ON.get() || Thrown::pending().is_err() {
            return found;
        }
        let key = (*key.cast::<ZendStr>()).as_bytes();
        let ours = CLASSES
            .iter()
            .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(key));
        let Some((name, class)) = ours else {
            return found;
        };
        zend::zend_register_class_alias_ex(name.as_ptr().cast(), name.len(), class.entry(), false);
        class.entry()
    }
}

/// Puts our functions into the engine's table, where their names are free.
fn show() {
    if !ON.get() {
        return;
    }
    each(|table, name, function| {
        let mut value = Zval::new();
        value.value.func = function;
        value.u1.type_info = IS_PTR;
        // SAFETY: the name is interned. A name that is taken stays whose it is.
        unsafe { zend_hash_add(table, name, &raw mut value) };
        // A pointer is nobody's reference.
        std::mem::forget(value);
    });
}

/// Takes ours out again; call sites that have found them already may keep them.
fn hide() {
    if !ON.get() {
        return;
    }
    each(|table, name, function| {
        // SAFETY: the table's values are functions. Without a destructor ours stays what it is.
        unsafe {
            let found = zend_hash_find_known_hash(table, name);
            if found
                .as_ref()
                .is_some_and(|found| ptr::eq(found.value.func, function))
            {
                let destructor = (*table).pDestructor.take();
                zend_hash_del(table, name);
                (*table).pDestructor = destructor;
            }
        }
    });
}

fn each(run: impl Fn(*mut HashTable, *mut zend_string, *mut zend_function)) {
    let ours = FUNCTIONS.load(Ordering::Acquire);
    // SAFETY: made at module start-up, with string keys and functions; the engine's own table exists while requests run.
    unsafe {
        let Some(ours) = ours.as_ref() else { return };
        let table = (*ext_php_rs_executor_globals()).function_table;
        let buckets =
            std::slice::from_raw_parts(ours.__bindgen_anon_1.arData, ours.nNumUsed as usize);
        for bucket in buckets {
            run(table, bucket.key, bucket.val.value.func);
        }
    }
}
