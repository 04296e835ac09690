//! Where a file's bytes come from: its data centre, the location there, and what to do when either has changed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use madeline_tl::wire::Reader;
use madeline_tl::{Value, boxed_from_bytes, object};
use tokio::time::sleep;

use super::Origin;
use super::cdn::{self, Cdn};
use super::hashes::Piece;
use crate::error::trailing_number;
use crate::{Call, Client, DcId, EngineKind, Error};

/// How often a part is asked for again after its connection was lost.
const NETWORK_TRIES: u32 = 5;
/// How often a file may be somewhere else.
const MIGRATIONS: u32 = 5;
/// How often a file reference is replaced for one part.
const REFRESHES: u32 = 2;
/// How often a file may be handed over to a CDN.
const REDIRECTS: u32 = 3;
/// Pause after a lost connection, longer each time.
const PAUSE: Duration = Duration::from_millis(200);

/// A file that can be downloaded.
#[derive(Clone, Debug)]
pub struct Location {
    /// The data centre that holds it.
    pub dc: DcId,
    /// An `InputFileLocation`.
    pub input: Value,
    /// Where a new file reference can be had when this one has expired.
    pub origin: Option<Origin>,
}

/// A location in use by several parts at once: what one of them finds out, the others know.
pub(super) struct Source {
    client: Client,
    origin: Option<Origin>,
    place: Mutex<Place>,
    handed_over: Mutex<HandedOver>,
    /// Held while a new reference is fetched, so that one fetches it.
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Place {
    dc: DcId,
    input: Value,
    /// Counts the references.
    generation: u32,
}

/// The CDN that has the file, if one does.
struct HandedOver {
    to: Option<Arc<Cdn>>,
    /// How often it still may be.
    left: u32,
}

/// What a data centre answers.
enum Given {
    Bytes(Bytes),
    /// A CDN has the file.
    Redirect(Value),
}

#[derive(Default)]
struct Tries {
    network: u32,
    migrations: u32,
    refreshes: u32,
}

impl Source {
    pub(super) fn new(client: Client, location: Location) -> Source {
        // Grammers' engine knows no CDN.
        let is_native = client.config().engine == EngineKind::Native;
        Source {
            handed_over: Mutex::new(HandedOver {
                to: None,
                left: if is_native { REDIRECTS } else { 0 },
            }),
            client,
            origin: location.origin,
            place: Mutex::new(Place {
                dc: location.dc,
                input: location.input,
                generation: 0,
            }),
            refreshing: tokio::sync::Mutex::default(),
        }
    }

    /// Up to `limit` bytes from `offset`; fewer where the file ends. Both are multiples of 1024, and no block of
    /// [`super::PART`] bytes is left.
    pub(super) async fn fetch(&self, offset: u64, limit: usize) -> Result<Bytes, Error> {
        let mut tries = Tries::default();
        loop {
            let cdn = self.handed_over().to.clone();
            if let Some(cdn) = cdn {
                match cdn.fetch(&self.client, offset, limit).await {
                    Ok(bytes) => return Ok(bytes),
                    Err(error) => self.take_back(&cdn, &error)?,
                }
                continue;
            }
            let place = self.place().clone();
            match self.ask(&place, offset, limit).await {
                Ok(Given::Bytes(bytes)) => return Ok(bytes),
                Ok(Given::Redirect(redirect)) => self.hand_over(&redirect, &place)?,
                Err(error) => self.mend(error, &place, &mut tries).await?,
            }
        }
    }

    /// The hashes of the pieces from `offset` on, as many as Telegram tells at once; none behind the end of the file.
    pub(super) async fn hashes(&self, offset: u64) -> Result<Vec<Piece>, Error> {
        let mut tries = Tries::default();
        loop {
            let place = self.place().clone();
            match self.ask_hashes(&place, offset).await {
                Ok(pieces) => return Ok(pieces),
                Err(error) => self.mend(error, &place, &mut tries).await?,
            }
        }
    }

    async fn ask_hashes(&self, place: &Place, offset: u64) -> Result<Vec<Piece>, Error> {
        let request = object!("upload.getFileHashes",
            location: place.input.clone(), offset: offset as i64);
        let call = Call {
            dc: Some(place.dc),
            // Nobody should wait long for being told that all is well.
            flood_limit: Some(0),
            ..self.client.call(&request)?
        };
        let answer = self.client.answer(call).await?;
        let Value::List(hashes) = &answer.value else {
            return Ok(Vec::new());
        };
        Ok(hashes.iter().filter_map(Piece::of).collect())
    }

    /// Where the file is now.
    pub(super) fn location(&self) -> Location {
        let place = self.place().clone();
        Location {
            dc: place.dc,
            input: place.input,
            origin: self.origin.clone(),
        }
    }

    async fn ask(&self, place: &Place, offset: u64, limit: usize) -> Result<Given, Error> {
        let may_redirect = self.handed_over().left > 0;
        let request = object!(
            "upload.getFile",
            precise: true,
            cdn_supported: may_redirect,
            location: place.input.clone(),
            offset: offset as i64,
            limit: limit as i64,
        );
        let call = Call {
            dc: Some(place.dc),
            ..self.client.call(&request)?
        };
        let answer = self.client.invoke(call).await?;
        self.given(&answer, limit, may_redirect).map_err(unusable)
    }

    /// The bytes in an `upload.file`, without copying them.
    fn given(&self, answer: &Bytes, limit: usize, may_redirect: bool) -> Result<Given, String> {
        let mut reader = Reader::new(answer);
        let schema = self.client.config().schema();
        let id = |name: &str| schema.constructor(name).map(madeline_tl::Definition::id);
        let (file, redirect) = (id("upload.file"), id("upload.fileCdnRedirect"));
        let mut read = || {
            let constructor = reader.id()?;
            if Some(constructor) != file {
                return Ok(Err(constructor));
            }
            reader.id()?;
            reader.int()?;
            reader.bytes().map(Ok)
        };
        match read().map_err(|error: madeline_tl::wire::ReadError| error.to_string())? {
            Ok(bytes) if bytes.len() > limit => Err(format!(
                "{} bytes came where {limit} were asked for",
                bytes.len()
            )),
            Ok(bytes) => Ok(Given::Bytes(answer.slice_ref(bytes))),
            Err(other) if may_redirect && Some(other) == redirect => {
                let redirect = boxed_from_bytes(schema, answer);
                redirect
                    .map(Given::Redirect)
                    .map_err(|error| error.to_string())
            }
            Err(other) => Err(format!(
                "upload.file was expected, the constructor {other:08x} came"
            )),
        }
    }

    /// Takes the file from a CDN from now on.
    fn hand_over(&self, redirect: &Value, from: &Place) -> Result<(), Error> {
        let cdn = Cdn::of(redirect, from.dc).map_err(unusable)?;
        let mut handed_over = self.handed_over();
        // Another part may have been told so before, or may have taken it back for good.
        if handed_over.to.is_none() && handed_over.left > 0 {
            handed_over.left -= 1;
            handed_over.to = Some(Arc::new(cdn));
        }
        Ok(())
    }

    /// Takes the file from its data centre again, which has it whatever is the matter with the CDN.
    fn take_back(&self, from: &Arc<Cdn>, error: &Error) -> Result<(), Error> {
        if matches!(error, Error::KeyExchange { .. }) {
            self.client.forget_cdn_keys()?;
        }
        let mut handed_over = self.handed_over();
        if handed_over
            .to
            .as_ref()
            .is_some_and(|to| Arc::ptr_eq(to, from))
        {
            handed_over.to = None;
            if !cdn::is_over(error) {
                handed_over.left = 0;
            }
        }
        Ok(())
    }

    /// Does what makes the next try of a part better; errors that stay are returned.
    async fn mend(&self, error: Error, place: &Place, tries: &mut Tries) -> Result<(), Error> {
        match &error {
            Error::Rpc { code, name, .. } => {
                if let Some(dc) = migrated(*code, name)
                    && tries.migrations < MIGRATIONS
                {
                    tries.migrations += 1;
                    self.place().dc = dc;
                    return Ok(());
                }
                if name.starts_with("FILE_REFERENCE_") && tries.refreshes < REFRESHES {
                    tries.refreshes += 1;
                    return self.refresh(error, place).await;
                }
                if let Some(seconds) = premium_wait(name) {
                    sleep(seconds).await;
                    return Ok(());
                }
                Err(error)
            }
            _ if is_network(&error) && tries.network < NETWORK_TRIES => {
                tries.network += 1;
                sleep(PAUSE * tries.network).await;
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// Gets a new file reference, unless another part has done so meanwhile.
    async fn refresh(&self, error: Error, seen: &Place) -> Result<(), Error> {
        let _refreshing = self.refreshing.lock().await;
        if self.place().generation != seen.generation {
            return Ok(());
        }
        let Some(origin) = &self.origin else {
            return Err(error);
        };
        let Some(input) = origin.refreshed(&self.client, &seen.input).await? else {
            return Err(error);
        };
        let mut place = self.place();
        place.input = input;
        place.generation += 1;
        Ok(())
    }

    fn handed_over(&self) -> MutexGuard<'_, HandedOver> {
        self.handed_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unusable(what: String) -> Error {
    Error::Answer {
        method: "upload.getFile".to_owned(),
        source: what.into(),
    }
}

/// Where a file is instead: `FILE_MIGRATE_n`.
fn migrated(code: i32, name: &str) -> Option<DcId> {
    let number = name.strip_prefix("FILE_MIGRATE_")?;
    (code == 303)
        .then(|| number.parse().ok().filter(|dc| *dc > 0).map(DcId))
        .flatten()
}

/// How long those without Premium wait for their next part: it goes on by itself, however long it takes.
pub(super) fn premium_wait(name: &str) -> Option<Duration> {
    name.starts_with("FLOOD_PREMIUM_WAIT_")
        .then(|| trailing_number(name))
        .flatten()
        .map(|seconds| Duration::from_secs(seconds.max(1).unsigned_abs()))
}

/// Whether the way to the server failed, and not the server.
pub(super) fn is_network(error: &Error) -> bool {
    matches!(
        error,
        Error::Lost { .. } | Error::Timeout { .. } | Error::Connect { .. }
    )
}
