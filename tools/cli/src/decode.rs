//! `gt02 decode`: turns captures of GPS trackers into a table, JSON Lines, CSV, GeoJSON, GPX or a
//! map.

pub mod capture;
mod connections;
pub mod event;
mod flows;
mod input;
mod json;
mod map;
mod packets;
mod page;
mod rows;
mod summary;
mod table;
mod tcp;
mod track;

use capture::Format;
use clap::Args;
use connections::{Connections, Settings};
use event::{Output, OutputError, Sink};
use flows::Flows;
use gt02::types::UtcOffset;
use input::{Failure, Messages, Reader};
use json::JsonLines;
use map::{MapFormat, Tracks};
use page::Page;
use rows::Csv;
use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};
use table::Table;

/// Decode captures of GPS trackers sold as GT02
///
/// Shows each frame of a capture, each stretch of bytes that belongs to no frame, and the answer
/// that a server owes, as a table, as JSON Lines or CSV, or as tracks on a map.
///
/// The protocols are gt02, gt06, tk103, v680 and h02, also mixed. A summary goes to standard error.
#[derive(Args, Default)]
#[command(after_help = "See --help for the formats and for examples.", after_long_help = MORE_HELP)]
pub struct Options {
    /// Files to decode, `-` for standard input
    ///
    /// Without a file, standard input is decoded. A connection may go on from one log to the next:
    /// give the files of a rotated log in order.
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,

    /// Format of the input
    ///
    /// Without it, the format of each input is recognised by its first bytes or lines, at most 64
    /// KiB.
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Take each read for a datagram, which holds whole frames
    ///
    /// Only the device is carried from one read to the next. The input must show where a read ends:
    /// a log or hex. The UDP connections of a Traccar log (`[U...]`) are always read this way.
    #[arg(long)]
    pub udp: bool,

    /// Take only packets from or to this port of the server; with commas, several
    ///
    /// Of a pcap or pcapng file. It also tells which end of a connection is the server, where the
    /// capture does not show who opened it. Without it, all TCP and UDP is read, and connections
    /// are left out and counted if there is no frame in their first 8 KiB.
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub port: Vec<u16>,

    /// Take frames whose checksum is wrong, if their length is right
    ///
    /// Without it, they are noise (`checksum`). Only gt06 has checksums, and v680 where it sends
    /// lines. One real GT02A sends such frames with plausible content. JSON marks them with
    /// `"crc_ok": false`, the table with `crc_ok=false`, and the summary counts them.
    #[arg(long)]
    pub accept_bad_checksums: bool,

    /// Answer every frame of a gt06 or h02 device
    ///
    /// Without it, only the frames that need an answer by the vendor documents get one. Some
    /// servers answer all of gt06, and devices tolerate it. SinoTrack asks for it in h02: the
    /// answer is R12, which has the time of the frame in the log.
    #[arg(long)]
    pub reply_to_all: bool,

    /// How far the log's own clock runs ahead of UTC, such as `+08:00`
    ///
    /// The answer to a gt06 device that asks for the time, and to positions and cells of an h02
    /// device, has the time of the frame in the log. A log does not say its time zone: without this
    /// option, answers that have the time are neither shown nor counted. Packets have their time in
    /// UTC.
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    pub log_offset: Option<UtcOffset>,

    /// Write JSON Lines: one object for each frame or stretch of noise
    #[arg(long, group = "view")]
    pub json: bool,

    /// Write CSV: a row for each frame or stretch of noise
    ///
    /// A frame with several positions has a row for each of them, numbered in the column `record`;
    /// only the first one has the answer and the bytes. The columns have the names of JSON, and are
    /// always all there, in the same order; values without a column are in the last one, `other`,
    /// as JSON. A text that a spreadsheet would take for a formula begins with a `'`.
    #[arg(long, group = "view")]
    pub csv: bool,

    /// Write GeoJSON: a line, or a single point, for each device
    ///
    /// Positions with a fix, by the device's clock, the repeats left out. Memory grows with the
    /// number of such positions, not with the input.
    #[arg(long, group = "view")]
    pub geojson: bool,

    /// Write GPX 1.1: a track for each device
    ///
    /// Positions with a fix, by the device's clock, the repeats left out. Memory grows with the
    /// number of such positions, not with the input.
    #[arg(long, group = "view")]
    pub gpx: bool,

    /// Write a map to this file, as one page of HTML that needs no network
    ///
    /// The tracks of all devices, coloured by speed, with stops (3 minutes within 60 m) and alarms;
    /// a click shows the report. Positions with a fix, by the device's clock, the repeats left out.
    /// Memory grows with the number of such positions, not with the input.
    #[arg(long, value_name = "FILE", group = "view", conflicts_with = "output")]
    pub map: Option<PathBuf>,

    /// How far the devices' clocks run ahead of UTC, such as `+08:00`
    ///
    /// The clocks of tk103, v680 and h02 run on UTC. GeoJSON and GPX are in UTC; the default is
    /// `+00:00`. With this option the table and the map show device times in UTC, with a Z. In JSON
    /// Lines, `time` is always that of the device's clock.
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    pub utc_offset: Option<UtcOffset>,

    /// Write to this file, not to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Leave out the summary
    #[arg(short = 'q', long)]
    pub no_summary: bool,
}

/// The text of `--help` after the options.
const MORE_HELP: &str = "\
Formats:
  log  Log of a Traccar server: lines such as
         2026-05-04 06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] 68680f05...
         2015-01-16 15:32:08 DEBUG: [4E3A0C1B: 5022 < 10.0.0.7] HEX: 68680f05...
         2014-01-16 15:32:08 DEBUG: [5022 <- 10.0.0.7] - HEX: 68680f05...
         2024-05-04 06:00:02  INFO: [T3f0a91c2: h02 < 10.20.0.7] *HQ,3535...#\\r\\n
       `<` is from the device, `>` is to the device. Each connection is decoded by
       itself, each direction too. All other lines are skipped.
  hex  One read a line. Between the bytes there may be spaces, commas, colons, dashes
       and `0x`; `>` at the beginning says that the bytes are the server's, `#` begins a
       comment. The file is one connection. Frames of tk103, v680 and h02 may also be
       there as text, as in a forum: one or more a line, with or without `\\r\\n`.
  raw  The bytes of one stream, as they are.
  pcap Packets of tcpdump or Wireshark, pcap or pcapng: TCP and UDP over IPv4 and IPv6,
       over Ethernet, VLAN, Linux cooked, loopback or raw IP. A connection has the name
       of the device's end, and the time is in UTC. Segments of TCP are put in order;
       bytes that are not in the capture are told, and counted.

Limits:
  A frame of more than 4096 bytes is noise (`oversize`);
  known messages have a few hundred. 4096 connections are kept at a time: if there are
  more, the one that was silent longest is taken to have ended. Of TCP, 64 KiB in each
  direction wait for a segment before them. The table cuts texts and lists after
  160 characters; JSON has all of them. Text that comes through a pipe is shown when
  64 KiB or all of it is there: `--format raw` or `hex` shows it at once.

Examples:
  gt02 decode tracker-server.log                     a table
  tail -f tracker-server.log | gt02 decode           the same, live
  gt02 decode --json tracker-server.log | jq 'select(.kind == \"alarm\")'
  gt02 decode --gpx --utc-offset +08:00 -o drive.gpx tracker-server.log
  gt02 decode --geojson *.log > drive.geojson
  gt02 decode --map drive.html tracker-server.log    then open drive.html in a browser
  gt02 decode --csv -o drive.csv tracker-server.log
  echo 68680f0504035889905831401700df1a00000d0a | gt02 decode
  echo '(027044530000BP00HSO)' | gt02 decode
  gt02 decode --port 5013,5023 tracker.pcap          what tcpdump saved of these ports
  tcpdump -i any -U -w - tcp port 5023 | gt02 decode the same, live

Exit status: 0, also if the reader of the output goes away; 2 if an input could not be
read to its end or held nothing (what is there, and the others, are decoded all the same),
or the output not be written.";

/// Runs the command.
pub fn main(options: &Options) -> ExitCode {
    show(options, output(options))
}

/// Decodes all inputs, and shows them in this output, or why there is none.
pub fn show(options: &Options, output: io::Result<Box<dyn Output>>) -> ExitCode {
    match output
        .map_err(OutputError)
        .and_then(|output| run(options, output))
    {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(OutputError(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(OutputError(error)) => {
            let name =
                target(options).map_or("standard output".into(), |path| path.to_string_lossy());
            Messages::new(false).say(format_args!("{name}: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Decodes all inputs. Returns `true` if all of them could be read.
fn run(options: &Options, output: Box<dyn Output>) -> Result<bool, OutputError> {
    // Not while a pager, say, shows the output on the same terminal.
    let writes_file = target(options).is_some()
        || fs::metadata("/dev/stdout").is_ok_and(|stdout| stdout.is_file());
    let messages = Messages::new(io::stderr().is_terminal() && writes_file);
    let settings = Settings {
        accept_bad_checksums: options.accept_bad_checksums,
        reply_to_all: options.reply_to_all,
        log_offset: options.log_offset,
    };
    let mut reader = Reader {
        format: options.format,
        udp: options.udp,
        port_is_given: !options.port.is_empty(),
        connections: Connections::new(settings),
        flows: Flows::new(settings, options.port.clone()),
        captures: Vec::new(),
        sink: Sink::new(output),
        messages,
    };
    let mut all_read = true;
    for path in &options.files {
        match reader.read(path) {
            Ok(()) => {}
            Err(Failure::Input(reason)) => {
                all_read = false;
                reader.messages.about(path, reason);
            }
            Err(Failure::Output(error)) => return Err(error),
        }
    }
    all_read &= reader.finish()?;
    if !options.no_summary && reader.sink.summary.bytes() > 0 {
        // If standard error is closed, there is nobody to tell that.
        let _ = write!(io::stderr(), "{}", reader.sink.summary);
    }
    Ok(all_read)
}

/// The file that is asked for.
fn target(options: &Options) -> Option<&PathBuf> {
    options.output.as_ref().or(options.map.as_ref())
}

/// The view that is asked for, on the file that is asked for.
fn output(options: &Options) -> io::Result<Box<dyn Output>> {
    let target: Box<dyn Write> = match target(options) {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    let out = BufWriter::with_capacity(64 * 1024, target);
    let tracks = |out, format| {
        Box::new(Tracks::new(
            out,
            format,
            options.utc_offset.unwrap_or_default(),
        ))
    };
    Ok(if options.json {
        Box::new(JsonLines::new(out))
    } else if options.csv {
        Box::new(Csv::new(out))
    } else if options.geojson {
        tracks(out, MapFormat::GeoJson)
    } else if options.map.is_some() {
        Box::new(Page::new(out, options.utc_offset))
    } else if options.gpx {
        tracks(out, MapFormat::Gpx)
    } else {
        Box::new(Table::new(out, options.utc_offset))
    })
}
