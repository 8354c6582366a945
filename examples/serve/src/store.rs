//! The ids, in an embedded database: none is given out twice.
//!
//! One thread owns the database, since only one transaction writes at a time anyway. It skips requests
//! whose client is gone, and opens the file again after the disk has failed.

use outgoing_to_device::RequestBuf;
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableTable, TableDefinition};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::thread;
use tokio::sync::{mpsc, oneshot};

/// The next id of each kind.
const NEXT: TableDefinition<'_, &str, i64> = TableDefinition::new("next");

/// The clients: by their external identifier under the empty name, which no channel has, otherwise by
/// channel and address.
const CLIENTS: TableDefinition<'_, (&str, &str), i64> = TableDefinition::new("clients");

/// The sequences begin where the documented response has them: id 1, thread 2, client 1.
const MESSAGE: (&str, i64) = ("message", 1);
const THREAD: (&str, i64) = ("thread", 2);
const CLIENT: (&str, i64) = ("client", 1);

/// There is one integrator, and so one agent from whom messages are sent: the documented one.
const AGENT: i64 = 3;

/// The ids of a message that is sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) message: i64,
    pub(crate) thread: i64,
    pub(crate) client: i64,
    pub(crate) agent: i64,
}

/// Why the store did not do its part; it names files and causes, never a key.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// The number of requests in the thread's queue; further ones wait for a place in it.
const WAITING: usize = 64;

/// A handle to the thread that owns the database.
#[derive(Clone)]
pub(crate) struct Store(mpsc::Sender<Job>);

/// A message that wants its ids.
struct Job {
    client: Client,
    answer: oneshot::Sender<Ids>,
}

/// A client's key.
struct Client(String, String);

impl Store {
    /// Opens the file, or makes it; without one the ids are kept in memory.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Store, Failure> {
        let mut ledger = Ledger { database: Some(open(file.as_deref())?), file };
        let (jobs, mut queue) = mpsc::channel(WAITING);
        thread::Builder::new().name("store".to_owned()).spawn(move || ledger.keep(&mut queue))?;
        Ok(Store(jobs))
    }

    /// Gives out the ids for a message: a new one, a new thread, and the client's own. They are on the
    /// disk when this returns; `None` if that could not be done.
    pub(crate) async fn assign(&self, request: &RequestBuf) -> Option<Ids> {
        let (answer, ids) = oneshot::channel();
        self.0.send(Job { client: Client::of(request), answer }).await.ok()?;
        ids.await.ok()
    }
}

impl Client {
    fn of(request: &RequestBuf) -> Client {
        match request.client_id() {
            Some(id) => Client(String::new(), id.to_owned()),
            None => Client(request.channel_type().to_owned(), request.device_address().to_owned()),
        }
    }
}

/// The database and its file, if it has one.
struct Ledger {
    /// `None` after a failure, until it can be opened again.
    database: Option<Database>,
    file: Option<PathBuf>,
}

impl Ledger {
    fn keep(&mut self, queue: &mut mpsc::Receiver<Job>) {
        while let Some(Job { client, answer }) = queue.blocking_recv() {
            // The client is gone: no work for it.
            if answer.is_closed() {
                continue;
            }
            match self.assign(&client) {
                // If it is gone by now, the ids are used, as if the answer had been lost on its way.
                Ok(ids) => drop(answer.send(ids)),
                Err(error) => tracing::error!("the store failed: {error}"),
            }
        }
    }

    fn assign(&mut self, client: &Client) -> Result<Ids, Failure> {
        let database = match self.database.take() {
            Some(database) => database,
            None => open(self.file.as_deref())?,
        };
        let ids = assign(&database, client);
        // After a failed write redb refuses all others until it is opened again, which finds the file as
        // the last commit left it. A database in memory would be lost by that, and has no disk to fail.
        if ids.is_ok() || self.file.is_none() {
            self.database = Some(database);
        }
        ids
    }
}

fn open(file: Option<&Path>) -> Result<Database, Failure> {
    Ok(match file {
        Some(file) => Database::create(file)?,
        None => Database::builder().create_with_backend(InMemoryBackend::new())?,
    })
}

fn assign(database: &Database, Client(channel, key): &Client) -> Result<Ids, Failure> {
    let client = (channel.as_str(), key.as_str());
    let transaction = database.begin_write()?;
    let ids = {
        let mut next = transaction.open_table(NEXT)?;
        let mut take = |(name, first): (&str, i64)| -> Result<i64, Failure> {
            let id = next.get(name)?.map_or(first, |id| id.value());
            next.insert(name, id + 1)?;
            Ok(id)
        };
        let mut clients = transaction.open_table(CLIENTS)?;
        let known = clients.get(client)?.map(|id| id.value());
        let client = match known {
            Some(id) => id,
            None => {
                let id = take(CLIENT)?;
                clients.insert(client, id)?;
                id
            }
        };
        Ids { message: take(MESSAGE)?, thread: take(THREAD)?, client, agent: AGENT }
    };
    transaction.commit()?;
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_done_for_those_who_are_gone() {
        let (jobs, mut queue) = mpsc::channel(4);
        let job = |name: &str| {
            let (answer, ids) = oneshot::channel();
            jobs.try_send(Job { client: Client("WEB".to_owned(), name.to_owned()), answer })
                .unwrap_or_else(|_| panic!());
            ids
        };
        drop(job("gone"));
        let ids = job("waits");
        drop(jobs);
        Ledger { database: Some(open(None).unwrap()), file: None }.keep(&mut queue);
        assert_eq!(ids.blocking_recv().unwrap(), Ids { message: 1, thread: 2, client: 1, agent: 3 });
    }
}
