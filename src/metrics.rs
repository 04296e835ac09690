//! Metrics for Prometheus, as `API::getPromCounter()` and its like give them.
//!
//! The objects only name a metric and its labels; the figures are in the request's registry. Scripts know the classes by
//! the names of the library that MadelineProto uses: they are aliases, made when no autoloader knows the name.

use std::cell::RefCell;
use std::ffi::CStr;
use std::time::{Duration, Instant};

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::metrics::{
    DEFAULT_BUCKETS, DEFAULT_QUANTILES, Invalid, Kind, Labels, Registry,
};

use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zend;
use crate::zval::entries::{entries, key_text, values};
use crate::zval::sink;

thread_local! {
    static REGISTRY: RefCell<Registry> = RefCell::default();
    /// What the age of observations is counted from.
    static START: Instant = Instant::now();
}

const NUMBER: Type = Type::INT.or(Type::FLOAT);
const LABELS: Param = Param::optional(c"labels", Type::ARRAY, c"[]");

/// What all metrics have.
static COLLECTOR: Class = Class {
    name: c"danog\\MadelineProto\\Metrics\\Collector",
    flags: Class::ABSTRACT | Class::NOT_SERIALIZABLE,
    properties: &[
        Property::new(c"namespace", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"name", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"help", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"labels", Type::ARRAY, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"addLabels", add_labels)
            .params(&[Param::required(c"labels", Type::ARRAY)])
            .returns(Type::STATIC),
    ],
    ..Class::DEFAULT
};

/// It only grows.
static COUNTER: Class = metric(c"danog\\MadelineProto\\Metrics\\Counter", &[INC, INC_BY]);
/// It goes up and down.
static GAUGE: Class = metric(
    c"danog\\MadelineProto\\Metrics\\Gauge",
    &[
        INC,
        INC_BY,
        Method::new(c"dec", |frame: &mut Frame<'_>| add(frame, -1.0, 0))
            .params(&[LABELS])
            .returns(Type::VOID),
        Method::new(c"decBy", |frame: &mut Frame<'_>| {
            add(frame, -number(frame), 1)
        })
        .params(&[Param::required(c"value", NUMBER), LABELS])
        .returns(Type::VOID),
        Method::new(c"set", set)
            .params(&[Param::required(c"value", NUMBER), LABELS])
            .returns(Type::VOID),
    ],
);
/// How many observations were not above some bounds.
static HISTOGRAM: Class = metric(c"danog\\MadelineProto\\Metrics\\Histogram", &[OBSERVE]);
/// Quantiles of the observations of the last minutes.
static SUMMARY: Class = metric(c"danog\\MadelineProto\\Metrics\\Summary", &[OBSERVE]);

const INC: Method = Method::new(c"inc", |frame: &mut Frame<'_>| add(frame, 1.0, 0))
    .params(&[LABELS])
    .returns(Type::VOID);
const INC_BY: Method = Method::new(c"incBy", |frame: &mut Frame<'_>| {
    add(frame, number(frame), 1)
})
.params(&[Param::required(c"value", NUMBER), LABELS])
.returns(Type::VOID);
const OBSERVE: Method = Method::new(c"observe", observe)
    .params(&[Param::required(c"value", NUMBER), LABELS])
    .returns(Type::VOID);

const fn metric(name: &'static CStr, methods: &'static [Method]) -> Class {
    Class {
        name,
        flags: Class::FINAL | Class::NOT_SERIALIZABLE,
        parent: Some(Base::Ours(&COLLECTOR)),
        methods,
        ..Class::DEFAULT
    }
}

/// The classes of this module, parents first.
pub(crate) static CLASSES: &[&Class] = &[&COLLECTOR, &COUNTER, &GAUGE, &HISTOGRAM, &SUMMARY];

/// The same classes by the names that scripts know.
const NAMES: &[(&str, &Class)] = &[
    ("danog\\BetterPrometheus\\BetterCollector", &COLLECTOR),
    ("danog\\BetterPrometheus\\BetterCounter", &COUNTER),
    ("danog\\BetterPrometheus\\BetterGauge", &GAUGE),
    ("danog\\BetterPrometheus\\BetterHistogram", &HISTOGRAM),
    ("danog\\BetterPrometheus\\BetterSummary", &SUMMARY),
];

/// At the end of a request.
pub(crate) fn end_of_request() {
    REGISTRY.take();
}

/// A metric with the namespace, name, help and labels of a call's first arguments; `own` are labels that it has
/// besides.
pub(crate) fn new(frame: &Frame<'_>, kind: Kind, own: &[(&str, String)]) -> Result<Zval, Thrown> {
    let class = match kind {
        Kind::Counter => &COUNTER,
        Kind::Gauge => &GAUGE,
        Kind::Histogram { .. } => &HISTOGRAM,
        Kind::Summary { .. } => &SUMMARY,
    };
    offer_names();
    let text = |index| frame.text(index).unwrap_or_default().into_owned();
    let (namespace, name, help) = (text(0), text(1), text(2));
    let mut labels = frame
        .array(3)
        .map(read_labels)
        .transpose()?
        .unwrap_or_default();
    for (label, value) in own {
        labels
            .entry((*label).to_owned())
            .or_insert_with(|| value.clone());
    }
    REGISTRY
        .with_borrow_mut(|registry| registry.register(&namespace, &name, &help, kind))
        .map_err(invalid)?;
    object(class, &namespace, &name, &help, labels)
}

/// The buckets of a histogram as a script gives them.
pub(crate) fn buckets(given: Option<&ZendHashTable>) -> Kind {
    Kind::Histogram {
        buckets: given.map_or_else(|| DEFAULT_BUCKETS.to_vec(), numbers),
    }
}

/// How long observations of a summary count, and its quantiles.
pub(crate) fn quantiles(seconds: i64, given: Option<&ZendHashTable>) -> Kind {
    Kind::Summary {
        max_age: Duration::from_secs(seconds.try_into().unwrap_or_default()),
        quantiles: given.map_or_else(|| DEFAULT_QUANTILES.to_vec(), numbers),
    }
}

/// Everything in Prometheus' text format, with what the process needs.
pub(crate) fn render() -> Result<String, Thrown> {
    let memory = function::call("memory_get_usage", vec![&true]).and_then(|bytes| bytes.long());
    let figures = [
        (
            "php_memory_bytes",
            "Memory that PHP's memory manager has taken from the system.",
            memory,
        ),
        (
            "process_resident_memory_bytes",
            "Memory of the process that is in use, PHP's and the extension's.",
            resident(),
        ),
    ];
    REGISTRY
        .with_borrow_mut(|registry| {
            for (name, help, value) in figures {
                if let Some(value) = value {
                    let name = registry.register("", name, help, Kind::Gauge)?;
                    registry.set(&name, &Labels::new(), float(value))?;
                }
            }
            Ok(registry.render(now()))
        })
        .map_err(invalid)
}

fn resident() -> Option<i64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: i64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    // SAFETY: asks for a constant of the system.
    Some(pages * unsafe { libc::sysconf(libc::_SC_PAGESIZE) })
}

/// Makes the names that scripts know, where no autoloader does.
fn offer_names() {
    for (name, class) in NAMES {
        let known = function::call("class_exists", vec![name]).and_then(|known| known.bool());
        if known == Some(false) {
            // SAFETY: the name is given with its length; the engine copies it, and forgets the alias with the request.
            unsafe {
                zend::zend_register_class_alias_ex(
                    name.as_ptr().cast(),
                    name.len(),
                    class.entry(),
                    false,
                );
            };
        }
    }
}

fn object(
    class: &Class,
    namespace: &str,
    name: &str,
    help: &str,
    labels: Labels,
) -> Result<Zval, Thrown> {
    let mut object = class.instantiate();
    let slots = Object::new(&mut object);
    for (property, value) in [("namespace", namespace), ("name", name), ("help", help)] {
        COLLECTOR.initialize(slots, property, sink::text(value.as_bytes()));
    }
    let mut table = ZendHashTable::new();
    for (label, value) in labels {
        table.insert(label.as_str(), value)?;
    }
    COLLECTOR.initialize(slots, "labels", sink::array(table));
    Ok(object.into_zval(false)?)
}

/// The same metric with more labels.
fn add_labels(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let labels = labels(frame, 0)?;
    let text = |property| COLLECTOR.read(this, property).string().unwrap_or_default();
    let class = CLASSES
        .iter()
        .find(|class| std::ptr::eq(class.entry(), this.ce))
        .copied()
        .unwrap_or(&COUNTER);
    let more = object(
        class,
        &text("namespace"),
        &text("name"),
        &text("help"),
        labels,
    )?;
    frame.give_zval(more);
    Ok(())
}

fn add(frame: &mut Frame<'_>, value: f64, labels_at: usize) -> Result<(), Thrown> {
    let (name, labels) = (name(frame)?, labels(frame, labels_at)?);
    REGISTRY
        .with_borrow_mut(|registry| registry.add(&name, &labels, value))
        .map_err(invalid)
}

fn set(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (name, labels, value) = (name(frame)?, labels(frame, 1)?, number(frame));
    REGISTRY
        .with_borrow_mut(|registry| registry.set(&name, &labels, value))
        .map_err(invalid)
}

fn observe(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (name, labels, value) = (name(frame)?, labels(frame, 1)?, number(frame));
    REGISTRY
        .with_borrow_mut(|registry| registry.observe(&name, &labels, value, now()))
        .map_err(invalid)
}

/// The whole name of `$this` metric.
fn name(frame: &Frame<'_>) -> Result<String, Thrown> {
    let this = frame.this()?;
    let text = |property| COLLECTOR.read(this, property).string().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    Ok(if namespace.is_empty() {
        name
    } else {
        format!("{namespace}_{name}")
    })
}

/// The labels of `$this` metric and those of an argument.
fn labels(frame: &Frame<'_>, index: usize) -> Result<Labels, Thrown> {
    let own = COLLECTOR.read(frame.this()?, "labels");
    let mut labels = own
        .array()
        .map(read_labels)
        .transpose()?
        .unwrap_or_default();
    if let Some(given) = frame.array(index) {
        labels.extend(read_labels(given)?);
    }
    Ok(labels)
}

fn read_labels(table: &ZendHashTable) -> Result<Labels, Thrown> {
    entries(table)
        .map(|(label, value)| {
            let label = key_text(label).into_owned();
            let text = value
                .dereference()
                .zend_str()
                .map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
            match text.or_else(|| value.dereference().long().map(|number| number.to_string())) {
                Some(text) => Ok((label, text)),
                None => Err(Thrown::InvalidArgument(format!(
                    "The label {label} of a metric must be a string, {} was given",
                    function::type_name(value)
                ))),
            }
        })
        .collect()
}

fn number(frame: &Frame<'_>) -> f64 {
    frame.arg(0).and_then(read_number).unwrap_or_default()
}

fn read_number(value: &Zval) -> Option<f64> {
    value.double().or_else(|| value.long().map(float))
}

#[allow(clippy::cast_precision_loss, reason = "as PHP does it")]
fn float(number: i64) -> f64 {
    number as f64
}

/// What is no number becomes one that no bounds may have.
fn numbers(table: &ZendHashTable) -> Vec<f64> {
    values(table)
        .map(|value| read_number(value.dereference()).unwrap_or(f64::NAN))
        .collect()
}

fn now() -> Duration {
    START.with(Instant::elapsed)
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn invalid(error: Invalid) -> Thrown {
    match &error {
        Invalid::Taken(_) => Thrown::Exception(error.to_string()),
        _ => Thrown::InvalidArgument(error.to_string()),
    }
}
