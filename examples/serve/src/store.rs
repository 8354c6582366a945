//! The ids, in an embedded database: those that were given out stay given out.

use outgoing_to_device::Request;
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableTable, TableDefinition};
use std::error::Error;
use std::path::Path;

/// The next id of each kind.
const NEXT: TableDefinition<'_, &str, i64> = TableDefinition::new("next");

/// The clients: by their external identifier under the empty name, which no channel has, else by
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

pub(crate) struct Store(Database);

impl Store {
    /// Opens the file, or makes it; without one the ids are kept in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Store, redb::DatabaseError> {
        Ok(Store(match file {
            Some(file) => Database::create(file)?,
            None => Database::builder().create_with_backend(InMemoryBackend::new())?,
        }))
    }

    /// Gives out the ids for a message: a new one, a new thread, and the client's own. They are on
    /// the disk when this returns.
    pub(crate) fn assign(&self, request: &Request<'_>) -> Result<Ids, Failure> {
        let client = match request.client_id() {
            Some(id) => ("", id),
            None => (request.channel_type(), request.device_address()),
        };
        // One transaction writes at a time, so no two messages get the same ids.
        let transaction = self.0.begin_write()?;
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
}
