//! One account: its calls and its updates.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use madeline_client::{Client, Config, Delivery, Error};
use madeline_tl::{Schema, Value, boxed_from_bytes, object};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ACCOUNTS;
use super::ledger::{End, Ended, Ledger};
use crate::Failure;
use crate::ours::{ask, nearest_dc};
use crate::random::Random;
use crate::sandbox::CODE;
use crate::world::{CROWD, crowd_phone};

/// Longer than any limit and all repetitions that the client has for a call.
const DEADLINE: Duration = Duration::from_secs(180);
/// How long a listener may take to find out where it stands.
const BEGIN: Duration = Duration::from_secs(2);
/// Calls of the same account at a time that only read.
const READERS: u64 = 3;

/// A logged-in account that writes to the next one.
pub(super) struct Account {
    number: usize,
    client: Client,
    next: Value,
    ledger: Arc<Ledger>,
}

impl Account {
    /// Logs in, in the session `directory`.
    pub(super) async fn open(
        number: usize,
        directory: &Path,
        config: Config,
        ledger: &Arc<Ledger>,
    ) -> Result<Arc<Self>, Failure> {
        let client = Client::open(directory, config).await?;
        client.phone_login(&crowd_phone(number as u32)).await?;
        client.complete_phone_login(CODE).await?;
        let next = crowd_phone(((number + 1) % ACCOUNTS) as u32);
        let found = ask(&client, &object!("contacts.resolvePhone", phone: next)).await?;
        let user = found
            .list("users")?
            .first()
            .ok_or("nobody has that phone")?;
        let next = object!("inputPeerUser", user_id: user.int("id")?, access_hash: user.int("access_hash")?);
        let ledger = Arc::clone(ledger);
        Ok(Arc::new(Self {
            number,
            client,
            next,
            ledger,
        }))
    }

    /// Begins to make calls; they end after [`Ledger::stop`].
    pub(super) fn call(self: &Arc<Self>, calling: &mut JoinSet<()>) {
        for reader in 0..READERS {
            let account = Arc::clone(self);
            calling.spawn(async move { account.read(reader).await });
        }
        let account = Arc::clone(self);
        calling.spawn(async move { account.write().await });
        let account = Arc::clone(self);
        calling.spawn(async move { account.rename().await });
    }

    /// Listens to the updates from now on: they are to come once, in order, whatever happens on the way.
    pub(super) async fn listen(self: &Arc<Self>, listening: &mut JoinSet<()>) {
        let mut feed = self.client.feed();
        // Until it knows where it stands; nobody writes yet.
        drop(timeout(BEGIN, feed.next()).await);
        let account = Arc::clone(self);
        listening.spawn(async move {
            let mut newest = None;
            loop {
                match feed.next().await {
                    Ok(delivery) => account.receive(&delivery, &mut newest),
                    Err(error @ (Error::LoggedOut { .. } | Error::SessionClosed { .. })) => {
                        return account
                            .ledger
                            .log(&format!("person{}: {error}", account.number));
                    }
                    Err(error) => {
                        account
                            .ledger
                            .log(&format!("person{}: {error}", account.number));
                        sleep(Duration::from_millis(300)).await;
                    }
                }
                for what in feed.unreadable().take() {
                    account
                        .ledger
                        .log(&format!("person{}: unreadable: {what}", account.number));
                }
            }
        });
    }

    pub(super) async fn close(&self) {
        self.client.clone().close().await;
    }

    /// Calls that only read, each answer checked.
    async fn read(&self, reader: u64) {
        let mut random = Random::new(1000 + self.number as u64 * READERS + reader);
        while !self.ledger.is_stopping() {
            // Those with accounts change their names.
            let person = ACCOUNTS as u64 + random.below(u64::from(CROWD) - ACCOUNTS as u64);
            let outcome = match random.below(2) {
                0 => self.within_deadline(nearest_dc(&self.client)).await,
                _ => self.within_deadline(self.find(person)).await,
            };
            self.note(outcome);
            sleep(Duration::from_millis(random.below(60))).await;
        }
    }

    /// Finds somebody by the phone, and nobody else.
    async fn find(&self, person: u64) -> Result<(), Failure> {
        let request = object!("contacts.resolvePhone", phone: crowd_phone(person as u32));
        let found = ask(&self.client, &request).await?;
        let user = found.list("users")?.first().ok_or("nobody")?;
        match user.text("first_name")? {
            name if name == format!("Person {person}") => Ok(()),
            other => Err(format!("Person {person} was wanted, {other} came").into()),
        }
    }

    /// Numbered messages to the next account.
    async fn write(&self) {
        let mut random = Random::new(2000 + self.number as u64);
        for number in 0.. {
            if self.ledger.is_stopping() {
                return;
            }
            let request = object!(
                "messages.sendMessage",
                peer: self.next.clone(),
                message: message(self.number, number),
                random_id: (random.next() >> 1) as i64 + 1,
            );
            let end = self.once(&request, "updates").await;
            if let Some(messages) = self.ledger.notes().messages.get_mut(self.number) {
                messages.push(end);
            }
            sleep(Duration::from_millis(random.below(120))).await;
        }
    }

    /// Numbered names.
    async fn rename(&self) {
        let mut random = Random::new(3000 + self.number as u64);
        for number in 0.. {
            if self.ledger.is_stopping() {
                return;
            }
            let request = object!("account.updateProfile", first_name: name(self.number, number));
            let end = self.once(&request, "user").await;
            if let Some(names) = self.ledger.notes().names.get_mut(self.number) {
                names.push(end);
            }
            sleep(Duration::from_millis(random.below(400))).await;
        }
    }

    /// A call that must not be executed twice.
    async fn once(&self, request: &Value, wanted: &str) -> Ended {
        let outcome = self
            .within_deadline(async {
                let answer = ask(&self.client, request).await?;
                if answer.is(wanted) {
                    Ok(())
                } else {
                    Err(format!("{wanted} was wanted, {} came", answer.name()).into())
                }
            })
            .await;
        let end = match &outcome {
            Ok(()) => End::Answered,
            Err(error) => match error.downcast_ref() {
                Some(Error::Rpc { name, .. }) if name == "RANDOM_ID_DUPLICATE" => {
                    self.ledger.violation(format!("sent twice: {request:?}"));
                    End::Unknown
                }
                Some(Error::Rpc { .. }) => End::Refused,
                _ => End::Unknown,
            },
        };
        self.note(outcome);
        self.ledger.ended(end)
    }

    async fn within_deadline(
        &self,
        call: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        match timeout(DEADLINE, call).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no end within {} s", DEADLINE.as_secs()).into()),
        }
    }

    /// A call ended: with a cause that the client names it may fail.
    fn note(&self, outcome: Result<(), Failure>) {
        let Err(error) = outcome else {
            self.ledger.notes().answered += 1;
            return;
        };
        let stated = match error.downcast_ref() {
            Some(
                Error::Rpc { .. }
                | Error::Connect { .. }
                | Error::KeyExchange { .. }
                | Error::Lost { .. }
                | Error::Timeout { .. }
                | Error::Transport { .. },
            ) => true,
            // A bomb among the faults, which was stopped. Any other answer that cannot be used is a wrong one.
            Some(Error::Answer { source, .. }) => source.to_string().contains("grows beyond"),
            _ => false,
        };
        let line = format!("person{}: {error}", self.number);
        if stated {
            self.ledger.log(&line);
            self.ledger.notes().failed(kind(&error));
        } else {
            self.ledger.violation(line);
        }
    }

    /// Takes an update; `newest` is the number of the newest message.
    fn receive(&self, delivery: &Delivery, newest: &mut Option<usize>) {
        match boxed_from_bytes(Schema::api(), &delivery.update) {
            Ok(update) if update.is("updateNewMessage") => {
                if let Some((from, number)) = message_number(update.get("message")) {
                    let is_late = newest.is_some_and(|newest| number < newest);
                    *newest = (*newest).max(Some(number));
                    self.ledger.received(from, number, is_late);
                }
            }
            Ok(_) => {}
            Err(error) => self
                .ledger
                .violation(format!("an update cannot be read: {error}")),
        }
    }
}

/// The text of a numbered message.
pub(super) fn message(from: usize, number: usize) -> String {
    format!("message {from} {number}")
}

/// A numbered name.
pub(super) fn name(of: usize, number: usize) -> String {
    format!("name {of} {number}")
}

/// Sender and number of a message that was received.
fn message_number(message: &Value) -> Option<(usize, usize)> {
    if message.flag("out") {
        return None;
    }
    let text = message.text("message").ok()?.strip_prefix("message ")?;
    let (from, number) = text.split_once(' ')?;
    Some((from.parse().ok()?, number.parse().ok()?))
}

/// The kind of an error of the client: the name of its variant, and the text of the server's.
fn kind(error: &Failure) -> String {
    match error.downcast_ref() {
        Some(Error::Rpc { name, .. }) => name.clone(),
        Some(Error::Transport { code, .. }) => format!("Transport {code}"),
        _ => {
            let text = format!("{error:?}");
            text.split([' ', '(']).next().unwrap_or_default().to_owned()
        }
    }
}
