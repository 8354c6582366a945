//! Prints conformance lines: `generate N SEED`.

use std::io::{Write, stdout};

fn main() -> std::io::Result<()> {
    let arguments: Vec<u64> = std::env::args().skip(1).flat_map(|word| word.parse()).collect();
    let [count, seed] = arguments[..] else {
        eprintln!("usage: generate N SEED");
        std::process::exit(2);
    };
    let mut rng = model::generate::Rng::new(seed);
    let mut output = std::io::BufWriter::new(stdout().lock());
    for index in 0..count {
        let line = model::generate::line(&mut rng, &format!("g-{seed}-{index}"));
        writeln!(output, "{line}")?;
    }
    output.flush()
}
