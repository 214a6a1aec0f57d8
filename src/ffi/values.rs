//! The structures that others are made of.

use super::{gt02_status, memory, memory::plain, numbers::*};
use crate::types::{
    CellTower, DateTime, Decimal, DeviceId, NeighbourCell, Position, Speed, UtcOffset,
};
use core::{ffi::c_char, ptr};

/// Bytes that belong to somebody else, without a NUL at their end. `ptr` is NULL if `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_slice {
    /// The first of them.
    pub ptr: *const u8,
    /// How many there are.
    pub len: usize,
}

impl gt02_slice {
    pub(super) const EMPTY: Self = Self {
        ptr: ptr::null(),
        len: 0,
    };

    #[inline(always)]
    pub(super) const fn new(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            Self::EMPTY
        } else {
            Self {
                ptr: bytes.as_ptr(),
                len: bytes.len(),
            }
        }
    }
}

/// Date and time of day, by a clock whose zone it does not say. All zeros say nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct gt02_time {
    /// 2000 to 2255.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0.
    pub reserved: u8,
}

impl From<DateTime> for gt02_time {
    #[inline(always)]
    fn from(time: DateTime) -> Self {
        Self {
            year: time.full_year(),
            month: time.month,
            day: time.day,
            hour: time.hour,
            minute: time.minute,
            second: time.second,
            reserved: 0,
        }
    }
}

impl gt02_time {
    /// The date and time, if they exist.
    pub(super) const fn get(self) -> Option<DateTime> {
        DateTime::new(
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
        )
    }
}

/// A number with decimal places: `digits` divided by ten to the power of `places`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct gt02_decimal {
    /// The digits, as one number without the point.
    pub digits: u64,
    /// How many of them follow the point, 0 to 18.
    pub places: u8,
    /// 0.
    pub reserved: [u8; 7],
}

impl From<Decimal> for gt02_decimal {
    fn from(decimal: Decimal) -> Self {
        Self {
            digits: decimal.mantissa(),
            places: decimal.places(),
            reserved: [0; 7],
        }
    }
}

/// A cell of a mobile network.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct gt02_cell {
    /// Location or tracking area code.
    pub lac: u32,
    /// Cell id.
    pub cid: u32,
    /// Mobile country code.
    pub mcc: u16,
    /// Mobile network code.
    pub mnc: u16,
    /// Strength of its signal, raw: each protocol has a scale of its own.
    pub rssi: i16,
    /// Which of the values are there: bits `GT02_CELL_...`.
    pub has: u8,
    /// 0.
    pub reserved: u8,
}

impl gt02_cell {
    #[inline(always)]
    pub(super) fn new(cell: &CellTower, rssi: Option<i16>) -> Self {
        let bit = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
        Self {
            lac: cell.lac.unwrap_or_default(),
            cid: cell.cid.unwrap_or_default(),
            mcc: cell.mcc.unwrap_or_default(),
            mnc: cell.mnc.unwrap_or_default(),
            rssi: rssi.unwrap_or_default(),
            has: bit(cell.mcc.is_some(), GT02_CELL_MCC)
                | bit(cell.mnc.is_some(), GT02_CELL_MNC)
                | bit(cell.lac.is_some(), GT02_CELL_LAC)
                | bit(cell.cid.is_some(), GT02_CELL_CID)
                | bit(rssi.is_some(), GT02_CELL_RSSI),
            reserved: 0,
        }
    }

    /// The cell; `None` if nothing of it is there.
    pub(super) fn get(self) -> Option<CellTower> {
        let has = |bit: u8| self.has & bit != 0;
        let cell = CellTower {
            mcc: has(GT02_CELL_MCC).then_some(self.mcc),
            mnc: has(GT02_CELL_MNC).then_some(self.mnc),
            lac: has(GT02_CELL_LAC).then_some(self.lac),
            cid: has(GT02_CELL_CID).then_some(self.cid),
        };
        Some(cell).filter(|cell| *cell != CellTower::default())
    }
}

impl From<NeighbourCell> for gt02_cell {
    fn from(neighbour: NeighbourCell) -> Self {
        Self::new(&neighbour.cell, neighbour.rssi)
    }
}

plain! {
    gt02_cell: size_of::<gt02_cell>(),
    gt02_time: size_of::<gt02_time>(),
}

/// What is there of a report: values are taken out of their `Option`, and leave a bit.
pub(super) struct Presence(pub(super) u64);

impl Presence {
    /// The value, or 0; notes its bit if it is there.
    #[inline(always)]
    pub(super) fn take<T: Default>(&mut self, bit: u64, value: Option<T>) -> T {
        self.note(bit, value.is_some());
        value.unwrap_or_default()
    }

    /// Notes a bit.
    #[inline(always)]
    pub(super) fn note(&mut self, bit: u64, is_there: bool) {
        self.0 |= if is_there { bit } else { 0 };
    }

    /// The flag, if the value is `Some(true)`; notes that it is known if it is there.
    #[inline(always)]
    pub(super) fn flag(&mut self, flag: u32, value: Option<bool>) -> u32 {
        self.note(u64::from(flag) << 32, value.is_some());
        if value == Some(true) { flag } else { 0 }
    }
}

/// Latitude and longitude in units of 1e-7 degrees; zeros if there are none.
#[inline(always)]
pub(super) fn e7(position: Option<Position>) -> (i32, i32) {
    position.map_or((0, 0), |it| (it.latitude.e7(), it.longitude.e7()))
}

/// Speed in units of 1e-6 km/h, which both units of the wire are multiples of.
#[inline(always)]
pub(super) const fn speed_e6(speed: Speed) -> u64 {
    match speed {
        Speed::MetresPerHour(thousandths) => (thousandths as u64).wrapping_mul(1000),
        Speed::MilliKnots(thousandths) => (thousandths as u64).wrapping_mul(1852),
    }
}

/// Bytes of a device id as text: 16 digits, and NUL up to a multiple of 4.
pub(super) const ID_LEN: usize = 20;

/// The digits of an id as text; empty if there is none.
///
/// The nibbles of the decimal are spread to one byte each, eight at a time, by three shifts.
/// `digits_one_by_one` in the tests says the same.
#[inline(always)]
pub(super) fn id_text(id: Option<DeviceId>) -> [c_char; ID_LEN] {
    /// A `0` in each byte.
    const ZEROS: u128 = u128::from_be_bytes([b'0'; 16]);
    let Some(id) = id else {
        return [0; ID_LEN];
    };
    let missing = u32::from(DeviceId::MAX_DIGITS.wrapping_sub(id.digit_count()));
    // The first digit comes to the front. At most 60.
    let decimal = u64::from_be_bytes(id.to_bcd()) << missing.wrapping_mul(4);
    let digits =
        u128::from(spread((decimal >> 32) as u32)) << 64 | u128::from(spread(decimal as u32));
    // Bytes that are no digit stay 0. At most 120.
    let text = (digits | ZEROS << missing.wrapping_mul(8)).to_be_bytes();
    let mut id = [0_u8; ID_LEN];
    if let Some(front) = id.first_chunk_mut() {
        *front = text;
    }
    // SAFETY: a `c_char` is a `u8` or an `i8`, and any byte is one.
    unsafe { core::mem::transmute::<[u8; ID_LEN], [c_char; ID_LEN]>(id) }
}

/// Each nibble in a byte of its own.
#[inline(always)]
const fn spread(nibbles: u32) -> u64 {
    let halves = nibbles as u64;
    let halves = (halves | halves << 16) & 0x0000_FFFF_0000_FFFF;
    let bytes = (halves | halves << 8) & 0x00FF_00FF_00FF_00FF;
    (bytes | bytes << 4) & 0x0F0F_0F0F_0F0F_0F0F
}

/// Seconds since 1970 UTC at which a clock that is `ahead` minutes ahead of UTC shows `time`.
///
/// `GT02_ERR_RANGE` if there is no such date, or if `ahead` is beyond 18 hours.
///
/// # Safety
/// The pointers, if they are not NULL, point to such values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_time_unix(
    time: *const gt02_time,
    ahead: i16,
    unix_time: *mut i64,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let Some(time) = (unsafe { memory::read(time, size_of::<gt02_time>()) }) else {
        return GT02_ERR_ARGUMENT;
    };
    if unix_time.is_null() {
        return GT02_ERR_ARGUMENT;
    }
    let seconds = UtcOffset::from_minutes(ahead).and_then(|offset| time.get()?.to_unix(offset));
    match seconds {
        Some(seconds) => {
            // SAFETY: it is not NULL; the caller promises the rest.
            unsafe { unix_time.write_unaligned(seconds) };
            GT02_DONE
        }
        None => GT02_ERR_RANGE,
    }
}

/// What a clock that is `ahead` minutes ahead of UTC shows `unix_time` seconds after 1970 began in
/// UTC.
///
/// `GT02_ERR_RANGE` if that is not in the years 2000 to 2255, or if `ahead` is beyond 18 hours.
///
/// # Safety
/// The pointer, if it is not NULL, points to such a structure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_time_from_unix(
    unix_time: i64,
    ahead: i16,
    time: *mut gt02_time,
) -> gt02_status {
    let size = size_of::<gt02_time>();
    if !memory::is_place(time, size) {
        return GT02_ERR_ARGUMENT;
    }
    let shown =
        UtcOffset::from_minutes(ahead).and_then(|offset| DateTime::from_unix(unix_time, offset));
    match shown {
        Some(shown) => {
            // SAFETY: as the caller promises.
            unsafe { memory::write(time, size, || shown.into()) };
            GT02_DONE
        }
        None => GT02_ERR_RANGE,
    }
}
