//! Compares the codec and the conversions with TL cases recorded from MadelineProto.
//!
//! `cargo run -p madeline-client --example oracle_tl -- DIRECTORY [--list FILE] [--require PERCENT]`
//!
//! The directory holds `TL_telegram_v*.tl` and `tl/*.jsonl`; its README.md describes the cases. Prints how many are
//! equal, by operation and by group; `--list` writes each case that is not, with what was expected and what came. Fails
//! when fewer than the required share are equal.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use madeline_tl::Schema;

mod case;
mod sink;
mod tagged;

use case::{Case, Outcome};

struct Options {
    directory: PathBuf,
    list: Option<PathBuf>,
    require: f64,
}

#[derive(Default)]
struct Tally {
    equal: usize,
    all: usize,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = options()?;
    let schema = schema(&options.directory)?;
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut total = Tally::default();
    let mut list = String::new();
    for file in files(&options.directory.join("tl"), "jsonl")? {
        let name = file
            .file_stem()
            .map(OsStr::to_string_lossy)
            .unwrap_or_default();
        for line in fs::read_to_string(&file)?.lines() {
            let case: Case = serde_json::from_str(line)?;
            let outcome = case.run(&schema);
            for key in [
                format!("{name}, {}", case.op()),
                format!("{name}, group {}", case.group()),
            ] {
                tallies.entry(key).or_default().count(&outcome);
            }
            total.count(&outcome);
            if let Outcome::Different { expected, found } = outcome {
                writeln!(
                    list,
                    "{} {}\n    expected {expected}\n    found    {found}",
                    case.id(),
                    case.title()
                )?;
            }
        }
    }
    for (key, tally) in tallies.iter().filter(|(key, _)| !key.ends_with("group ")) {
        println!("{key}: {} of {}", tally.equal, tally.all);
    }
    if let Some(file) = &options.list {
        fs::write(file, list)?;
    }
    println!(
        "oracle tl: {} equal of {} ({:.2} %)",
        total.equal,
        total.all,
        total.percent()
    );
    Ok(if total.percent() < options.require {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut directory = None;
    let (mut list, mut require) = (None, 0.0);
    let mut arguments = env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--list") => {
                let file = arguments.next().ok_or("expected a file after --list")?;
                list = Some(file.into());
            }
            Some("--require") => {
                let percent = arguments
                    .next()
                    .and_then(|percent| percent.into_string().ok());
                require = percent
                    .ok_or("expected a percentage after --require")?
                    .parse()?;
            }
            _ => directory = Some(argument.into()),
        }
    }
    let directory =
        directory.ok_or("usage: oracle_tl DIRECTORY [--list FILE] [--require PERCENT]")?;
    Ok(Options {
        directory,
        list,
        require,
    })
}

/// The schema of the cases. Its layer is in the file's name: `TL_telegram_v190.tl`.
fn schema(directory: &Path) -> Result<Schema, Box<dyn Error>> {
    let file = files(directory, "tl")?
        .into_iter()
        .next()
        .ok_or("expected a .tl file in the directory")?;
    let name = file
        .file_stem()
        .map(OsStr::to_string_lossy)
        .unwrap_or_default();
    let layer = name
        .rsplit_once("_v")
        .and_then(|(_, layer)| layer.parse().ok());
    Ok(Schema::parse(&fs::read_to_string(&file)?, layer)?)
}

fn files(directory: &Path, extension: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = fs::read_dir(directory)?.collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension() == Some(OsStr::new(extension)));
    files.sort();
    Ok(files)
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.all += 1;
        self.equal += usize::from(matches!(outcome, Outcome::Equal));
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "thousands of cases, not quadrillions"
    )]
    fn percent(&self) -> f64 {
        if self.all == 0 {
            0.0
        } else {
            100.0 * self.equal as f64 / self.all as f64
        }
    }
}
