//! A seeded generator of bodies and policies for differential testing.
//!
//! Bodies are built as trees that know the request's shape, written in any layout, and some are
//! then damaged byte by byte.

mod mistake;
mod mutate;
mod policies;
mod request;
mod tree;
mod values;

use crate::conformance::base64;
use crate::json::quote;
pub use policies::policy;
#[cfg(test)]
pub(crate) use values::phone;

/// Small random numbers: splitmix64, or choices that somebody else has made, as a fuzzer does.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
    choices: Vec<u8>,
    next: usize,
}

impl Rng {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Rng {
        Rng { state: seed, choices: Vec::new(), next: 0 }
    }

    /// Two bytes of `choices` make a number, as long as there are any.
    pub fn from_choices(choices: &[u8]) -> Rng {
        Rng { state: 0, choices: choices.to_vec(), next: 0 }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        if let Some([low, high]) = self.choices.get(self.next..self.next + 2) {
            self.next += 2;
            return u64::from(u16::from_le_bytes([*low, *high]));
        }
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    /// True in `percent` of 100 cases. What never happens takes no number, so that choices are
    /// not spent on it.
    pub fn chance(&mut self, percent: usize) -> bool {
        percent > 0 && self.below(100) < percent
    }

    /// One of some items.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// A number from `low` to `high`, both included.
    pub fn range(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }
}

/// A body: about 45 % are accepted under the default policy, 40 % rejected at places inside,
/// 15 % are not JSON or are otherwise refused whole.
pub fn body(rng: &mut Rng) -> Vec<u8> {
    let mut request = request::request(rng);
    let plan = rng.below(100);
    if (40..78).contains(&plan) {
        for _ in 0..rng.pick(&[1, 1, 1, 2, 3, 6]) {
            mistake::make(rng, &mut request);
        }
    } else if plan == 78 {
        mistake::make_many(rng, &mut request);
    }
    let mut bytes = tree::write(rng, &request);
    if rng.chance(2) {
        bytes.splice(0..0, [0xEF, 0xBB, 0xBF]);
    }
    if plan > 78 {
        mutate::mutate(rng, &mut bytes);
    }
    bytes
}

/// One conformance line in.
pub fn line(rng: &mut Rng, id: &str) -> String {
    let body = base64(&body(rng));
    let policy = policy(rng).map_or(String::new(), |policy| format!(",\"policy\":{policy}"));
    format!("{{\"id\":{},\"body_base64\":\"{body}\"{policy}}}", quote(id))
}
