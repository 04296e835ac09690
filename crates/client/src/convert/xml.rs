//! As much of XML as text markup needs: elements, attributes, references, comments, CDATA. Everything is checked.

use std::fmt;

/// How deep elements may nest, as libxml bounds it.
const MAX_DEPTH: usize = 256;

/// Why a text is not XML, in the words of libxml as PHP's `DOMDocument::loadXML()` gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XmlError {
    what: String,
    line: usize,
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DOMDocument::loadXML(): {} in Entity, line: {}",
            self.what, self.line
        )
    }
}

/// What the reader met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event<'t> {
    Text(String),
    /// An element begins.
    Open {
        name: &'t str,
        attributes: Vec<(&'t str, String)>,
    },
    /// The element that was opened last ends.
    Close,
}

/// Reads one document: one root element and nothing around it.
#[derive(Debug)]
pub(crate) struct Reader<'t> {
    source: &'t str,
    position: usize,
    /// Names of the open elements and the lines on which they began.
    open: Vec<(&'t str, usize)>,
    /// `<a/>`: its end is still to be told.
    empty: bool,
    begun: bool,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(source: &'t [u8]) -> Result<Self, XmlError> {
        match std::str::from_utf8(source) {
            Ok(source) => Ok(Self {
                source,
                position: 0,
                open: Vec::new(),
                empty: false,
                begun: false,
            }),
            Err(error) => {
                let (good, bad) = source.split_at(error.valid_up_to());
                let bytes: Vec<_> = bad
                    .iter()
                    .take(4)
                    .map(|byte| format!("0x{byte:02X}"))
                    .collect();
                let what = format!(
                    "Input is not proper UTF-8, indicate encoding !\nBytes: {}",
                    bytes.join(" ")
                );
                Err(XmlError {
                    what,
                    line: good.split(|byte| *byte == b'\n').count(),
                })
            }
        }
    }

    /// The next event; `None` at the end of the document.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'t>>, XmlError> {
        if std::mem::take(&mut self.empty) {
            self.open.pop();
            return Ok(Some(Event::Close));
        }
        loop {
            let rest = self.rest();
            if self.open.is_empty() && self.begun {
                return match rest {
                    "" => Ok(None),
                    _ => Err(self.error("Extra content at the end of the document")),
                };
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.comment(comment)?;
            } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
                let end = data
                    .find("]]>")
                    .ok_or_else(|| self.error("CData section not finished"))?;
                let text = data.get(..end).unwrap_or_default();
                self.position += "<![CDATA[]]>".len() + end;
                return Ok(Some(Event::Text(lines(text))));
            } else if let Some(instruction) = rest.strip_prefix("<?") {
                let end = instruction
                    .find("?>")
                    .ok_or_else(|| self.error("PI is never ended"))?;
                self.position += "<??>".len() + end;
            } else if rest.starts_with("</") {
                return self.close().map(Some);
            } else if rest.starts_with('<') {
                return self.open().map(Some);
            } else if rest.is_empty() {
                let (name, line) = self.open.last().copied().unwrap_or_default();
                return Err(self.error(format!("Premature end of data in tag {name} line {line}")));
            } else {
                return self.text().map(|text| Some(Event::Text(text)));
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.source.get(self.position..).unwrap_or_default()
    }

    fn error(&self, what: impl Into<String>) -> XmlError {
        XmlError {
            what: what.into(),
            line: self.line(),
        }
    }

    fn line(&self) -> usize {
        1 + self
            .source
            .get(..self.position)
            .unwrap_or_default()
            .matches('\n')
            .count()
    }

    fn comment(&mut self, comment: &str) -> Result<(), XmlError> {
        let end = comment
            .find("--")
            .ok_or_else(|| self.error("Comment not terminated"))?;
        if comment.get(end..).is_some_and(|end| end.starts_with("-->")) {
            self.position += "<!---->".len() + end;
            return Ok(());
        }
        let before: String = comment.get(..end).unwrap_or_default().into();
        Err(self.error(format!("Double hyphen within comment: <!--{before}")))
    }

    fn open(&mut self) -> Result<Event<'t>, XmlError> {
        let line = self.line();
        let name = name(self.rest().get(1..).unwrap_or_default());
        if name.is_empty() {
            return Err(self.error("StartTag: invalid element name"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(format!(
                "Excessive depth in document: {MAX_DEPTH} use XML_PARSE_HUGE option"
            )));
        }
        self.position += 1 + name.len();
        let mut attributes: Vec<(&str, String)> = Vec::new();
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            self.position += blank;
            let rest = self.rest();
            if rest.starts_with("/>") || rest.starts_with('>') {
                self.empty = rest.starts_with('/');
                self.position += if self.empty { 2 } else { 1 };
                self.open.push((name, line));
                self.begun = true;
                return Ok(Event::Open { name, attributes });
            }
            if blank == 0 && !attributes.is_empty() {
                return Err(self.error("attributes construct error"));
            }
            let (key, value) = self.attribute()?;
            if attributes.iter().any(|(known, _)| *known == key) {
                return Err(self.error(format!("Attribute {key} redefined")));
            }
            attributes.push((key, value));
        }
    }

    fn attribute(&mut self) -> Result<(&'t str, String), XmlError> {
        let key = name(self.rest());
        if key.is_empty() {
            return Err(self.error("error parsing attribute name"));
        }
        self.position += key.len();
        self.skip_blank();
        if !self.rest().starts_with('=') {
            return Err(self.error(format!("Specification mandates value for attribute {key}")));
        }
        self.position += 1;
        self.skip_blank();
        let rest = self.rest();
        let Some(quote) = rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))
        else {
            return Err(self.error("AttValue: \" or ' expected"));
        };
        self.position += 1;
        let mut value = String::new();
        loop {
            let rest = self.rest();
            match rest.chars().next() {
                None => return Err(self.error("AttValue: ' expected")),
                Some('<') => {
                    return Err(self.error("Unescaped '<' not allowed in attributes values"));
                }
                Some('&') => value.push_str(&self.reference()?),
                Some(end) if end == quote => break,
                Some(character) => {
                    self.allowed(character, "invalid character in attribute value")?;
                    value.push(if is_blank(character) { ' ' } else { character });
                    self.position += character.len_utf8();
                }
            }
        }
        self.position += 1;
        Ok((key, value))
    }

    fn close(&mut self) -> Result<Event<'t>, XmlError> {
        let name = name(self.rest().get(2..).unwrap_or_default());
        let (expected, line) = self.open.last().copied().unwrap_or_default();
        if name != expected {
            return Err(self.error(format!(
                "Opening and ending tag mismatch: {expected} line {line} and {name}"
            )));
        }
        self.position += 2 + name.len();
        self.skip_blank();
        if !self.rest().starts_with('>') {
            return Err(self.error("expected '>'"));
        }
        self.position += 1;
        self.open.pop();
        Ok(Event::Close)
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    /// Text up to the next tag.
    fn text(&mut self) -> Result<String, XmlError> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find(['<', '&']).unwrap_or(rest.len());
            let (plain, after) = rest.split_at_checked(end).unwrap_or_default();
            for character in plain.chars() {
                self.allowed(
                    character,
                    &format!("PCDATA invalid Char value {}", u32::from(character)),
                )?;
            }
            if plain.contains("]]>") {
                return Err(self.error("Sequence ']]>' not allowed in content"));
            }
            self.position += plain.len();
            text.push_str(&lines(plain));
            if !after.starts_with('&') {
                return Ok(text);
            }
            text.push_str(&self.reference()?);
        }
    }

    /// `&amp;`, `&#65;`, `&#x41;`: the only references there are without a document type.
    fn reference(&mut self) -> Result<String, XmlError> {
        let after = self.rest().get(1..).unwrap_or_default();
        if let Some(number) = after.strip_prefix('#') {
            return self.character(number);
        }
        let name = name(after);
        if name.is_empty() {
            return Err(self.error("xmlParseEntityRef: no name"));
        }
        if !after
            .get(name.len()..)
            .is_some_and(|rest| rest.starts_with(';'))
        {
            return Err(self.error("EntityRef: expecting ';'"));
        }
        let text = match name {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            _ => return Err(self.error(format!("Entity '{name}' not defined"))),
        };
        self.position += name.len() + "&;".len();
        Ok(text.to_owned())
    }

    fn character(&mut self, number: &str) -> Result<String, XmlError> {
        let (digits, radix, what) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16, "CharRef: invalid hexadecimal value"),
            None => (number, 10, "CharRef: invalid decimal value"),
        };
        let prefix = number.len() - digits.len();
        let length = digits
            .find(|digit: char| !digit.is_digit(radix))
            .unwrap_or(digits.len());
        let (digits, after) = digits.split_at_checked(length).unwrap_or_default();
        if digits.is_empty() || !after.starts_with(';') {
            return Err(self.error(what));
        }
        let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
        match char::from_u32(code).filter(|character| is_character(*character)) {
            Some(character) => {
                self.position += prefix + length + "&#;".len();
                Ok(character.to_string())
            }
            None => Err(self.error(format!("xmlParseCharRef: invalid xmlChar value {code}"))),
        }
    }

    fn allowed(&self, character: char, what: &str) -> Result<(), XmlError> {
        if is_character(character) {
            Ok(())
        } else {
            Err(self.error(what))
        }
    }
}

/// Line ends as XML has them.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The name that the text begins with; empty where there is none.
fn name(text: &str) -> &str {
    let first = |character: char| character.is_alphabetic() || matches!(character, '_' | ':');
    let further = |character: char| {
        first(character) || character.is_numeric() || matches!(character, '-' | '.' | '\u{b7}')
    };
    if !text.starts_with(first) {
        return "";
    }
    let end = text
        .find(|character| !further(character))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// What XML 1.0 allows in a document.
fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn events(source: &str) -> Result<Vec<Event<'_>>, XmlError> {
        let mut reader = Reader::new(source.as_bytes())?;
        let mut events = Vec::new();
        while let Some(event) = reader.next()? {
            events.push(event);
        }
        Ok(events)
    }

    #[test]
    fn a_document_is_elements_attributes_and_text() {
        assert_eq!(
            events("<a b = '1' c=\"x&#x41;&quot;\n\">t\r\n&lt;<d/></a >").unwrap(),
            [
                Event::Open {
                    name: "a",
                    attributes: vec![("b", "1".into()), ("c", "xA\" ".into())]
                },
                Event::Text("t\n<".into()),
                Event::Open {
                    name: "d",
                    attributes: Vec::new()
                },
                Event::Close,
                Event::Close,
            ]
        );
    }

    #[test]
    fn what_is_not_xml_is_refused_in_libxmls_words() {
        for (source, what) in [
            (
                "<b>a</body>",
                "Opening and ending tag mismatch: b line 1 and body",
            ),
            (
                "</b></body>",
                "Opening and ending tag mismatch: body line 1 and b",
            ),
            ("a & b</body>", "xmlParseEntityRef: no name"),
            ("&nbsp;</body>", "Entity 'nbsp' not defined"),
            ("&amp</body>", "EntityRef: expecting ';'"),
            ("&#0;</body>", "xmlParseCharRef: invalid xmlChar value 0"),
            ("&#xZ;</body>", "CharRef: invalid hexadecimal value"),
            ("<a href=x>l</a></body>", "AttValue: \" or ' expected"),
            (
                "<a href>l</a></body>",
                "Specification mandates value for attribute href",
            ),
            (
                "<a href=\"x>l</a></body>",
                "Unescaped '<' not allowed in attributes values",
            ),
            ("<a b=\"1\" b=\"2\">l</a></body>", "Attribute b redefined"),
            (
                "<a b=\"1\"c=\"2\">l</a></body>",
                "attributes construct error",
            ),
            ("<b</body>", "error parsing attribute name"),
            ("<b \"x\"></body>", "error parsing attribute name"),
            ("<1></body>", "StartTag: invalid element name"),
            ("\u{1}</body>", "PCDATA invalid Char value 1"),
            ("<!-- a</body>", "Comment not terminated"),
            (
                "<!-- a -- b --></body>",
                "Double hyphen within comment: <!-- a ",
            ),
            ("<![CDATA[a</body>", "CData section not finished"),
            ("<?a</body>", "PI is never ended"),
            ("x]]>y</body>", "Sequence ']]>' not allowed in content"),
            ("</body><body>", "Extra content at the end of the document"),
            ("<b></b</body>", "expected '>'"),
            ("", "Premature end of data in tag body line 1"),
        ] {
            let source = format!("<body>{source}");
            let error = events(&source).unwrap_err();
            assert_eq!(error.what, what, "{source}");
        }
    }

    #[test]
    fn errors_know_their_line() {
        assert_eq!(events("<a>\n\n<1></a>").unwrap_err().line, 3);
        assert_eq!(
            Reader::new(b"<a>\n\xff</a").unwrap_err().to_string(),
            "DOMDocument::loadXML(): Input is not proper UTF-8, indicate encoding !\nBytes: 0xFF 0x3C 0x2F 0x61 in Entity, line: 2"
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "<a>".repeat(300);
        assert_eq!(
            events(&deep).unwrap_err().what,
            "Excessive depth in document: 256 use XML_PARSE_HUGE option"
        );
    }
}
