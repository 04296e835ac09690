//! Figures of the process.

use std::fs;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{self, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;
use crate::{function, zend};

/// How many fibers are tried where the script does not say.
const MANY: i64 = 100_000;
/// More than any system has.
const MOST: i64 = 10_000_000;

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"getMaps", |frame: &mut Frame<'_>| frame.give(maps()))
        .returns(Type::INT.nullable())
        .of_class(),
    Method::new(c"getMaxMaps", |frame: &mut Frame<'_>| {
        frame.give(max_maps())
    })
    .returns(Type::INT.nullable())
    .of_class(),
    Method::new(c"testFibers", test_fibers)
        .params(&[Param::optional(c"fiberCount", Type::INT, c"100000")])
        .returns(Type::ARRAY)
        .of_class(),
];

/// How many memory mappings the process has; `None` where the system does not say.
fn maps() -> Option<i64> {
    let text = fs::read_to_string("/proc/self/maps").ok()?;
    i64::try_from(text.lines().count()).ok()
}

/// How many it may have.
fn max_maps() -> Option<i64> {
    fs::read_to_string("/proc/sys/vm/max_map_count")
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// Starts so many fibers at once, or as many as there can be: `['maxFibers' => int, 'realMemoryMb' => int, 'maps' => ?int,
/// 'maxMaps' => ?int]`, as it is with all of them alive. PHP's memory limit does not count meanwhile.
fn test_fibers(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let wanted = frame.int(0).unwrap_or(MANY).clamp(0, MOST);
    let limit = function::call("ini_set", vec![&"memory_limit", &"-1"]);
    // All at once: near the limit of mappings nothing else can be had.
    let mut fibers = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    while fibers.len() < fibers.capacity() {
        match suspended_fiber() {
            Ok(fiber) => fibers.push(fiber),
            Err(_) => break,
        }
    }
    function::forget_exception();
    let (started, maps) = (fibers.len(), maps());
    let memory = function::call("memory_get_usage", vec![&true]).and_then(|bytes| bytes.long());
    drop(fibers);
    if let Some(limit) = limit {
        function::call("ini_set", vec![&"memory_limit", &limit]);
    }
    let mut figures = ZendHashTable::new();
    figures.insert("maxFibers", i64::try_from(started).unwrap_or(i64::MAX))?;
    figures.insert("realMemoryMb", memory.unwrap_or_default() / (1024 * 1024))?;
    figures.insert("maps", maps)?;
    figures.insert("maxMaps", max_maps())?;
    frame.give_zval(sink::array(figures));
    Ok(())
}

/// A fiber that has begun and waits; an error where there can be no more.
fn suspended_fiber() -> Result<Zval, Thrown> {
    let mut fiber = Zval::new();
    // SAFETY: PHP's own class, registered before any extension's; its constructor runs next.
    let class = unsafe {
        fiber.set_object(&mut class::instantiate(zend::zend_ce_fiber));
        zend::zend_ce_fiber
    };
    if let Some(object) = fiber.object().map(Object::of) {
        let waits = "Fiber::suspend".into_zval(false)?;
        function::call_public(class, Some(object), "__construct", &mut [waits])?;
        function::call_public(class, Some(object), "start", &mut [])?;
    }
    Ok(fiber)
}
