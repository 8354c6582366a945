//! Runs the program as a person would.
#![allow(dead_code, reason = "each test file takes what it needs")]

pub(crate) mod w5;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

/// What a run came to.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_otd-check"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// A program whose output is caught.
pub(crate) fn caught(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::piped()).stderr(Stdio::piped())
}

/// Runs with arguments and a standard input.
pub(crate) fn check(args: &[&str], stdin: &[u8]) -> Run {
    let mut child = caught(command().args(args).stdin(Stdio::piped())).spawn().expect("the program starts");
    let (mut pipe, input) = (child.stdin.take().expect("a pipe"), stdin.to_vec());
    let writer = thread::spawn(move || {
        // A program that has seen enough closes its end.
        let _ = pipe.write_all(&input);
    });
    let run = finish(child);
    writer.join().expect("the writer ends");
    run
}

/// Waits for the end of a program.
pub(crate) fn finish(child: Child) -> Run {
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Run { status: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// One of the documented exchanges.
pub(crate) fn documented(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../documented").join(name)
}

pub(crate) fn read(name: &str) -> Vec<u8> {
    std::fs::read(documented(name)).expect("the documented exchange is there")
}

pub(crate) fn str(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}
