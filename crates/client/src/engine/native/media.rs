//! Servers that are for files only, <https://core.telegram.org/constructor/dcOption>.
//!
//! They know the permanent key of their DC, but have temporary ones of their own. The DC itself gives files, too: whatever is
//! the matter with them, it is asked instead.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::InvokeError;
use crate::{DcId, Error};

/// How long it is believed that a DC has such servers, or has none.
const REMEMBERED: Duration = Duration::from_secs(60);
/// How long servers that could not be used are left alone.
const AVOIDED: Duration = Duration::from_secs(600);

/// Which DCs have such servers that can be used.
#[derive(Default)]
pub(super) struct MediaServers(Mutex<HashMap<DcId, Known>>);

struct Known {
    usable: bool,
    until: Instant,
}

impl MediaServers {
    /// Where files of a DC are asked for. `look_up` says whether it has such servers; `None`: that is not known yet.
    pub(super) fn of(&self, dc: DcId, look_up: impl FnOnce() -> Option<bool>) -> DcId {
        let now = Instant::now();
        let known = |known: &Known| (known.until > now).then_some(known.usable);
        let known = self.known().get(&dc).and_then(known);
        let usable = known.unwrap_or_else(|| {
            let looked_up = look_up();
            if let Some(usable) = looked_up {
                self.learn(dc, usable, REMEMBERED);
            }
            looked_up.unwrap_or(false)
        });
        if usable { dc.media() } else { dc }
    }

    /// Leaves those of a DC alone for a while.
    pub(super) fn avoid(&self, dc: DcId) {
        self.learn(dc, false, AVOIDED);
    }

    fn learn(&self, dc: DcId, usable: bool, during: Duration) {
        let until = Instant::now() + during;
        self.known().insert(dc, Known { usable, until });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<DcId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a request was not executed for reasons that other servers need not have.
pub(super) fn is_unusable(error: &InvokeError) -> bool {
    matches!(
        error,
        InvokeError::Connect { .. }
            | InvokeError::KeyExchange(_)
            | InvokeError::Transport(_)
            | InvokeError::Session(Error::UnknownDc { .. })
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use std::time::Duration;

    use super::{AVOIDED, MediaServers, REMEMBERED};
    use crate::DcId;

    const DC: DcId = DcId(4);

    #[tokio::test(start_paused = true)]
    async fn what_is_known_is_looked_up_again_after_a_while() {
        let servers = MediaServers::default();
        assert_eq!(servers.of(DC, || None), DC);
        assert_eq!(servers.of(DC, || Some(true)), DC.media());
        assert_eq!(servers.of(DC, || panic!("it is known")), DC.media());
        assert_eq!(servers.of(DcId(2), || Some(false)), DcId(2));
        tokio::time::advance(REMEMBERED + Duration::from_secs(1)).await;
        assert_eq!(servers.of(DC, || Some(false)), DC);
        assert_eq!(servers.of(DcId(2), || Some(true)), DcId(2).media());
    }

    #[tokio::test(start_paused = true)]
    async fn servers_that_could_not_be_used_are_left_alone() {
        let servers = MediaServers::default();
        assert_eq!(servers.of(DC, || Some(true)), DC.media());
        servers.avoid(DC);
        assert_eq!(servers.of(DC, || panic!("it is known")), DC);
        tokio::time::advance(AVOIDED + Duration::from_secs(1)).await;
        assert_eq!(servers.of(DC, || Some(true)), DC.media());
    }
}
