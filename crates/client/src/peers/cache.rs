//! A map of bounded size that keeps what was used recently.

use std::collections::HashMap;
use std::hash::Hash;

/// Two generations: what was used since the last turn, and what was used before it. A full young generation becomes
/// the old one, and the old one goes. So at least `capacity` and at most twice as many entries are there, and both
/// looking up and forgetting cost a hash each.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    capacity: usize,
}

impl<K: Eq + Hash + Clone, V> Cache<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            capacity,
        }
    }

    /// The value of a key, which counts as used now.
    pub(crate) fn get(&mut self, key: &K) -> Option<&mut V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.insert(key, value);
        }
        self.young.get_mut(key)
    }

    /// The value of a key, which counts as used now and is there from now on.
    pub(crate) fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let value = self.old.remove(&key);
        self.make_room(&key);
        self.young
            .entry(key)
            .or_insert_with(|| value.unwrap_or_default())
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.make_room(&key);
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    fn make_room(&mut self, key: &K) {
        if self.young.len() >= self.capacity && !self.young.contains_key(key) {
            self.old = std::mem::take(&mut self.young);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_size_is_bounded() {
        let mut cache = Cache::new(4);
        for key in 0..100 {
            cache.insert(key, key);
            assert_eq!(cache.get(&0), Some(&mut 0), "after {key}");
            assert!(cache.young.len() + cache.old.len() <= 8);
        }
        assert_eq!(cache.get(&50), None);
    }

    #[test]
    fn what_is_removed_is_gone() {
        let mut cache = Cache::new(1);
        cache.insert(1, 1);
        cache.insert(2, 2);
        cache.remove(&1);
        assert_eq!(cache.get(&1), None);
        assert_eq!(cache.get(&2), Some(&mut 2));
        cache.clear();
        assert_eq!(cache.get(&2), None);
    }
}
