//! Scripts that fetch and include MadelineProto's loader, `madeline.php`, run as they are.
//!
//! The extension declares the classes which that loader would download, so the loader must not run: its job is
//! done, and it refuses to share a process with Composer. Three things are answered here, and nothing else is
//! touched:
//!
//! 1. `include` (`require`, `_once`) of a file **named** `madeline.php` or `madeline.phar` that does not exist
//!    is answered with an empty script;
//! 2. so is one that exists **and is MadelineProto's own** loader or archive, told by the names it declares; a
//!    script of the user's that happens to have the name is run as it is;
//! 3. `copy()` and `file_get_contents()` of the loader's address (`https://phar.madelineproto.xyz/….php`, any
//!    release) give a stand-in of two lines without asking the network.
//!
//! Every way to an included file, opcache's and phar's too, opens it through `zend_stream_open_function`: the
//! first two need that one hook. It looks at the file's name and leaves at once when that is another. The third
//! wraps the handlers of two internal functions. `madelineproto.loader=off` turns all of it off.

use std::ffi::{OsStr, c_char, c_int, c_void};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ext_php_rs::ffi::{
    ZEND_USER_FUNCTION, ext_php_rs_compiler_globals, ext_php_rs_executor_globals,
    ext_php_rs_zend_string_release, zend_execute_data, zend_file_handle, zend_hash_str_find,
    zend_stream, zend_string, zval,
};
use ext_php_rs::types::Zval;

use crate::{amp, function, ini, zend};

/// The file names that scripts include: the loader's, and the archive's of releases before 8.
const NAMES: [&[u8]; 2] = [b"madeline.php", b"madeline.phar"];
/// Where scripts download the loader from.
const HOST: &[u8] = b"phar.madelineproto.xyz";
/// What a script gets when it downloads the loader. Where the extension is missing later, it says so.
const STAND_IN: &str = "<?php // Stands in for MadelineProto's loader: the madelineproto extension has the classes built in.\n\
    if (!extension_loaded('madelineproto')) throw new \\Error('The madelineproto extension is not loaded. Load it, \
    or delete '.__FILE__.' so that MadelineProto itself is downloaded.');\n";

type StreamOpen = unsafe extern "C" fn(*mut zend_file_handle) -> c_int;
type Handler = unsafe extern "C" fn(*mut zend_execute_data, *mut zval);

const SUCCESS: c_int = 0;
/// `ZEND_HANDLE_STREAM` of `zend_stream.h`.
const HANDLE_STREAM: u8 = 2;
/// How much of a file tells whether it is the loader: loaders have some 10 kB, archives begin with their stub.
const LOOKED_AT: u64 = 64 * 1024;

/// What a hook stands in front of. Set at each module start (there may be several in one process, as when Apache reads its
/// configuration again), before any script can run.
struct Original<F>(Mutex<Option<F>>);

impl<F: Copy> Original<F> {
    const fn unknown() -> Self {
        Self(Mutex::new(None))
    }

    fn get(&self) -> Option<F> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, original: F) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(original);
    }
}

static OPEN: Original<StreamOpen> = Original::unknown();
static COPY: Original<Handler> = Original::unknown();
static FILE_GET_CONTENTS: Original<Handler> = Original::unknown();

/// Puts the hooks in place, at module start.
pub(crate) fn startup() {
    // SAFETY: module start runs on one thread, before opcache puts its own hooks in front of ours.
    unsafe {
        if let Some(open) = zend::zend_stream_open_function
            && open as usize != stream_open as *const () as usize
        {
            OPEN.set(open);
            zend::zend_stream_open_function = Some(stream_open);
        }
        wrap(c"copy", &COPY, copy);
        wrap(c"file_get_contents", &FILE_GET_CONTENTS, file_get_contents);
    }
}

/// Takes the hooks away again, at module shutdown; one that somebody wrapped in the meantime stays.
pub(crate) fn shutdown() {
    // SAFETY: module shutdown runs on one thread, when no script runs any more; the function table still exists.
    unsafe {
        if zend::zend_stream_open_function
            .is_some_and(|now| now as usize == stream_open as *const () as usize)
        {
            zend::zend_stream_open_function = OPEN.get();
        }
        unwrap(c"copy", &COPY, copy);
        unwrap(c"file_get_contents", &FILE_GET_CONTENTS, file_get_contents);
    }
}

/// `zend_stream_open_function`: opens a script.
unsafe extern "C" fn stream_open(handle: *mut zend_file_handle) -> c_int {
    let Some(open) = OPEN.get() else { return -1 };
    // SAFETY: the engine passes a handle of type filename, which lives for the call.
    let loader =
        catch_unwind(AssertUnwindSafe(|| unsafe { is_included_loader(&*handle) })).unwrap_or(false);
    if !loader {
        // SAFETY: the original hook with its own argument.
        return unsafe { open(handle) };
    }
    // SAFETY: as above.
    unsafe {
        match resolve((*handle).filename) {
            Some(path) if !catch_unwind(|| is_genuine(bytes_of(path))).unwrap_or(false) => {
                ext_php_rs_zend_string_release(path);
                open(handle)
            }
            path => {
                amp::offer();
                answer_empty(&mut *handle, path);
                SUCCESS
            }
        }
    }
}

/// Whether a script includes a file with the loader's name. False for `highlight_file()` and its like, whose
/// frames are internal, and for the script that the web server was asked for, which has no frame above it.
unsafe fn is_included_loader(handle: &zend_file_handle) -> bool {
    // SAFETY: the engine's globals exist; a frame's function is valid while the frame is current.
    let by_script = unsafe {
        let frame = (*ext_php_rs_executor_globals()).current_execute_data;
        !frame.is_null()
            && !(*frame).func.is_null()
            && u32::from((*(*frame).func).type_) == ZEND_USER_FUNCTION
    };
    // SAFETY: the handle's file name is a valid string.
    let path = unsafe { bytes_of(handle.filename) };
    by_script && has_loader_name(path) && ini::loader_enabled()
}

/// Whether the last component of a local path is one of [`NAMES`]; `phar://…` and the like are none of ours.
fn has_loader_name(path: &[u8]) -> bool {
    let name = path
        .rsplit(|&byte| byte == b'/' || (cfg!(windows) && byte == b'\\'))
        .next()
        .unwrap_or(path);
    NAMES.contains(&name) && !path.windows(3).any(|part| part == b"://")
}

/// The file that `include` finds, in the include path or beside the calling script.
unsafe fn resolve(path: *mut zend_string) -> Option<*mut zend_string> {
    // SAFETY: set by the engine before scripts run; it returns a new reference or null.
    unsafe {
        zend::zend_resolve_path
            .map(|resolve| resolve(path))
            .filter(|resolved| !resolved.is_null())
    }
}

/// Makes the handle one whose script is empty; takes over the reference to the path of the file it stands for.
fn answer_empty(handle: &mut zend_file_handle, path: Option<*mut zend_string>) {
    handle.type_ = HANDLE_STREAM;
    handle.opened_path = path.unwrap_or(std::ptr::null_mut());
    handle.handle.stream = zend_stream {
        handle: std::ptr::null_mut(),
        isatty: 0,
        reader: Some(read_nothing),
        fsizer: Some(size_of_nothing),
        closer: None,
    };
}

unsafe extern "C" fn read_nothing(
    _stream: *mut c_void,
    _buffer: *mut c_char,
    _length: usize,
) -> isize {
    0
}

unsafe extern "C" fn size_of_nothing(_stream: *mut c_void) -> usize {
    0
}

/// Whether a file is a loader or archive of MadelineProto: by the function or class that its loaders declare
/// (releases 3 to 7, release 8), or as a phar by its stub. One that cannot be read is left to PHP and its warnings.
fn is_genuine(path: &[u8]) -> bool {
    let mut start = Vec::new();
    let file = File::open(Path::new(OsStr::from_bytes(path)));
    if file
        .and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start))
        .is_err()
    {
        return false;
    }
    let has = |text: &str| {
        start
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    has("function ___install_madeline")
        || (has("class Installer") && has("MADELINE_PHP"))
        || (has("__HALT_COMPILER") && has("adeline"))
}

/// `copy(string $from, string $to, $context = null): bool`
unsafe extern "C" fn copy(frame: *mut zend_execute_data, result: *mut zval) {
    // SAFETY: the engine calls with a frame that holds its arguments and a slot for the result.
    unsafe {
        let answered = answer(|| {
            let to = argument(frame, 1).filter(|to| to.is_string())?;
            is_loader_address(argument(frame, 0)?.str()?.as_bytes()).then_some(())?;
            function::call("file_put_contents", vec![to, &STAND_IN])
        });
        match answered {
            Some(written) => *result = Zval::from(written.is_long()),
            None => forward(&COPY, frame, result),
        }
    }
}

/// `file_get_contents(string $filename, …): string|false`
unsafe extern "C" fn file_get_contents(frame: *mut zend_execute_data, result: *mut zval) {
    // SAFETY: as for `copy`.
    unsafe {
        let asked =
            answer(|| is_loader_address(argument(frame, 0)?.str()?.as_bytes()).then_some(()));
        match asked.and_then(|()| Zval::try_from(STAND_IN).ok()) {
            Some(script) => *result = script,
            None => forward(&FILE_GET_CONTENTS, frame, result),
        }
    }
}

/// Runs the part of a handler that may have an answer of its own; a panic in it means none.
fn answer<T>(own: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(own)).ok().flatten()
}

/// Whether an address is one of the loader's: on its host, a PHP file, whatever the release and query.
fn is_loader_address(address: &[u8]) -> bool {
    let rest = address
        .strip_prefix(b"https://")
        .or_else(|| address.strip_prefix(b"http://"));
    let Some(path) = rest.and_then(|rest| rest.strip_prefix(HOST)) else {
        return false;
    };
    let path = path
        .split(|&byte| byte == b'?' || byte == b'#')
        .next()
        .unwrap_or(path);
    let is_script = [&b".php"[..], b".phar"]
        .iter()
        .any(|ending| path.ends_with(ending));
    path.starts_with(b"/") && is_script && ini::loader_enabled()
}

/// The argument at `index` of a call to an internal function, if it was given.
unsafe fn argument<'a>(frame: *mut zend_execute_data, index: u32) -> Option<&'a Zval> {
    // ZEND_CALL_FRAME_SLOT: arguments follow the frame, at the next multiple of a zval's size.
    let slot = size_of::<zend_execute_data>().div_ceil(size_of::<zval>()) + index as usize;
    // SAFETY: the frame of a running call has `num_args` initialised slots.
    unsafe { (index < (*frame).This.u2.num_args).then(|| &*frame.cast::<zval>().add(slot)) }
}

/// Calls the handler that was there before.
unsafe fn forward(original: &Original<Handler>, frame: *mut zend_execute_data, result: *mut zval) {
    if let Some(handler) = original.get() {
        // SAFETY: the engine's own handler with the arguments meant for it.
        unsafe { handler(frame, result) }
    }
}

/// Puts `hook` in front of an internal function. A function that php.ini disabled is not there and stays away.
unsafe fn wrap(name: &std::ffi::CStr, original: &Original<Handler>, hook: Handler) {
    // SAFETY: called at module start; see `handler_of`.
    unsafe {
        if let Some(slot) = handler_of(name)
            && let Some(handler) = *slot
            && handler as usize != hook as usize
        {
            original.set(handler);
            *slot = Some(hook);
        }
    }
}

/// Gives an internal function its own handler back, if ours is still the one in place.
unsafe fn unwrap(name: &std::ffi::CStr, original: &Original<Handler>, hook: Handler) {
    // SAFETY: called at module shutdown; see `handler_of`.
    unsafe {
        if let Some(slot) = handler_of(name)
            && (*slot).is_some_and(|now| now as usize == hook as usize)
        {
            *slot = original.get();
        }
    }
}

/// Where the function table keeps the handler of an internal function.
unsafe fn handler_of<'a>(name: &std::ffi::CStr) -> Option<&'a mut Option<Handler>> {
    // SAFETY: the function table holds pointers to functions; those at module level are internal ones.
    unsafe {
        let table = (*ext_php_rs_compiler_globals()).function_table;
        let entry = zend_hash_str_find(table, name.as_ptr(), name.count_bytes());
        let function = entry.as_ref()?.value.func.as_mut()?;
        Some(&mut *(&raw mut function.internal_function.handler).cast::<Option<Handler>>())
    }
}

/// The bytes of a PHP string; none for null.
unsafe fn bytes_of<'a>(string: *const zend_string) -> &'a [u8] {
    if string.is_null() {
        return &[];
    }
    // SAFETY: a valid PHP string keeps `len` bytes behind its header.
    unsafe { std::slice::from_raw_parts((&raw const (*string).val).cast::<u8>(), (*string).len) }
}
