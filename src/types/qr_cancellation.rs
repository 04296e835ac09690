//! What ends a wait when a QR code has expired, or was scanned.
//!
//! Calls and waits of ours take these objects as `cancellation`. Where a script has Amp, the end of a code's time is one of
//! Amp's own, which Amp's functions take as well.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendObject, Zval};

use crate::api::instance::Instance;
use crate::class::{self, Class, Frame, Method, Object, State, StateLayout, Type};
use crate::exceptions::Thrown;
use crate::{call, events, function, runtime};

/// The class.
pub(super) static QR_CANCELLATION: Class = Class {
    name: c"danog\\MadelineProto\\TL\\Types\\LoginQrCancellation",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"isRequested", |frame: &mut Frame<'_>| {
            let requested = is_requested(frame)?;
            frame.give(requested)
        })
        .returns(Type::BOOL),
        Method::new(c"throwIfRequested", |frame: &mut Frame<'_>| {
            if is_requested(frame)? {
                return Err(cancelled());
            }
            Ok(())
        })
        .returns(Type::VOID),
    ],
    state: Some(StateLayout::of::<CancellationState>()),
    ..Class::DEFAULT
};

/// When the wait ends.
enum Until {
    /// At this time.
    Time(Instant),
    /// When the code was scanned.
    Login(Rc<Instance>),
}

/// What the object waits for.
#[derive(Default)]
pub(crate) struct CancellationState {
    until: OnceCell<Until>,
}

impl State for CancellationState {
    fn class() -> &'static Class {
        &QR_CANCELLATION
    }
}

/// Requested when this time is over.
pub(super) fn of_expiration(remaining: Duration) -> Result<Zval, Thrown> {
    let seconds = Zval::from(remaining.as_secs_f64());
    match made("Amp\\TimeoutCancellation", &mut [seconds])? {
        Some(own) => Ok(own.into_zval(false)?),
        None => Ok(new(Until::Time(Instant::now() + remaining))),
    }
}

/// Requested when somebody has scanned the session's code.
pub(super) fn of_login(instance: &Rc<Instance>) -> Zval {
    new(Until::Login(Rc::clone(instance)))
}

fn new(until: Until) -> Zval {
    let mut object = QR_CANCELLATION.instantiate();
    if let Some(state) = Class::state::<CancellationState>(Object::new(&mut object)) {
        state.until.get_or_init(|| until);
    }
    object.into_zval(false).unwrap_or_default()
}

fn is_requested(frame: &Frame<'_>) -> Result<bool, Thrown> {
    match frame.state::<CancellationState>()?.until.get() {
        None => Ok(false),
        Some(Until::Time(time)) => Ok(Instant::now() >= *time),
        Some(Until::Login(instance)) => {
            let client = instance.client()?;
            runtime::wait(async move { client.was_qr_scanned().await })?
                .map_err(|error| call::thrown(instance, error))
        }
    }
}

/// Amp's exception, where a script has it.
fn cancelled() -> Thrown {
    match made("Amp\\CancelledException", &mut []) {
        Ok(Some(exception)) => Thrown::Made(exception),
        Ok(None) => Thrown::Exception("The operation was cancelled".to_owned()),
        Err(thrown) => thrown,
    }
}

/// A new object of a class of the script's, where it has that class.
fn made(class: &str, arguments: &mut [Zval]) -> Result<Option<ZBox<ZendObject>>, Thrown> {
    let class = events::find_class(class.as_bytes());
    Thrown::pending()?;
    let Some(class) = class else {
        return Ok(None);
    };
    // SAFETY: a class that PHP has just found; Amp's are not abstract.
    let object = unsafe { class::instantiate(class) };
    function::call_public(class, Some(Object::of(&object)), "__construct", arguments)?;
    Ok(Some(object))
}
