//! Links to peers: t.me, telegram.me, their `.dog` twins and `tg://`.

use crate::peers::PeerId;

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link<'t> {
    /// A public user, group or channel.
    Username(&'t str),
    /// The hash of an invite.
    Invite(&'t str),
    /// A peer by its id.
    Peer(PeerId),
}

const HOSTS: [&str; 4] = ["t.me", "telegram.me", "t.dog", "telegram.dog"];

/// Reads a link, wherever it begins in the text; `None` where there is none.
pub fn parse(text: &str) -> Option<Link<'_>> {
    deep_link(text).or_else(|| HOSTS.iter().find_map(|host| web_link(text, host)))
}

/// `tg://resolve?domain=name`, `tg://user?id=1`, `tg://openmessage?user_id=1`, `tg://join?invite=hash`.
fn deep_link(text: &str) -> Option<Link<'_>> {
    let at = find(text, "tg://")?;
    let (action, query) = text.get(at + "tg://".len()..)?.split_once('?')?;
    let value = |names: &[&str]| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| names.contains(name))
            .map(|(_, value)| word(value))
            .filter(|value| !value.is_empty())
    };
    match action.trim_end_matches('/') {
        "join" => value(&["invite"]).map(Link::Invite),
        "resolve" | "user" | "openmessage" => {
            let value = value(&["domain", "id", "user_id", "userid"])?;
            match value.parse() {
                Ok(id) => PeerId::from_bot_api(id).map(Link::Peer),
                Err(_) => Some(Link::Username(value)),
            }
        }
        _ => None,
    }
}

/// `name.t.me`, `t.me/name`, `t.me/c/1`, `t.me/joinchat/hash`, `t.me/+hash`.
fn web_link<'t>(text: &'t str, host: &str) -> Option<Link<'t>> {
    let at = find(text, host)?;
    let (before, after) = (text.get(..at)?, text.get(at + host.len()..)?);
    if !before.is_empty() && !before.ends_with(['/', '.']) {
        return None;
    }
    if let Some(prefix) = before
        .strip_suffix('.')
        .filter(|_| after.is_empty() || after.starts_with('/'))
    {
        let start = prefix
            .rfind(|character| !is_word(character))
            .map_or(0, |at| at + 1);
        let name = prefix
            .get(start..)
            .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("www"));
        if let Some(name) = name {
            return Some(Link::Username(name));
        }
    }
    let path = after.strip_prefix('/')?;
    if let Some(id) = path
        .strip_prefix("c/")
        .and_then(|rest| word(rest).parse().ok())
    {
        return PeerId::channel(id).map(Link::Peer);
    }
    let (link, rest): (fn(&'t str) -> Link<'t>, _) =
        match path.strip_prefix('+').or_else(|| strip(path, "joinchat/")) {
            Some(rest) => (Link::Invite, rest),
            None => (Link::Username, path),
        };
    Some(word(rest)).filter(|word| !word.is_empty()).map(link)
}

/// Where `part`, which is in lower case, stands in the text in any case.
fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes()
        .windows(part.len())
        .position(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

fn strip<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The letters, digits, `_` and `-` that the text begins with.
fn word(text: &str) -> &str {
    let end = text
        .find(|character| !is_word(character))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_usernames_invites_and_ids() {
        let channel = PeerId::channel(123).map(Link::Peer);
        let user = PeerId::user(5).map(Link::Peer);
        for (text, link) in [
            ("https://t.me/Bob_1", Some(Link::Username("Bob_1"))),
            ("t.me/bob/15?comment=1", Some(Link::Username("bob"))),
            ("http://www.t.me/bob", Some(Link::Username("bob"))),
            ("bob.t.me", Some(Link::Username("bob"))),
            ("https://bob.T.me/15", Some(Link::Username("bob"))),
            ("https://telegram.me/bob", Some(Link::Username("bob"))),
            ("telegram.dog/bob", Some(Link::Username("bob"))),
            ("t.dog/bob", Some(Link::Username("bob"))),
            ("https://t.me/c/123/4", channel),
            ("https://t.me/joinchat/Ab-_1", Some(Link::Invite("Ab-_1"))),
            ("https://t.me/+Ab-_1", Some(Link::Invite("Ab-_1"))),
            (
                "tg://resolve?domain=bob&start=x",
                Some(Link::Username("bob")),
            ),
            ("tg://user?id=5", user),
            ("tg://openmessage?user_id=5", user),
            ("tg://join?invite=Ab", Some(Link::Invite("Ab"))),
        ] {
            assert_eq!(parse(text), link, "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_links() {
        for text in [
            "",
            "bob",
            "@bob",
            "https://t.me/",
            "www.t.me",
            "t.me",
            "foot.me/bob",
            "tg://user?id=",
            "tg://user?id=0",
            "tg://x?id=5",
            "é.t",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
