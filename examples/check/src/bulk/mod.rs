//! Files of requests, one a line: on all cores, in constant memory, in their order.
//!
//! A thread cuts the inputs into blocks of whole lines and deals them to the workers in turn; the
//! results are collected in the same turn, so the order is kept without a number or a queue that
//! could grow. Every channel between them is bounded.

mod blocks;
mod tally;
mod unpack;
mod worker;

use crate::args::{Args, Format};
use crate::report::count;
use crate::snippet::visible;
use crate::{Failure, input};
use blocks::{Block, Blocks};
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use outgoing_to_device::{Checker, Policy};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tally::Tally;
use worker::{Checked, Wanted, Worker};

/// Blocks that may wait before and behind each worker.
const WAITING: usize = 2;

/// How long a Ctrl-C can go unnoticed while an input is silent.
const LOOK_UP: Duration = Duration::from_millis(50);

/// The inputs' names as they are shown.
struct Names(Vec<String>);

impl Names {
    fn shown(&self, source: usize) -> &str {
        self.0.get(source).map_or("", String::as_str)
    }
}

/// What the threads tell each other beside the blocks.
#[derive(Default)]
struct Signals {
    /// Ctrl-C: no block is begun any more.
    stop: AtomicBool,
    /// How many blocks have been dealt to workers.
    dealt: AtomicU64,
}

/// A block, or the input that could not be read on, and why.
type Dealt = Result<Block, String>;
type Done = Result<(Checked, Last), Failure>;

/// The last line of a block: which input, which line.
type Last = (usize, u64);

/// Checks all inputs and sums up; whether every request was accepted.
pub(crate) fn run(args: Args, policy: Policy) -> Result<bool, Failure> {
    let started = Instant::now();
    let mut outputs = Outputs::open(&args)?;
    let inputs = open_inputs(&args.inputs)?;
    let names = Arc::new(Names(args.inputs.iter().map(|input| visible(&input::name(input)).into_owned()).collect()));
    let bar = progress_bar(&inputs, args.format);
    let signals = Arc::new(Signals::default());
    interrupt(&signals)?;

    let policy = Arc::new(policy);
    let wanted =
        Wanted { format: args.format, accepted: outputs.accepted.is_some(), rejected: outputs.rejected.is_some() };
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let (mut hands, mut done) = (Vec::new(), Vec::new());
    for _ in 0..jobs {
        let checker = Checker::new();
        let worker = Worker { policy: policy.clone(), names: names.clone(), wanted, checker };
        let (hand, blocks) = sync_channel(WAITING);
        let (results, collected) = sync_channel(WAITING);
        thread::spawn(move || work(worker, &blocks, &results));
        hands.push(hand);
        done.push(collected);
    }
    let (limit, dealer, reads) = (policy.limits().body, signals.clone(), bar.clone());
    let shown = names.clone();
    thread::spawn(move || deal(inputs, &shown, limit, &reads, &hands, &dealer));

    let mut tally = Tally::default();
    let mut last = None;
    let end = collect(&done, &signals, |checked, at| {
        tally.merge(&checked.tally);
        last = Some(at);
        bar.set_message(format!("{} requests", tally.requests));
        outputs.write(&checked)
    });
    bar.finish_and_clear();
    // The reader may still wait for a silent input; the end of the process ends it.
    summary(args.format, &tally, &names, started.elapsed(), last.filter(|_| matches!(end, Err(Failure::Interrupted))))?;
    end.map(|()| tally.refused == 0)
}

/// Takes the results in turn and hands them to `write`.
fn collect(
    done: &[Receiver<Done>],
    signals: &Signals,
    mut write: impl FnMut(Checked, Last) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for (collected, worker) in (0_u64..).zip(done.iter().cycle()) {
        let result = loop {
            match worker.recv_timeout(LOOK_UP) {
                Ok(result) => break result,
                // The worker has nothing left, so no later one has.
                Err(RecvTimeoutError::Disconnected) => {
                    return if signals.stop.load(SeqCst) { Err(Failure::Interrupted) } else { Ok(()) };
                }
                Err(RecvTimeoutError::Timeout) => {
                    if signals.stop.load(SeqCst) && signals.dealt.load(SeqCst) == collected {
                        return Err(Failure::Interrupted);
                    }
                }
            }
        };
        let (checked, last) = result?;
        write(checked, last)?;
    }
    Ok(())
}

/// Reads the inputs and deals their blocks in turn.
fn deal(
    inputs: Vec<Input>,
    names: &Names,
    limit: u32,
    bar: &ProgressBar,
    hands: &[SyncSender<Dealt>],
    signals: &Signals,
) {
    let mut hands = hands.iter().cycle();
    // Whether there is somebody to take it, and nobody has said stop.
    let mut hand_out = |dealt: Dealt| {
        signals.dealt.fetch_add(1, SeqCst);
        !signals.stop.load(SeqCst) && hands.next().is_some_and(|hand| hand.send(dealt).is_ok())
    };
    for (source, (input, _)) in inputs.into_iter().enumerate() {
        let unreadable = |error: io::Error| format!("{}: {error}", names.shown(source));
        let counted: Box<dyn Read + Send> = Box::new(bar.wrap_read(input));
        let mut blocks = match unpack::unpack(counted) {
            Ok(input) => Blocks::new(input, source, limit),
            Err(error) => {
                hand_out(Err(unreadable(error)));
                return;
            }
        };
        while let Some(dealt) = blocks.next().map_err(unreadable).transpose() {
            let failed = dealt.is_err();
            if !hand_out(dealt) || failed {
                return;
            }
        }
    }
}

/// Checks blocks until there are no more.
fn work(mut worker: Worker, blocks: &Receiver<Dealt>, results: &SyncSender<Done>) {
    for dealt in blocks {
        let done = match dealt {
            Ok(block) => {
                let ends = memchr::memchr_iter(b'\n', &block.lines).count() as u64;
                let unended = u64::from(block.too_long.is_some() || !block.lines.ends_with(b"\n"));
                let last = (block.source, block.first_line + (ends + unended).saturating_sub(1));
                worker.check(&block).map(|checked| (checked, last))
            }
            Err(why) => Err(Failure::Unusable(why)),
        };
        if results.send(done).is_err() {
            return;
        }
    }
}

/// An input, and its size if that is known.
type Input = (Box<dyn Read + Send>, Option<u64>);

fn open_inputs(inputs: &[OsString]) -> Result<Vec<Input>, Failure> {
    let open = |name: &OsString| {
        input::open(name).map_err(|error| Failure::Unusable(format!("{}: {error}", input::name(name))))
    };
    inputs.iter().map(open).collect()
}

/// Where the lines go.
struct Outputs {
    json: bool,
    accepted: Option<File>,
    rejected: Option<File>,
}

impl Outputs {
    fn open(args: &Args) -> Result<Outputs, Failure> {
        let create = |path: &Option<std::path::PathBuf>| {
            let Some(path) = path else { return Ok(None) };
            let unusable = |why: String| Failure::Unusable(format!("{}: {why}", path.display()));
            if args.inputs.iter().any(|input| same_file(input, path)) {
                return Err(unusable("it is an input, and would be overwritten".to_owned()));
            }
            File::create(path).map(Some).map_err(|error| unusable(error.to_string()))
        };
        if args.accepted.is_some() && args.accepted == args.rejected {
            return Err(Failure::Unusable("--accepted and --rejected need a file each".to_owned()));
        }
        Ok(Outputs {
            json: args.format == Format::Json,
            accepted: create(&args.accepted)?,
            rejected: create(&args.rejected)?,
        })
    }

    /// Writes the whole lines of a block.
    fn write(&mut self, checked: &Checked) -> Result<(), Failure> {
        if self.json {
            io::stdout().lock().write_all(&checked.json)?;
        }
        for (file, lines) in [(&mut self.accepted, &checked.accepted), (&mut self.rejected, &checked.rejected)] {
            if let Some(file) = file {
                file.write_all(lines)?;
            }
        }
        Ok(())
    }
}

fn same_file(input: &OsStr, output: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    whole(Path::new(input)).is_some_and(|input| whole(output) == Some(input))
}

/// On a terminal: bytes, rate, time left and requests. Lines on the same terminal leave no room.
fn progress_bar(inputs: &[Input], format: Format) -> ProgressBar {
    let (bar, template) = match inputs.iter().map(|(_, size)| *size).sum::<Option<u64>>() {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left, {msg}"),
        None => (ProgressBar::no_length(), "{spinner} {bytes} {bytes_per_sec}, {msg}"),
    };
    let hidden = format == Format::Json && io::stdout().is_terminal();
    bar.set_draw_target(if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}

/// The first Ctrl-C lets the blocks at hand come to their end, the second one does not.
fn interrupt(signals: &Arc<Signals>) -> Result<(), Failure> {
    let signals = signals.clone();
    let handler = move || {
        if signals.stop.swap(true, SeqCst) {
            std::process::exit(i32::from(crate::INTERRUPTED));
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::Output(io::Error::other(error)))
}

/// Sums up: on the standard output, or beside the lines that are there.
fn summary(
    format: Format,
    tally: &Tally,
    names: &Names,
    elapsed: Duration,
    interrupted: Option<Last>,
) -> Result<(), Failure> {
    let (mut stdout, mut stderr) = (anstream::stdout(), anstream::stderr());
    let out: &mut dyn Write = if format == Format::Json { &mut stderr } else { &mut stdout };
    if let Some((source, line)) = interrupted {
        writeln!(out, "interrupted after {}:{line}; what is written is whole", names.shown(source))?;
    }
    let accepted = tally.requests - tally.refused;
    let rate = tally.bytes as f64 / elapsed.as_secs_f64().max(1e-9);
    writeln!(
        out,
        "{}: {accepted} accepted, {} refused, {} with warnings; {} in {:.1} s ({}/s)",
        count(tally.requests as usize, "request"),
        tally.refused,
        tally.warned,
        HumanBytes(tally.bytes),
        elapsed.as_secs_f64(),
        HumanBytes(rate as u64)
    )?;
    Ok(tally.write(out, names)?)
}
