//! Interleaved rounds: in each, every contender runs once, in a new order, so that what disturbs
//! the machine disturbs all of them; what is compared is the ratios of each round. Time is the
//! thread's processor time, which does not count when others have the processor.

use crate::Entry;
use crate::workload::Random;
use benches::contender::{Contender, PADDING};
use std::hint::black_box;

/// Bodies one behind another, each with readable bytes behind it.
pub struct Bodies {
    bytes: Vec<u8>,
    ranges: Vec<(usize, usize)>,
}

impl Bodies {
    pub fn new(bodies: &[Vec<u8>]) -> Bodies {
        let mut bytes = Vec::with_capacity(bodies.iter().map(|body| body.len() + PADDING).sum());
        let mut ranges = Vec::with_capacity(bodies.len());
        for body in bodies {
            ranges.push((bytes.len(), bytes.len() + body.len()));
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(&[b' '; PADDING]);
        }
        Bodies { bytes, ranges }
    }

    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The mean length of a body.
    pub fn mean(&self) -> usize {
        self.ranges.iter().map(|(start, end)| end - start).sum::<usize>() / self.ranges.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.ranges.iter().map(|&(start, end)| &self.bytes[start..end])
    }
}

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

unsafe extern "C" {
    fn clock_gettime(clock: i32, time: &mut Timespec) -> i32;
}

/// Processor time of this thread, in seconds.
fn now() -> f64 {
    const THREAD_CPUTIME: i32 = 3;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: POSIX's function with a place for its answer.
    unsafe { clock_gettime(THREAD_CPUTIME, &mut time) };
    time.seconds as f64 + time.nanoseconds as f64 * 1e-9
}

/// Seconds that a contender takes for so many bodies.
pub fn seconds(contender: &mut dyn Contender, bodies: &Bodies, count: usize) -> f64 {
    let start = now();
    let mut accepted = 0_usize;
    for body in bodies.iter().cycle().take(count) {
        accepted += usize::from(contender.run(black_box(body)));
    }
    black_box(accepted);
    now() - start
}

/// Nanoseconds for a body: of every contender, of every round.
pub fn rounds(entries: &mut [Entry], bodies: &Bodies, rounds: usize, slice: f64) -> Vec<Vec<f64>> {
    let counts: Vec<usize> = entries
        .iter_mut()
        .map(|entry| {
            let warm_up = bodies.len().max(64);
            let one = seconds(&mut *entry.contender, bodies, warm_up) / warm_up as f64;
            // Whole turns, so that every round does the same work.
            let turns = (slice / one / bodies.len() as f64).round().max(1.0);
            turns as usize * bodies.len()
        })
        .collect();
    let mut random = Random(0x0BAD_5EED);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let mut samples = vec![Vec::with_capacity(rounds); entries.len()];
    for _ in 0..rounds {
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        for &i in &order {
            let time = seconds(&mut *entries[i].contender, bodies, counts[i]);
            samples[i].push(time / counts[i] as f64 * 1e9);
        }
    }
    samples
}

/// The middle of some figures, and the quarter points around it.
#[derive(Clone, Copy)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

pub fn spread(figures: impl Iterator<Item = f64>) -> Spread {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    let at = |part: f64| sorted[((sorted.len() - 1) as f64 * part).round() as usize];
    Spread { low: at(0.25), median: at(0.5), high: at(0.75) }
}
