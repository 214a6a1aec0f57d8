//! `gt02 sniff`: which protocols the connections of a capture speak.

use crate::decode::{
    self,
    capture::Format,
    event::{Content, Event, Output},
};
use clap::Args;
use gt02::{Direction, Protocol, types::DeviceId};
use indexmap::IndexMap;
use std::{
    collections::BTreeSet,
    io::{self, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Connections that are kept; those of all others are counted.
const CONNECTIONS: usize = 100_000;

/// Devices of a connection that are named.
const DEVICES: usize = 3;

/// Bytes of noise that are shown.
const SHOWN: usize = 24;

/// Tell which protocols a capture speaks
///
/// Reads what `gt02 decode` reads, and writes a line for each connection: the protocols of its
/// devices with the number of frames, their ids, and what of it belongs to no frame.
#[derive(Args)]
pub struct Options {
    /// Files to read, `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,

    /// Format of the input; without it, it is recognised
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Take each read for a datagram, which holds whole frames
    #[arg(long)]
    udp: bool,

    /// Take only packets from or to this port of the server; with commas, several
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    port: Vec<u16>,
}

/// Runs the command.
pub fn main(options: Options) -> ExitCode {
    let options = decode::Options {
        files: options.files,
        format: options.format,
        udp: options.udp,
        port: options.port,
        no_summary: true,
        ..decode::Options::default()
    };
    let connections = Connections {
        out: BufWriter::new(io::stdout()),
        seen: IndexMap::new(),
        left_out: 0,
    };
    decode::show(&options, Ok(Box::new(connections)))
}

/// What was seen on all connections, to be shown at the end.
struct Connections<W> {
    out: W,
    seen: IndexMap<String, Seen>,
    /// Frames and noise of connections that are not kept.
    left_out: u64,
}

/// What was seen on one connection.
#[derive(Default)]
struct Seen {
    protocols: IndexMap<Protocol, u64>,
    devices: BTreeSet<DeviceId>,
    noise: usize,
    /// The first bytes that belong to no frame.
    begins: Vec<u8>,
}

impl<W: Write> Output for Connections<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if event.origin.direction == Direction::Down {
            return Ok(());
        }
        let name = event.origin.connection.unwrap_or("-");
        if !self.seen.contains_key(name) && self.seen.len() >= CONNECTIONS {
            self.left_out = self.left_out.saturating_add(1);
            return Ok(());
        }
        let seen = self.seen.entry(name.to_owned()).or_default();
        match &event.content {
            Content::Frame(outcome) => {
                let report = &outcome.report;
                let frames = seen.protocols.entry(report.protocol).or_default();
                *frames = frames.saturating_add(1);
                if seen.devices.len() <= DEVICES {
                    seen.devices.extend(report.device);
                }
            }
            Content::Noise(noise) => {
                let room = SHOWN.saturating_sub(seen.begins.len());
                seen.begins.extend(noise.bytes.iter().take(room));
                seen.noise = seen.noise.saturating_add(noise.bytes.len());
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        for (name, seen) in &self.seen {
            let protocols = seen.protocols.iter();
            let mut protocols: Vec<String> = protocols
                .map(|(protocol, frames)| format!("{protocol} {frames}"))
                .collect();
            if protocols.is_empty() {
                protocols.push("no frame".to_owned());
            }
            write!(self.out, "{name}: {}", protocols.join(", "))?;
            let devices = seen.devices.iter().take(DEVICES);
            let devices: Vec<String> = devices.map(ToString::to_string).collect();
            if !devices.is_empty() {
                let more = if seen.devices.len() > DEVICES {
                    ", ..."
                } else {
                    ""
                };
                write!(self.out, "; device {}{more}", devices.join(", "))?;
            }
            if seen.noise > 0 {
                let begins = seen.begins.escape_ascii();
                write!(self.out, "; {} bytes of noise: \"{begins}\"", seen.noise)?;
            }
            writeln!(self.out)?;
        }
        if self.left_out > 0 {
            writeln!(self.out, "and {} frames and noise of others", self.left_out)?;
        }
        self.out.flush()
    }
}
