//! What is on the disk when the process is gone.

use std::cell::RefCell;
use std::collections::HashSet;
use std::iter::empty;
use std::time::Duration;

use tempfile::TempDir;

use crate::updates::machine::{ACCOUNT, Kept, Mark, Position, Step};
use crate::updates::read::State;
use crate::updates::store::Store;
use crate::{DcId, Session, Storage};

const LAYER: i32 = 227;

/// Where a session is: in a directory, or on a server, where another machine goes on after each crash.
struct Place {
    parent: TempDir,
    storage: Option<Storage>,
    sessions: RefCell<Vec<Session>>,
}

impl Place {
    async fn new(storage: Option<Storage>) -> Place {
        let place = Place {
            parent: TempDir::new().unwrap(),
            storage,
            sessions: RefCell::default(),
        };
        place.crash().await;
        place
    }

    async fn crash(&self) {
        let count = self.sessions.borrow().len();
        if self.storage.is_none() && count > 0 {
            return;
        }
        if let Some(session) = self.sessions.borrow().last() {
            session.crash(true);
        }
        let directory = self.parent.path().join(count.to_string());
        let session = Session::open(&directory, DcId(2), Duration::ZERO)
            .await
            .unwrap();
        if let Some(storage) = &self.storage {
            session.share(storage, Duration::ZERO).await.unwrap();
        }
        self.sessions.borrow_mut().push(session);
    }

    fn session(&self) -> Session {
        self.sessions.borrow().last().unwrap().clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What the tests have forgotten would keep it in use for ever.
        if let Some(session) = self.sessions.borrow().last() {
            session.crash(true);
        }
    }
}

/// Each test with a session of one machine, and those that do not take thousands of steps with sessions on servers.
macro_rules! everywhere {
    ([$($name:ident)*] here [$($local:ident)*]) => {
        mod here {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Place::new(None).await).await;
            })*
            $(#[tokio::test]
            async fn $local() {
                super::$local(super::Place::new(None).await).await;
            })*
        }

        mod on_servers {
            $(#[tokio::test]
            async fn $name() {
                for storage in crate::session::servers::storages() {
                    super::$name(super::Place::new(Some(storage)).await).await;
                }
            })*
        }
    };
}

everywhere! {
    [
        each_step_is_there_after_a_crash_and_after_a_fold
        what_was_told_of_an_object_is_remembered_until_the_object_is_through
        what_was_handled_before_its_turn_is_remembered_until_the_sequence_has_caught_up
        a_difference_stays_until_it_was_handled_to_its_end
        a_difference_of_another_layer_is_fetched_again
        another_account_finds_nothing_of_the_former_one
    ]
    here [
        of_what_was_handled_before_its_turn_little_is_kept_that_has_had_it
        a_full_journal_goes_into_the_database_and_begins_anew
    ]
}

fn mark(key: i64, step: Step) -> Mark {
    Mark { key, step }
}

fn position(store: &Store, key: i64) -> Option<Position> {
    let mut positions = store.positions();
    positions.find(|(of, _)| *of == key).map(|(_, it)| *it)
}

fn pts(store: &Store, key: i64) -> Option<i32> {
    position(store, key).map(|position| position.state.pts)
}

/// Goes on after a crash.
async fn open(place: &Place) -> (Store, Vec<Kept>) {
    place.crash().await;
    Store::open(place.session(), LAYER).unwrap()
}

async fn each_step_is_there_after_a_crash_and_after_a_fold(place: Place) {
    let (mut store, kept) = open(&place).await;
    assert!(kept.is_empty());
    assert_eq!(position(&store, ACCOUNT), None);
    let state = State {
        pts: 5,
        qts: 6,
        date: 7,
        seq: 8,
    };
    let through = Step::Through { number: 0, state };
    for step in [through, Step::Pts(9), Step::Qts(10)] {
        store.apply(mark(ACCOUNT, step)).unwrap();
    }
    let seq = Step::Seq { seq: 11, date: 12 };
    store.apply(mark(ACCOUNT, seq)).unwrap();
    store.apply(mark(77, Step::Pts(100))).unwrap();
    store.apply(mark(77, Step::Active)).unwrap();
    store.apply(mark(78, Step::Pts(1))).unwrap();
    store.apply(mark(78, Step::Active)).unwrap();
    store.apply(mark(78, Step::Gone { pts: 2 })).unwrap();
    // Forgotten, not closed: nothing more is written.
    std::mem::forget(store);
    for _ in 0..2 {
        let (store, _) = open(&place).await;
        let account = position(&store, ACCOUNT).unwrap().state;
        let expected = State {
            pts: 9,
            qts: 10,
            date: 12,
            seq: 11,
        };
        assert_eq!(account, expected);
        assert_eq!(pts(&store, 77), Some(100));
        assert!(position(&store, 77).unwrap().active);
        assert_eq!(pts(&store, 78), Some(2));
        assert!(!position(&store, 78).unwrap().active);
    }
    let (mut store, _) = open(&place).await;
    store.fold(&HashSet::new(), empty()).unwrap();
    drop(store);
    let (store, _) = open(&place).await;
    assert!(!position(&store, 77).unwrap().active);
}

async fn what_was_told_of_an_object_is_remembered_until_the_object_is_through(place: Place) {
    let (mut store, _) = open(&place).await;
    let told = |store: &Store| store.told().collect::<Vec<_>>();
    let seq = |seq| mark(ACCOUNT, Step::Seq { seq, date: seq });
    store.apply(seq(4)).unwrap();
    for digest in [u64::MAX, 1] {
        store.apply(mark(ACCOUNT, Step::Told(digest))).unwrap();
    }
    store.apply(mark(ACCOUNT, Step::Pts(9))).unwrap();
    std::mem::forget(store);
    // From the journal, then from the database.
    let (store, _) = open(&place).await;
    assert_eq!(told(&store), [u64::MAX, 1]);
    std::mem::forget(store);
    let (mut store, _) = open(&place).await;
    assert_eq!(told(&store), [u64::MAX, 1]);
    store.apply(seq(5)).unwrap();
    assert!(told(&store).is_empty());
    std::mem::forget(store);
    for _ in 0..2 {
        let (store, _) = open(&place).await;
        assert!(told(&store).is_empty());
        std::mem::forget(store);
    }
}

async fn what_was_handled_before_its_turn_is_remembered_until_the_sequence_has_caught_up(
    place: Place,
) {
    let ahead = |store: &Store| {
        let mut all: Vec<(i64, u64)> = store.ahead().collect();
        all.sort_unstable();
        all
    };
    let (mut store, _) = open(&place).await;
    store.apply(mark(ACCOUNT, Step::Pts(1))).unwrap();
    for (key, identity) in [(ACCOUNT, u64::MAX), (77, 5), (77, 6)] {
        store.apply(mark(key, Step::Ahead(identity))).unwrap();
    }
    // In this life it is known who is handled.
    assert_eq!(ahead(&store), []);
    std::mem::forget(store);
    let all = [(ACCOUNT, u64::MAX), (77, 5), (77, 6)];
    // From the journal, then from the database.
    for _ in 0..2 {
        let (store, _) = open(&place).await;
        assert_eq!(ahead(&store), all);
        std::mem::forget(store);
    }
    let (mut store, _) = open(&place).await;
    store.apply(mark(77, Step::Ahead(7))).unwrap();
    store.apply(mark(77, Step::CaughtUp)).unwrap();
    assert_eq!(ahead(&store), [(ACCOUNT, u64::MAX)]);
    store.apply(mark(ACCOUNT, Step::CaughtUp)).unwrap();
    store.fold(&HashSet::new(), empty()).unwrap();
    std::mem::forget(store);
    let (store, _) = open(&place).await;
    assert_eq!(ahead(&store), []);
}

async fn of_what_was_handled_before_its_turn_little_is_kept_that_has_had_it(place: Place) {
    let (mut store, _) = open(&place).await;
    let mut last = Vec::new();
    for identity in 0..40_000 {
        let next = mark(77, Step::Ahead(identity));
        last = [last, vec![next]].concat();
        last.drain(..last.len().saturating_sub(3));
        if store.is_full() {
            store.fold(&HashSet::new(), last.iter().copied()).unwrap();
        }
        store.apply(next).unwrap();
    }
    std::mem::forget(store);
    let (store, _) = open(&place).await;
    let found: HashSet<(i64, u64)> = store.ahead().collect();
    assert!(last.iter().all(|mark| match mark.step {
        Step::Ahead(identity) => found.contains(&(77, identity)),
        _ => false,
    }));
    assert!(found.len() < 6_000, "{}", found.len());
}

async fn a_full_journal_goes_into_the_database_and_begins_anew(place: Place) {
    let (mut store, _) = open(&place).await;
    let mut folds = 0;
    for number in 1..10_000 {
        if store.is_full() {
            store.fold(&HashSet::new(), empty()).unwrap();
            folds += 1;
        }
        store
            .apply(mark(i64::from(number % 3), Step::Pts(number)))
            .unwrap();
    }
    assert_eq!(folds, 2);
    std::mem::forget(store);
    let (store, _) = open(&place).await;
    let all: Vec<Option<i32>> = (0..3).map(|key| pts(&store, key)).collect();
    assert_eq!(all, [Some(9999), Some(9997), Some(9998)]);
}

async fn a_difference_stays_until_it_was_handled_to_its_end(place: Place) {
    let (mut store, _) = open(&place).await;
    let state = State::of_channel(3);
    let through = Step::Through { number: 0, state };
    store.apply(mark(77, through)).unwrap();
    let number = store.keep(77, state, LAYER, b"the answer").unwrap();
    let handled = |store: &mut Store, index| {
        store.apply(mark(77, Step::Part { number, index })).unwrap();
    };
    let (mut store, kept) = open(&place).await;
    assert_eq!((kept[0].key, kept[0].handled, kept[0].base), (77, 0, state));
    assert_eq!(&kept[0].answer[..], b"the answer");
    handled(&mut store, 2);
    let (mut store, kept) = open(&place).await;
    assert_eq!((kept[0].number, kept[0].handled), (number, 2));
    let state = State::of_channel(9);
    store
        .apply(mark(77, Step::Through { number, state }))
        .unwrap();
    let (mut store, kept) = open(&place).await;
    assert!(kept.is_empty());
    assert_eq!(pts(&store, 77), Some(9));
    // A channel that was forgotten and comes again does not find it either.
    let number = store.keep(77, state, LAYER, b"another").unwrap();
    store.apply(mark(77, Step::Gone { pts: 3 })).unwrap();
    store.apply(mark(77, Step::Pts(20))).unwrap();
    let (_, kept) = open(&place).await;
    assert!(kept.is_empty(), "{number}");
}

async fn a_difference_of_another_layer_is_fetched_again(place: Place) {
    let (mut store, _) = open(&place).await;
    store.apply(mark(77, Step::Pts(3))).unwrap();
    let base = State::of_channel(3);
    store.keep(77, base, LAYER - 1, b"the answer").unwrap();
    drop(store);
    let (store, kept) = open(&place).await;
    assert!(kept.is_empty());
    assert!(position(&store, 77).unwrap().active);
}

async fn another_account_finds_nothing_of_the_former_one(place: Place) {
    let (mut store, _) = open(&place).await;
    store.apply(mark(ACCOUNT, Step::Pts(3))).unwrap();
    store
        .keep(ACCOUNT, State::default(), LAYER, b"the answer")
        .unwrap();
    store.fold(&HashSet::new(), empty()).unwrap();
    store.apply(mark(ACCOUNT, Step::Pts(4))).unwrap();
    drop(store);
    place.session().forget_account(&[], false).unwrap();
    let (store, kept) = open(&place).await;
    assert_eq!(store.positions().count(), 0);
    assert!(kept.is_empty());
}
