//! Files of lines that appear under their names only when they are whole.

use crate::files::{folder, place};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file of lines.
pub(crate) struct Output {
    /// Its name on the command line.
    name: String,
    sink: Sink,
    /// The number of bytes in whole lines.
    whole: u64,
}

enum Sink {
    /// A pipe or a device takes the lines as they come.
    Stream(File),
    Beside(Beside),
}

/// A file that is written beside its name.
struct Beside {
    file: NamedTempFile,
    path: PathBuf,
    /// Whether a file stood under the name when this one was begun.
    replaces: bool,
}

impl Output {
    /// Makes ready to write; a file that stands under the name stays as it is. `Files` knows that it may be
    /// written.
    pub(crate) fn create(path: &Path) -> Result<Output, String> {
        let sink = match fs::metadata(path) {
            Ok(about) if about.is_file() => Beside::replacing(path, about.permissions()).map(Sink::Beside),
            Ok(about) if about.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(_) => OpenOptions::new().write(true).open(path).map(Sink::Stream),
            Err(error) if error.kind() == ErrorKind::NotFound => Beside::new(path).map(Sink::Beside),
            Err(error) => Err(error),
        };
        let name = path.display().to_string();
        match sink {
            Ok(sink) => Ok(Output { name, sink, whole: 0 }),
            Err(error) => Err(format!("{name}: {error}")),
        }
    }

    /// Makes ready to take the place of an input.
    pub(crate) fn in_place(path: &Path) -> Result<Output, String> {
        let name = path.display().to_string();
        let begin = || match fs::metadata(path)? {
            about if about.is_file() => Beside::replacing(path, about.permissions()),
            _ => Err(io::Error::other("only a file can be fixed in place")),
        };
        match begin() {
            Ok(beside) => Ok(Output { name, sink: Sink::Beside(beside), whole: 0 }),
            Err(error) => Err(format!("{name}: {error}")),
        }
    }

    /// Its name on the command line.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes whole lines.
    pub(crate) fn write(&mut self, lines: &[u8]) -> Result<(), String> {
        let written = match &mut self.sink {
            Sink::Stream(file) => file.write_all(lines),
            Sink::Beside(beside) => beside.file.write_all(lines),
        };
        self.whole += if written.is_ok() { lines.len() as u64 } else { 0 };
        written.map_err(|error| format!("{}: {error}", self.name))
    }

    /// Gives the file its name. If that fails, the lines are kept as after an interrupted run.
    pub(crate) fn publish(self) -> Result<(), String> {
        let Sink::Beside(beside) = self.sink else { return Ok(()) };
        let Err((error, file)) = beside.publish() else { return Ok(()) };
        let kept = file.keep().map(|(_, path)| format!("; the lines are in {}", path.display())).unwrap_or_default();
        Err(format!("{}: {error}{kept}", self.name))
    }

    /// Keeps the whole lines of a run that did not finish, under a name of their own, and returns a
    /// sentence about it.
    pub(crate) fn abandon(self) -> Option<String> {
        let Sink::Beside(beside) = self.sink else { return None };
        if self.whole == 0 {
            return None;
        }
        beside.file.as_file().set_len(self.whole).ok()?;
        let (_, path) = beside.file.keep().ok()?;
        Some(format!("{} is not written; the lines so far are in {}", self.name, path.display()))
    }
}

impl Beside {
    /// Begins a file for a name that is free.
    fn new(path: &Path) -> io::Result<Beside> {
        let path = place(path)?;
        let file = Beside::file(&path)?;
        Ok(Beside { file, path, replaces: false })
    }

    /// Begins a file that takes the place of another, and its permissions.
    fn replacing(path: &Path, permissions: fs::Permissions) -> io::Result<Beside> {
        // A file that may not be written may not be replaced either.
        OpenOptions::new().append(true).open(path)?;
        let path = path.canonicalize()?;
        let file = Beside::file(&path)?;
        file.as_file().set_permissions(permissions)?;
        Ok(Beside { file, path, replaces: true })
    }

    fn file(path: &Path) -> io::Result<NamedTempFile> {
        let mut prefix = path.file_name().unwrap_or_default().to_owned();
        prefix.push(".");
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(folder(path))
    }

    fn publish(self) -> Result<(), (io::Error, NamedTempFile)> {
        if let Err(error) = self.file.as_file().sync_all() {
            return Err((error, self.file));
        }
        // A free name may have been taken since.
        let named = if self.replaces { self.file.persist(&self.path) } else { self.file.persist_noclobber(&self.path) };
        named.map(drop).map_err(|failed| (failed.error, failed.file))
    }
}
