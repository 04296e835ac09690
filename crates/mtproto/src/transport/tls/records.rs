//! Records of application data around a stream.

use super::{
    CHANGE_CIPHER_SPEC, Error, MAX_CONTENT, MAX_RECEIVED, RECORD_HEADER, put_record, record,
    record_header,
};

/// Puts a stream into records and takes the other side's out of them. Keeps nothing but a record's header.
#[derive(Debug)]
pub(in super::super) struct Records {
    /// What is sent before the first record.
    preface: &'static [u8],
    header: Vec<u8>,
    /// What is left of the record under way, and whether it is data.
    left: usize,
    is_data: bool,
}

impl Records {
    /// The client's records.
    pub(in super::super) fn client() -> Self {
        Self::new(&CHANGE_CIPHER_SPEC)
    }

    /// The server's, whose change of ciphers is part of its greeting.
    pub(in super::super) fn server() -> Self {
        Self::new(&[])
    }

    fn new(preface: &'static [u8]) -> Self {
        Self {
            preface,
            header: Vec::with_capacity(RECORD_HEADER),
            left: 0,
            is_data: false,
        }
    }

    /// Appends a piece of the stream in as many records as it needs.
    pub(in super::super) fn wrap(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(std::mem::take(&mut self.preface));
        for content in piece.chunks(MAX_CONTENT) {
            put_record(record::APPLICATION_DATA, content, out);
        }
    }

    /// Appends what of the stream is in these bytes.
    pub(in super::super) fn unwrap(
        &mut self,
        mut bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        while !bytes.is_empty() {
            if self.left == 0 {
                let missing = RECORD_HEADER - self.header.len();
                let (more, rest) = bytes.split_at(missing.min(bytes.len()));
                self.header.extend_from_slice(more);
                bytes = rest;
                let Some(header) = record_header(&self.header) else {
                    return Ok(());
                };
                (self.is_data, self.left) = content(header?)?;
                self.header.clear();
            }
            let (content, rest) = bytes.split_at(self.left.min(bytes.len()));
            if self.is_data {
                out.extend_from_slice(content);
            }
            self.left -= content.len();
            bytes = rest;
        }
        Ok(())
    }
}

/// Whether a record is data, and its length.
fn content((kind, length): (u8, usize)) -> Result<(bool, usize), Error> {
    match kind {
        record::APPLICATION_DATA if length <= MAX_RECEIVED => Ok((true, length)),
        record::CHANGE_CIPHER_SPEC if length == 1 => Ok((false, length)),
        record::APPLICATION_DATA | record::CHANGE_CIPHER_SPEC => {
            Err(Error::Length { bytes: length })
        }
        // What is in it is encrypted where it is real.
        record::ALERT => Err(Error::Alert { description: 0 }),
        kind => Err(Error::Record { kind }),
    }
}
