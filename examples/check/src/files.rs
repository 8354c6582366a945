//! The files of a call, identified by device and inode instead of by name, so that no input is written
//! over, and no output is written twice.

use std::collections::{HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A regular file, whatever its names. Pipes and devices are none: sharing does not harm them.
#[cfg(unix)]
pub(crate) type Id = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Id = std::path::PathBuf;

#[cfg(unix)]
pub(crate) fn id(about: &Metadata, _: &Path) -> Option<Id> {
    use std::os::unix::fs::MetadataExt;
    about.is_file().then(|| (about.dev(), about.ino()))
}

/// Elsewhere only the path tells.
#[cfg(not(unix))]
pub(crate) fn id(about: &Metadata, path: &Path) -> Option<Id> {
    about.is_file().then(|| path.canonicalize().ok()).flatten()
}

/// The file that one of the standard streams is, if it is one.
#[cfg(unix)]
pub(crate) fn stream_id(stream: &impl std::os::fd::AsFd) -> Option<Id> {
    let file = std::fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
    id(&file.metadata().ok()?, Path::new(""))
}

#[cfg(not(unix))]
pub(crate) fn stream_id<T>(_: &T) -> Option<Id> {
    None
}

/// The files that a call reads and writes, with their names.
#[derive(Default)]
pub(crate) struct Files {
    read: HashMap<Id, String>,
    written: HashMap<Id, String>,
    /// The paths of the files that are written.
    places: HashSet<PathBuf>,
}

impl Files {
    /// Notes a file that is read.
    pub(crate) fn read(&mut self, name: &str, id: Option<&Id>) {
        self.read.extend(id.map(|id| (id.to_owned(), name.to_owned())));
    }

    /// Notes where the standard output and error go; an error if that is a file that is read.
    pub(crate) fn streams(&mut self) -> Result<(), String> {
        let streams = [
            (stream_id(&std::io::stdout()), "the standard output"),
            (stream_id(&std::io::stderr()), "the standard error"),
        ];
        for (id, name) in streams {
            let Some(id) = id else { continue };
            if let Some(read) = self.read.get(&id) {
                return Err(format!("{read}: it is {name}, too; a file that is read is not written to"));
            }
            self.written.insert(id, name.to_owned());
        }
        Ok(())
    }

    /// Notes a file that is written; an error if it is read, or is another output.
    pub(crate) fn write(&mut self, path: &Path) -> Result<(), String> {
        let name = path.display();
        let Ok(about) = fs::metadata(path) else { return self.claim(path) };
        let Some(id) = id(&about, path) else { return Ok(()) };
        if let Some(read) = self.read.get(&id) {
            return Err(format!("{name}: it is the same file as {read}, which is read, and would be overwritten"));
        }
        if let Some(written) = self.written.get(&id) {
            return Err(format!("{name}: it is the same file as {written}; each output needs its own"));
        }
        self.written.insert(id, name.to_string());
        self.claim(path)
    }

    /// Notes the place of a file, which may not be there yet.
    fn claim(&mut self, path: &Path) -> Result<(), String> {
        let name = path.display();
        let place = place(path).map_err(|error| format!("{name}: {error}"))?;
        if self.places.insert(place) { Ok(()) } else { Err(format!("{name}: each output needs a file of its own")) }
    }
}

/// The path of a file without links; the file itself need not be there.
pub(crate) fn place(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // A link may lead to a name that is free. One that leads round in circles has no metadata.
    while let Ok(target) = fs::read_link(&path) {
        match fs::metadata(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => path = folder(&path).join(target),
        }
    }
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    Ok(folder(&path).canonicalize()?.join(name))
}

/// The folder in which a file stands.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
