//! The list of dialogs.

use std::rc::Rc;

use ext_php_rs::types::ZendHashTable;
use madeline_client::info::Dialog;
use madeline_client::peers::{PeerId, PeerKind};

use super::dialect::Dialect;
use super::instance;
use super::instance::Instance;
use super::login::{ask, boxed};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

/// The list in its forms.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getDialogIds", ids).returns(Type::ARRAY),
    Method::new(c"getFullDialogs", full).returns(Type::ARRAY),
    Method::new(c"getDialogs", peers)
        .params(&[Param::optional(c"force", Type::BOOL, c"true")])
        .returns(Type::ARRAY),
];

/// `dialog` constructors by their bot-API ids; users only.
fn full(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    if is_bot(instance)? {
        let text = "You're logged in as a bot: please use getDialogs or getDialogsIds, instead.";
        return Err(Thrown::Exception(text.to_owned()));
    }
    let mut all = ZendHashTable::new();
    for dialog in dialogs(instance)? {
        all.insert_at_index(dialog.peer.bot_api(), boxed(instance, &dialog.bytes)?)?;
    }
    frame.give(all)
}

/// Bot-API ids; of bots, those of everybody they have met.
fn ids(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ids = everybody(instance(frame)?)?;
    frame.give(ids.into_iter().map(PeerId::bot_api).collect::<Vec<_>>())
}

/// `Peer` constructors with Telegram's own ids, as releases before 8 gave them.
fn peers(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    instance.sign_of(Dialect::V7);
    let mut list = ZendHashTable::new();
    for id in everybody(instance)? {
        let (name, key) = match id.kind() {
            PeerKind::User => ("peerUser", "user_id"),
            PeerKind::Chat => ("peerChat", "chat_id"),
            _ => ("peerChannel", "channel_id"),
        };
        let mut peer = ZendHashTable::with_capacity(2);
        peer.insert("_", name)?;
        peer.insert(key, id.raw())?;
        list.push(sink::array(peer))?;
    }
    frame.give(list)
}

/// Everybody that an account has a dialog with; of bots, everybody they have met.
pub(crate) fn everybody(instance: &Rc<Instance>) -> Result<Vec<PeerId>, Thrown> {
    if is_bot(instance)? {
        return Ok(instance.client()?.peers().ids()?);
    }
    let dialogs = dialogs(instance)?;
    Ok(dialogs.into_iter().map(|dialog| dialog.peer).collect())
}

fn dialogs(instance: &Rc<Instance>) -> Result<Vec<Dialog>, Thrown> {
    ask(instance, |client| async move { client.dialogs().await })
}

fn is_bot(instance: &Rc<Instance>) -> Result<bool, Thrown> {
    Ok(instance.client()?.session().is_bot())
}
