//! What a stream holds, with every field of every frame read.

use super::text::{Fix, number};
use gt02::{
    Decoder, Frame, Item,
    protocol::{
        gt02::{Heartbeat, Location, Message},
        gt06, h02, tk103, v680,
    },
};

/// The contents of a stream: the number of frames, the bytes of noise, and a sum of all fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub frames: u64,
    pub noise: u64,
    pub fields: u64,
}

impl Seen {
    #[inline(always)]
    pub fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Frame(Frame::Gt02(frame)) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(gt02_fields(&frame.message()));
            }
            Item::Frame(Frame::Gt06(frame)) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(gt06_fields(&frame.message()));
            }
            Item::Frame(frame) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(text_fields(frame));
            }
            Item::Noise(noise) => self.noise += noise.bytes.len() as u64,
        }
    }
}

/// Sums every field of a `gt02` message, so that all are read.
#[inline]
fn gt02_fields(message: &Message<'_>) -> u64 {
    match message {
        Message::Location(Location {
            device,
            serial,
            lac,
            time,
            latitude,
            longitude,
            speed,
            course,
            mnc,
            cell_id,
            status,
            rest,
        }) => u64::from_be_bytes(device.to_bcd())
            .wrapping_add(u64::from(*serial))
            .wrapping_add(u64::from(*lac))
            .wrapping_add(u64::from(time.year) + u64::from(time.month) + u64::from(time.day))
            .wrapping_add(u64::from(time.hour) + u64::from(time.minute) + u64::from(time.second))
            .wrapping_add(u64::from(*latitude) + u64::from(*longitude))
            .wrapping_add(
                u64::from(*speed) + u64::from(*course) + u64::from(*mnc) + u64::from(*cell_id),
            )
            .wrapping_add(u64::from(status.0) + rest.len() as u64),
        Message::Heartbeat(Heartbeat {
            device,
            serial,
            voltage_level,
            gsm_level,
            status,
            satellites,
            snr,
        }) => u64::from_be_bytes(device.to_bcd())
            .wrapping_add(u64::from(*serial))
            .wrapping_add(u64::from(*voltage_level) + u64::from(*gsm_level))
            .wrapping_add(u64::from(status.unwrap_or(0)) + u64::from(satellites.unwrap_or(0)))
            .wrapping_add(snr.iter().map(|&snr| u64::from(snr)).sum::<u64>()),
        Message::Response(response) => u64::from_be_bytes(response.device.to_bcd())
            .wrapping_add(u64::from(response.serial))
            .wrapping_add(
                response
                    .text()
                    .as_bytes()
                    .iter()
                    .map(|&byte| u64::from(byte))
                    .sum::<u64>(),
            ),
        _ => unreachable!("no other message is in the stream"),
    }
}

/// Sums every field of a `gt06` message, so that all are read.
#[inline]
fn gt06_fields(message: &gt06::Message<'_>) -> u64 {
    match message {
        gt06::Message::Location(location) => {
            let gt06::Gps {
                time,
                satellites,
                latitude,
                longitude,
                speed,
                course,
            } = location.gps;
            let lbs = location.lbs().unwrap_or_default();
            (u64::from(location.envelope.serial) + u64::from(location.mileage().unwrap_or(0)))
                .wrapping_add(u64::from(time.year) + u64::from(time.month) + u64::from(time.day))
                .wrapping_add(
                    u64::from(time.hour) + u64::from(time.minute) + u64::from(time.second),
                )
                .wrapping_add(u64::from(latitude) + u64::from(longitude) + u64::from(satellites))
                .wrapping_add(u64::from(speed) + u64::from(course.0) + location.rest.len() as u64)
                .wrapping_add(
                    u64::from(lbs.mcc)
                        + u64::from(lbs.mnc)
                        + u64::from(lbs.lac)
                        + u64::from(lbs.cell_id),
                )
        }
        gt06::Message::Heartbeat(heartbeat) => (u64::from(heartbeat.envelope.serial)
            + u64::from(heartbeat.terminal.0))
        .wrapping_add(
            u64::from(heartbeat.voltage_level.unwrap_or(0))
                + u64::from(heartbeat.gsm_level.unwrap_or(0)),
        )
        .wrapping_add(
            heartbeat
                .rest
                .iter()
                .map(|&byte| u64::from(byte))
                .sum::<u64>(),
        ),
        gt06::Message::Login(login) => {
            login
                .device_id()
                .map_or(0, |device| u64::from_be_bytes(device.to_bcd()))
                + u64::from(login.envelope.serial)
        }
        _ => unreachable!("no other message is in the stream"),
    }
}

/// Sums every field of a text frame, so that all are read.
#[inline(always)]
fn text_fields(frame: &Frame<'_>) -> u64 {
    match frame {
        Frame::Tk103(frame) => tk103_fields(&frame.message()),
        Frame::V680(frame) => v680_fields(&frame.message()),
        Frame::H02(frame) => h02_fields(&frame.message()),
        _ => unreachable!("the streams hold these three alone"),
    }
}

#[inline]
fn tk103_fields(message: &tk103::Message<'_>) -> u64 {
    let device = number(message.device_id().unwrap());
    match message {
        tk103::Message::Location(tk103::Location { block, .. }) => Fix {
            device,
            time: block.time().unwrap(),
            valid: block.fix.unwrap(),
            position: block.position().unwrap(),
            speed: block.speed().unwrap(),
            course: block.course().unwrap(),
            other: u64::from(block.mileage.unwrap())
                + u64::from(block.io.unwrap().ignition().unwrap())
                + block.rest.len() as u64,
        }
        .sum(),
        tk103::Message::Handshake(handshake) => device + handshake.field.len() as u64,
        _ => unreachable!("no other message is in the stream"),
    }
}

#[inline]
fn v680_fields(message: &v680::Message<'_>) -> u64 {
    match message {
        v680::Message::Report(report) => {
            let header = u64::from(report.flag)
                + u64::from(report.count)
                + (report.password.as_bytes().len() + report.event.as_bytes().len()) as u64;
            let fixes = report.records.iter().map(|record| {
                let cell = record.cell().unwrap();
                Fix {
                    device: number(report.device),
                    time: record.time().unwrap(),
                    valid: true,
                    position: record.position().unwrap(),
                    speed: record.speed().unwrap(),
                    course: record.course().unwrap(),
                    other: u64::from(cell.lac.unwrap()) + u64::from(cell.cid.unwrap()),
                }
                .sum()
            });
            fixes.fold(header, u64::wrapping_add)
        }
        v680::Message::KeepAlive(keep_alive) => number(keep_alive.device),
        _ => unreachable!("no other message is in the stream"),
    }
}

#[inline]
fn h02_fields(message: &h02::Message<'_>) -> u64 {
    match message {
        h02::Message::Location(location) => {
            let gps = &location.gps;
            Fix {
                device: number(location.header.device_id().unwrap()),
                time: gps.time().unwrap(),
                valid: gps.has_fix().unwrap(),
                position: gps.position().unwrap(),
                speed: gps.speed().unwrap(),
                course: gps.course().unwrap(),
                other: u64::from(location.status.unwrap().0)
                    + location.extras.iter().count() as u64,
            }
            .sum()
        }
        h02::Message::BinaryLocation(location) => {
            let (gps, tail) = (&location.gps, location.tail_values());
            let cell = tail.cell.unwrap();
            Fix {
                device: number(location.header.device_id().unwrap()),
                time: gps.time().unwrap(),
                valid: gps.has_fix(),
                position: gps.position().unwrap(),
                speed: gps.speed(),
                course: gps.course().unwrap(),
                other: u64::from(gps.status.0)
                    + u64::from(tail.csq.unwrap())
                    + u64::from(tail.satellites.unwrap())
                    + u64::from(tail.mileage.unwrap())
                    + u64::from(tail.record.unwrap())
                    + u64::from(cell.lac.unwrap())
                    + u64::from(cell.cid.unwrap()),
            }
            .sum()
        }
        h02::Message::LinkStatus(link) => number(link.header.device_id().unwrap()),
        _ => unreachable!("no other message is in the stream"),
    }
}

/// Decodes a stream in reads of this size, with a decoder of `N` bytes.
#[inline]
pub fn decode_with<const N: usize>(stream: &[u8], read: usize) -> Seen {
    let mut decoder = Decoder::<N>::new();
    let mut seen = Seen::default();
    for chunk in stream.chunks(read) {
        let mut input = chunk;
        while let Some(item) = decoder.decode(&mut input) {
            seen.item(&item);
        }
    }
    while let Some(item) = decoder.finish() {
        seen.item(&item);
    }
    seen
}
