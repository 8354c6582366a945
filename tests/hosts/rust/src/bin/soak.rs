//! Mixed requests through one checker: `soak [MILLIONS]`, 10 if it is not given. The memory of the
//! process must not grow after the first tenth. Linux only: it reads /proc/self/statm.

use model::generate::{self, Rng};
use outgoing_to_device::{Checker, Outcome, Policy};

/// Resident memory in KiB.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a number");
    pages * 4
}

fn main() {
    let count = std::env::args().nth(1).map_or(10.0, |millions| millions.parse::<f64>().expect("millions")) * 1e6;
    let count = count as usize;
    let mut rng = Rng::new(3);
    // The generator is slower than what is looked at, so its bodies go round.
    let bodies: Vec<Vec<u8>> =
        (0..20_000).map(|_| generate::body(&mut rng)).filter(|body| body.len() < 100_000).collect();
    let policies = ["{}", r#"{"unknownFields":"keep"}"#, r#"{"unknownFields":"drop"}"#];
    let policies = policies.map(|json| Policy::from_json(json.as_bytes()).expect("a policy"));
    let mut checker = Checker::new();
    let (mut out, mut accepted, mut before) = (Vec::new(), 0_usize, 0);
    for index in 0..count {
        if index == count / 10 {
            before = resident();
        }
        out.clear();
        match checker.check(&policies[index % 3], &bodies[index % bodies.len()]) {
            Outcome::Accepted(request) => {
                accepted += 1;
                request.request.write(&mut out).expect("memory");
            }
            Outcome::Rejected(rejected) => rejected.write_problem(&mut out).expect("memory"),
        }
    }
    let after = resident();
    println!("{count} requests, {accepted} accepted; {before} KiB after a tenth of them, {after} KiB after all");
    let grown = after > before + 64;
    println!("soak: {} passed, {} failed", u32::from(!grown), u32::from(grown));
    std::process::exit(i32::from(grown));
}
