//! Broadcasts: the same to everybody that an account has a dialog with, one after the other, while the script does
//! something else.
//!
//! A broadcast runs in a fiber (see `coroutine.rs`): whenever the script waits, and no longer than the script.

mod run;

use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::PeerId;

use crate::api::instance;
use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::types::ipc_capable::IPC_CAPABLE;
use crate::types::update::UPDATE;
use crate::zval::entries::values;
use crate::zval::sink;

/// What a broadcast does for each peer.
static ACTION: Class = Class {
    name: c"danog\\MadelineProto\\Broadcast\\Action",
    flags: Class::INTERFACE,
    methods: &[Method::without_body(c"act")
        .params(&[
            Param::required(c"broadcastId", Type::INT),
            Param::required(c"peer", Type::INT),
            Param::required(
                c"cancellation",
                Type::class(c"Amp\\Cancellation").nullable(),
            ),
        ])
        .returns(Type::VOID)],
    ..Class::DEFAULT
};

/// How far a broadcast is.
static STATUS: Class = Class {
    name: c"danog\\MadelineProto\\Broadcast\\Status",
    cases: &[
        Stage::GatheringPeers.case(),
        Stage::Broadcasting.case(),
        Stage::Finished.case(),
        Stage::Cancelled.case(),
    ],
    ..Class::DEFAULT
};

/// Who gets it.
static FILTER: Class = Class {
    name: c"danog\\MadelineProto\\Broadcast\\Filter",
    flags: Class::FINAL,
    properties: &[
        Property::new(c"allowUsers", Type::BOOL, Literal::Uninitialized).readonly(),
        Property::new(c"allowBots", Type::BOOL, Literal::Uninitialized).readonly(),
        Property::new(c"allowGroups", Type::BOOL, Literal::Uninitialized).readonly(),
        Property::new(c"allowChannels", Type::BOOL, Literal::Uninitialized).readonly(),
        Property::new(c"blacklist", Type::ARRAY, Literal::Uninitialized).readonly(),
        Property::new(c"whitelist", Type::ARRAY.nullable(), Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", construct_filter).params(&[
            Param::required(c"allowUsers", Type::BOOL),
            Param::required(c"allowBots", Type::BOOL),
            Param::required(c"allowGroups", Type::BOOL),
            Param::required(c"allowChannels", Type::BOOL),
            Param::optional(c"blacklist", Type::ARRAY, c"[]"),
            Param::optional(c"whitelist", Type::ARRAY.nullable(), c"null"),
        ]),
        Method::new(c"default", |frame: &mut Frame<'_>| {
            let mut object = FILTER.instantiate();
            fill_filter(Object::new(&mut object), [true; 4], None, None);
            frame.give(object)
        })
        .returns(Type::class(c"self"))
        .of_class(),
    ],
    ..Class::DEFAULT
};

/// How far it is, in numbers.
pub(crate) static PROGRESS: Class = Class {
    name: c"danog\\MadelineProto\\Broadcast\\Progress",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&UPDATE)),
    properties: &[
        Property::new(c"percent", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"broadcastId", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(
            c"status",
            Type::class(c"danog\\MadelineProto\\Broadcast\\Status"),
            Literal::Uninitialized,
        )
        .readonly(),
        Property::new(c"pendingCount", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"successCount", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"failCount", Type::INT, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"__toString", describe).returns(Type::STRING),
        Method::new(c"jsonSerialize", json).returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[&ACTION, &STATUS, &FILTER, &PROGRESS];

const FILTER_PARAM: Param = Param::optional(
    c"filter",
    Type::class(c"danog\\MadelineProto\\Broadcast\\Filter").nullable(),
    c"null",
);
const PIN: Param = Param::optional(c"pin", Type::BOOL, c"false");
const DELAY: Param = Param::optional(c"delay", Type::FLOAT.nullable(), c"null");
const ID: &[Param] = &[Param::required(c"id", Type::INT)];

/// Starting, watching and ending them.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"broadcastMessages", |frame: &mut Frame<'_>| {
        let messages = frame.array(0).map(|list| sink::array(list.to_owned()));
        let action = run::Action::Messages {
            messages: messages.unwrap_or_default(),
            pin: frame.bool(2).unwrap_or_default(),
        };
        start(frame, action, 1, 3)
    })
    .params(&[
        Param::required(c"messages", Type::ARRAY),
        FILTER_PARAM,
        PIN,
        DELAY,
    ])
    .returns(Type::INT),
    Method::new(c"broadcastForwardMessages", |frame: &mut Frame<'_>| {
        let copy = |index| {
            frame
                .arg(index)
                .map(Zval::shallow_clone)
                .unwrap_or_default()
        };
        let action = run::Action::Forward {
            from: copy(0),
            ids: copy(1),
            drop_author: frame.bool(2).unwrap_or_default(),
            pin: frame.bool(4).unwrap_or_default(),
        };
        start(frame, action, 3, 5)
    })
    .params(&[
        Param::required(c"from_peer", Type::MIXED),
        Param::required(c"message_ids", Type::ARRAY),
        Param::optional(c"drop_author", Type::BOOL, c"false"),
        FILTER_PARAM,
        PIN,
        DELAY,
    ])
    .returns(Type::INT),
    Method::new(c"broadcastCustom", |frame: &mut Frame<'_>| {
        let action = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
        start(frame, run::Action::Custom(action), 1, 2)
    })
    .params(&[
        Param::required(
            c"action",
            Type::class(c"danog\\MadelineProto\\Broadcast\\Action"),
        ),
        FILTER_PARAM,
        DELAY,
    ])
    .returns(Type::INT),
    Method::new(c"getBroadcastProgress", |frame: &mut Frame<'_>| {
        if let Some(broadcast) = find(frame)? {
            frame.give_zval(progress(&broadcast)?);
        }
        Ok(())
    })
    .params(ID)
    .returns(Type::class(c"danog\\MadelineProto\\Broadcast\\Progress").nullable()),
    Method::new(c"cancelBroadcast", |frame: &mut Frame<'_>| {
        if let Some(broadcast) = find(frame)?
            && broadcast.stage.get() != Stage::Finished
        {
            broadcast.set_stage(Stage::Cancelled)?;
        }
        Ok(())
    })
    .params(ID)
    .returns(Type::VOID),
];

/// How far a broadcast is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    GatheringPeers,
    Broadcasting,
    Finished,
    Cancelled,
}

impl Stage {
    const fn case(self) -> &'static CStr {
        match self {
            Self::GatheringPeers => c"GATHERING_PEERS",
            Self::Broadcasting => c"BROADCASTING",
            Self::Finished => c"FINISHED",
            Self::Cancelled => c"CANCELLED",
        }
    }
}

/// A broadcast of this request.
struct Broadcast {
    of: Rc<Instance>,
    id: i64,
    stage: Cell<Stage>,
    pending: Cell<i64>,
    succeeded: Cell<i64>,
    failed: Cell<i64>,
}

impl Broadcast {
    fn set_stage(&self, stage: Stage) -> Result<(), Thrown> {
        self.stage.set(stage);
        self.moved()
    }

    /// Tells who handles updates.
    fn moved(&self) -> Result<(), Thrown> {
        self.of.updates().progressed(self.id, progress(self)?);
        Ok(())
    }
}

/// Who gets a broadcast.
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of peers")]
struct Filter {
    users: bool,
    bots: bool,
    groups: bool,
    channels: bool,
    blacklist: Vec<i64>,
    whitelist: Option<Vec<PeerId>>,
}

thread_local! {
    static BROADCASTS: RefCell<Vec<Rc<Broadcast>>> = const { RefCell::new(Vec::new()) };
}

/// Where the session keeps the number of the last one.
const LAST: &str = "last_broadcast";

/// At the end of a request.
pub(crate) fn end_of_request() {
    drop(BROADCASTS.take());
}

fn start(
    frame: &mut Frame<'_>,
    action: run::Action,
    filter_at: usize,
    delay_at: usize,
) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let filter = read_filter(frame.object(filter_at))?;
    let delay = run::delay(frame.arg(delay_at).and_then(Zval::double))?;
    let session = instance.client()?;
    let last = session.session().setting(LAST)?;
    let last: i64 = last
        .and_then(|last| String::from_utf8(last).ok()?.parse().ok())
        .unwrap_or_default();
    let id = last + 1;
    session
        .session()
        .set_setting(LAST, Some(id.to_string().as_bytes()))?;
    let broadcast = Rc::new(Broadcast {
        of: Rc::clone(instance),
        id,
        stage: Cell::new(Stage::GatheringPeers),
        pending: Cell::default(),
        succeeded: Cell::default(),
        failed: Cell::default(),
    });
    BROADCASTS.with_borrow_mut(|all| all.push(Rc::clone(&broadcast)));
    run::start(broadcast, filter, action, delay)?;
    frame.give(id)
}

/// The broadcast of the session that a call names.
fn find(frame: &Frame<'_>) -> Result<Option<Rc<Broadcast>>, Thrown> {
    let (instance, id) = (instance(frame)?, frame.int(0));
    Ok(BROADCASTS.with_borrow(|all| {
        all.iter()
            .find(|it| Some(it.id) == id && it.of.directory() == instance.directory())
            .map(Rc::clone)
    }))
}

fn progress(broadcast: &Broadcast) -> Result<Zval, Thrown> {
    let (pending, succeeded, failed) = (
        broadcast.pending.get(),
        broadcast.succeeded.get(),
        broadcast.failed.get(),
    );
    let all = pending + succeeded + failed;
    let percent = match broadcast.stage.get() {
        Stage::Finished => 100,
        _ if all == 0 => 0,
        _ => (succeeded + failed) * 100 / all,
    };
    let mut object = PROGRESS.instantiate();
    let slots = Object::new(&mut object);
    // Without the API object itself, which may keep this one among its updates.
    IPC_CAPABLE.fill(slots, [broadcast.of.path()]);
    for (property, number) in [
        ("percent", percent),
        ("broadcastId", broadcast.id),
        ("pendingCount", pending),
        ("successCount", succeeded),
        ("failCount", failed),
    ] {
        PROGRESS.initialize(slots, property, number.into_zval(false)?);
    }
    let status = STATUS.case(broadcast.stage.get().case());
    PROGRESS.initialize(slots, "status", status);
    Ok(object.into_zval(false)?)
}

/// A sentence for people.
fn describe(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let number = |property| -> Result<i64, Thrown> {
        Ok(PROGRESS
            .read_set(this, property)?
            .long()
            .unwrap_or_default())
    };
    let text = format!(
        "Broadcast {}: {}%, {}, {} sent, {} failed, {} left",
        number("broadcastId")?,
        number("percent")?,
        status_name(this)?,
        number("successCount")?,
        number("failCount")?,
        number("pendingCount")?,
    );
    frame.give(text)
}

fn json(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut json = ZendHashTable::new();
    json.insert("_", "updateBroadcastProgress")?;
    json.insert("status", status_name(this)?)?;
    for property in [
        "percent",
        "broadcastId",
        "pendingCount",
        "successCount",
        "failCount",
    ] {
        json.insert(property, PROGRESS.read_set(this, property)?)?;
    }
    frame.give(json)
}

fn status_name(progress: &Object) -> Result<String, Thrown> {
    let status = PROGRESS.read_set(progress, "status")?;
    let name = status.object().map(|status| STATUS.read(status, "name"));
    Ok(name.and_then(|name| name.string()).unwrap_or_default())
}

fn construct_filter(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let allowed = [0, 1, 2, 3].map(|index| frame.bool(index).unwrap_or_default());
    fill_filter(frame.this()?, allowed, frame.arg(4), frame.arg(5));
    Ok(())
}

fn fill_filter(
    object: &Object,
    allowed: [bool; 4],
    blacklist: Option<&Zval>,
    whitelist: Option<&Zval>,
) {
    let names = ["allowUsers", "allowBots", "allowGroups", "allowChannels"];
    for (name, allowed) in names.into_iter().zip(allowed) {
        FILTER.initialize(object, name, Zval::from(allowed));
    }
    let blacklist =
        blacklist.map_or_else(|| sink::array(ZendHashTable::new()), Zval::shallow_clone);
    FILTER.initialize(object, "blacklist", blacklist);
    let whitelist = whitelist.map(Zval::shallow_clone).unwrap_or_default();
    FILTER.initialize(object, "whitelist", whitelist);
}

fn read_filter(given: Option<&Object>) -> Result<Filter, Thrown> {
    let truth = |name| given.is_none_or(|filter| FILTER.read(filter, name).bool() != Some(false));
    let list = |name| given.map(|filter| FILTER.read(filter, name));
    let whitelist = match list("whitelist") {
        Some(list) if list.is_array() => Some(
            ids(&list)?
                .into_iter()
                .map(|id| {
                    PeerId::from_bot_api(id).ok_or_else(|| {
                        Thrown::Exception(format!(
                            "the whitelist of a broadcast has {id}, which is no id of a peer"
                        ))
                    })
                })
                .collect::<Result<Vec<_>, _>>()?,
        ),
        _ => None,
    };
    Ok(Filter {
        users: truth("allowUsers"),
        bots: truth("allowBots"),
        groups: truth("allowGroups"),
        channels: truth("allowChannels"),
        blacklist: list("blacklist")
            .map(|list| ids(&list))
            .transpose()?
            .unwrap_or_default(),
        whitelist,
    })
}

fn ids(list: &Zval) -> Result<Vec<i64>, Thrown> {
    list.array()
        .into_iter()
        .flat_map(values)
        .map(|id| {
            id.dereference().long().ok_or_else(|| {
                Thrown::Exception(
                    "the lists of a broadcast's filter are ids of peers: ints were expected"
                        .to_owned(),
                )
            })
        })
        .collect()
}
