//! Opens the input, recognises its format, and reads it.

use super::{
    capture::{Data, Format, Line, LineError, hex_line, log_line},
    connections::{Connection, Connections},
    event::{Origin, OutputError, Sink},
    flows::Flows,
    packets::{Next, PacketError, PacketReader},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    borrow::Cow,
    fmt::Display,
    fs::File,
    io::{self, BufRead, BufReader, Chain, Cursor, IsTerminal, Read, Write},
    path::{Path, PathBuf},
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
            let _ = writeln!(io::stderr(), "gt02: {message}");
        });
    }

    /// Prints a message about an input.
    pub fn about(&self, path: &Path, message: impl Display) {
        let name = if is_stdin(path) {
            "standard input".into()
        } else {
            path.to_string_lossy()
        };
        self.say(format_args!("{name}: {message}"));
    }

    /// Prints a message that may come often: only the first ones are shown.
    pub fn warn(&mut self, message: impl Display) {
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
    /// Whether only packets of some ports are asked for.
    pub port_is_given: bool,
    /// The connections of all logs, because a connection may go on in the next file of a rotated
    /// log.
    pub connections: Connections,
    /// Likewise of all captures of packets.
    pub flows: Flows,
    /// Captures of packets by their number, and what to say if nothing of them is shown.
    pub captures: Vec<(usize, PathBuf, &'static str)>,
    pub sink: Sink,
    pub messages: Messages,
}

impl From<PacketError> for Failure {
    fn from(error: PacketError) -> Self {
        Self::Input(error.to_string().into())
    }
}

impl Reader {
    /// Reads a file, or standard input for `-`, to its end.
    pub fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let before = self.sink.summary.bytes();
        let mut capture = None;
        // Of the whole file, if its reads have no connection of their own.
        let mut connection = self.connections.unnamed();
        let mut read_as = None;
        let result = self.open(path).and_then(|(format, source)| {
            read_as = Some(format);
            if matches!(format, Format::Hex | Format::Raw) {
                self.sink.summary.connection();
            }
            match format {
                Format::Log => self.lines(path, source, log_line, &mut connection),
                Format::Hex => self.lines(path, source, hex_line, &mut connection),
                Format::Raw => self.raw(source, &mut connection),
                Format::Pcap => {
                    capture = Some(self.flows.begin_capture());
                    self.packets(path, source)
                }
            }
        });
        self.messages.input_ends();
        connection.finish(Origin::UNKNOWN, &mut self.sink)?;
        result?;
        if let Some(number) = capture {
            let nothing = if self.port_is_given {
                "no bytes from or to that port in it"
            } else {
                "no frame of a tracker in its connections; with --port all bytes are shown"
            };
            self.captures.push((number, path.to_path_buf(), nothing));
            return Ok(());
        }
        if self.sink.summary.bytes() > before {
            return Ok(());
        }
        Err(Failure::Input(
            if read_as == Some(Format::Log) {
                "no line of this log has bytes from or to a device; if they are there as hex or \
                 text without a connection, try --format hex"
            } else {
                "no bytes from or to a device in it"
            }
            .into(),
        ))
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
        if let (None, Some((what, program))) = (self.format, unreadable(&head)) {
            return Err(Failure::Input(
                format!("{what} first, with `{program} FILE | gt02 decode`").into(),
            ));
        }
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
                Line::Read { origin, peer, data } => {
                    let taken = self.data(origin, peer, data, &mut bytes, file)?;
                    let problem = match end {
                        LineEnd::Reached => taken.err(),
                        LineEnd::Cut => Some(LineError::TooLong),
                    };
                    if let Some(problem) = problem {
                        self.sink.summary.line_bad();
                        self.messages
                            .warn(format_args!("{}:{number}: {problem}", path.display()));
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
            self.sink.summary.read(len);
            file.read(Origin::UNKNOWN, block, &mut self.sink)?;
            source.consume(len);
        }
    }

    /// Reads captured packets.
    fn packets(&mut self, path: &Path, source: Source) -> Result<(), Failure> {
        let mut fragments = 0_u64;
        // Other interfaces of the capture may have links that are known.
        let mut unknown_link = None;
        let mut packets = PacketReader::new(source)?;
        let result = loop {
            match packets.next() {
                Ok(Next::Packet(packet)) => {
                    self.flows
                        .packet(&packet, &mut self.sink, &mut self.messages)?;
                }
                Ok(Next::Other) => {}
                Ok(Next::Fragment) => fragments = fragments.saturating_add(1),
                Ok(Next::Wait) => {
                    self.sink.flush()?;
                    packets.wait()?;
                }
                Ok(Next::End) => break unknown_link.map_or(Ok(()), Err),
                Err(error @ PacketError::Link(_)) => {
                    unknown_link.get_or_insert(error);
                }
                Err(error) => break Err(error),
            }
        };
        if fragments > 0 {
            self.messages.say(format_args!(
                "{}: packets left out because they are parts of larger ones: {fragments}",
                path.display()
            ));
        }
        Ok(result?)
    }

    /// Finishes all connections that are still open. Returns `true` if something of each capture of
    /// packets was shown.
    pub fn finish(&mut self) -> Result<bool, OutputError> {
        self.connections.finish(&mut self.sink)?;
        self.flows.finish(&mut self.sink, &mut self.messages)?;
        let mut all_shown = true;
        for (number, path, nothing) in &self.captures {
            if !self.flows.is_shown(*number) {
                all_shown = false;
                self.messages.about(path, nothing);
            }
        }
        self.sink.finish()?;
        Ok(all_shown)
    }

    /// Hands what one line has to the connection that `origin` names, or to that of the file. The
    /// bytes are put into `bytes`.
    fn data(
        &mut self,
        origin: Origin<'_>,
        peer: &str,
        data: Data<'_>,
        bytes: &mut Vec<u8>,
        file: &mut Connection,
    ) -> Result<Result<(), LineError>, OutputError> {
        // The name that a Traccar server gives its UDP sockets, which all devices share.
        let datagram = self.udp || origin.connection.is_some_and(|id| id.starts_with('U'));
        let connection = match origin.connection {
            None => file,
            Some(id) if datagram => self
                .connections
                .get(&format!("{id} {peer}"), &mut self.sink)?,
            Some(id) => self.connections.get(id, &mut self.sink)?,
        };
        let taken = connection.take(origin.direction, data, bytes);
        if bytes.is_empty() {
            if taken.is_ok() {
                self.sink.summary.line_skipped();
            }
            return Ok(taken);
        }
        self.sink.summary.read(bytes.len());
        if datagram {
            connection.datagram(origin, bytes, &mut self.sink)?;
        } else {
            connection.read(origin, bytes, &mut self.sink)?;
        }
        Ok(taken)
    }
}

/// What has to be done before the input can be read, and the program that does it.
fn unreadable(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let program = match *head {
        [0x1F, 0x8B, ..] => "gzip -dc",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd -dc",
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => "xz -dc",
        [b'B', b'Z', b'h', ..] => "bzip2 -dc",
        // The mark of the order of bytes, and a character of ASCII.
        [0xFF, 0xFE, _, 0, ..] | [0xFE, 0xFF, 0, _, ..] => {
            return Some(("text in UTF-16: convert it", "iconv -f UTF-16 -t UTF-8"));
        }
        _ => return None,
    };
    Some(("compressed: unpack it", program))
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
