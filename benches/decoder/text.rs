//! The text protocols: a stream each, every field of every frame read, and text that is made to be slow.

use crate::{READ, Seen, decode_with, support::Random};
use criterion::{Criterion, Throughput};
use gt02::{
    Decoder, Frame,
    protocol::{h02, tk103, v680},
    types::{Course, DateTime, DeviceId, Latitude, Longitude, Position, Speed},
};
use std::hint::black_box;

/// Frames in each stream.
const FRAMES: usize = 500_000;

/// What a frame says.
#[derive(Clone, Copy)]
struct Fix {
    device: u64,
    time: DateTime,
    valid: bool,
    position: Position,
    speed: Speed,
    course: Course,
    /// The rest, as one number.
    other: u64,
}

impl Fix {
    #[inline]
    fn sum(self) -> u64 {
        let DateTime { year, month, day, hour, minute, second } = self.time;
        let pairs = [year, month, day, hour, minute, second].into_iter().fold(0, |sum: u64, pair| sum * 100 + u64::from(pair));
        self.device
            .wrapping_add(pairs)
            .wrapping_add(u64::from(self.valid))
            .wrapping_add(self.position.latitude.units() as u64)
            .wrapping_add(self.position.longitude.units() as u64)
            .wrapping_add(u64::from(self.speed.metres_per_hour()) + u64::from(self.course.ten_thousandths()))
            .wrapping_add(self.other)
    }
}

/// The digits of a device's number, four bits each.
#[inline]
fn number(device: DeviceId) -> u64 {
    u64::from_be_bytes(device.to_bcd())
}

/// The same of digits.
fn digits(text: &str) -> u64 {
    number(text.parse().unwrap())
}

/// A sum over every field of a frame of text, so that none goes unread.
#[inline(always)]
pub fn fields(frame: &Frame<'_>) -> u64 {
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
            other: u64::from(block.mileage.unwrap()) + u64::from(block.io.unwrap().ignition().unwrap()) + block.rest.len() as u64,
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
            let header = u64::from(report.flag) + u64::from(report.count) + (report.password.as_bytes().len() + report.event.as_bytes().len()) as u64;
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
                other: u64::from(location.status.unwrap().0) + location.extras.iter().count() as u64,
            }
            .sum()
        }
        h02::Message::Link(link) => number(link.header.device_id().unwrap()),
        _ => unreachable!("no other message is in the stream"),
    }
}

/// A place in digits: degrees and minutes with 4 decimals.
struct Digits {
    latitude: (u64, u64),
    longitude: (u64, u64),
    north: bool,
    east: bool,
}

impl Digits {
    fn new(random: &mut Random) -> Self {
        let mut minutes = |limit| (random.below(limit), 1 + random.below(599_999));
        let (latitude, longitude) = (minutes(90), minutes(180));
        Self { latitude, longitude, north: random.below(2) == 0, east: random.below(2) == 0 }
    }

    fn position(&self) -> Position {
        let units = |(degrees, minutes): (u64, u64), positive: bool| {
            let units = (degrees * 180_000_000 + minutes * 300) as i64;
            if positive { units } else { -units }
        };
        Position {
            latitude: Latitude::from_units(units(self.latitude, self.north)).unwrap(),
            longitude: Longitude::from_units(units(self.longitude, self.east)).unwrap(),
        }
    }

    fn latitude(&self) -> String {
        format!("{:02}{:02}.{:04}", self.latitude.0, self.latitude.1 / 10_000, self.latitude.1 % 10_000)
    }

    fn longitude(&self) -> String {
        format!("{:03}{:02}.{:04}", self.longitude.0, self.longitude.1 / 10_000, self.longitude.1 % 10_000)
    }

    fn letters(&self) -> (char, char) {
        (if self.north { 'N' } else { 'S' }, if self.east { 'E' } else { 'W' })
    }
}

/// The decoder of a server: some of these frames are large.
fn decode(stream: &[u8], read: usize) -> Seen {
    decode_with::<1024>(stream, read)
}

/// Writes a frame, and says what the sum of its fields is.
type Push = fn(&mut Random, &mut Vec<u8>) -> u64;

/// 95 % locations, 5 % handshakes.
fn push_tk103(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = format!("{:012}", random.below(100_000_000_000));
    if random.below(20) == 0 {
        out.extend(format!("({device}BP00000{device}HSO)").bytes());
        return digits(&device) + 15;
    }
    let (time, place, valid) = (crate::support::time(random), Digits::new(random), random.below(10) > 0);
    let (speed, course, ignition, mileage) = (random.below(1800), random.below(36_000), random.below(2), random.below(1 << 32));
    let DateTime { year, month, day, hour, minute, second } = time;
    let (north, east) = place.letters();
    let fix = if valid { 'A' } else { 'V' };
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let frame = format!(
        "({device}BR00{year:02}{month:02}{day:02}{fix}{latitude}{north}{longitude}{east}{:03}.{}{hour:02}{minute:02}{second:02}{:03}.{:02}0{ignition}000000L{mileage:08X})",
        speed / 10,
        speed % 10,
        course / 100,
        course % 100
    );
    out.extend(frame.bytes());
    let (speed, course) = (Speed::Kmh(speed as u32 * 100), Course::from_ten_thousandths(course as u32 * 100).unwrap());
    Fix { device: digits(&device), time, valid, position: place.position(), speed, course, other: mileage + ignition }.sum()
}

/// 90 % reports of one record, 10 % keep-alives.
fn push_v680(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = (350_000_000_000_000 + random.below(9_999_999_999_999)).to_string();
    if random.below(10) == 0 {
        out.extend(format!("#{device}##").bytes());
        return digits(&device);
    }
    let (time, place) = (crate::support::time(random), Digits::new(random));
    let (speed, course, lac, cid) = (random.below(20_000), random.below(36_000), random.below(1 << 16), random.below(1 << 16));
    let DateTime { year, month, day, hour, minute, second } = time;
    let (north, east) = place.letters();
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let frame = format!(
        "#{device}##1#0000#AUT#01#240024{lac:04x}{cid:04x}#{longitude},{east},{latitude},{north},{}.{:02},{}.{:02}#{day:02}{month:02}{year:02}#{hour:02}{minute:02}{second:02}.000##",
        speed / 100,
        speed % 100,
        course / 100,
        course % 100
    );
    out.extend(frame.bytes());
    let (speed, course) = (Speed::Knots(speed as u32 * 10), Course::from_ten_thousandths(course as u32 * 100).unwrap());
    Fix { device: digits(&device), time, valid: true, position: place.position(), speed, course, other: lac + cid }.sum() + 1 + 1 + 4 + 3
}

/// 95 % locations, 5 % heartbeats.
fn push_h02(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = (4_100_000_000 + random.below(99_999_999)).to_string();
    if random.below(20) == 0 {
        out.extend(format!("*HQ,{device},LINK,170928,31,0,100,0,0,240818,FFFFFBFF#").bytes());
        return digits(&device);
    }
    let (time, place, valid) = (crate::support::time(random), Digits::new(random), random.below(10) > 0);
    let (speed, course, status) = (random.below(20_000), random.below(361), random.below(1 << 32));
    let DateTime { year, month, day, hour, minute, second } = time;
    let (north, east) = place.letters();
    let fix = if valid { 'A' } else { 'V' };
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let frame = format!(
        "*HQ,{device},V1,{hour:02}{minute:02}{second:02},{fix},{latitude},{north},{longitude},{east},{:03}.{:02},{course:03},{day:02}{month:02}{year:02},{status:08X}#",
        speed / 100,
        speed % 100
    );
    out.extend(frame.bytes());
    let (speed, course) = (Speed::Knots(speed as u32 * 10), Course::from_degrees(course as u16).unwrap());
    Fix { device: digits(&device), time, valid, position: place.position(), speed, course, other: status }.sum()
}

fn stream(push: Push, garbage_percent: u64) -> (Vec<u8>, Seen) {
    let (mut random, mut garbage) = (Random(0x2828), Random(0x2323));
    let mut out = Vec::with_capacity(FRAMES * 110);
    let mut seen = Seen { frames: FRAMES as u64, ..Seen::default() };
    for _ in 0..FRAMES {
        if garbage.below(100) < garbage_percent {
            let len = 1 + garbage.below(20);
            out.extend((0..len).map(|_| garbage.byte()));
            seen.noise += len;
        }
        seen.fields = seen.fields.wrapping_add(push(&mut random, &mut out));
    }
    (out, seen)
}

pub fn decoding(criterion: &mut Criterion) {
    let streams: [(&str, Push); 3] = [("tk103", push_tk103), ("v680", push_v680), ("h02", push_h02)];
    for (name, push) in streams {
        let (clean, expected) = stream(push, 0);
        let (dirty, expected_dirty) = stream(push, 1);
        for read in [clean.len(), READ, 1] {
            assert_eq!(decode(&clean, read), expected, "{name} in reads of {read}");
        }
        assert_eq!(decode(&dirty, READ), expected_dirty, "garbage between frames costs no frame");
        println!("{name}: {:.1} bytes a frame", clean.len() as f64 / FRAMES as f64);

        // Criterion shows one of the two; each frame is as many bytes as that line says.
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20).throughput(Throughput::ElementsAndBytes { elements: FRAMES as u64, bytes: clean.len() as u64 });
        group.bench_function("whole", |b| b.iter(|| decode(black_box(&clean), clean.len())));
        group.bench_function("reads of 1460", |b| b.iter(|| decode(black_box(&clean), READ)));
        group.bench_function("reads of 1460, 1 % garbage", |b| b.iter(|| decode(black_box(&dirty), READ)));
        group.finish();
    }
}

/// Text that is made to be slow.
pub const ADVERSARIES: [&[u8]; 9] = [
    b"(",
    b"#",
    b"*HQ,",
    b"*",
    b"(013612345678BR00",
    b"(013612345678BR04\xff",
    b"#353588020144007##1#0000#AUT#99#",
    b"*HQ,1,SMS,(013612345678BR00#353588020144007##",
    b"(#*HQ,",
];

/// Some of it makes frames, and none of them says anything.
fn bytes_of_items(stream: &[u8]) -> usize {
    let mut decoder = Decoder::<1024>::new();
    let mut bytes = 0;
    for chunk in stream.chunks(READ) {
        let mut input = chunk;
        while let Some(item) = decoder.decode(&mut input) {
            bytes += item.as_bytes().len();
        }
    }
    while let Some(item) = decoder.finish() {
        bytes += item.as_bytes().len();
    }
    bytes
}

/// As many bytes of it as a good stream has, in the same reads.
pub fn adversaries(criterion: &mut Criterion) {
    let len = stream(push_tk103, 0).0.len() / 10;
    let mut group = criterion.benchmark_group("text/adversaries");
    group.sample_size(10).throughput(Throughput::Bytes(len as u64));
    for text in ADVERSARIES {
        let stream: Vec<u8> = text.iter().copied().cycle().take(len).collect();
        group.bench_function(text.escape_ascii().to_string(), |b| b.iter(|| assert_eq!(bytes_of_items(black_box(&stream)), len)));
    }
    group.finish();
}
