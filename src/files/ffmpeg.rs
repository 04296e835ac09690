//! `ffmpeg`, where it is installed and a script wants it: a frame of a film as its thumbnail.

use std::env;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use ext_php_rs::types::Zval;

use crate::call::cancellation;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::logger::{self, Level};

/// The longest side of a thumbnail, as Telegram wants it.
const SIDE: u32 = 320;
/// What a thumbnail may have at most.
const LARGEST: u64 = 200 << 10;
/// How long a frame may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"canUseFFmpeg", |frame: &mut Frame<'_>| {
        frame.give(program().is_some())
    })
    .params(&[Param::optional(c"cancellation", Type::MIXED, c"null")])
    .returns(Type::BOOL)
    .of_class(),
    // Files of calls are converted by nothing yet.
    Method::new(c"canConvertOgg", |frame: &mut Frame<'_>| frame.give(false))
        .returns(Type::BOOL)
        .of_class(),
];

/// The frame of a film at a time such as `00:00:01.000`, as a JPEG. Where there is none, the log says why.
pub(super) fn frame(
    film: &str,
    seek: &str,
    cancellation: Option<&Zval>,
) -> Result<Option<Vec<u8>>, Thrown> {
    let failed = |why: &str| {
        logger::write(Level::Notice, || format!("No thumbnail of {film}: {why}"));
        Ok(None)
    };
    let Some(program) = program() else {
        return failed("ffmpeg is not installed");
    };
    let started = Command::new(program)
        .args(["-v", "error", "-nostdin", "-protocol_whitelist", "file"])
        .args(["-ss", seek])
        // A name such as `http://…` or `concat:…` is a file's, too.
        .args(["-i", &format!("file:{film}")])
        .args(["-frames:v", "1", "-f", "mjpeg", "-vf"])
        .arg(format!(
            "scale={SIDE}:{SIDE}:force_original_aspect_ratio=decrease"
        ))
        .arg("pipe:1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut running = match started {
        Ok(child) => Running(child),
        Err(error) => return failed(&error.to_string()),
    };
    let Some(output) = running.0.stdout.take() else {
        return failed("ffmpeg gave none");
    };
    let frame = cancellation::wait(cancellation, async move {
        let reading = tokio::task::spawn_blocking(move || read(output));
        tokio::time::timeout(PATIENCE, reading).await
    })?;
    // Whoever reads reads no longer.
    drop(running);
    match frame {
        Ok(Ok(Some(frame))) => Ok(Some(frame)),
        Ok(_) => failed("ffmpeg gave none"),
        Err(_) => failed("ffmpeg takes too long"),
    }
}

/// A process that is ended when nobody waits for it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing is left to do where it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn read(output: ChildStdout) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    output.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    let is_good = !bytes.is_empty() && bytes.len() as u64 <= LARGEST;
    is_good.then_some(bytes)
}

/// Where it is installed.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| directory.join("ffmpeg"))
        .find(|program| {
            program
                .metadata()
                .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
        })
}
