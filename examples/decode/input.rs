//! Opens the input, recognises its format, and reads it.

use crate::{
    capture::{Format, Line, LineError, decode_hex, hex_line, log_line},
    connections::{Connection, Connections},
    event::{Origin, OutputError, Sink},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    borrow::Cow,
    fmt::Display,
    fs::File,
    io::{self, BufRead, BufReader, Chain, Cursor, IsTerminal, Read, Write},
    path::Path,
};

/// The number of bytes that are read at a time, and by which the format is recognised.
const BLOCK: usize = 64 * 1024;

/// The longest line that is read: a log has one read in a line, which is never that large.
const MAX_LINE: u64 = 1024 * 1024;

/// The size in bytes from which on a file gets a progress bar.
const LARGE: u64 = 4 * 1024 * 1024;

/// The number of bad lines that are reported one by one.
const WARNINGS: u32 = 10;

/// The reason why an input was not read to its end.
pub enum Failure {
    /// It cannot be read, or there is nothing in it.
    Input(Cow<'static, str>),
    /// The output cannot be written.
    Output(OutputError),
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        Self::Output(error)
    }
}

/// All errors of reading.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Input(error.to_string().into())
    }
}

/// Prints messages to the user while a progress bar may be shown.
pub struct Messages {
    progress: ProgressBar,
    warnings_left: u32,
    shows_progress: bool,
}

impl Messages {
    pub fn new(shows_progress: bool) -> Self {
        Self {
            progress: ProgressBar::hidden(),
            warnings_left: WARNINGS,
            shows_progress,
        }
    }

    /// Prints a message. If standard error is closed, the message is lost.
    pub fn say(&self, message: impl Display) {
        self.progress.suspend(|| {
            let _ = writeln!(io::stderr(), "decode: {message}");
        });
    }

    fn warn(&mut self, message: impl Display) {
        match self.warnings_left {
            0 => {}
            1 => self.say(format_args!(
                "{message} (further lines like this are counted, and not shown)"
            )),
            _ => self.say(message),
        }
        self.warnings_left = self.warnings_left.saturating_sub(1);
    }

    /// Counts what is read from a large file.
    fn follow(&mut self, file: File) -> io::Result<Box<dyn Read>> {
        let len = file
            .metadata()
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map_or(0, |metadata| metadata.len());
        if !self.shows_progress || len < LARGE {
            return Ok(Box::new(file));
        }
        let style = ProgressStyle::with_template(
            "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        )
        .map_err(io::Error::other)?;
        self.progress = ProgressBar::new(len).with_style(style);
        Ok(Box::new(self.progress.wrap_read(file)))
    }

    fn input_ends(&mut self) {
        self.progress.finish_and_clear();
        self.progress = ProgressBar::hidden();
    }
}

/// An input, with the bytes put back by which its format was recognised.
type Source = BufReader<Chain<Cursor<Vec<u8>>, Box<dyn Read>>>;

/// Reads one input after the other.
pub struct Reader {
    /// The format of all inputs; if absent, the format of each is recognised.
    pub format: Option<Format>,
    /// Whether each read is a datagram.
    pub udp: bool,
    /// The connections of all logs, because a connection may go on in the next file of a rotated
    /// log.
    pub connections: Connections,
    pub sink: Sink,
    pub messages: Messages,
}

impl Reader {
    /// Reads a file, or standard input for `-`, to its end.
    pub fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let before = self.sink.summary.bytes();
        // Of the whole file, if its reads have no connection of their own.
        let mut connection = self.connections.unnamed();
        let result = self.open(path).and_then(|(format, source)| {
            if format != Format::Log {
                self.sink.summary.connection();
            }
            match format {
                Format::Log => self.lines(path, source, log_line, &mut connection),
                Format::Hex => self.lines(path, source, hex_line, &mut connection),
                Format::Raw => self.raw(source, &mut connection),
            }
        });
        self.messages.input_ends();
        connection.finish(Origin::UNKNOWN, &mut self.sink)?;
        result?;
        if self.sink.summary.bytes() == before {
            return Err(Failure::Input("no bytes from or to a device in it".into()));
        }
        Ok(())
    }

    /// Reads as much as it takes to know the format.
    fn open(&mut self, path: &Path) -> Result<(Format, Source), Failure> {
        let mut source = if is_stdin(path) {
            if io::stdin().is_terminal() {
                self.messages
                    .say("reading what is typed here, up to Ctrl-D; --help tells what can be read");
            }
            Box::new(io::stdin().lock())
        } else {
            self.messages.follow(File::open(path)?)?
        };
        let mut head = vec![0; BLOCK];
        let mut len = 0_usize;
        let mut format = self.format;
        while format.is_none() {
            let read = match source.read(head.get_mut(len..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            len = len.saturating_add(read);
            // At the end of the input, or of the block.
            let end = read == 0;
            format = Format::recognise(head.get(..len).unwrap_or_default(), end);
            if end {
                break;
            }
        }
        let format = format.ok_or(Failure::Input("nothing in it".into()))?;
        head.truncate(len);
        Ok((
            format,
            BufReader::with_capacity(BLOCK, Cursor::new(head).chain(source)),
        ))
    }

    /// Reads lines, as many bytes of each as are allowed.
    fn lines(
        &mut self,
        path: &Path,
        mut source: Source,
        parse: fn(&str) -> Line<'_>,
        file: &mut Connection,
    ) -> Result<(), Failure> {
        let (mut line, mut bytes) = (Vec::new(), Vec::new());
        for number in 1_u64.. {
            if source.buffer().is_empty() {
                // It may take a while until there is more.
                self.sink.flush()?;
            }
            let Some(end) = read_line(&mut source, &mut line)? else {
                break;
            };
            match parse(&String::from_utf8_lossy(&line)) {
                Line::Other => self.sink.summary.line_skipped(),
                Line::Boundary(origin) => {
                    self.sink.summary.line_skipped();
                    self.connections.close(origin, &mut self.sink)?;
                }
                Line::Read { origin, peer, hex } => {
                    let problem = match (end, decode_hex(hex, &mut bytes)) {
                        (LineEnd::Reached, result) => result.err(),
                        (LineEnd::Cut, _) => Some(LineError::TooLong),
                    };
                    if let Some(problem) = problem {
                        self.sink.summary.line_bad();
                        self.messages
                            .warn(format_args!("{}:{number}: {problem}", path.display()));
                    }
                    if !bytes.is_empty() {
                        self.bytes(origin, peer, &bytes, file)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a stream of bytes.
    fn raw(&mut self, mut source: Source, file: &mut Connection) -> Result<(), Failure> {
        if self.udp {
            return Err(Failure::Input(
                "raw bytes do not tell where a datagram ends: with --udp give a log, or hex".into(),
            ));
        }
        loop {
            self.sink.flush()?;
            let block = source.fill_buf()?;
            let len = block.len();
            if len == 0 {
                return Ok(());
            }
            self.bytes(Origin::UNKNOWN, "", block, file)?;
            source.consume(len);
        }
    }

    /// Hands the bytes of one read to the connection that `origin` names, or to that of the file.
    fn bytes(
        &mut self,
        origin: Origin<'_>,
        peer: &str,
        bytes: &[u8],
        file: &mut Connection,
    ) -> Result<(), OutputError> {
        self.sink.summary.read(bytes.len());
        // The name that a Traccar server gives its UDP sockets, which all devices share.
        let datagram = self.udp || origin.connection.is_some_and(|id| id.starts_with('U'));
        let connection = match origin.connection {
            None => file,
            Some(id) if datagram => self
                .connections
                .get(&format!("{id} {peer}"), &mut self.sink)?,
            Some(id) => self.connections.get(id, &mut self.sink)?,
        };
        if datagram {
            connection.datagram(origin, bytes, &mut self.sink)
        } else {
            connection.read(origin, bytes, &mut self.sink)
        }
    }
}

/// Whether the path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// How the reading of a line ended.
enum LineEnd {
    Reached,
    /// The line is longer than is allowed; the rest was skipped.
    Cut,
}

/// Puts the next line, without its end, into `line`. `None` at the end of the input.
fn read_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<LineEnd>> {
    line.clear();
    let taken = source.by_ref().take(MAX_LINE).read_until(b'\n', line)?;
    if taken == 0 {
        return Ok(None);
    }
    if line.pop_if(|byte| *byte == b'\n').is_some() || taken as u64 != MAX_LINE {
        return Ok(Some(LineEnd::Reached));
    }
    match source.fill_buf()?.first() {
        None => return Ok(Some(LineEnd::Reached)),
        Some(b'\n') => {
            source.consume(1);
            return Ok(Some(LineEnd::Reached));
        }
        Some(_) => source.skip_until(b'\n')?,
    };
    Ok(Some(LineEnd::Cut))
}
