//! Files of this machine, within what `open_basedir` permits.

use std::ffi::CString;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use crate::exceptions::Thrown;
use crate::zend;

/// An error for paths that `php.ini` keeps from scripts.
pub(super) fn check_basedir(path: &str) -> Result<(), Thrown> {
    let Ok(path) = CString::new(path) else {
        return Err(Thrown::Exception(format!(
            "expected a path, found one with a NUL byte in it: {path:?}"
        )));
    };
    // SAFETY: the path ends with a NUL byte. What it has to say it says as a warning, which may be thrown.
    let refused = unsafe { zend::php_check_open_basedir(path.as_ptr()) } != 0;
    Thrown::pending()?;
    if refused {
        return Err(Thrown::Exception(format!(
            "open_basedir does not permit {}",
            path.to_string_lossy()
        )));
    }
    Ok(())
}

/// Opens a file to be read.
pub(super) fn open(path: &str) -> Result<(File, Metadata), Thrown> {
    check_basedir(path)?;
    let opened = File::open(path).and_then(|file| {
        let metadata = file.metadata()?;
        Ok((file, metadata))
    });
    match opened {
        Ok((_, metadata)) if metadata.is_dir() => Err(Thrown::Exception(format!(
            "expected a file, {path} is a directory"
        ))),
        Ok(opened) => Ok(opened),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Thrown::Exception("File does not exist".to_owned()))
        }
        Err(error) => Err(Thrown::Exception(format!("cannot read {path}: {error}"))),
    }
}

/// A file that is read without moving its own position.
pub(super) struct At<'f> {
    file: &'f File,
    position: u64,
}

impl<'f> At<'f> {
    pub(super) fn new(file: &'f File) -> Self {
        Self { file, position: 0 }
    }
}

impl Read for At<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(room, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for At<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// Up to `wanted` bytes; fewer only at the end.
pub(super) fn read(file: &mut impl Read, wanted: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(wanted);
    file.take(wanted as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
