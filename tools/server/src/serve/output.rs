//! The outputs: JSON Lines, and a log as Traccar writes it.
//!
//! Connections put their lines into one buffer, and a thread writes it. Nothing is dropped: while
//! the buffer [is full](Output::is_full), connections are not read.

use std::{
    cell::Cell,
    fs::{File, Metadata, OpenOptions},
    io::{self, Write},
    mem,
    path::Path,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::sync::Notify;

/// Bytes in the buffer from which on connections are not read.
const FULL: usize = 1024 * 1024;

/// Bytes that a thread keeps for its next record, at most.
const KEPT: usize = 64 * 1024;

/// The time from one write to the next: what comes meanwhile is written at once, and nobody has to
/// wake the writer for it.
const PAUSE: Duration = Duration::from_millis(2);

/// What one read of a connection adds to the outputs: whole lines.
#[derive(Default)]
pub struct Record {
    pub json: Vec<u8>,
    pub log: Vec<u8>,
}

thread_local! {
    /// An empty record that has room, so that not every read has to ask for memory.
    static SPARE: Cell<Record> = const { Cell::new(Record::EMPTY) };
}

impl Record {
    const EMPTY: Self = Self {
        json: Vec::new(),
        log: Vec::new(),
    };

    /// An empty record.
    pub fn new() -> Self {
        SPARE.take()
    }

    const fn is_empty(&self) -> bool {
        self.json.is_empty() && self.log.is_empty()
    }

    fn len(&self) -> usize {
        self.json.len().saturating_add(self.log.len())
    }

    fn capacity(&self) -> usize {
        self.json.capacity().saturating_add(self.log.capacity())
    }

    fn clear(&mut self) {
        self.json.clear();
        self.log.clear();
    }
}

/// Where connections put their lines.
#[derive(Default)]
pub struct Output {
    buffer: Mutex<Buffer>,
    /// Told when there is something to write, or when nothing follows.
    filled: Condvar,
    is_full: AtomicBool,
    /// Told when it is no longer full.
    room: Notify,
}

#[derive(Default)]
struct Buffer {
    lines: Record,
    /// Whether the writer waits to be told.
    is_awaited: bool,
    /// Whether nothing follows, or nothing can be written.
    is_closed: bool,
}

impl Output {
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        // Nothing panics while it is held; and if something did, it would be whole all the same.
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a record. If the outputs have failed, the server ends anyway.
    pub fn write(&self, mut record: Record) {
        if !record.is_empty() {
            let mut buffer = self.buffer();
            if !buffer.is_closed {
                buffer.lines.json.extend_from_slice(&record.json);
                buffer.lines.log.extend_from_slice(&record.log);
                if buffer.lines.len() >= FULL {
                    self.is_full.store(true, Ordering::Relaxed);
                }
            }
            let is_awaited = mem::take(&mut buffer.is_awaited);
            drop(buffer);
            if is_awaited {
                self.filled.notify_one();
            }
            record.clear();
        }
        if record.capacity() <= KEPT {
            SPARE.set(record);
        }
    }

    /// Whether nothing more is to be read.
    pub fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// Waits until it is no longer full.
    pub async fn room(&self) {
        let mut room = std::pin::pin!(self.room.notified());
        // From here on it is told; what came before is seen.
        room.as_mut().enable();
        if self.is_full() {
            room.await;
        }
    }

    /// Lets the writer end when all is written. What comes later is dropped.
    pub fn close(&self) {
        self.buffer().is_closed = true;
        self.filled.notify_one();
        self.has_room();
    }

    fn has_room(&self) {
        if self.is_full.swap(false, Ordering::Relaxed) {
            self.room.notify_waiters();
        }
    }

    /// Waits for lines, and exchanges them for these, which are empty. Returns whether there are
    /// any: if not, nothing follows.
    fn take(&self, lines: &mut Record) -> bool {
        let mut buffer = self.buffer();
        while buffer.lines.is_empty() && !buffer.is_closed {
            buffer.is_awaited = true;
            let told = self.filled.wait(buffer);
            buffer = told.unwrap_or_else(PoisonError::into_inner);
        }
        mem::swap(&mut buffer.lines, lines);
        drop(buffer);
        self.has_room();
        !lines.is_empty()
    }
}

/// Writes all records.
pub struct Writer {
    json: Target,
    log: Option<Target>,
}

/// Opens the outputs. Files that exist are added to.
///
/// # Errors
/// If one cannot be opened; the error names it.
pub fn open(json: &Path, log: Option<&Path>) -> io::Result<Writer> {
    Ok(Writer {
        json: Target::open(json)?,
        log: log.map(Target::open).transpose()?,
    })
}

impl Writer {
    /// Writes until the output is closed.
    ///
    /// # Errors
    /// If an output cannot be written. A file then ends with a whole line.
    pub fn run(mut self, output: &Output) -> io::Result<()> {
        let mut lines = Record::default();
        while output.take(&mut lines) {
            // The bytes first: reports can be made of them again.
            if let Some(log) = &mut self.log {
                log.write(&lines.log)?;
            }
            self.json.write(&lines.json)?;
            lines.clear();
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

/// A file or standard output.
struct Target {
    name: String,
    file: Option<File>,
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self {
                name: "standard output".to_owned(),
                file: None,
            });
        }
        let name = path.display().to_string();
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = file.map_err(|error| named(&name, error))?;
        Ok(Self {
            name,
            file: Some(file),
        })
    }

    /// Writes whole lines. If that fails in a file, what was written of them is taken back.
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let Some(file) = &mut self.file else {
            let mut out = io::stdout().lock();
            let result = out.write_all(lines).and_then(|()| out.flush());
            return result.map_err(|error| named(&self.name, error));
        };
        let before = file.metadata().ok().filter(Metadata::is_file);
        file.write_all(lines).map_err(|error| {
            if let Some(before) = before {
                let _ = file.set_len(before.len());
            }
            named(&self.name, error)
        })
    }
}

fn named(name: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn lines(len: usize) -> Record {
        let mut record = Record::new();
        record.json.resize(len, b'x');
        record
    }

    #[tokio::test]
    async fn when_it_is_full_readers_wait_and_nothing_is_lost() {
        let output = Arc::new(Output::default());
        output.write(lines(FULL - 1));
        assert!(!output.is_full());
        output.room().await;
        output.write(lines(1));
        assert!(output.is_full());
        let waits = Arc::clone(&output);
        let waits = tokio::spawn(async move { waits.room().await });
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        let mut taken = Record::default();
        assert!(output.take(&mut taken));
        assert_eq!(taken.json.len(), FULL);
        assert!(!output.is_full());
        waits.await.unwrap();
        // What came before the end is written, what comes later is not.
        taken.clear();
        output.write(lines(2));
        output.close();
        output.write(lines(3));
        assert!(output.take(&mut taken));
        assert_eq!(taken.json.len(), 2);
        taken.clear();
        assert!(!output.take(&mut taken));
    }
}
