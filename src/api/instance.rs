//! What an API object, its namespaces and the buttons in its results share.

use madeline_client::process;
use std::cell::{Cell, RefCell};
use std::mem;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::{Client, Config, Transfers};
use madeline_tl::{Schema, Shape};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::dialect::{Dialect, DialectChoice};
use super::kept_open;
use super::place::Place;
use crate::class::Object;
use crate::events::Updates;
use crate::exceptions::Thrown;
use crate::files::origins::Origins;
use crate::logger::{self, Level};
use crate::tools::constants;
use crate::zval::{Keys, sink};
use crate::{amp, runtime, settings};

thread_local! {
    /// Every instance of this thread's request.
    static INSTANCES: RefCell<Vec<Weak<Instance>>> = const { RefCell::new(Vec::new()) };
}

/// One session as a script uses it.
pub(crate) struct Instance {
    place: RefCell<Place>,
    dialect: DialectChoice,
    config: RefCell<Config>,
    opened: RefCell<Option<Opened>>,
    background: RefCell<Vec<JoinHandle<()>>>,
    /// The process that used it last.
    pid: Cell<u32>,
    own_schema: Option<OwnSchema>,
    updates: Updates,
    origins: Origins,
    /// The address of the script that serves files, where the settings name one.
    download_link: RefCell<Option<String>>,
}

/// How long the end of a session waits for calls that nobody waits for: long enough that they have been sent.
const BACKGROUND: Duration = Duration::from_secs(1);

/// A client and the process that opened it.
struct Opened {
    client: Client,
    pid: u32,
}

/// A schema that was loaded at run time. The keys go first: they point to it.
struct OwnSchema {
    keys: Keys,
    schema: Arc<Schema>,
}

impl Instance {
    /// Opens the session at `place` with `settings`: those that the script has given, which the session's own complete.
    pub(crate) fn open(
        place: Place,
        dialect: DialectChoice,
        settings: &Object,
        given: Option<&Zval>,
    ) -> Result<Rc<Self>, Thrown> {
        let mut config = settings::config(settings)?;
        let client = connect(place.directory(), &mut config, settings, given)?;
        for note in client.session().notes() {
            logger::write(Level::Warning, || note.to_string());
        }
        let own_schema = config.schema.clone().map(|schema| OwnSchema {
            keys: Keys::owned(&schema),
            schema,
        });
        let instance = Rc::new(Self {
            place: RefCell::new(place),
            dialect,
            config: RefCell::new(config),
            opened: RefCell::new(Some(Opened {
                client,
                pid: process::id(),
            })),
            background: RefCell::default(),
            pid: Cell::new(process::id()),
            own_schema,
            updates: Updates::default(),
            origins: Origins::default(),
            download_link: RefCell::new(settings::download_link(settings)),
        });
        amp::offer();
        constants::know_process()?;
        INSTANCES.with_borrow_mut(|instances| {
            instances.retain(|other| other.strong_count() > 0);
            instances.push(Rc::downgrade(&instance));
        });
        Ok(instance)
    }

    /// The instance of this request that has opened `session`: its directory, or what the script calls it.
    pub(crate) fn find(session: &str) -> Option<Rc<Self>> {
        INSTANCES.with_borrow(|instances| {
            instances.iter().filter_map(Weak::upgrade).find(|other| {
                let place = other.place.borrow();
                place.directory() == Path::new(session) || place.name() == session
            })
        })
    }

    /// An instance of this request whose session lies there.
    fn at(directory: &Path) -> Option<Rc<Self>> {
        INSTANCES.with_borrow(|instances| {
            instances.iter().filter_map(Weak::upgrade).find(|other| {
                other.place.borrow().directory() == directory && other.opened.borrow().is_some()
            })
        })
    }

    /// The client; opened again in a fork, or when the request before has closed it.
    pub(crate) fn client(&self) -> Result<Client, Thrown> {
        let pid = process::id();
        if let Some(opened) = self
            .opened
            .borrow()
            .as_ref()
            .filter(|opened| opened.pid == pid)
        {
            return Ok(opened.client.clone());
        }
        if let Some(inherited) = self.opened.take() {
            mem::forget(self.background.take());
            inherited.client.forget_after_fork();
        }
        let config = self.config.borrow().clone();
        // No borrow is held here: signal handlers may run.
        let client = open(&self.directory(), &config)?;
        leave_server(&client)?;
        self.pid.set(pid);
        self.opened.replace(Some(Opened {
            client: client.clone(),
            pid,
        }));
        Ok(client)
    }

    /// Runs a call that nobody waits for; it ends with the session at the latest.
    pub(crate) fn in_background<F>(&self, call: F) -> Result<(), Thrown>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let started = runtime::spawn(call)?;
        let mut running = self.background.borrow_mut();
        running.retain(|call| !call.is_finished());
        running.push(started);
        Ok(())
    }

    /// Closes the connections and gives up the session's lock. A later call opens it again.
    pub(crate) fn close(&self) {
        self.leave(Err);
    }

    /// Stops using the session, which the next request may want.
    fn leave_or_keep(&self) {
        if self.place.borrow().is_temporary() {
            self.close();
        } else {
            self.leave(kept_open::keep);
        }
    }

    /// Stops using the session; `keep` gives it back where it is to be closed.
    fn leave(&self, keep: impl FnOnce(Client) -> Result<(), Client>) {
        self.updates.close();
        let background = self.background.take();
        let Some(opened) = self.opened.take() else {
            return;
        };
        if opened.pid != process::id() {
            // The tasks are the parent's.
            mem::forget(background);
            return opened.client.forget_after_fork();
        }
        if !background.is_empty() {
            runtime::finish(async move {
                let deadline = Instant::now() + BACKGROUND;
                for mut call in background {
                    if timeout_at(deadline, &mut call).await.is_err() {
                        call.abort();
                        drop(call.await);
                    }
                }
            });
        }
        if let Err(client) = keep(opened.client) {
            runtime::finish(client.close());
        }
    }

    /// Replaces what the client is told when it is opened, and closes it, so that the next call uses it. The schema
    /// stays as it was: results that the script holds were made with it.
    pub(crate) fn configure(&self, settings: &Object, given: &Zval) -> Result<(), Thrown> {
        let client = self.client()?;
        settings::recall(client.session(), settings, Some(given))?;
        let mut config = settings::config(settings)?;
        settings::complete_app(&mut config, settings, client.session())?;
        drop(client);
        self.config.replace(config);
        self.download_link
            .replace(settings::download_link(settings));
        self.close();
        Ok(())
    }

    /// What becomes of its updates.
    pub(crate) fn updates(&self) -> &Updates {
        &self.updates
    }

    /// What the client is told when it is opened.
    pub(crate) fn config(&self) -> Config {
        self.config.borrow().clone()
    }

    /// Where files were seen.
    pub(crate) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// The address of the script that serves files, where the settings name one.
    pub(crate) fn download_link(&self) -> Option<String> {
        self.download_link.borrow().clone()
    }

    /// How files are moved.
    pub(crate) fn transfers(&self) -> Transfers {
        self.config.borrow().transfers
    }

    /// The client, unless this process is a fork that has not used it: then the session is the parent's.
    pub(crate) fn own_client(&self) -> Result<Option<Client>, Thrown> {
        if self.pid.get() == process::id() {
            self.client().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Keeps the session at another place. A session without a name moves there and goes on there; of another one this
    /// is a copy.
    pub(crate) fn save_at(&self, place: Place) -> Result<(), Thrown> {
        let from = self.directory();
        if from == place.directory() {
            return Ok(());
        }
        self.close();
        let (to, timeout) = (
            place.directory().to_owned(),
            self.config.borrow().lock_timeout,
        );
        runtime::wait(async move { Client::copy_session(&from, &to, timeout).await })??;
        if self.place.borrow().is_temporary() {
            // The old place removes itself.
            self.place.replace(place);
        }
        Ok(())
    }

    /// The session as the script calls it.
    pub(crate) fn name(&self) -> String {
        self.place.borrow().name().to_owned()
    }

    /// The session's directory.
    pub(crate) fn directory(&self) -> PathBuf {
        self.place.borrow().directory().to_owned()
    }

    /// The path of that directory as a PHP string.
    pub(crate) fn path(&self) -> Zval {
        let place = self.place.borrow();
        sink::text(place.directory().to_string_lossy().as_bytes())
    }

    /// The release it behaves like.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect.get()
    }

    /// Notes that the script uses a style that `dialect` was the last release to have.
    pub(crate) fn sign_of(&self, dialect: Dialect) {
        self.dialect.sign_of(dialect);
    }

    /// Whether a call may return a future: releases 4 to 7 had `async`, release 8 ignores it.
    pub(crate) fn has_promises(&self) -> bool {
        !self.dialect.is_fixed_to(Dialect::V8)
    }

    /// The form of results.
    pub(crate) fn shape(&self) -> Shape {
        self.dialect().shape()
    }

    /// The schema that calls are written with.
    pub(crate) fn schema(&self) -> &Schema {
        self.own_schema
            .as_ref()
            .map_or_else(|| Schema::api(), |own| &own.schema)
    }

    /// The keys of [`Instance::schema`].
    pub(crate) fn keys(&self) -> &Keys {
        self.own_schema
            .as_ref()
            .map_or_else(|| Keys::api(), |own| &own.keys)
    }

    /// Whether the schema was loaded at run time.
    pub(crate) fn has_own_schema(&self) -> bool {
        self.own_schema.is_some()
    }
}

/// Opens the session and fills in what it knows.
fn connect(
    directory: &Path,
    config: &mut Config,
    settings: &Object,
    given: Option<&Zval>,
) -> Result<Client, Thrown> {
    // Another object of the session in this request has it open: with the same settings both share it.
    let sibling = Instance::at(directory)
        .map(|sibling| sibling.client())
        .transpose()?;
    let shared = match &sibling {
        Some(client) => settings::recall(client.session(), settings, given)?,
        None => false,
    };
    if shared {
        *config = settings::config(settings)?;
    }
    drop(sibling);
    let client = open(directory, config)?;
    let recalled = !shared && settings::recall(client.session(), settings, given)?;
    if recalled {
        *config = settings::config(settings)?;
    }
    let client = if settings::complete_app(config, settings, client.session())? || recalled {
        let config = config.clone();
        runtime::wait_alone(async move { client.reopen(config).await })??
    } else {
        client
    };
    leave_server(&client)?;
    Ok(client)
}

/// Makes a session that lay on a server this machine's alone, where the settings name none any more.
fn leave_server(client: &Client) -> Result<(), Thrown> {
    if client.config().storage.is_none() {
        client.session().unshare()?;
    }
    Ok(())
}

/// Opens the session's files; waits while another process has them.
fn open(directory: &Path, config: &Config) -> Result<Client, Thrown> {
    let (directory, config) = (directory.to_owned(), config.clone());
    // Another fiber that wants the same session would open it as well.
    Ok(runtime::wait_alone(async move {
        Client::open(&directory, config).await
    })??)
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.leave_or_keep();
    }
}

/// Closes every session that the request has left open, or keeps it for the next one.
pub(crate) fn end_of_request() {
    let mut clients = Vec::new();
    for instance in INSTANCES.take() {
        if let Some(instance) = instance.upgrade() {
            let opened = instance.opened.borrow();
            clients.extend(opened.as_ref().map(|opened| opened.client.downgrade()));
            drop(opened);
            instance.updates.end_of_request();
            instance.leave_or_keep();
        }
    }
    // A fatal error, or a browser that has gone, jumps over whatever was going on.
    for client in clients {
        if !kept_open::is_at_rest(&client) {
            runtime::finish(client.close_abandoned());
        }
    }
}
