//! A map whose keys mostly come in order, as identifiers of messages do, and whose first entries go first.

use std::collections::VecDeque;

/// See the module. Everything is found by bisection; what comes in order is added, and what is oldest removed, at once.
#[derive(Debug)]
pub(super) struct InOrder<K, V>(VecDeque<(K, V)>);

impl<K, V> Default for InOrder<K, V> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<K: Copy + Ord, V> InOrder<K, V> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn contains(&self, key: K) -> bool {
        self.find(key).is_ok()
    }

    pub(super) fn get(&self, key: K) -> Option<&V> {
        let place = self.find(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        let place = self.find(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Replaces the value of a key that is there.
    pub(super) fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    *old = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    pub(super) fn remove(&mut self, key: K) -> Option<V> {
        let place = self.find(key).ok()?;
        self.0.remove(place).map(|(_, value)| value)
    }

    pub(super) fn first(&self) -> Option<K> {
        self.0.front().map(|(key, _)| *key)
    }

    pub(super) fn last(&self) -> Option<K> {
        self.0.back().map(|(key, _)| *key)
    }

    pub(super) fn pop_first(&mut self) -> Option<(K, V)> {
        self.0.pop_front()
    }

    /// The last value below a key, and the first that is not.
    pub(super) fn around(&self, key: K) -> (Option<&V>, Option<&V>) {
        let (Ok(place) | Err(place)) = self.find(key);
        let at = |place: usize| self.0.get(place).map(|(_, value)| value);
        (place.checked_sub(1).and_then(at), at(place))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        if self.0.back().is_none_or(|(last, _)| *last < key) {
            return Err(self.0.len());
        }
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::InOrder;

    proptest! {
        #[test]
        fn does_what_a_tree_does(steps in prop::collection::vec((0..5_u8, 0..40_u8), 0..200)) {
            let (mut own, mut tree) = (InOrder::default(), BTreeMap::new());
            for (number, (act, key)) in steps.into_iter().enumerate() {
                match act {
                    0 | 1 => {
                        own.insert(key, number);
                        tree.insert(key, number);
                    }
                    2 => prop_assert_eq!(own.remove(key), tree.remove(&key)),
                    3 => prop_assert_eq!(own.pop_first(), tree.pop_first()),
                    _ => {
                        if let Some(value) = own.get_mut(key) {
                            *value += 1;
                        }
                        tree.entry(key).and_modify(|value| *value += 1);
                    }
                }
                prop_assert_eq!(own.len(), tree.len());
                prop_assert_eq!(own.contains(key), tree.contains_key(&key));
                prop_assert_eq!(own.get(key), tree.get(&key));
                let before = tree.range(..key).next_back().map(|(_, value)| value);
                let after = tree.range(key..).next().map(|(_, value)| value);
                prop_assert_eq!(own.around(key), (before, after));
                prop_assert_eq!(own.first(), tree.keys().next().copied());
                prop_assert_eq!(own.last(), tree.keys().next_back().copied());
                prop_assert!(own.iter().eq(tree.iter().map(|(key, value)| (*key, value))));
            }
        }
    }
}
