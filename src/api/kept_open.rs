//! Sessions that stay open between two requests of the web.
//!
//! A worker of php-fpm is asked again soon: with its session still open the next request needs neither the disk nor a
//! connection, and other processes go on using the connection meanwhile. After `madelineproto.keep_open` seconds without a
//! request the session is closed, and another process gets it. A process on the command line ends with its script: there
//! nothing is kept.

use madeline_client::process;
use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ext_php_rs::ffi::ext_php_rs_sapi_module;
use madeline_client::{Authorization, Client, WeakClient};
use tokio::time::{Instant, sleep_until};

use crate::{ini, runtime};

/// Servers' names for themselves (`PHP_SAPI`) where a process lives for one script.
const FOR_ONE_SCRIPT: [&CStr; 3] = [c"cli", c"phpdbg", c"embed"];

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

struct Kept {
    /// Its name: the client is in no other hands, so that who closes it closes it.
    number: u64,
    client: Client,
    until: Instant,
    owner: u32,
}

/// Keeps a session that a request has left. What cannot be kept is given back, to be closed.
pub(super) fn keep(client: Client) -> Result<(), Client> {
    let time = ini::keep_open().unwrap_or_default();
    let is_logged_in = client.authorization() == Authorization::LoggedIn;
    if time.is_zero() || is_for_one_script() || !is_logged_in || !client.serves_others() {
        return Err(client);
    }
    let until = Instant::now() + time;
    let owner = process::id();
    let number;
    {
        let mut kept = lock();
        let same = kept
            .iter_mut()
            .find(|kept| kept.owner == owner && kept.client.is_same(&client));
        if let Some(same) = same {
            same.until = until;
            drop(client);
            rest_if_alone(&same.client);
            return Ok(());
        }
        number = kept.last().map_or(0, |last| last.number + 1);
        rest_if_alone(&client);
        kept.push(Kept {
            number,
            client,
            until,
            owner,
        });
    }
    // Where there is no runtime there is no connection.
    drop(runtime::spawn(close_in_time(number)));
    Ok(())
}

/// Whether a client is kept, and in no other hands. One that a frame has
/// left behind, which never goes on, is not kept any longer.
pub(super) fn is_at_rest(client: &WeakClient) -> bool {
    let mut kept = lock();
    let Some(position) = kept.iter().position(|kept| client.is_of(&kept.client)) else {
        return false;
    };
    let own = kept.get(position);
    if own.is_some_and(|own| rest_if_alone(&own.client)) {
        return true;
    }
    let abandoned = kept.remove(position);
    drop(kept);
    drop(abandoned);
    false
}

/// Nobody uses it before it is opened again, where nobody else has it: then another process may ask for its connections.
fn rest_if_alone(client: &Client) -> bool {
    let is_alone = client.downgrade().users() == 1;
    if is_alone {
        client.rest();
    }
    is_alone
}

/// Closes what is still kept. At the end of the process.
pub(crate) fn close_all() {
    let kept = std::mem::take(&mut *lock());
    for Kept { client, owner, .. } in kept {
        if owner == process::id() {
            runtime::finish(client.close());
        } else {
            client.forget_after_fork();
        }
    }
}

/// Waits until nobody has asked for the session for long enough.
async fn close_in_time(number: u64) {
    let until = || {
        let kept = lock();
        let own = kept.iter().find(|kept| kept.number == number);
        own.map(|own| own.until)
    };
    while let Some(until) = until().filter(|until| *until > Instant::now()) {
        sleep_until(until).await;
    }
    let own = {
        let mut kept = lock();
        let position = kept.iter().position(|kept| kept.number == number);
        position.map(|position| kept.remove(position))
    };
    if let Some(Kept { client, .. }) = own {
        client.close().await;
    }
}

fn is_for_one_script() -> bool {
    // SAFETY: the server's module and its name are there as long as PHP is.
    let name = unsafe { CStr::from_ptr((*ext_php_rs_sapi_module()).name) };
    FOR_ONE_SCRIPT.contains(&name)
}

fn lock() -> MutexGuard<'static, Vec<Kept>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
