//! What holds in the group or channel of a message: who may see what, topics, slow mode, protected content.

use ext_php_rs::types::Zval;

use super::{Subject, given, int};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;

/// Methods that switch something of supergroups on or off: what they are called, what they call, and how.
macro_rules! switches {
    ($($name:literal $method:literal $called:literal $on:literal;)*) => {
        &[$(
            Method::new($name, |frame: &mut Frame<'_>| {
                let subject = Subject::of(frame, $method)?;
                subject.only_in_channels()?;
                toggle(&subject, $called, $on)
            })
            .returns(Type::VOID)
        ),*]
    };
}

/// Of a message in a group.
pub(super) const SETTINGS: &[Method] = switches! {
    c"hideMembers" "hideMembers" "channels.toggleParticipantsHidden" true;
    c"unhideMembers" "unhideMembers" "channels.toggleParticipantsHidden" false;
    c"hideHistory" "hideHistory" "channels.togglePreHistoryHidden" true;
    c"unhideHistory" "unhideHistory" "channels.togglePreHistoryHidden" false;
    c"enableAntiSpam" "enableAntiSpam" "channels.toggleAntiSpam" true;
    c"disableAntiSpam" "disableAntiSpam" "channels.toggleAntiSpam" false;
    // In MadelineProto both switch it off.
    c"enableJoinToComment" "enableJoinToComment" "channels.toggleJoinToSend" true;
    c"disableJoinToComment" "disableJoinToComment" "channels.toggleJoinToSend" false;
};

/// Of a message in a group, too.
pub(super) const SLOW_MODE: &[Method] = &[
    Method::new(c"enableSlowMode", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "enableSlowMode")?;
        subject.only_in_channels()?;
        if frame.int(0) == Some(0) {
            return Err(subject.refused("seconds: a number other than 0 was expected"));
        }
        slow_mode(&subject, given(frame, 0))
    })
    .params(&[Param::required(c"seconds", Type::INT)])
    .returns(Type::VOID),
    Method::new(c"disableSlowMode", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "disableSlowMode")?;
        subject.only_in_channels()?;
        slow_mode(&subject, int(0)?)
    })
    .returns(Type::VOID),
];

/// Of a message in a group or channel.
pub(super) const PROTECTION: &[Method] = &[
    Method::new(c"enableProtection", |frame: &mut Frame<'_>| {
        protect(&Subject::of(frame, "enableProtection")?, true)
    })
    .returns(Type::VOID),
    Method::new(c"disableProtection", |frame: &mut Frame<'_>| {
        protect(&Subject::of(frame, "disableProtection")?, false)
    })
    .returns(Type::VOID),
];

/// Calls a method that switches something of a channel.
pub(super) fn toggle(subject: &Subject<'_>, called: &str, on: bool) -> Result<(), Thrown> {
    let arguments = [("channel", subject.chat()), ("enabled", Zval::from(on))];
    subject.call(called, arguments).map(drop)
}

fn slow_mode(subject: &Subject<'_>, seconds: Zval) -> Result<(), Thrown> {
    let arguments = [("channel", subject.chat()), ("seconds", seconds)];
    subject.call("channels.toggleSlowMode", arguments).map(drop)
}

fn protect(subject: &Subject<'_>, on: bool) -> Result<(), Thrown> {
    let arguments = [("peer", subject.chat()), ("enabled", Zval::from(on))];
    subject
        .call("messages.toggleNoForwards", arguments)
        .map(drop)
}
