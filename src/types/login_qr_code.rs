//! `\danog\MadelineProto\TL\Types\LoginQrCode`: what a device of the user scans to log in.

use std::cell::OnceCell;
use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::QrToken;
use qrcode::{Color, EcLevel, QrCode};

use crate::api::instance::Instance;
use crate::call::{self, cancellation};
use crate::class::{
    Base, Class, Frame, Literal, Method, Object, Param, Property, State, StateLayout, Type,
};
use crate::exceptions::Thrown;
use crate::types::qr_cancellation;
use crate::zval::sink;

/// The class.
pub(crate) static LOGIN_QR_CODE: Class = Class {
    name: c"danog\\MadelineProto\\TL\\Types\\LoginQrCode",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::new(c"link", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"expiry", Type::INT, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"isExpired", |frame: &mut Frame<'_>| {
            let expired = token(frame)?.remaining().is_zero();
            frame.give(expired)
        })
        .returns(Type::BOOL),
        Method::new(c"expiresIn", |frame: &mut Frame<'_>| {
            let seconds = token(frame)?.remaining().as_secs_f64().ceil() as i64;
            frame.give(seconds)
        })
        .returns(Type::INT),
        Method::new(c"waitForLoginOrQrCodeExpiration", wait)
            .params(&[Param::optional(
                c"customCancellation",
                Type::OBJECT.nullable(),
                c"null",
            )])
            .returns(Type::class(c"self").nullable()),
        Method::new(c"getExpirationCancellation", |frame: &mut Frame<'_>| {
            let remaining = token(frame)?.remaining();
            let cancellation = qr_cancellation::of_expiration(remaining)?;
            frame.give_zval(cancellation);
            Ok(())
        })
        .returns(Type::OBJECT),
        Method::new(c"getLoginCancellation", |frame: &mut Frame<'_>| {
            let state = frame.state::<CodeState>()?;
            if let Some(instance) = state.instance.get() {
                frame.give_zval(qr_cancellation::of_login(instance));
            }
            Ok(())
        })
        .returns(Type::OBJECT),
        Method::new(c"getQRText", text)
            .params(&[Param::optional(c"margin", Type::INT, c"2")])
            .returns(Type::STRING),
        Method::new(c"getQRSvg", svg)
            .params(&[
                Param::optional(c"size", Type::INT, c"400"),
                Param::optional(c"margin", Type::INT, c"4"),
            ])
            .returns(Type::STRING),
        Method::new(c"jsonSerialize", json_serialize).returns(Type::ARRAY),
    ],
    state: Some(StateLayout::of::<CodeState>()),
    ..Class::DEFAULT
};

/// More than this is a mistake, and would be a lot of memory.
const MAX_MARGIN: i64 = 1000;
const MAX_SIZE: i64 = 100_000;

/// The API object that logs in.
#[derive(Default)]
pub(crate) struct CodeState {
    instance: OnceCell<Rc<Instance>>,
}

impl State for CodeState {
    fn class() -> &'static Class {
        &LOGIN_QR_CODE
    }
}

/// A new object.
pub(crate) fn new(instance: &Rc<Instance>, token: &QrToken) -> Zval {
    let mut object = LOGIN_QR_CODE.instantiate();
    let slots = Object::new(&mut object);
    if let Some(state) = Class::state::<CodeState>(slots) {
        state.instance.get_or_init(|| Rc::clone(instance));
    }
    let mut expiry = Zval::new();
    expiry.set_long(token.expires);
    LOGIN_QR_CODE.initialize(slots, "link", sink::text(token.link.as_bytes()));
    LOGIN_QR_CODE.initialize(slots, "expiry", expiry);
    let mut value = Zval::new();
    value.set_object(&mut object);
    value
}

/// Waits until the code was scanned (null), or has expired: the next code.
fn wait(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let shown = token(frame)?;
    let state = frame.state::<CodeState>()?;
    let Some(instance) = state.instance.get() else {
        return Ok(());
    };
    let client = instance.client()?;
    let next = cancellation::wait(frame.arg(0), async move {
        client.wait_for_qr_login(&shown).await
    })?
    .map_err(|error| call::thrown(instance, error))?;
    if let Some(next) = next {
        frame.give_zval(new(instance, &next));
    }
    Ok(())
}

fn token(frame: &Frame<'_>) -> Result<QrToken, Thrown> {
    let this = frame.this()?;
    Ok(QrToken {
        link: LOGIN_QR_CODE
            .read(this, "link")
            .str()
            .unwrap_or_default()
            .to_owned(),
        expires: LOGIN_QR_CODE
            .read(this, "expiry")
            .long()
            .unwrap_or_default(),
    })
}

/// Text for terminals, two rows of modules a line.
fn text(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let margin = number(frame, 0, "margin", 2, MAX_MARGIN)?;
    let matrix = Matrix::of(&token(frame)?.link)?;
    frame.give(matrix.text(margin))
}

/// An SVG image of `size` by `size` pixels, with a margin of modules.
fn svg(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let size = number(frame, 0, "size", 400, MAX_SIZE)?;
    let margin = number(frame, 1, "margin", 4, MAX_MARGIN)?;
    let matrix = Matrix::of(&token(frame)?.link)?;
    frame.give(matrix.svg(size, margin))
}

fn number(
    frame: &Frame<'_>,
    index: usize,
    name: &str,
    default: i64,
    most: i64,
) -> Result<usize, Thrown> {
    let number = frame.int(index).unwrap_or(default);
    usize::try_from(number)
        .ok()
        .filter(|_| number <= most)
        .ok_or_else(|| {
            Thrown::Exception(format!(
                "${name} of a QR code must be 0 to {most}, {number} was given"
            ))
        })
}

fn json_serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let token = token(frame)?;
    let mut json = ZendHashTable::with_capacity(2);
    json.insert("link", token.link)?;
    json.insert("expiry", token.expires)?;
    frame.give(json)
}

/// The modules of a code.
pub(crate) struct Matrix {
    width: usize,
    modules: Vec<Color>,
}

impl Matrix {
    /// The code of a link.
    pub(crate) fn of(link: &str) -> Result<Self, Thrown> {
        let code = QrCode::with_error_correction_level(link, EcLevel::L)
            .map_err(|error| Thrown::Exception(format!("cannot make a QR code: {error}")))?;
        Ok(Self {
            width: code.width(),
            modules: code.into_colors(),
        })
    }

    /// Whether a module is dark; `margin` modules around the code are light.
    fn is_dark(&self, column: usize, row: usize, margin: usize) -> bool {
        let (Some(column), Some(row)) = (column.checked_sub(margin), row.checked_sub(margin))
        else {
            return false;
        };
        column < self.width && self.modules.get(row * self.width + column) == Some(&Color::Dark)
    }

    /// Dark on light, in half blocks: for terminals whose text is dark, and readable by most scanners in others.
    pub(crate) fn text(&self, margin: usize) -> String {
        let side = self.width + 2 * margin;
        let mut text = String::with_capacity(side * (side + 1) * 2);
        for row in (0..side).step_by(2) {
            for column in 0..side {
                let dark = |row| self.is_dark(column, row, margin);
                text.push(match (dark(row), dark(row + 1)) {
                    (true, true) => '\u{2588}',
                    (true, false) => '\u{2580}',
                    (false, true) => '\u{2584}',
                    (false, false) => '\u{a0}',
                });
            }
            text.push('\n');
        }
        text
    }

    /// An image of `size` by `size` pixels.
    pub(crate) fn svg(&self, size: usize, margin: usize) -> String {
        let extent = self.width + 2 * margin;
        let places = (0..extent).flat_map(|row| (0..extent).map(move |column| (column, row)));
        let squares: String = places
            .filter(|&(column, row)| self.is_dark(column, row, margin))
            .fold(String::new(), |squares, (column, row)| {
                squares + "M" + &column.to_string() + " " + &row.to_string() + "h1v1h-1z"
            });
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" \
             width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {extent} {extent}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{extent}\" height=\"{extent}\" fill=\"#fefefe\"/><path d=\"{squares}\" fill=\"#000000\"/></svg>\n"
        )
    }
}
