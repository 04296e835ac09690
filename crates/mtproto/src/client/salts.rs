//! The salts of the server that are known: <https://core.telegram.org/mtproto/description#server-salt>.

use crate::service::FutureSalt;

/// Salts that are kept; more than a server gives.
const MAX: usize = 64;
/// Seconds for which the salt before is used on, since the clocks are not exactly the same.
const MARGIN: i64 = 60;

/// Salts in the order of their time.
#[derive(Default)]
pub(super) struct Salts(Vec<FutureSalt>);

impl Salts {
    pub(super) fn new(salts: Vec<FutureSalt>) -> Self {
        let mut list = Self(salts);
        list.order();
        list
    }

    /// The salt to use at a time of the server; 0 when none is known, which the server answers with one.
    pub(super) fn current(&self, server: i64) -> i64 {
        let begun = |margin: i64| {
            self.0
                .iter()
                .rfind(|salt| i64::from(salt.valid_since) <= server.saturating_sub(margin))
        };
        begun(MARGIN)
            .filter(|salt| i64::from(salt.valid_until) > server)
            .or_else(|| begun(0))
            .or_else(|| self.0.first())
            .map_or(0, |salt| salt.salt)
    }

    /// How many salts are known for later.
    pub(super) fn later(&self, server: i64) -> usize {
        self.0
            .iter()
            .filter(|salt| i64::from(salt.valid_since) > server)
            .count()
    }

    /// The server says which salt to use: others are no longer believed in.
    pub(super) fn adopt(&mut self, salt: i64, server: i64) {
        if self.current(server) == salt {
            return;
        }
        let since = server.saturating_sub(MARGIN);
        self.0.clear();
        self.0.push(FutureSalt {
            valid_since: since as i32,
            valid_until: since.saturating_add(3600) as i32,
            salt,
        });
    }

    /// Takes the server's list; the salt in use stays when none of the list is valid yet.
    pub(super) fn replace(&mut self, salts: Vec<FutureSalt>, server: i64) {
        let (since, in_use) = (server.saturating_sub(1) as i32, self.current(server));
        let mut list = Self(salts);
        list.0.truncate(MAX);
        list.order();
        if list.0.is_empty() {
            return;
        }
        if list.current(server) != in_use && list.later(server) == list.0.len() {
            list.0.insert(
                0,
                FutureSalt {
                    valid_since: since,
                    valid_until: list.0.first().map_or(since, |next| next.valid_since),
                    salt: in_use,
                },
            );
        }
        *self = list;
    }

    /// All that are not over.
    pub(super) fn list(&mut self, server: i64) -> Vec<FutureSalt> {
        self.0.retain(|salt| i64::from(salt.valid_until) > server);
        self.0.clone()
    }

    fn order(&mut self) {
        self.0.retain(|salt| salt.valid_since < salt.valid_until);
        self.0.sort_by_key(|salt| salt.valid_since);
        self.0.truncate(MAX);
    }
}
