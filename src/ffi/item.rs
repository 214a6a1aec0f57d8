//! Items, and what is read from the frame in one.

use super::{memory, memory::plain, numbers::*, values::*};
use crate::{
    connection::Passed,
    protocol::{Frame, gt06, v680},
    report::{Details, Record, Report},
    scan::Noise,
    session::{Identity, Outcome},
    types::{AccessPoint, Direction, Protocol},
};
use core::ffi::c_char;

/// A frame and what it reports, or noise.
///
/// A field is 0 if its bit of `has` is not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_item {
    /// Bits `GT02_HAS_...`, and in the upper half the flags that are known.
    pub has: u64,
    /// As received. Those of all items, in order, are the bytes that were received.
    pub bytes: gt02_slice,
    /// The bytes to send back; `len` is 0 if the frame gets no reply.
    pub reply: gt02_slice,
    /// Speed over ground, in units of 1e-6 km/h.
    pub speed_e6: u64,
    /// Date and time by the device's clock.
    pub time: gt02_time,
    /// The serving cell.
    pub cell: gt02_cell,
    /// Latitude in units of 1e-7 degrees, WGS 84, south negative.
    pub latitude_e7: i32,
    /// Longitude in units of 1e-7 degrees, WGS 84, west negative.
    pub longitude_e7: i32,
    /// Course over ground in units of 1e-4 degrees, clockwise from north.
    pub course_e4: u32,
    /// Bits `GT02_FLAG_...`.
    pub flags: u32,
    /// Voltage in millivolts.
    pub voltage_mv: u32,
    /// Raw distance covered.
    pub odometer: u32,
    /// The frame's serial number.
    pub serial: u16,
    /// `GT02_FRAME` or `GT02_NOISE`; of `gt02_conn_timeout` also `GT02_OVERDUE` and others.
    pub what: u8,
    /// `GT02_PROTOCOL_...`; 0 for noise.
    pub protocol: u8,
    /// `GT02_KIND_...`; 0 for noise.
    pub kind: u8,
    /// `GT02_REASON_...`; 0 for a frame.
    pub reason: u8,
    /// `GT02_UP` or `GT02_DOWN`.
    pub direction: u8,
    /// `GT02_IDENTITY_...`; 0 for noise.
    pub identity: u8,
    /// `GT02_ALARM_...`.
    pub alarm: u8,
    /// The alarm's code as sent.
    pub alarm_code: u8,
    /// Number of satellites.
    pub satellites: u8,
    /// Raw level of the battery or supply.
    pub voltage_level: u8,
    /// Raw level of the mobile network's signal.
    pub gsm_level: u8,
    /// 0.
    pub reserved: [u8; 3],
    /// The device that sent the frame, or that it is for.
    pub device: gt02_id,
    /// The IMEI of a device that goes by another number.
    pub imei: gt02_id,
}

impl gt02_item {
    /// Says that these bytes are noise.
    pub(super) fn set_noise(&mut self, noise: &Noise<'_>, direction: Direction) {
        self.bytes = gt02_slice::new(noise.bytes);
        self.what = GT02_NOISE;
        self.reason = noise.reason as u8;
        self.direction = direction_number(direction);
    }

    /// Says that a deadline has passed.
    pub(super) const fn set_passed(&mut self, passed: Passed) {
        self.what = match passed {
            Passed::Overdue => GT02_OVERDUE,
            Passed::Nameless => GT02_NAMELESS,
            Passed::Dead => GT02_DEAD,
        };
    }

    /// Says what a frame with these bytes reports.
    ///
    /// All is 0 before, and only what is there is written: most reports have a few values of many.
    // Not inlined: else the compiler reads all values before it writes the first.
    #[inline(never)]
    pub(super) fn set_frame(&mut self, outcome: &Outcome<'_>, bytes: &[u8]) {
        let report = &outcome.report;
        self.bytes = gt02_slice::new(bytes);
        self.what = GT02_FRAME;
        self.protocol = report.protocol as u8;
        self.kind = report.kind as u8;
        self.direction = direction_number(report.direction);
        self.identity = match outcome.identity {
            Identity::Unknown => GT02_IDENTITY_UNKNOWN,
            Identity::First => GT02_IDENTITY_FIRST,
            Identity::Same => GT02_IDENTITY_SAME,
            Identity::Changed { .. } => GT02_IDENTITY_CHANGED,
        };

        // In locals, which stay in registers.
        let mut has = 0;
        const {
            assert!(GT02_FLAG_VALID == 1 && GT02_FLAG_CHARGING == 1 << 1);
            assert!(GT02_FLAG_IGNITION == 1 << 2 && GT02_FLAG_RELAY_CUT == 1 << 3);
            assert!(GT02_FLAG_ARMED == 1 << 4 && GT02_FLAG_GPS_TRACKING == 1 << 5);
            assert!(GT02_FLAG_RESENT == 1 << 6);
        }
        let mut flags = Flags::lowest([
            report.valid,
            report.charging,
            report.ignition,
            report.relay_cut,
            report.armed,
            report.gps_tracking,
            report.resent,
        ]);
        flags.set(GT02_FLAG_BAD_CHECKSUM, Some(false));
        if let Some(id) = report.device {
            has |= GT02_HAS_DEVICE;
            self.device = id.into();
        }
        if let Some(id) = report.imei {
            has |= GT02_HAS_IMEI;
            self.imei = id.into();
        }
        if let Some(serial) = report.serial {
            has |= GT02_HAS_SERIAL;
            self.serial = serial;
        }
        if let Some(time) = report.time {
            has |= GT02_HAS_TIME;
            self.time = time.into();
        }
        if let Some(position) = report.position {
            has |= GT02_HAS_POSITION;
            self.latitude_e7 = position.latitude.e7();
            self.longitude_e7 = position.longitude.e7();
        }
        if let Some(speed) = report.speed {
            has |= GT02_HAS_SPEED;
            self.speed_e6 = speed_e6(speed);
        }
        if let Some(course) = report.course {
            has |= GT02_HAS_COURSE;
            self.course_e4 = course.ten_thousandths();
        }
        if let Some(satellites) = report.satellites {
            has |= GT02_HAS_SATELLITES;
            self.satellites = satellites;
        }
        if let Some(cell) = report.cell {
            has |= GT02_HAS_CELL;
            self.cell.set(&cell);
        }
        if let Some(alarm) = report.alarm {
            has |= GT02_HAS_ALARM;
            self.alarm = alarm as u8;
        }
        // A code above 255 has no room; its alarm is `other`.
        if let Some(code) = report.alarm_code.and_then(|code| u8::try_from(code).ok()) {
            has |= GT02_HAS_ALARM_CODE;
            self.alarm_code = code;
        }
        if let Some(level) = report.voltage_level {
            has |= GT02_HAS_VOLTAGE_LEVEL;
            self.voltage_level = level;
        }
        if let Some(level) = report.gsm_level {
            has |= GT02_HAS_GSM_LEVEL;
            self.gsm_level = level;
        }
        if let Some(voltage) = report.voltage {
            has |= GT02_HAS_VOLTAGE;
            self.voltage_mv = voltage.millivolts();
        }
        if let Some(odometer) = report.odometer {
            has |= GT02_HAS_ODOMETER;
            self.odometer = odometer;
        }
        if report.code.is_some() {
            has |= GT02_HAS_CODE;
        }
        if report.text.is_some() {
            has |= GT02_HAS_TEXT;
        }
        if report.cells.is_some() {
            has |= GT02_HAS_CELLS;
        }
        if report.records.is_some() {
            has |= GT02_HAS_RECORDS;
        }
        self.flags = flags.set;
        self.has = has | u64::from(flags.known) << 32;
    }

    /// Marks a frame that has a checksum, if it is wrong.
    pub(super) fn mark_bad_checksum(&mut self, frame: &Frame<'_>) {
        if !has_right_checksum(frame) {
            self.flags |= GT02_FLAG_BAD_CHECKSUM;
        }
    }

    /// The report of the frame in an item of C, made again from its bytes; `None` if there is no
    /// frame.
    ///
    /// # Safety
    /// As [`frame_at`](Self::frame_at).
    unsafe fn report<'a>(place: *const Self) -> Option<Report<'a>> {
        // SAFETY: as the caller promises.
        let frame = unsafe { Self::frame_at(place) }?;
        // SAFETY: the library wrote the field, as `frame_at` has found.
        let direction = match unsafe { (&raw const (*place).direction).read() } {
            GT02_DOWN => Direction::Down,
            _ => Direction::Up,
        };
        Some(Report::new(&frame, direction))
    }

    /// The frame in an item of C; `None` if there is none. Of the item only fields are read that
    /// its first version had.
    ///
    /// # Safety
    /// A place that is not NULL has an item that the library wrote, and its bytes are still there.
    pub(super) unsafe fn frame_at<'a>(place: *const Self) -> Option<Frame<'a>> {
        if place.is_null() || !place.is_aligned() {
            return None;
        }
        // SAFETY: the library wrote these fields; no reference is made to others.
        let (bytes, protocol) = unsafe {
            let bytes = (&raw const (*place).bytes).read();
            (bytes, (&raw const (*place).protocol).read())
        };
        // Noise has none.
        let protocol = protocol_of(protocol)?;
        // SAFETY: the caller promises that they are still there.
        let bytes = unsafe { memory::bytes(bytes.ptr, bytes.len) }?;
        Some(Frame::from_candidate(protocol, bytes))
    }
}

const fn direction_number(direction: Direction) -> u8 {
    match direction {
        Direction::Up => GT02_UP,
        Direction::Down => GT02_DOWN,
    }
}

/// The protocol of a number.
pub(super) const fn protocol_of(number: u8) -> Option<Protocol> {
    Some(match number {
        GT02_PROTOCOL_GT02 => Protocol::Gt02,
        GT02_PROTOCOL_GT06 => Protocol::Gt06,
        GT02_PROTOCOL_TK103 => Protocol::Tk103,
        GT02_PROTOCOL_V680 => Protocol::V680,
        GT02_PROTOCOL_H02 => Protocol::H02,
        _ => return None,
    })
}

/// Whether the checksum of a frame, if it has one, is right.
#[inline(never)]
fn has_right_checksum(frame: &Frame<'_>) -> bool {
    match frame {
        Frame::Gt06(frame) => gt06::Frame::crc_ok(frame),
        Frame::V680(frame) => v680::Frame::sums_ok(frame),
        _ => true,
    }
}

/// The values that few frames have. A field is 0 if its bit of `has` is not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_details {
    /// Bits `GT02_DETAIL_...`, and in the upper half the flags that are known.
    pub has: u64,
    /// Horizontal dilution of precision.
    pub hdop: gt02_decimal,
    /// Radius within which the device believes its position to be right, in metres.
    pub accuracy: gt02_decimal,
    /// Relative humidity, in per cent.
    pub humidity: gt02_decimal,
    /// Signal-to-noise ratio of each satellite, in dB.
    pub snr: gt02_slice,
    /// The number of a card held to a reader, as sent.
    pub card_id: gt02_slice,
    /// Height above sea level, in metres.
    pub altitude_m: i32,
    /// Temperature in thousandths of a degree Celsius.
    pub temperature_e3: i32,
    /// Voltage of the device's own battery, in millivolts.
    pub battery_mv: u32,
    /// Raw value of a fuel sensor.
    pub fuel: u32,
    /// Raw count of steps.
    pub steps: u32,
    /// How long the ignition has been on, in seconds.
    pub ignition_seconds: u32,
    /// Bits `GT02_FLAG_DOOR`, `GT02_FLAG_MOTION`.
    pub flags: u32,
    /// Signal of the mobile network on the modem's scale, 0 to 31.
    pub csq: u8,
    /// `GT02_NETWORK_...`.
    pub network: u8,
    /// Charge of the device's own battery, 0 to 100 per cent.
    pub battery_percent: u8,
    /// Raw code of what made the device send its position.
    pub upload_mode: u8,
}

impl From<Details<'_>> for gt02_details {
    fn from(details: Details<'_>) -> Self {
        // Exhaustive, so that a new field does not compile before it is here.
        let Details {
            snr,
            hdop,
            accuracy,
            altitude,
            access_points,
            csq,
            network,
            battery_percent,
            battery_voltage,
            temperature,
            humidity,
            door,
            motion,
            fuel,
            steps,
            ignition_seconds,
            upload_mode,
            card_id,
            imsi,
            iccid,
            firmware,
        } = details;
        let mut has = Presence(0);
        let mut flags = has.flag(GT02_FLAG_DOOR, door);
        flags |= has.flag(GT02_FLAG_MOTION, motion);
        has.note(GT02_DETAIL_ACCESS_POINTS, access_points.is_some());
        has.note(GT02_DETAIL_IMSI, imsi.is_some());
        has.note(GT02_DETAIL_ICCID, iccid.is_some());
        has.note(GT02_DETAIL_FIRMWARE, firmware.is_some());
        has.note(GT02_DETAIL_SNR, snr.is_some());
        has.note(GT02_DETAIL_CARD_ID, card_id.is_some());
        let temperature = temperature.map(|it| it.millicelsius());
        let battery = battery_voltage.map(|it| it.millivolts());
        Self {
            hdop: has.take(GT02_DETAIL_HDOP, hdop.map(gt02_decimal::from)),
            accuracy: has.take(GT02_DETAIL_ACCURACY, accuracy.map(gt02_decimal::from)),
            humidity: has.take(GT02_DETAIL_HUMIDITY, humidity.map(gt02_decimal::from)),
            snr: gt02_slice::new(snr.unwrap_or_default()),
            card_id: gt02_slice::new(card_id.unwrap_or_default()),
            altitude_m: has.take(GT02_DETAIL_ALTITUDE, altitude),
            temperature_e3: has.take(GT02_DETAIL_TEMPERATURE, temperature),
            battery_mv: has.take(GT02_DETAIL_BATTERY_VOLTAGE, battery),
            fuel: has.take(GT02_DETAIL_FUEL, fuel),
            steps: has.take(GT02_DETAIL_STEPS, steps),
            ignition_seconds: has.take(GT02_DETAIL_IGNITION_SECONDS, ignition_seconds),
            flags,
            csq: has.take(GT02_DETAIL_CSQ, csq),
            network: has.take(GT02_DETAIL_NETWORK, network.map(|it| it as u8)),
            battery_percent: has.take(GT02_DETAIL_BATTERY_PERCENT, battery_percent),
            upload_mode: has.take(GT02_DETAIL_UPLOAD_MODE, upload_mode),
            // Last: it holds what the fields above have noted.
            has: has.0,
        }
    }
}

/// One position of several in a frame. The fields mean the same as those of `gt02_item`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_record {
    /// Bits `GT02_HAS_...`.
    pub has: u64,
    /// Speed over ground, in units of 1e-6 km/h.
    pub speed_e6: u64,
    /// Date and time by the device's clock.
    pub time: gt02_time,
    /// The serving cell.
    pub cell: gt02_cell,
    /// Latitude in units of 1e-7 degrees.
    pub latitude_e7: i32,
    /// Longitude in units of 1e-7 degrees.
    pub longitude_e7: i32,
    /// Course over ground in units of 1e-4 degrees.
    pub course_e4: u32,
    /// 0.
    pub reserved: u32,
}

impl From<Record<'_>> for gt02_record {
    fn from(record: Record<'_>) -> Self {
        // Exhaustive, so that a new field does not compile before it is here.
        let Record {
            time,
            position,
            speed,
            course,
            cell,
            cells,
        } = record;
        let mut has = Presence(0);
        let (latitude_e7, longitude_e7) = e7(position);
        has.note(GT02_HAS_POSITION, position.is_some());
        has.note(GT02_HAS_CELLS, cells.is_some());
        let cell = cell.map(gt02_cell::from);
        Self {
            speed_e6: has.take(GT02_HAS_SPEED, speed.map(speed_e6)),
            time: has.take(GT02_HAS_TIME, time.map(gt02_time::from)),
            cell: has.take(GT02_HAS_CELL, cell),
            latitude_e7,
            longitude_e7,
            course_e4: has.take(GT02_HAS_COURSE, course.map(|it| it.ten_thousandths())),
            reserved: 0,
            // Last: it holds what the fields above have noted.
            has: has.0,
        }
    }
}

/// A Wi-Fi access point.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_access_point {
    /// Its name, mostly UTF-8.
    pub ssid: gt02_slice,
    /// Strength of its signal, in dBm where the scale is known.
    pub rssi: i16,
    /// Its address.
    pub mac: [u8; 6],
    /// Which of the values are there: bits `GT02_AP_...`. The address always is.
    pub has: u8,
    /// 0.
    pub reserved: [u8; 7],
}

impl From<AccessPoint<'_>> for gt02_access_point {
    fn from(point: AccessPoint<'_>) -> Self {
        let AccessPoint { mac, rssi, ssid } = point;
        let bit = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
        Self {
            ssid: gt02_slice::new(ssid.map_or(&[][..], |ssid| ssid.as_bytes())),
            rssi: rssi.unwrap_or_default(),
            mac: mac.0,
            has: bit(rssi.is_some(), GT02_AP_RSSI) | bit(ssid.is_some(), GT02_AP_SSID),
            reserved: [0; 7],
        }
    }
}

plain! {
    gt02_item: size_of::<gt02_item>(),
    gt02_details: size_of::<gt02_details>(),
    gt02_record: size_of::<gt02_record>(),
    gt02_access_point: size_of::<gt02_access_point>(),
}

/// Reads the values that few frames have.
///
/// # Safety
/// `item` was written by the library, and what it points to is still there; `details` has `size`
/// bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_item_details(
    item: *const gt02_item,
    details: *mut gt02_details,
    size: usize,
) -> super::gt02_status {
    // SAFETY: as the caller promises.
    let report = unsafe { gt02_item::report(item) };
    let Some(report) = report else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    if unsafe { memory::write(details, size, || report.details().into()) } {
        GT02_DONE
    } else {
        GT02_ERR_ARGUMENT
    }
}

/// Writes a text of an item as UTF-8 and a NUL, cut if there is too little room. Returns the bytes
/// of the whole text, without the NUL; 0 if there is none.
///
/// # Safety
/// As [`gt02_item_details`]; `out`, if it is not NULL, has `room` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_item_string(
    item: *const gt02_item,
    which: u8,
    out: *mut c_char,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let report = unsafe { gt02_item::report(item) };
    let details = || report.map(|report| report.details());
    // SAFETY: the room is what the caller says.
    unsafe {
        match which {
            GT02_STRING_CODE => memory::write_option(out, room, report.and_then(|it| it.code)),
            GT02_STRING_TEXT => memory::write_option(out, room, report.and_then(|it| it.text)),
            GT02_STRING_IMSI => memory::write_option(out, room, details().and_then(|it| it.imsi)),
            GT02_STRING_ICCID => memory::write_option(out, room, details().and_then(|it| it.iccid)),
            GT02_STRING_FIRMWARE => {
                memory::write_option(out, room, details().and_then(|it| it.firmware))
            }
            _ => memory::write_option(out, room, None::<&str>),
        }
    }
}

/// Writes the first `room` neighbour cells, each of `size` bytes. Returns how many there are.
///
/// # Safety
/// As [`gt02_item_details`]; `cells`, if it is not NULL, has room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_item_cells(
    item: *const gt02_item,
    cells: *mut gt02_cell,
    size: usize,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let found = unsafe { gt02_item::report(item) }.and_then(|report| report.cells);
    let found = found.into_iter().flatten().map(gt02_cell::from);
    // SAFETY: as the caller promises.
    unsafe { memory::write_all(cells, size, room, found) }
}

/// Writes the first `room` records, each of `size` bytes. Returns how many there are.
///
/// # Safety
/// As [`gt02_item_details`]; `records`, if it is not NULL, has room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_item_records(
    item: *const gt02_item,
    records: *mut gt02_record,
    size: usize,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let found = unsafe { gt02_item::report(item) }.and_then(|report| report.records);
    let found = found.into_iter().flatten().map(gt02_record::from);
    // SAFETY: as the caller promises.
    unsafe { memory::write_all(records, size, room, found) }
}

/// Writes the first `room` neighbour cells of the record `index`, counted from 0. Returns how many
/// there are.
///
/// # Safety
/// As [`gt02_item_cells`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_record_cells(
    item: *const gt02_item,
    index: usize,
    cells: *mut gt02_cell,
    size: usize,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let records = unsafe { gt02_item::report(item) }.and_then(|report| report.records);
    let record = records.and_then(|records| records.iter().nth(index));
    let found = record.and_then(|record| record.cells);
    let found = found.into_iter().flatten().map(gt02_cell::from);
    // SAFETY: as the caller promises.
    unsafe { memory::write_all(cells, size, room, found) }
}

/// Writes the first `room` access points, each of `size` bytes. Returns how many there are.
///
/// # Safety
/// As [`gt02_item_details`]; `points`, if it is not NULL, has room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_item_access_points(
    item: *const gt02_item,
    points: *mut gt02_access_point,
    size: usize,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let report = unsafe { gt02_item::report(item) };
    let found = report.and_then(|report| report.details().access_points);
    let found = found.into_iter().flatten().map(gt02_access_point::from);
    // SAFETY: as the caller promises.
    unsafe { memory::write_all(points, size, room, found) }
}
