//! PHP closures that run Rust code.

use std::cell::OnceCell;
use std::rc::Rc;

use ext_php_rs::ffi::zend_hash_str_find;
use ext_php_rs::types::Zval;

use crate::class::{Class, Frame, Method, Object, Param, State, StateLayout, Type};
use crate::exceptions::Thrown;
use crate::zend;

/// The object that such a closure is bound to.
pub(crate) static CALLBACK: Class = Class {
    name: c"danog\\MadelineProto\\Callback",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    methods: &[Method::new(c"__invoke", invoke)
        .params(&[Param::optional(c"arguments", Type::MIXED, c"null")])
        .variadic()
        .returns(Type::MIXED)],
    state: Some(StateLayout::of::<CallbackState>()),
    ..Class::DEFAULT
};

type Run = dyn Fn(&mut Frame<'_>) -> Result<(), Thrown>;

/// What the object runs.
#[derive(Default)]
pub(crate) struct CallbackState {
    run: OnceCell<Rc<Run>>,
}

impl State for CallbackState {
    fn class() -> &'static Class {
        &CALLBACK
    }
}

/// A `\Closure` that runs `run` each time it is called. What it captures, the garbage collector does not see.
pub(crate) fn closure(run: impl Fn(&mut Frame<'_>) -> Result<(), Thrown> + 'static) -> Zval {
    let mut object = CALLBACK.instantiate();
    if let Some(state) = Class::state::<CallbackState>(Object::new(&mut object)) {
        state.run.get_or_init(|| Rc::new(run));
    }
    let mut this = Zval::new();
    this.set_object(&mut object);
    let mut closure = Zval::new();
    // SAFETY: the class is registered and has the method; the closure takes a reference to the object.
    unsafe {
        let class = CALLBACK.entry();
        let method =
            zend_hash_str_find(&raw const (*class).function_table, c"__invoke".as_ptr(), 8);
        if let Some(method) = method.as_ref() {
            zend::zend_create_fake_closure(
                &raw mut closure,
                method.value.func,
                class,
                class,
                &raw mut this,
            );
        }
    }
    closure
}

fn invoke(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let run = frame.state::<CallbackState>()?.run.get().map(Rc::clone);
    match run {
        Some(run) => run(frame),
        None => Err(Thrown::Exception(
            "A callback cannot be made by itself: only the extension has a use for it".to_owned(),
        )),
    }
}
