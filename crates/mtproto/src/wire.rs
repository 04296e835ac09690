//! TL primitives for the hand-written messages of the protocol: bounded by the input, never by what it announces.

/// The bytes ended early, or an announced length does not fit into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

const VECTOR: u32 = 0x1cb5_c415;

/// Reads primitives from the front of a slice.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (array, rest) = self.rest.split_first_chunk().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*array)
    }

    pub(crate) fn raw(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (slice, rest) = self.rest.split_at_checked(len).ok_or(Malformed)?;
        self.rest = rest;
        Ok(slice)
    }

    pub(crate) fn id(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn int(&mut self) -> Result<i32, Malformed> {
        self.array().map(i32::from_le_bytes)
    }

    pub(crate) fn long(&mut self) -> Result<i64, Malformed> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let [first] = self.array()?;
        let (len, header) = match first {
            254 => {
                let [a, b, c] = self.array()?;
                (u32::from_le_bytes([a, b, c, 0]) as usize, 4)
            }
            255 => return Err(Malformed),
            short => (usize::from(short), 1),
        };
        let bytes = self.raw(len)?;
        self.raw((header + len).wrapping_neg() & 3)?;
        Ok(bytes)
    }

    /// The elements of a `vector long` without its constructor.
    pub(crate) fn bare_longs(&mut self) -> Result<Vec<i64>, Malformed> {
        let count = self.count(8)?;
        (0..count).map(|_| self.long()).collect()
    }

    /// The elements of a `Vector long`.
    pub(crate) fn longs(&mut self) -> Result<Vec<i64>, Malformed> {
        if self.id()? != VECTOR {
            return Err(Malformed);
        }
        self.bare_longs()
    }

    /// A count of elements that have at least `min_size` bytes each: more than can follow is malformed.
    pub(crate) fn count(&mut self, min_size: usize) -> Result<usize, Malformed> {
        let count = usize::try_from(self.int()?).map_err(|_| Malformed)?;
        if count > self.rest.len() / min_size {
            return Err(Malformed);
        }
        Ok(count)
    }
}

/// Appends primitives.
pub(crate) trait Write {
    fn raw(&mut self, raw: &[u8]);

    fn id(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    fn int(&mut self, value: i32) {
        self.raw(&value.to_le_bytes());
    }

    fn long(&mut self, value: i64) {
        self.raw(&value.to_le_bytes());
    }

    /// A TL byte string. Longer ones than the format can express (16 MiB) are cut off.
    fn bytes(&mut self, bytes: &[u8]) {
        let len = bytes.len().min(0xff_ffff);
        let header = if len < 254 {
            self.raw(&[len as u8]);
            1
        } else {
            self.id((len as u32) << 8 | 254);
            4
        };
        self.raw(bytes.get(..len).unwrap_or(bytes));
        let zeros = [0; 3];
        let padding = (header + len).wrapping_neg() & 3;
        self.raw(zeros.get(..padding).unwrap_or(&zeros));
    }

    fn longs(&mut self, values: &[i64]) {
        self.id(VECTOR);
        self.bare_longs(values);
    }

    fn bare_longs(&mut self, values: &[i64]) {
        self.int(values.len() as i32);
        for &value in values {
            self.long(value);
        }
    }
}

impl Write for Vec<u8> {
    fn raw(&mut self, raw: &[u8]) {
        self.extend_from_slice(raw);
    }
}
