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

/// The number of a device: 1 to 16 decimal digits. All zeros say nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct gt02_id {
    /// A digit in each four bits, the last one lowest: `0x0123` is 123.
    pub bcd: u64,
    /// How many digits there are, leading zeros included.
    pub digits: u8,
    /// 0.
    pub reserved: [u8; 7],
}

impl From<DeviceId> for gt02_id {
    #[inline(always)]
    fn from(id: DeviceId) -> Self {
        Self {
            bcd: u64::from_be_bytes(id.to_bcd()),
            digits: id.digit_count(),
            reserved: [0; 7],
        }
    }
}

impl gt02_id {
    /// The id, if it is one.
    pub(super) const fn get(self) -> Option<DeviceId> {
        DeviceId::from_bcd(self.bcd.to_be_bytes(), self.digits)
    }
}

/// Writes the digits of an id, and a NUL. Returns how many digits there are; 0 if it is not one.
///
/// # Safety
/// The pointers, if they are not NULL, point to an id, and to `room` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_id_text(id: *const gt02_id, out: *mut c_char, room: usize) -> usize {
    // SAFETY: as the caller promises.
    let id = unsafe { memory::read(id, size_of::<gt02_id>()) };
    // SAFETY: as the caller promises.
    unsafe { memory::write_option(out, room, id.and_then(gt02_id::get)) }
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
    /// Sets what is there of a cell; all is 0 before.
    #[inline(always)]
    pub(super) fn set(&mut self, cell: &CellTower) {
        let mut has = 0;
        if let Some(lac) = cell.lac {
            has |= GT02_CELL_LAC;
            self.lac = lac;
        }
        if let Some(cid) = cell.cid {
            has |= GT02_CELL_CID;
            self.cid = cid;
        }
        if let Some(mcc) = cell.mcc {
            has |= GT02_CELL_MCC;
            self.mcc = mcc;
        }
        if let Some(mnc) = cell.mnc {
            has |= GT02_CELL_MNC;
            self.mnc = mnc;
        }
        self.has = has;
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

impl From<CellTower> for gt02_cell {
    fn from(tower: CellTower) -> Self {
        let mut cell = Self::default();
        cell.set(&tower);
        cell
    }
}

impl From<NeighbourCell> for gt02_cell {
    fn from(neighbour: NeighbourCell) -> Self {
        let mut cell = Self::from(neighbour.cell);
        if let Some(rssi) = neighbour.rssi {
            cell.has |= GT02_CELL_RSSI;
            cell.rssi = rssi;
        }
        cell
    }
}

plain! {
    gt02_id: size_of::<gt02_id>(),
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
    pub(super) fn flag(&mut self, flag: u32, value: Option<bool>) -> u32 {
        let mut flags = Flags::default();
        flags.set(flag, value);
        self.note(u64::from(flags.known) << 32, true);
        flags.set
    }
}

/// The bits of `flags`, and which of them are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) set: u32,
    pub(super) known: u32,
}

impl Flags {
    /// Sets the bit if the value is `Some(true)`; notes that it is known if there is one.
    #[inline(always)]
    pub(super) fn set(&mut self, bit: u32, value: Option<bool>) {
        let Some(value) = value else {
            return;
        };
        self.known |= bit;
        if value {
            self.set |= bit;
        }
    }

    /// The flags of the lowest bits, the lowest first. It does what [`set`](Self::set) does, in
    /// half as many instructions and without a branch.
    #[inline(always)]
    pub(super) fn lowest(values: [Option<bool>; 7]) -> Self {
        // Two bits for each: whether it is set, and above, whether it is unknown.
        let mut pairs = 0_u32;
        for value in values.into_iter().rev() {
            pairs = pairs << 2 | value.map_or(2, u32::from);
        }
        // The upper bits of the pairs to the upper half; then those of each half close up.
        let mut halves = pairs & 0x5555 | (pairs & 0xAAAA) << 15;
        halves = (halves | halves >> 1) & 0x3333_3333;
        halves = (halves | halves >> 2) & 0x0F0F_0F0F;
        halves = (halves | halves >> 4) & 0x00FF_00FF;
        Self {
            set: halves & 0x7F,
            known: !(halves >> 16) & 0x7F,
        }
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
