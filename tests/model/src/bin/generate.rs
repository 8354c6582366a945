//! Prints conformance lines: `generate N SEED`. With `--tally` behind them it says on the standard
//! error what the model finds in them: how often each code, with a related place and with a fix.

use std::io::{Write, stdout};

use model::generate::{Rng, line};

fn main() -> std::io::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let tallied = arguments.last().is_some_and(|last| last == "--tally");
    arguments.truncate(arguments.len() - usize::from(tallied));
    let numbers: Vec<u64> = arguments.iter().flat_map(|word| word.parse()).collect();
    let [count, seed] = numbers[..] else {
        eprintln!("usage: generate N SEED [--tally]");
        std::process::exit(2);
    };
    let mut rng = Rng::new(seed);
    let mut tally = model::Tally::default();
    let mut output = std::io::BufWriter::new(stdout().lock());
    for index in 0..count {
        let line = line(&mut rng, &format!("g-{seed}-{index}"));
        if tallied {
            tally.line(&line);
        }
        writeln!(output, "{line}")?;
    }
    output.flush()?;
    if tallied {
        eprint!("{tally}");
    }
    Ok(())
}
