//! Data centres: their ids and the addresses known before any server was asked.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The number of a data centre, as `help.getConfig` and `X_MIGRATE_n` errors give it. Its servers for files only have the
/// negative number, as in key exchanges (<https://core.telegram.org/mtproto/auth_key>).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DcId(pub i32);

impl DcId {
    /// The servers of this DC that are for files only.
    #[must_use]
    pub fn media(self) -> DcId {
        DcId(-self.main().0)
    }

    /// The DC itself, to which keys and accounts belong.
    #[must_use]
    pub fn main(self) -> DcId {
        DcId(self.0.saturating_abs())
    }

    /// Whether these are the servers for files only.
    pub fn is_media(self) -> bool {
        self.0 < 0
    }

    /// The number in key exchanges and in the headers of obfuscated streams: 10000 further for test DCs.
    pub(crate) fn on_the_wire(self, test: bool) -> i16 {
        let number = i16::try_from(self.main().0).unwrap_or(i16::MAX);
        let number = if test {
            number.saturating_add(10_000)
        } else {
            number
        };
        if self.is_media() { -number } else { number }
    }
}

impl fmt::Display for DcId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_media() { "media " } else { "" };
        write!(f, "{kind}DC {}", self.main().0)
    }
}

impl fmt::Debug for DcId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Addresses of each DC, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DcList(BTreeMap<DcId, Vec<SocketAddr>>);

impl DcList {
    /// No DC at all.
    pub fn new() -> DcList {
        DcList::default()
    }

    /// Telegram's production DCs, as <https://my.telegram.org> shows them to developers.
    pub fn production() -> DcList {
        [
            (
                1,
                [149, 154, 175, 53],
                [0x2001, 0xb28, 0xf23d, 0xf001, 0, 0, 0, 0xa],
            ),
            (
                2,
                [149, 154, 167, 51],
                [0x2001, 0x67c, 0x4e8, 0xf002, 0, 0, 0, 0xa],
            ),
            (
                3,
                [149, 154, 175, 100],
                [0x2001, 0xb28, 0xf23d, 0xf003, 0, 0, 0, 0xa],
            ),
            (
                4,
                [149, 154, 167, 91],
                [0x2001, 0x67c, 0x4e8, 0xf004, 0, 0, 0, 0xa],
            ),
            (
                5,
                [91, 108, 56, 130],
                [0x2001, 0xb28, 0xf23f, 0xf005, 0, 0, 0, 0xa],
            ),
        ]
        .into()
    }

    /// Telegram's test DCs: separate accounts, no real messages.
    pub fn test() -> DcList {
        [
            (
                1,
                [149, 154, 175, 10],
                [0x2001, 0xb28, 0xf23d, 0xf001, 0, 0, 0, 0xe],
            ),
            (
                2,
                [149, 154, 167, 40],
                [0x2001, 0x67c, 0x4e8, 0xf002, 0, 0, 0, 0xe],
            ),
            (
                3,
                [149, 154, 175, 117],
                [0x2001, 0xb28, 0xf23d, 0xf003, 0, 0, 0, 0xe],
            ),
        ]
        .into()
    }

    /// Adds an address to those of a DC, behind the ones it has.
    pub fn add(&mut self, dc: DcId, address: SocketAddr) {
        let addresses = self.0.entry(dc).or_default();
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }

    /// The addresses of a DC; empty when it is unknown.
    pub fn addresses(&self, dc: DcId) -> &[SocketAddr] {
        self.0.get(&dc).map_or(&[], Vec::as_slice)
    }

    /// The DCs of the list, ascending.
    pub fn ids(&self) -> impl Iterator<Item = DcId> + '_ {
        self.0.keys().copied()
    }

    /// Whether no DC is listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[(i32, [u8; 4], [u16; 8]); N]> for DcList {
    fn from(known: [(i32, [u8; 4], [u16; 8]); N]) -> DcList {
        let mut list = DcList::new();
        for (id, v4, v6) in known {
            list.add(
                DcId(id),
                SocketAddr::new(IpAddr::V4(Ipv4Addr::from(v4)), 443),
            );
            list.add(
                DcId(id),
                SocketAddr::new(IpAddr::V6(Ipv6Addr::from(v6)), 443),
            );
        }
        list
    }
}

impl FromIterator<(DcId, SocketAddr)> for DcList {
    fn from_iter<I: IntoIterator<Item = (DcId, SocketAddr)>>(addresses: I) -> DcList {
        let mut list = DcList::new();
        for (dc, address) in addresses {
            list.add(dc, address);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::DcId;

    #[test]
    fn numbers_on_the_wire_say_what_servers_are_for() {
        let numbers = [DcId(2), DcId(2).media(), DcId(2).media().media()].map(|dc| {
            let numbers = (dc.on_the_wire(false), dc.on_the_wire(true));
            (numbers, dc.main(), dc.to_string())
        });
        let main = ((2, 10_002), DcId(2), "DC 2".to_owned());
        let media = ((-2, -10_002), DcId(2), "media DC 2".to_owned());
        assert_eq!(numbers, [main, media.clone(), media]);
    }
}
