//! Makes the tables of Telegram's API and of MTProto from the TL files that grammers-tl-types ships.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[path = "src/tables/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the crate uses the rest of the module at run time"
)]
mod tables;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tables");
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    let folder = tl_files()?;
    let api = schema(&folder.join("api.tl"), None)?;
    let mtproto = schema(&folder.join("mtproto.tl"), Some(0))?;
    let text = format!(
        "pub(super) const API: Tables = {api};\npub(super) const MTPROTO: Tables = {mtproto};\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("schemas.rs"), text)?;
    Ok(())
}

/// The folder with the TL files of the grammers-tl-types that the lock file names.
fn tl_files() -> Result<PathBuf, Box<dyn Error>> {
    let metadata = metadata(&["--offline"]).or_else(|_| metadata(&[]))?;
    let packages = metadata
        .get("packages")
        .and_then(|packages| packages.as_array())
        .ok_or("cargo metadata: no packages")?;
    let package = packages.iter().find(|package| {
        package
            .get("name")
            .is_some_and(|name| name == "grammers-tl-types")
    });
    let manifest = package.and_then(|package| package.get("manifest_path")?.as_str());
    let manifest = Path::new(manifest.ok_or("cargo metadata: no grammers-tl-types")?);
    Ok(manifest
        .parent()
        .ok_or("grammers-tl-types has no folder")?
        .join("tl"))
}

fn metadata(extra: &[&str]) -> Result<serde_json::Value, Box<dyn Error>> {
    let output = Command::new(env::var("CARGO")?)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
        ])
        .arg(env::var("TARGET")?)
        .args(extra)
        .current_dir(env::var("CARGO_MANIFEST_DIR")?)
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The tables of a TL file as a constant expression.
fn schema(file: &Path, layer: Option<i32>) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let tables =
        tables::compile(&text, layer).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(tables.to_string())
}
