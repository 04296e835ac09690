//! Build glue of the extension: the PHP version's cfg flags, bindings of the Zend functions and constants that
//! `ext_php_rs::ffi` leaves out, and the linker flags: one keeps the library mapped while its threads end.

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use ext_php_rs_build::{
    ApiVersion, PHPInfo, emit_check_cfg, emit_php_cfg_flags, emit_rerun_if_env_changed,
    find_executable, find_php, path_from_env,
};

/// Headers beyond `php.h` that declare what [`FUNCTIONS`] and [`CONSTANTS`] name.
const HEADERS: &str = r#"
#include "php.h"
#include "zend_ast.h"
#include "zend_attributes.h"
#include "zend_closures.h"
#include "zend_exceptions.h"
#include "zend_fibers.h"
#include "zend_generators.h"
#include "zend_interfaces.h"
#include "ext/json/php_json.h"
#include "fopen_wrappers.h"
#include "ext/standard/base64.h"
#include "ext/standard/php_assert.h"
#include "ext/spl/spl_exceptions.h"
"#;

/// Zend functions and variables that `ext_php_rs::ffi` does not bind. Their types come from there.
const FUNCTIONS: &[&str] = &[
    "_php_stream_fopen_from_fd",
    "_zend_hash_init",
    "array_set_zval_key",
    "assertion_error_ce",
    "display_ini_entries",
    "php_base64_encode",
    "php_check_open_basedir",
    "php_json_serializable_ce",
    "php_output_get_level",
    "rebuild_object_properties",
    "spl_ce_BadMethodCallException",
    "spl_ce_InvalidArgumentException",
    "zend_ast_destroy",
    "zend_autoload",
    "zend_ce_fiber",
    "zend_ce_generator",
    "zend_class_implements",
    "zend_clear_exception",
    "zend_compile_file",
    "zend_compile_string",
    "zend_compile_string_to_ast",
    "zend_create_fake_closure",
    "zend_declare_typed_property",
    "zend_empty_string",
    "zend_error",
    "zend_exception_set_previous",
    "zend_fiber_switch_blocked",
    "zend_get_executed_filename",
    "zend_get_executed_lineno",
    "zend_hash_merge",
    "zend_is_unwind_exit",
    "zend_hash_real_init_mixed",
    "zend_hash_real_init_packed",
    "zend_ini_string",
    "zend_internal_attribute_register",
    "zend_is_graceful_exit",
    "zend_is_unwind_exit",
    "zend_one_char_string",
    "zend_read_property_ex",
    "zend_register_class_alias_ex",
    "zend_register_functions",
    "zend_resolve_path",
    "zend_stream_open_function",
    "zend_string_hash_func",
    "zend_throw_unwind_exit",
    "zend_timeout",
    "zend_try_assign_typed_ref_zval",
    "zend_update_property_ex",
    "zend_verify_arg_error",
    "zend_verify_scalar_type_hint",
    "zend_zval_type_name",
    "zval_add_ref",
];

/// Types in their signatures that `ext_php_rs::ffi` lacks as well.
const TYPES: &[&str] = &[
    "_php_stream",
    "_zend_ast_decl",
    "_zend_ast_kind",
    "_zend_ast_list",
    "_zend_ast_zval",
    "_zend_compile_position",
    "_zend_fiber",
    "_zend_fiber_context",
    "_zend_fiber_stack",
    "_zend_fiber_transfer",
    "_zend_vm_stack",
    "copy_ctor_func_t",
    "php_stream",
    "zend_ast_decl",
    "zend_ast_list",
    "zend_ast_zval",
    "zend_compile_position",
    "zend_fiber",
    "zend_fiber_clean",
    "zend_fiber_context",
    "zend_fiber_coroutine",
    "zend_fiber_flag",
    "zend_fiber_stack",
    "zend_fiber_status",
    "zend_fiber_transfer",
    "_zend_attribute",
    "_zend_internal_attribute",
    "zend_attribute",
    "zend_attribute_arg",
    "zend_internal_attribute",
    "zend_vm_stack",
];

/// Bit and type constants, which move between PHP versions and so are never written down in our code.
const CONSTANTS: &[&str] = &[
    "BP_VAR_.*",
    "GC_NOT_COLLECTABLE",
    "HASH_FLAG_.*",
    "HT_INVALID_IDX",
    "HT_MIN_MASK",
    "IS_PROP_.*",
    "IS_STATIC",
    "MAY_BE_.*",
    "ZEND_ACC_ALLOW_DYNAMIC_PROPERTIES",
    "ZEND_ACC_ARENA_ALLOCATED",
    "ZEND_ACC_ENUM",
    "ZEND_ACC_FINAL",
    "ZEND_ACC_READONLY",
    "ZEND_AST_.*_SHIFT",
    "ZEND_ATTRIBUTE_TARGET_METHOD",
    "ZEND_CALL_HAS_EXTRA_NAMED_PARAMS",
    "ZEND_COMPILE_PRELOAD",
    "ZEND_EVAL",
    "ZEND_FETCH_CLASS_NO_AUTOLOAD",
    "ZEND_NAME_.*",
    "ZEND_PROPERTY_EXISTS",
    "ZEND_SYMBOL_.*",
    "_ZEND_IS_TENTATIVE_BIT",
    "_ZEND_TYPE_LIST_BIT",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    emit_rerun_if_env_changed();
    emit_check_cfg();
    let php = PHPInfo::get(&find_php()?)?;
    emit_php_cfg_flags(ApiVersion::try_from(php.zend_version()?)?);
    println!("cargo:rustc-check-cfg=cfg(php_zts)");
    println!("cargo:rustc-check-cfg=cfg(php_debug)");
    if php.thread_safety()? {
        println!("cargo:rustc-cfg=php_zts");
    }
    if php.debug()? {
        println!("cargo:rustc-cfg=php_debug");
    }
    bind_zend()?;
    // The runtime's thread can still run library code when PHP unloads its extensions at exit.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    let start = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("tools/start.ld");
    println!("cargo:rerun-if-changed={}", start.display());
    if env::var("PROFILE")? == "release" && takes_script(&start)? {
        // What runs in every process lies together, and nothing around it becomes resident: 2.4 MB of code instead of 4.7.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-T,{}", start.display());
    }
    if packs_relocations() {
        // Packed, they take 12 kB instead of 290, all of which a process reads when it loads the extension.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// Whether the linker that cargo is told to use takes such a script. GNU's and LLVM's do, gold and mold do not.
fn takes_script(script: &Path) -> Result<bool, Box<dyn Error>> {
    let mut rustc = Command::new(env::var("RUSTC")?);
    rustc
        .args(["--crate-name=probe", "--crate-type=cdylib", "--target"])
        .arg(env::var("TARGET")?)
        .arg("-o")
        .arg(PathBuf::from(env::var("OUT_DIR")?).join("probe"))
        .arg(format!("-Clink-arg=-Wl,-T,{}", script.display()));
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        rustc.arg(format!("-Clinker={linker}"));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    // The crate is empty.
    let output = rustc.arg("-").stdin(Stdio::null()).output()?;
    Ok(output.status.success())
}

/// Whether the C library of this machine, which the build is for, can load packed relocations: glibc since 2.36.
fn packs_relocations() -> bool {
    let is_native = env::var("HOST").ok() == env::var("TARGET").ok();
    let version = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let numbers = version.ok().and_then(|text| {
        let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    is_native && numbers.is_some_and(|version| version >= (2, 36))
}

fn bind_zend() -> Result<(), Box<dyn Error>> {
    let mut builder = bindgen::Builder::default()
        .header_contents("zend.h", HEADERS)
        .clang_args(include_arguments()?)
        .allowlist_recursively(false)
        .layout_tests(false)
        .generate_comments(false);
    for function in FUNCTIONS {
        builder = builder.allowlist_function(function).allowlist_var(function);
    }
    for ty in TYPES {
        builder = builder.allowlist_type(ty);
    }
    for constant in CONSTANTS {
        builder = builder.allowlist_var(constant);
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("zend.rs");
    builder.generate()?.write_to_file(out)?;
    Ok(())
}

/// `-I…` for PHP's headers, as `php-config --includes` prints them.
fn include_arguments() -> Result<Vec<String>, Box<dyn Error>> {
    let php_config = path_from_env("PHP_CONFIG")
        .or_else(|| find_executable("php-config"))
        .ok_or("php-config is not in PATH; install PHP's development files or set PHP_CONFIG")?;
    let output = Command::new(php_config).arg("--includes").output()?;
    Ok(String::from_utf8(output.stdout)?
        .split_whitespace()
        .map(str::to_owned)
        .collect())
}
