//! A short list without an allocation.

use core::fmt;

/// Up to `N` items, in their order.
#[derive(Clone, Copy)]
pub(crate) struct Few<T, const N: usize> {
    /// The items, then leftovers.
    items: [T; N],
    len: u8,
}

impl<T: Copy, const N: usize> Few<T, N> {
    /// The empty list. `filler` stands where no item is, and is never seen.
    pub(crate) const fn new(filler: T) -> Few<T, N> {
        assert!(N <= u8::MAX as usize);
        Few { items: [filler; N], len: 0 }
    }

    /// The list of one item.
    pub(crate) const fn one(item: T) -> Few<T, N> {
        assert!(0 < N && N <= u8::MAX as usize);
        Few { items: [item; N], len: 1 }
    }

    /// Appends an item; none if the list is full.
    pub(crate) fn push(&mut self, item: T) -> Option<()> {
        *self.items.get_mut(usize::from(self.len))? = item;
        self.len = self.len.wrapping_add(1);
        Some(())
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.items.get_mut(usize::from(self.len.checked_sub(1)?))
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        self.items.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl<T: Copy + PartialEq, const N: usize> PartialEq for Few<T, N> {
    fn eq(&self, other: &Few<T, N>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Copy + Eq, const N: usize> Eq for Few<T, N> {}

impl<T: Copy + fmt::Debug, const N: usize> fmt::Debug for Few<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_slice(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_fits_and_compares_that() {
        let (mut list, mut other) = (Few::<u8, 2>::new(0), Few::<u8, 2>::new(9));
        assert!(list == other && list.as_slice().is_empty());
        assert_eq!((list.push(1), list.push(2), list.push(3)), (Some(()), Some(()), None));
        assert_eq!(list.as_slice(), [1, 2]);
        assert_eq!(alloc::format!("{list:?}"), "[1, 2]");
        assert_ne!(list, other);
        other.push(1);
        assert_ne!(list, other);
        other.push(2);
        assert_eq!(list, other);
    }
}
