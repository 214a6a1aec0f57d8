//! Frames of the text protocols with varied values.

use super::{Random, time};
use gt02::{
    protocol::h02,
    types::{Course, DateTime, DeviceId, Latitude, Longitude, Position, Speed},
};

/// The values of a frame.
#[derive(Clone, Copy)]
pub struct Fix {
    pub device: u64,
    pub time: DateTime,
    pub valid: bool,
    pub position: Position,
    pub speed: Speed,
    pub course: Course,
    /// The rest, as one number.
    pub other: u64,
}

impl Fix {
    #[inline]
    pub fn sum(self) -> u64 {
        let DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self.time;
        let pairs = [year, month, day, hour, minute, second]
            .into_iter()
            .fold(0, |sum: u64, pair| sum * 100 + u64::from(pair));
        self.device
            .wrapping_add(pairs)
            .wrapping_add(u64::from(self.valid))
            .wrapping_add(self.position.latitude.units() as u64)
            .wrapping_add(self.position.longitude.units() as u64)
            .wrapping_add(
                u64::from(self.speed.metres_per_hour()) + u64::from(self.course.ten_thousandths()),
            )
            .wrapping_add(self.other)
    }
}

/// The digits of a device id, four bits each.
#[inline]
pub fn number(device: DeviceId) -> u64 {
    u64::from_be_bytes(device.to_bcd())
}

/// The digits of `text`, four bits each.
fn digits(text: &str) -> u64 {
    number(text.parse().unwrap())
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
        Self {
            latitude,
            longitude,
            north: random.below(2) == 0,
            east: random.below(2) == 0,
        }
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
        format!(
            "{:02}{:02}.{:04}",
            self.latitude.0,
            self.latitude.1 / 10_000,
            self.latitude.1 % 10_000
        )
    }

    fn longitude(&self) -> String {
        format!(
            "{:03}{:02}.{:04}",
            self.longitude.0,
            self.longitude.1 / 10_000,
            self.longitude.1 % 10_000
        )
    }

    fn letters(&self) -> (char, char) {
        (
            if self.north { 'N' } else { 'S' },
            if self.east { 'E' } else { 'W' },
        )
    }
}

/// Writes a frame, and returns the sum of its fields.
pub type Push = fn(&mut Random, &mut Vec<u8>) -> u64;

/// 95 % locations, 5 % handshakes.
pub fn push_tk103(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = format!("{:012}", random.below(100_000_000_000));
    if random.below(20) == 0 {
        out.extend(format!("({device}BP00000{device}HSO)").bytes());
        return digits(&device) + 15;
    }
    let (time, place, valid) = (time(random), Digits::new(random), random.below(10) > 0);
    let (speed, course, ignition, mileage) = (
        random.below(1800),
        random.below(36_000),
        random.below(2),
        random.below(1 << 32),
    );
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = time;
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
    let (speed, course) = (
        Speed::MetresPerHour(speed as u32 * 100),
        Course::from_ten_thousandths(course as u32 * 100).unwrap(),
    );
    Fix {
        device: digits(&device),
        time,
        valid,
        position: place.position(),
        speed,
        course,
        other: mileage + ignition,
    }
    .sum()
}

/// 90 % reports of one record, 10 % keep-alives.
pub fn push_v680(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = (350_000_000_000_000 + random.below(9_999_999_999_999)).to_string();
    if random.below(10) == 0 {
        out.extend(format!("#{device}##").bytes());
        return digits(&device);
    }
    let (time, place) = (time(random), Digits::new(random));
    let (speed, course, lac, cid) = (
        random.below(20_000),
        random.below(36_000),
        random.below(1 << 16),
        random.below(1 << 16),
    );
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = time;
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
    let (speed, course) = (
        Speed::MilliKnots(speed as u32 * 10),
        Course::from_ten_thousandths(course as u32 * 100).unwrap(),
    );
    Fix {
        device: digits(&device),
        time,
        valid: true,
        position: place.position(),
        speed,
        course,
        other: lac + cid,
    }
    .sum()
        + 1
        + 1
        + 4
        + 3
}

/// 95 % locations, 5 % heartbeats.
pub fn push_h02(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let device = (4_100_000_000 + random.below(99_999_999)).to_string();
    if random.below(20) == 0 {
        out.extend(format!("*HQ,{device},LINK,170928,31,0,100,0,0,240818,FFFFFBFF#").bytes());
        return digits(&device);
    }
    let (time, place, valid) = (time(random), Digits::new(random), random.below(10) > 0);
    let (speed, course, status) = (
        random.below(20_000),
        random.below(361),
        random.below(1 << 32),
    );
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = time;
    let (north, east) = place.letters();
    let fix = if valid { 'A' } else { 'V' };
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let frame = format!(
        "*HQ,{device},V1,{hour:02}{minute:02}{second:02},{fix},{latitude},{north},{longitude},{east},{:03}.{:02},{course:03},{day:02}{month:02}{year:02},{status:08X}#",
        speed / 100,
        speed % 100
    );
    out.extend(frame.bytes());
    let (speed, course) = (
        Speed::MilliKnots(speed as u32 * 10),
        Course::from_degrees(course as u16).unwrap(),
    );
    Fix {
        device: digits(&device),
        time,
        valid,
        position: place.position(),
        speed,
        course,
        other: status,
    }
    .sum()
}

/// Locations in the binary form of `h02`, of one device, as they come on a connection.
pub fn push_binary_h02(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let (time, place, valid) = (time(random), Digits::new(random), random.below(10) > 0);
    let (speed, course) = (random.below(200) as u16, random.below(361) as u16);
    let device: DeviceId = "4106000826".parse().unwrap();
    let status = h02::Status(0xFFFF_FBFF ^ 1 << random.below(9));
    let (csq, satellites) = (random.below(32) as u8, random.below(13) as u8);
    let mileage = random.below(1 << 20) as u32;
    let [m0, m1, m2, m3] = mileage.to_be_bytes();
    let record = random.byte();
    let tail = [
        0xFF, 0, csq, satellites, m0, m1, m2, m3, 1, 0xCC, 0, 0x26, 0x2C, 0x0E, 0xBC, record,
    ];
    let gps = h02::BinaryGps::new(
        time,
        place.position(),
        Speed::MilliKnots(u32::from(speed) * 1000),
        Course::from_degrees(course).unwrap(),
        valid,
        status,
    )
    .unwrap();
    let start = out.len();
    out.resize(start + 45, 0);
    let message = h02::BinaryLocation::new(device, gps, &tail);
    assert_eq!(message.encode(&mut out[start..]), Ok(45));
    Fix {
        device: number(device),
        time,
        valid,
        position: place.position(),
        speed: gps.speed(),
        course: gps.course().unwrap(),
        other: u64::from(status.0)
            + u64::from(csq)
            + u64::from(satellites)
            + u64::from(mileage)
            + u64::from(record)
            + 0x262C
            + 0x0EBC,
    }
    .sum()
}
