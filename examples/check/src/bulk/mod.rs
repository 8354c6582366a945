//! Files of requests, one a line: on all cores, in constant memory, in their order.
//!
//! A thread cuts the inputs into blocks of whole lines and deals them to the workers in turn; the
//! results are collected in the same turn, so the order is kept without a number or a queue that
//! could grow. Every channel between them is bounded.

mod blocks;
mod id;
mod tally;
mod unpack;
mod worker;

use crate::args::{Args, Fix, Format};
use crate::input::{self, Seen};
use crate::out::Out;
use crate::output::Output;
use crate::report::count;
use crate::snippet::visible;
use crate::{Failure, Verdict};
use blocks::{Block, Blocks};
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use outgoing_to_device::{Checker, Policy};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tally::Tally;
use worker::{Checked, Wanted, Worker};

/// Blocks that may wait before and behind each worker.
const WAITING: usize = 2;

/// The longest time that a Ctrl-C can go unnoticed while an input is silent.
const LOOK_UP: Duration = Duration::from_millis(50);

/// The inputs' names as they were given.
struct Names(Vec<String>);

impl Names {
    fn get(&self, source: usize) -> &str {
        self.0.get(source).map_or("", String::as_str)
    }

    /// The name as a terminal can show it.
    fn shown(&self, source: usize) -> std::borrow::Cow<'_, str> {
        visible(self.get(source))
    }
}

/// Signals between the threads, beside the blocks.
#[derive(Default)]
struct Signals {
    /// Ctrl-C: no block is begun any more.
    stop: AtomicBool,
    /// The number of blocks dealt to workers.
    dealt: AtomicU64,
}

/// A block, or the input that could not be read on, and why.
type Dealt = Result<Block, String>;
type Done = Result<(Checked, Last), Failure>;

/// The last line of a block: which input, which line.
type Last = (usize, u64);

/// Checks all inputs and sums up.
pub(crate) fn run(out: &mut Out, args: Args, policy: Policy, seen: &[Seen]) -> Result<Verdict, Failure> {
    let started = Instant::now();
    let mut outputs = Outputs::create(&args)?;
    let mut fixed = Fixed { fix: args.fix, inputs: args.inputs.clone(), current: None, written: Vec::new() };
    let names = Arc::new(Names(args.inputs.iter().map(|input| input::name(input)).collect()));
    let bar = progress_bar(seen, args.format);
    let wanted = Wanted {
        format: args.format,
        accepted: outputs.accepted.is_some(),
        rejected: outputs.rejected.is_some(),
        fixed: args.fix.is_some(),
        ids: args.ids,
    };
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));

    let signals = Arc::new(Signals::default());
    interrupt(&signals)?;
    // The reader comes first: where threads are scarce, fewer workers do.
    let (enlist, workers) = sync_channel(1);
    let limit = policy.limits().body.saturating_add(if args.ids { id::MOST as u32 + 1 } else { 0 });
    let (dealer, reads, reader_names) = (signals.clone(), bar.clone(), names.clone());
    spawn(move || {
        let hands: Result<Vec<SyncSender<Dealt>>, _> = workers.recv();
        let dealt = Inputs { names: reader_names, limit, packed: args.fix != Some(Fix::InPlace) };
        deal(&args.inputs, &dealt, &reads, &hands.unwrap_or_default(), &dealer);
    })?;
    let policy = Arc::new(policy);
    let (mut hands, mut done) = (Vec::new(), Vec::new());
    while hands.len() < jobs {
        let checker = Checker::new();
        let worker = Worker { policy: policy.clone(), names: names.clone(), wanted, checker };
        let (hand, blocks) = sync_channel(WAITING);
        let (results, collected) = sync_channel(WAITING);
        match spawn(move || work(worker, &blocks, &results)) {
            Ok(()) => (hands.push(hand), done.push(collected)),
            Err(_) if !hands.is_empty() => break,
            Err(failure) => return Err(failure),
        };
    }
    let _ = enlist.send(hands);

    let mut tally = Tally::default();
    let mut last = None;
    let end = collect(&done, &signals, |checked, at| {
        if wanted.format == Format::Json {
            out.json(&checked.json)?;
        }
        outputs.write(&checked)?;
        fixed.write(at.0, &checked)?;
        // Only now: a block that could not be written does not count.
        tally.merge(&checked.tally);
        last = Some(at);
        bar.set_message(count(tally.requests, "request"));
        Ok(())
    });
    bar.finish_and_clear();
    let mut stderr = Out::stderr();
    let beside = if wanted.format == Format::Json { &mut stderr } else { out };
    let end = match end {
        Ok(()) => outputs.publish().and(fixed.publish()),
        Err(failure) => {
            // Kept before anything is said: perhaps nobody listens any more.
            let kept: Vec<String> = outputs.abandon().into_iter().chain(fixed.abandon()).collect();
            if let (Failure::Interrupted, Some((source, line))) = (&failure, last) {
                writeln!(beside, "interrupted after {}:{line}; what is written is whole", names.shown(source))?;
            }
            for note in kept {
                writeln!(beside, "{}", visible(&note))?;
            }
            Err(failure)
        }
    };
    // The reader may still wait for a silent input; the end of the process ends it.
    summary(beside, &tally, &names, started.elapsed())?;
    for (source, name, fixes) in &fixed.written {
        let fixes = count(*fixes, "fix");
        writeln!(beside, "{}: {fixes}, written to {}", names.shown(*source), visible(name))?;
    }
    end.map(|()| if tally.rejected == 0 { Verdict::Accepted } else { Verdict::Rejected })
}

/// The fixed inputs, written one after another as they come.
struct Fixed {
    fix: Option<Fix>,
    inputs: Vec<OsString>,
    /// The input that is being written, and how many fixes it has had.
    current: Option<(usize, Output, u64)>,
    /// The files that were written: the input, the file's name, and the number of fixes.
    written: Vec<(usize, String, u64)>,
}

impl Fixed {
    /// Writes the lines of a block of an input.
    fn write(&mut self, source: usize, checked: &Checked) -> Result<(), Failure> {
        let Some(fix) = self.fix else { return Ok(()) };
        if self.current.as_ref().is_some_and(|(current, ..)| *current != source) {
            self.publish()?;
        }
        if self.current.is_none() {
            let input = self.inputs.get(source).map(OsString::as_os_str).unwrap_or_default();
            let output = match fix {
                Fix::Beside => Output::create(&input::fixed(input)),
                Fix::InPlace => Output::in_place(Path::new(input)),
            };
            self.current = Some((source, output.map_err(Failure::Unusable)?, 0));
        }
        if let Some((_, output, fixes)) = &mut self.current {
            output.write(&checked.fixed).map_err(Failure::Unusable)?;
            *fixes += checked.tally.fixes();
        }
        Ok(())
    }

    /// Gives the file its name, if it differs from the input.
    fn publish(&mut self) -> Result<(), Failure> {
        if let Some((source, output, fixes)) = self.current.take().filter(|(_, _, fixes)| *fixes > 0) {
            let name = output.name().to_owned();
            output.publish().map_err(Failure::Unusable)?;
            self.written.push((source, name, fixes));
        }
        Ok(())
    }

    fn abandon(&mut self) -> Option<String> {
        self.current.take().and_then(|(_, output, _)| output.abandon())
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let spawned = thread::Builder::new().spawn(work);
    spawned.map(drop).map_err(|error| Failure::Unusable(format!("no thread can be had: {error}")))
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
                Err(RecvTimeoutError::Disconnected) if signals.stop.load(SeqCst) => return Err(Failure::Interrupted),
                Err(RecvTimeoutError::Disconnected) if signals.dealt.load(SeqCst) == collected => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::Unusable("a thread came to an untimely end".to_owned()));
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

/// The reader's knowledge of all inputs.
struct Inputs {
    names: Arc<Names>,
    /// The most bytes of a body, and of an id in front of it.
    limit: u32,
    /// Whether they may be packed.
    packed: bool,
}

/// Reads the inputs, one open at a time, and deals their blocks in turn.
fn deal(inputs: &[OsString], about: &Inputs, bar: &ProgressBar, hands: &[SyncSender<Dealt>], signals: &Signals) {
    let mut hands = hands.iter().cycle();
    // True if a worker took it, and nobody has said stop.
    let mut hand_out = |dealt: Dealt| {
        signals.dealt.fetch_add(1, SeqCst);
        !signals.stop.load(SeqCst) && hands.next().is_some_and(|hand| hand.send(dealt).is_ok())
    };
    for (source, input) in inputs.iter().enumerate() {
        let unreadable = |error: io::Error| format!("{}: {error}", about.names.get(source));
        let unpacked =
            input::open(input).and_then(|input| unpack::unpack(Box::new(bar.wrap_read(input)), about.packed));
        let mut blocks = match unpacked {
            Ok(input) => Blocks::new(input, source, about.limit),
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

/// The files for accepted and rejected lines.
struct Outputs {
    accepted: Option<Output>,
    rejected: Option<Output>,
}

impl Outputs {
    fn create(args: &Args) -> Result<Outputs, Failure> {
        let create = |path: &Option<PathBuf>| path.as_deref().map(Output::create).transpose();
        let outputs = create(&args.accepted).and_then(|accepted| Ok((accepted, create(&args.rejected)?)));
        let (accepted, rejected) = outputs.map_err(Failure::Unusable)?;
        Ok(Outputs { accepted, rejected })
    }

    /// Writes the whole lines of a block.
    fn write(&mut self, checked: &Checked) -> Result<(), Failure> {
        for (output, lines) in [(&mut self.accepted, &checked.accepted), (&mut self.rejected, &checked.rejected)] {
            if let Some(output) = output {
                output.write(lines).map_err(Failure::Unusable)?;
            }
        }
        Ok(())
    }

    fn each(self) -> impl Iterator<Item = Output> {
        self.accepted.into_iter().chain(self.rejected)
    }

    fn publish(self) -> Result<(), Failure> {
        // Both are tried, even if one fails.
        let failed: Vec<String> = self.each().filter_map(|output| output.publish().err()).collect();
        if failed.is_empty() { Ok(()) } else { Err(Failure::Unusable(failed.join("; "))) }
    }

    fn abandon(self) -> Vec<String> {
        self.each().filter_map(Output::abandon).collect()
    }
}

/// On a terminal: bytes, rate, time left and requests. Lines on the same terminal leave no room.
fn progress_bar(inputs: &[Seen], format: Format) -> ProgressBar {
    let (bar, template) = match inputs.iter().map(|input| input.size).sum::<Option<u64>>() {
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
    ctrlc::set_handler(handler).map_err(|error| Failure::Unusable(format!("Ctrl-C cannot be watched for: {error}")))
}

/// Sums up.
fn summary(out: &mut Out, tally: &Tally, names: &Names, elapsed: Duration) -> Result<(), Failure> {
    let accepted = tally.requests - tally.rejected;
    let rate = tally.bytes as f64 / elapsed.as_secs_f64().max(1e-9);
    writeln!(
        out,
        "{}: {accepted} accepted, {} rejected, {} with warnings; {} in {:.1} s ({}/s)",
        count(tally.requests, "request"),
        tally.rejected,
        tally.warned,
        HumanBytes(tally.bytes),
        elapsed.as_secs_f64(),
        HumanBytes(rate as u64)
    )?;
    Ok(tally.write(out, names)?)
}
