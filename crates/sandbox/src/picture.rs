//! Whether bytes are a picture that Telegram takes as a photo, and how large it is.

/// Width and height of a JPEG or PNG.
pub(crate) fn dimensions(bytes: &[u8]) -> Option<(i32, i32)> {
    png(bytes).or_else(|| jpeg(bytes))
}

fn png(bytes: &[u8]) -> Option<(i32, i32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number = |at: usize| {
        let word = header.get(at..)?.first_chunk()?;
        i32::try_from(u32::from_be_bytes(*word)).ok()
    };
    Some((number(0)?, number(4)?))
}

fn jpeg(bytes: &[u8]) -> Option<(i32, i32)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    while let [0xff, marker, more @ ..] = rest {
        let length = usize::from(u16::from_be_bytes(*more.first_chunk()?));
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let height = u16::from_be_bytes(*more.get(3..)?.first_chunk()?);
            let width = u16::from_be_bytes(*more.get(5..)?.first_chunk()?);
            return Some((width.into(), height.into()));
        }
        rest = more.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::dimensions;

    #[test]
    fn pictures_tell_how_large_they_are_and_other_bytes_do_not() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\x01\x08\x02\0\0\0";
        assert_eq!(dimensions(png), Some((512, 257)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x07\0\x09\x01\x01\x11\0";
        assert_eq!(dimensions(jpeg), Some((9, 7)));
        for other in [
            &b""[..],
            b"hello",
            b"\x89PNG\r\n",
            &jpeg[..12],
            b"\xff\xd8\xff",
        ] {
            assert_eq!(dimensions(other), None, "{other:?}");
        }
    }
}
