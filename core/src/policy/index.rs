//! New channels by their names, as they come: found and sorted in time that does not grow with the
//! square of their number. (The sorts of the library leave panicking code behind.)

use crate::memory::{self, OutOfMemory};
use crate::policy::channel::Row;
use crate::rules::channel_name::Name;
use alloc::vec::Vec;

/// Numbers of rows, in runs that are sorted by name. As the digits of a binary number, the runs'
/// lengths are falling powers of two: to add a row is to add one, and a carry merges two runs.
pub(super) struct Index {
    numbers: Vec<u32>,
    spare: Vec<u32>,
}

impl Index {
    pub(super) const fn new() -> Index {
        Index { numbers: Vec::new(), spare: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of the row with this name.
    pub(super) fn find(&self, rows: &[Row], wanted: &Name) -> Option<usize> {
        let mut rest = self.numbers.as_slice();
        while let Some(digit) = rest.len().checked_ilog2() {
            let (run, after) = rest.split_at_checked(1_usize.wrapping_shl(digit))?;
            let found = run.binary_search_by(|number| name(rows, *number).cmp(wanted.as_bytes()));
            if let Some(number) = found.ok().and_then(|at| run.get(at)) {
                return Some(*number as usize);
            }
            rest = after;
        }
        None
    }

    /// Adds the row of this number, whose name is new.
    pub(super) fn add(&mut self, rows: &[Row], number: u32) -> Result<(), OutOfMemory> {
        memory::put(&mut self.numbers, &[number])?;
        for digit in 0..self.numbers.len().trailing_zeros() {
            let length = 1_usize.wrapping_shl(digit);
            self.merge(rows, length, length)?;
        }
        Ok(())
    }

    /// Merges the last two runs, which have these lengths.
    fn merge(&mut self, rows: &[Row], left: usize, right: usize) -> Result<(), OutOfMemory> {
        let start = self.numbers.len().saturating_sub(left).saturating_sub(right);
        let merged = self.numbers.get_mut(start..).unwrap_or_default();
        self.spare.clear();
        memory::put(&mut self.spare, merged)?;
        let (mut left, mut right) = self.spare.split_at_checked(left).unwrap_or_default();
        for to in merged {
            let next = match (left, right) {
                ([l, ..], [r, ..]) if name(rows, *r) < name(rows, *l) => &mut right,
                ([], _) => &mut right,
                _ => &mut left,
            };
            if let [first, rest @ ..] = *next {
                *to = *first;
                *next = rest;
            }
        }
        Ok(())
    }

    /// The first `count` rows as they are, and behind them those that were added, by name.
    pub(super) fn sorted(mut self, rows: &[Row], count: usize) -> Result<Vec<Row>, OutOfMemory> {
        let mut rest = self.numbers.len();
        let mut right = 0_usize;
        while rest != 0 {
            let left = 1_usize.wrapping_shl(rest.trailing_zeros());
            self.merge(rows, left, right)?;
            right = right.saturating_add(left);
            rest = rest.saturating_sub(left);
        }
        let mut sorted = Vec::new();
        sorted.try_reserve_exact(rows.len())?;
        memory::put(&mut sorted, rows.get(..count).unwrap_or_default())?;
        for number in &self.numbers {
            memory::put(&mut sorted, rows.get(*number as usize).map_or(&[], core::slice::from_ref))?;
        }
        Ok(sorted)
    }
}

fn name(rows: &[Row], number: u32) -> &[u8] {
    rows.get(number as usize).map_or(&[], |row| row.name.as_bytes())
}
