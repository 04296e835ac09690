//! What errors of the server mean, in a sentence for people.
//!
//! The tables are compiled in, a file for each range of letters. <https://core.telegram.org/api/errors> has the list
//! of errors; the sentences are ours, except those few that scripts may compare.

mod a_to_c;
mod d_to_l;
mod m_to_r;
mod s_to_z;

use std::borrow::Cow;

/// The description of an error; for one that is not in the tables its own text, a number at its end replaced by `X`.
pub(super) fn of(rpc: &str) -> Cow<'_, str> {
    let general = general(rpc);
    match find(&general).or_else(|| find(&general_everywhere(rpc))) {
        Some(text) => Cow::Borrowed(text),
        None => general,
    }
}

const TABLES: [&[(&str, &str)]; 4] = [a_to_c::TABLE, d_to_l::TABLE, m_to_r::TABLE, s_to_z::TABLE];

fn find(general: &str) -> Option<&'static str> {
    TABLES.iter().find_map(|table| {
        let index = table.binary_search_by(|(known, _)| (*known).cmp(general));
        table.get(index.ok()?).map(|(_, text)| *text)
    })
}

/// `FILE_MIGRATE_4` → `FILE_MIGRATE_X`.
fn general(rpc: &str) -> Cow<'_, str> {
    match rpc.rsplit_once('_') {
        Some((kind, number)) if is_number(number) => Cow::Owned(format!("{kind}_X")),
        _ => Cow::Borrowed(rpc),
    }
}

/// `FILE_PART_3_MISSING` → `FILE_PART_X_MISSING`, `…_WAIT_5MIN` → `…_WAIT_XMIN`.
fn general_everywhere(rpc: &str) -> String {
    let word = |word: &str| {
        let unit = word.trim_start_matches(|first: char| first.is_ascii_digit());
        if unit.len() < word.len() && matches!(unit, "" | "MIN") {
            format!("X{unit}")
        } else {
            word.to_owned()
        }
    };
    rpc.split('_').map(word).collect::<Vec<_>>().join("_")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The tables are searched by halves: one that is out of order does not compile.
const _: () = {
    let mut tables: &[&[(&str, &str)]] = &TABLES;
    while let [table, rest @ ..] = tables {
        assert!(is_sorted(table), "an error is out of order, or there twice");
        tables = rest;
    }
};

const fn is_sorted(mut table: &[(&str, &str)]) -> bool {
    while let [(first, _), rest @ ..] = table {
        if let [(second, _), ..] = rest
            && !is_before(first.as_bytes(), second.as_bytes())
        {
            return false;
        }
        table = rest;
    }
    true
}

const fn is_before(mut first: &[u8], mut second: &[u8]) -> bool {
    while let ([one, first_rest @ ..], [other, second_rest @ ..]) = (first, second) {
        if *one != *other {
            return *one < *other;
        }
        (first, second) = (first_rest, second_rest);
    }
    first.len() < second.len()
}
