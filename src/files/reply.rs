//! What a web server answers with a file: status, headers, and which bytes, <https://www.rfc-editor.org/rfc/rfc9110>.

use std::fmt::Write;

use madeline_client::files::Range;

use super::info::RemoteFile;
use super::mime;

/// A file under one id never changes: browsers may keep it for a year.
const CACHE: &str = "max-age=31556926";

/// What a request says of the bytes that it wants. Headers that are not there are `None`.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) range: Option<String>,
    pub(super) if_range: Option<String>,
    pub(super) if_none_match: Option<String>,
    pub(super) is_head: bool,
}

/// The answer.
pub(super) struct Reply {
    pub(super) status: i64,
    pub(super) headers: Vec<(&'static str, String)>,
    /// The bytes that follow; `None`: none do.
    pub(super) body: Option<Range>,
}

/// What a request asks for of a file of some size.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Everything,
    Part(Range),
    /// A range that the file does not have.
    Nothing,
}

impl Reply {
    /// Answers a request with a file.
    pub(super) fn to(asked: &Asked, file: &RemoteFile) -> Self {
        let tag = tag(file);
        // A tag that is not the file's is of another file: what is there of that cannot be continued.
        let may_continue = asked.if_range.is_none() || asked.if_range == tag;
        let range = asked.range.as_deref().filter(|_| may_continue);
        let total = file.size.map_or("*".to_owned(), |size| size.to_string());
        let mut headers = vec![
            ("Accept-Ranges", "bytes".to_owned()),
            ("Cache-Control", CACHE.to_owned()),
        ];
        if let (Some(known), Some(tag)) = (&asked.if_none_match, &tag)
            && known
                .split(',')
                .any(|known| known.trim().trim_start_matches("W/") == tag)
        {
            headers.push(("ETag", tag.clone()));
            return Self::without_body(304, headers);
        }
        let (status, range) = match wanted(range.unwrap_or_default(), file.size) {
            Wanted::Everything => {
                let end = file.size;
                (200, Range { start: 0, end })
            }
            Wanted::Part(range) => {
                let last = range.end.unwrap_or_default().saturating_sub(1);
                let part = format!("bytes {}-{last}/{total}", range.start);
                headers.push(("Content-Range", part));
                (206, range)
            }
            Wanted::Nothing => {
                let headers = vec![("Content-Range", format!("bytes */{total}"))];
                return Self::without_body(416, headers);
            }
        };
        headers.extend(tag.map(|tag| ("ETag", tag)));
        let kind = if file.mime.is_empty() {
            mime::UNKNOWN
        } else {
            &file.mime
        };
        headers.push(("Content-Type", without_breaks(kind)));
        if let Some(end) = range.end {
            headers.push(("Content-Length", (end - range.start).to_string()));
        }
        let name = format!("{}{}", file.name, file.extension);
        headers.push(("Content-Disposition", disposition(&name)));
        Self {
            status,
            headers,
            body: (!asked.is_head).then_some(range),
        }
    }

    fn without_body(status: i64, headers: Vec<(&'static str, String)>) -> Self {
        Self {
            status,
            headers,
            body: None,
        }
    }
}

/// What tells the file from others; `None` where its location does not say it.
fn tag(file: &RemoteFile) -> Option<String> {
    let place = &file.location.input;
    let id = place.int("id").or_else(|_| place.int("photo_id")).ok()?;
    let letter = place.text("thumb_size").unwrap_or_default();
    let size = file.size?;
    Some(format!(
        "\"{:x}{}-{size:x}\"",
        id.cast_unsigned(),
        without_breaks(letter)
    ))
}

/// The range that is wanted, the first one of several. What is no range of bytes at all is ignored.
fn wanted(asked: &str, size: Option<u64>) -> Wanted {
    let Some(range) = asked.trim().strip_prefix("bytes=") else {
        return Wanted::Everything;
    };
    let range = range.split(',').next().unwrap_or_default();
    let (Some(size), Some((first, last))) = (size, range.trim().split_once('-')) else {
        return Wanted::Nothing;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().ok()).flatten()
    };
    let (start, end) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Wanted::Nothing,
        // The last so many bytes.
        (true, false) => match number(last) {
            Some(count) if count > 0 => (size.saturating_sub(count), size),
            _ => return Wanted::Nothing,
        },
        (false, true) => match number(first) {
            Some(start) => (start, size),
            None => return Wanted::Nothing,
        },
        (false, false) => match (number(first), number(last)) {
            (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1).min(size)),
            _ => return Wanted::Nothing,
        },
    };
    if start >= size {
        return Wanted::Nothing;
    }
    Wanted::Part(Range {
        start,
        end: Some(end),
    })
}

/// <https://www.rfc-editor.org/rfc/rfc6266>: a name in ASCII, and the name as it is.
fn disposition(name: &str) -> String {
    let plain: String = without_breaks(name)
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => '_',
            letter if letter.is_ascii() && !letter.is_ascii_control() => letter,
            _ => '_',
        })
        .collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(exact, "%{byte:02X}");
        }
    }
    format!("inline; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn without_breaks(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}
