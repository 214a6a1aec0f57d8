//! Which decoder and which session bytes belong to.

use crate::event::{Event, Origin, OutputError, Sink};
use gt02::{Datagram, Decoder, Direction, Session};
use lru::LruCache;

/// The connections of a log that are kept at a time. A log that does not say when connections end would else fill the memory.
const OPEN_LIMIT: usize = 4096;

/// Both directions of one conversation with a device.
#[derive(Default)]
pub struct Connection {
    session: Session,
    up: Decoder<2048>,
    down: Decoder<2048>,
}

impl Connection {
    /// Takes the bytes of one read of the stream.
    pub fn read(&mut self, origin: Origin<'_>, mut bytes: &[u8], sink: &mut Sink) -> Result<(), OutputError> {
        let decoder = match origin.direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        };
        while let Some(item) = decoder.decode(&mut bytes) {
            sink.event(&Event::new(origin, item, &mut self.session))?;
        }
        Ok(())
    }

    /// Takes the bytes of one datagram.
    pub fn datagram(&mut self, origin: Origin<'_>, bytes: &[u8], sink: &mut Sink) -> Result<(), OutputError> {
        Datagram::new(bytes).try_for_each(|item| sink.event(&Event::new(origin, item, &mut self.session)))
    }

    /// No more bytes will come: what is pending is decided, and shown with the time and connection of `origin`.
    pub fn finish(mut self, origin: Origin<'_>, sink: &mut Sink) -> Result<(), OutputError> {
        for (direction, mut decoder) in [(Direction::Up, self.up), (Direction::Down, self.down)] {
            sink.summary.pending(decoder.pending().len());
            while let Some(item) = decoder.finish() {
                sink.event(&Event::new(Origin { direction, ..origin }, item, &mut self.session))?;
            }
        }
        Ok(())
    }
}

/// The connections of a log that are open, and not more than [`OPEN_LIMIT`].
pub struct Connections {
    open: LruCache<String, Connection>,
}

impl Connections {
    pub fn new() -> Self {
        Self { open: LruCache::unbounded() }
    }

    /// The connection of that id. If there are too many, the one that was silent longest is finished.
    pub fn get(&mut self, id: &str, sink: &mut Sink) -> Result<&mut Connection, OutputError> {
        if !self.open.contains(id) {
            if self.open.len() >= OPEN_LIMIT {
                self.finish_oldest(sink)?;
            }
            sink.summary.connection();
        }
        Ok(self.open.get_or_insert_mut_ref(id, Connection::default))
    }

    /// Finishes the connection that `origin` names, and forgets it.
    pub fn close(&mut self, origin: Origin<'_>, sink: &mut Sink) -> Result<(), OutputError> {
        match origin.connection.and_then(|id| self.open.pop(id)) {
            Some(connection) => connection.finish(origin, sink),
            None => Ok(()),
        }
    }

    /// Finishes all connections.
    pub fn finish(&mut self, sink: &mut Sink) -> Result<(), OutputError> {
        while self.finish_oldest(sink)? {}
        Ok(())
    }

    /// Finishes the connection that was silent longest, and says whether there was one.
    fn finish_oldest(&mut self, sink: &mut Sink) -> Result<bool, OutputError> {
        let Some((id, connection)) = self.open.pop_lru() else { return Ok(false) };
        connection.finish(Origin { connection: Some(&id), ..Origin::UNKNOWN }, sink)?;
        Ok(true)
    }
}
