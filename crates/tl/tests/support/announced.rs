//! A sink that keeps nothing but what it was told to make room for.

use madeline_tl::{Definition, Key, Sink};

/// How many items and fields were announced.
#[derive(Debug, Default)]
pub(crate) struct Announced {
    pub(crate) items: usize,
    pub(crate) fields: usize,
}

impl Sink for Announced {
    type Value = ();
    type Map = ();
    type List = ();

    fn null(&mut self) {}
    fn bool(&mut self, _: bool) {}
    fn int(&mut self, _: i64) {}
    fn double(&mut self, _: f64) {}
    fn text(&mut self, _: &[u8]) {}
    fn bytes(&mut self, _: &[u8]) {}
    fn map(&mut self, _: Definition<'_>, capacity: usize) {
        self.fields += capacity;
    }
    fn put(&mut self, (): &mut (), _: Key<'_>, (): ()) {}
    fn finish_map(&mut self, (): (), _: Definition<'_>) {}
    fn list(&mut self, capacity: usize) {
        self.items += capacity;
    }
    fn push(&mut self, (): &mut (), (): ()) {}
    fn finish_list(&mut self, (): ()) {}
    fn table(&mut self, capacity: usize) {
        self.items += capacity;
    }
    fn set(&mut self, (): &mut (), _: &[u8], (): ()) {}
    fn finish_table(&mut self, (): ()) {}
}
