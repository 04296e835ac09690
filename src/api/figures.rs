//! Metrics and memory profiles.

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::metrics::Kind;

use super::{INTERNAL_DOC, instance, reports};
use crate::call;
use crate::class::{Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::files::upload_bytes;
use crate::logger::{self, Level};
use crate::zval::sink;
use crate::{function, metrics, settings};

const NAMESPACE: Param = Param::required(c"namespace", Type::STRING);
const NAME: Param = Param::required(c"name", Type::STRING);
const HELP: Param = Param::required(c"help", Type::STRING);
const LABELS: Param = Param::optional(c"labels", Type::ARRAY, c"[]");

/// Making metrics, and writing them.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getPromCounter", |frame: &mut Frame<'_>| {
        metric(frame, |_| Kind::Counter)
    })
    .params(&[NAMESPACE, NAME, HELP, LABELS])
    .returns(Type::class(c"danog\\MadelineProto\\Metrics\\Counter").nullable()),
    Method::new(c"getPromGauge", |frame: &mut Frame<'_>| {
        metric(frame, |_| Kind::Gauge)
    })
    .params(&[NAMESPACE, NAME, HELP, LABELS])
    .returns(Type::class(c"danog\\MadelineProto\\Metrics\\Gauge").nullable()),
    Method::new(c"getPromHistogram", |frame: &mut Frame<'_>| {
        metric(frame, |frame| metrics::buckets(frame.array(4)))
    })
    .params(&[
        NAMESPACE,
        NAME,
        HELP,
        LABELS,
        Param::optional(c"buckets", Type::ARRAY.nullable(), c"null"),
    ])
    .returns(Type::class(c"danog\\MadelineProto\\Metrics\\Histogram").nullable()),
    Method::new(c"getPromSummary", |frame: &mut Frame<'_>| {
        metric(frame, |frame| {
            metrics::quantiles(frame.int(4).unwrap_or(600), frame.array(5))
        })
    })
    .params(&[
        NAMESPACE,
        NAME,
        HELP,
        LABELS,
        Param::optional(c"maxAgeSeconds", Type::INT, c"600"),
        Param::optional(c"quantiles", Type::ARRAY.nullable(), c"null"),
    ])
    .returns(Type::class(c"danog\\MadelineProto\\Metrics\\Summary").nullable()),
    Method::new(c"renderPromStats", render)
        .params(&[Param::optional(
            c"renderer",
            Type::OBJECT.nullable(),
            c"null",
        )])
        .returns(Type::STRING),
    Method::new(c"getMemoryProfile", |frame: &mut Frame<'_>| {
        let profile = memory_profile("getMemoryProfile")?;
        frame.give_zval(profile);
        Ok(())
    })
    .returns(Type::STRING),
    Method::new(c"reportMemoryProfile", report_memory_profile).returns(Type::VOID),
];

/// A metric of this session; null while `Settings\Metrics` does not ask for metrics.
fn metric(frame: &mut Frame<'_>, kind: impl FnOnce(&Frame<'_>) -> Kind) -> Result<(), Thrown> {
    if !is_enabled(frame)? {
        return Ok(());
    }
    let instance = instance(frame)?;
    let id = call::own_id(&instance.client()?).map(|id| id.bot_api().to_string());
    let session = instance.directory().to_string_lossy().into_owned();
    let own = [("session", session), ("session_id", id.unwrap_or_default())];
    let metric = metrics::new(frame, kind(frame), &own)?;
    frame.give_zval(metric);
    Ok(())
}

/// All metrics in Prometheus' text format.
fn render(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if frame.present(0).is_some() {
        let text = "renderPromStats() writes the text format, with no renderer but its own";
        return Err(Thrown::Exception(text.to_owned()));
    }
    let text = if is_enabled(frame)? {
        metrics::render()?
    } else {
        String::new()
    };
    frame.give(text)
}

fn is_enabled(frame: &Frame<'_>) -> Result<bool, Thrown> {
    let settings = INTERNAL_DOC.read(frame.this()?, "configuration");
    match settings.object().map(Object::of) {
        Some(settings) => settings::collects_metrics(settings),
        None => Ok(false),
    }
}

/// What the extension memprof has recorded, in pprof's format.
fn memory_profile(method: &str) -> Result<Zval, Thrown> {
    let enabled = function::call("memprof_enabled", vec![]);
    Thrown::pending()?;
    let Some(enabled) = enabled else {
        return Err(Thrown::Exception(format!(
            "{method}() needs the PHP extension memprof, which is not loaded"
        )));
    };
    if enabled.bool() != Some(true) {
        let text = "Memory profiling is off: set the environment variable MEMPROF_PROFILE=1 before PHP starts";
        return Err(Thrown::Exception(text.to_owned()));
    }
    let file = function::call("fopen", vec![&"php://memory", &"r+"]).unwrap_or_default();
    function::call("memprof_dump_pprof", vec![&file]);
    Thrown::pending()?;
    function::call("rewind", vec![&file]);
    let profile = function::call("stream_get_contents", vec![&file]).filter(Zval::is_string);
    Thrown::pending()?;
    profile.ok_or_else(|| Thrown::Exception("The memory profile cannot be read".to_owned()))
}

/// Sends the profile to each administrator, as a file. Who cannot be told does not keep the others from it; the log says so.
fn report_memory_profile(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let profile = memory_profile("reportMemoryProfile")?;
    let profile = profile.zend_str().map(|bytes| bytes.as_bytes().to_vec());
    let profile = profile.unwrap_or_default();
    let used = function::call("memory_get_usage", vec![]).and_then(|used| used.long());
    let text = format!("PHP uses {} KB of memory", used.unwrap_or_default() / 1024);
    let method = call::method(instance, "messages.sendMedia")?;
    for peer in reports::told(instance)? {
        let mut media = ZendHashTable::new();
        media.insert("_", "inputMediaUploadedDocument")?;
        media.insert(
            "file",
            upload_bytes(instance, profile.clone(), "report.pprof")?,
        )?;
        let mut arguments = ZendHashTable::new();
        arguments.insert("peer", peer.bot_api())?;
        arguments.insert("message", text.as_str())?;
        arguments.insert("media", media)?;
        match call::perform(instance, method, &sink::array(arguments)) {
            Ok(_) => {}
            // Of a signal handler, or exit().
            Err(Thrown::Pending) => return Err(Thrown::Pending),
            Err(error) => logger::write(Level::Error, || {
                format!("The memory profile did not reach {peer}: {error:?}")
            }),
        }
    }
    Ok(())
}
