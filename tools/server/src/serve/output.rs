//! The outputs: JSON Lines, and a log as Traccar writes it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    thread,
    time::Duration,
};
use tokio::sync::mpsc;

/// Bytes that are written at once, at most, unless one record has more.
const BATCH: usize = 256 * 1024;

/// The time from one write to the next: what comes meanwhile is written at once, and nobody has to
/// wake the writer for it.
const PAUSE: Duration = Duration::from_millis(2);

/// What one read of a connection adds to the outputs: whole lines.
#[derive(Default)]
pub struct Record {
    pub json: Vec<u8>,
    pub log: Vec<u8>,
}

impl Record {
    pub fn is_empty(&self) -> bool {
        self.json.is_empty() && self.log.is_empty()
    }
}

/// What is sent to the writer.
pub enum Message {
    Record(Record),
    /// Nothing follows.
    End,
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
    /// Writes until the end is sent. What came is written before the writer waits for more.
    ///
    /// # Errors
    /// If an output cannot be written. A file then ends with a whole line.
    pub fn run(mut self, mut records: mpsc::Receiver<Message>) -> io::Result<()> {
        let mut batch = Record::default();
        let mut is_open = true;
        while is_open {
            let mut next = records.blocking_recv();
            loop {
                match next {
                    Some(Message::Record(record)) => {
                        batch.json.extend_from_slice(&record.json);
                        batch.log.extend_from_slice(&record.log);
                    }
                    Some(Message::End) | None => is_open = false,
                }
                if !is_open || batch.json.len() >= BATCH || batch.log.len() >= BATCH {
                    break;
                }
                match records.try_recv() {
                    Ok(message) => next = Some(message),
                    Err(_) => break,
                }
            }
            // The bytes first: reports can be made of them again.
            if let Some(log) = &mut self.log {
                log.write(&batch.log)?;
            }
            self.json.write(&batch.json)?;
            batch.json.clear();
            batch.log.clear();
            if is_open {
                thread::sleep(PAUSE);
            }
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
        let is_plain = file.metadata().is_ok_and(|metadata| metadata.is_file());
        let len = file.metadata().map_or(0, |metadata| metadata.len());
        file.write_all(lines).map_err(|error| {
            if is_plain {
                let _ = file.set_len(len);
            }
            named(&self.name, error)
        })
    }
}

fn named(name: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{name}: {error}"))
}
