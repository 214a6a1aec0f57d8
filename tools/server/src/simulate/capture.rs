//! A fleet that drives into a file.

use super::{Options, Tally, drive::Tracker, fault::Faults, fleet, vehicle::Vehicle};
use gt02::{
    Decoder, Item, RECOMMENDED_BUFFER, Session,
    device::Uplink,
    types::{DateTime, UtcOffset},
};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    time::SystemTime,
};

/// Writes a log as Traccar does: what the devices send, and what a server answers. Time is that of
/// the devices, so it takes as long as the writing.
///
/// # Errors
/// If the route cannot be read or the file cannot be written.
pub fn write(options: &Options, path: &Path) -> io::Result<Tally> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let vehicles = fleet(options)?;
    let mut out = BufWriter::new(File::create(path).map_err(named)?);
    let start = DateTime::try_from(SystemTime::now()).map_err(io::Error::other)?;
    let start = start.to_unix(UtcOffset::default()).unwrap_or_default();
    let mut conversations: Vec<Conversation> = (0..)
        .zip(vehicles)
        .map(|(number, vehicle)| Conversation {
            name: format!("T{number:08x}"),
            tracker: Tracker::new(vehicle, Faults::of(&options.fault, number), None),
            decoder: Decoder::new(),
            session: Session::new(),
        })
        .collect();
    let mut seconds = 0.0;
    while seconds < options.duration {
        #[allow(clippy::cast_possible_truncation, reason = "at most 100000000")]
        let unix = start.saturating_add(seconds as i64);
        let Some(at) = DateTime::from_unix(unix, UtcOffset::default()) else {
            break;
        };
        for conversation in &mut conversations {
            let uplinks = if seconds > 0.0 {
                conversation.tracker.vehicle.drive()
            } else {
                Vehicle::hello().to_vec()
            };
            conversation.write(&uplinks, at, &mut out).map_err(named)?;
        }
        seconds += options.interval.max(1.0);
    }
    out.flush().map_err(named)?;
    let mut all = Tally::default();
    for conversation in &conversations {
        all.add(&conversation.tracker.tally);
        all.devices = all.devices.saturating_add(1);
    }
    Ok(all)
}

/// A device and its server.
struct Conversation {
    name: String,
    tracker: Tracker,
    decoder: Decoder<RECOMMENDED_BUFFER>,
    session: Session,
}

impl Conversation {
    fn write(
        &mut self,
        uplinks: &[Uplink<'_>],
        at: DateTime,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let name = &self.name;
        let protocol = self.tracker.vehicle.device.protocol();
        let time = at.to_string().replace('T', " ");
        let mut line = |sign: char, bytes: &[u8]| {
            let hex = hex::encode(bytes);
            writeln!(
                out,
                "{time}  INFO: [{name}: {protocol} {sign} 127.0.0.1] {hex}"
            )
        };
        let bytes = self.tracker.frames(uplinks)?.concat();
        if bytes.is_empty() {
            return Ok(());
        }
        let cut = match self.tracker.faults.cuts && bytes.len() > 1 {
            true => self.tracker.vehicle.random.usize(1..bytes.len()),
            false => 0,
        };
        let (first, rest) = bytes.split_at(cut);
        for part in [first, rest] {
            if part.is_empty() {
                continue;
            }
            line('<', part)?;
            let mut input = part;
            while let Some(item) = self.decoder.decode(&mut input) {
                let Item::Frame(frame) = item else { continue };
                if let Some(reply) = self.session.handle_at(&frame, at).reply {
                    self.tracker.tally.answered = self.tracker.tally.answered.saturating_add(1);
                    line('>', &reply)?;
                }
            }
        }
        Ok(())
    }
}
