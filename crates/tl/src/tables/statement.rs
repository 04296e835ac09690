//! A TL file cut into statements of words that know their line and column.

use std::fmt;

/// Why a TL file cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What was expected there, and what stands there.
    pub what: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.what
        )
    }
}

impl std::error::Error for SchemaError {}

/// A run of characters without white space.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    line: u32,
    column: u32,
}

impl Word<'_> {
    pub(crate) fn error(&self, what: impl Into<String>) -> SchemaError {
        SchemaError {
            line: self.line,
            column: self.column,
            what: what.into(),
        }
    }
}

/// One definition: what stands before a semicolon.
#[derive(Debug)]
pub(crate) struct Statement<'t> {
    /// Never empty.
    pub(crate) words: Vec<Word<'t>>,
    pub(crate) method: bool,
}

/// A file as a list of definitions.
#[derive(Debug)]
pub(crate) struct File<'t> {
    pub(crate) statements: Vec<Statement<'t>>,
    /// The `// LAYER n` comment.
    pub(crate) layer: Option<i32>,
}

/// Cuts the text into statements; comments and section marks go here.
pub(crate) fn split(text: &str) -> Result<File<'_>, SchemaError> {
    let mut file = File {
        statements: Vec::new(),
        layer: None,
    };
    let mut words = Vec::new();
    let mut method = false;
    for (number, line) in text.lines().enumerate() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        file.layer = file.layer.or_else(|| layer(comment));
        for mut word in words_of(code, number as u32 + 1) {
            if word.text.starts_with("---") {
                if let Some(open) = words.first() {
                    return Err(unfinished(open));
                }
                method = match word.text {
                    "---functions---" => true,
                    "---types---" => false,
                    other => {
                        return Err(word.error(format!(
                            "expected ---types--- or ---functions---, found {other}"
                        )));
                    }
                };
                continue;
            }
            // A semicolon ends a statement wherever it stands: `= Bool;` as well as `= Bool ;` and `a = A;b = B;`.
            while let Some((before, after)) = word.text.split_once(';') {
                if !before.is_empty() {
                    words.push(Word {
                        text: before,
                        ..word
                    });
                }
                if !words.is_empty() {
                    file.statements.push(Statement {
                        words: std::mem::take(&mut words),
                        method,
                    });
                }
                word = Word {
                    text: after,
                    line: word.line,
                    column: word.column + before.chars().count() as u32 + 1,
                };
            }
            if !word.text.is_empty() {
                words.push(word);
            }
        }
    }
    match words.first() {
        Some(open) => Err(unfinished(open)),
        None => Ok(file),
    }
}

fn unfinished(word: &Word<'_>) -> SchemaError {
    word.error(format!(
        "expected a semicolon after the definition that begins with {}",
        word.text
    ))
}

fn layer(comment: &str) -> Option<i32> {
    comment.trim().strip_prefix("LAYER ")?.trim().parse().ok()
}

fn words_of(code: &str, line: u32) -> impl Iterator<Item = Word<'_>> {
    let mut rest = code;
    let mut column = 1;
    std::iter::from_fn(move || {
        let trimmed = rest.trim_start();
        column += rest.get(..rest.len() - trimmed.len())?.chars().count() as u32;
        let end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        let (text, after) = trimmed.split_at_checked(end)?;
        if text.is_empty() {
            return None;
        }
        let word = Word { text, line, column };
        column += text.chars().count() as u32;
        rest = after;
        Some(word)
    })
}
