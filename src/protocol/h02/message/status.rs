use super::fields::word;
use crate::{bytes::write::Writer, types::Alarm};
use nom::IResult;

/// The status word: 32 bits in negative logic. A bit that is 0 is active; bit 0 is the lowest.
///
/// The meaning of a bit is the maker's \[D\], and makers differ. An accessor exists for bits that
/// most of them agree on; [`is_active`](Self::is_active) reads the others. See
/// [the manual](crate::manual::h02), "Status word", for what each maker says.
///
/// `FFFFFFFF` may be a constant of devices that have no inputs.
///
/// ```
/// use gt02::{protocol::h02::Status, types::Alarm};
/// let status = Status::new().with_ignition(false).with_relay_cut(true);
/// assert_eq!(status, Status(0xF7FF_FBFF));
/// let status = Status::new().with_alarm(Alarm::Sos).unwrap();
/// assert_eq!((status, status.alarm()), (Status(0xFFFF_FFFD), Some(Alarm::Sos)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(pub u32);

/// The alarms, the more urgent first, and the bits that are active when one is raised.
const ALARMS: [(Alarm, u32); 5] = [
    (Alarm::Theft, 1 << 0),
    (Alarm::Sos, 1 << 1),
    (Alarm::Overspeed, 1 << 2),
    (Alarm::GeofenceExit, 1 << 7),
    (Alarm::PowerCut, Status::SUPPLY),
];

impl Default for Status {
    /// As [`new`](Self::new).
    fn default() -> Self {
        Self::new()
    }
}

impl Status {
    const ARMED: u32 = 1 << 9;
    const IGNITION_OFF: u32 = 1 << 10;
    /// On the backup battery, and the supply was removed.
    const SUPPLY: u32 = 1 << 19 | 1 << 20;
    const RELAY_CUT: u32 = 1 << 27;
    /// All bits of [`ALARMS`].
    const ALARM_BITS: u32 = {
        let mut all = 0;
        let mut alarms: &[(Alarm, u32)] = &ALARMS;
        while let [(_, bits), rest @ ..] = alarms {
            all |= *bits;
            alarms = rest;
        }
        all
    };

    /// Creates a status word in which nothing is active, `FFFFFFFF`. The ignition is on in it.
    #[must_use]
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// Returns `true` if a bit is 0, so what it stands for is active; `false` above bit 31.
    #[must_use]
    #[inline]
    pub const fn is_active(self, bit: u8) -> bool {
        match self.0.checked_shr(bit as u32) {
            Some(shifted) => shifted & 1 == 0,
            None => false,
        }
    }

    /// Returns the most urgent alarm that is active.
    ///
    /// | bit | alarm |
    /// |--:|---|
    /// | 0 | theft, or a door opened while armed \[D\]; vibration in a public decoder \[T\] |
    /// | 1 | SOS \[D\] |
    /// | 2 | overspeed \[D\] |
    /// | 7 | geofence left \[D\] |
    /// | 19, 20 | supply cut \[D\] |
    ///
    /// Bits 0 to 7 stay active until the server sends `R7` or `R1` \[D\]. Bit 18, which a public
    /// decoder reads as SOS \[T\], is not read: it is reserved in the vendor documents, and active
    /// in captures of plain drives.
    #[must_use]
    pub const fn alarm(self) -> Option<Alarm> {
        if !self.has_any(Self::ALARM_BITS) {
            return None;
        }
        let mut alarms: &[(Alarm, u32)] = &ALARMS;
        while let [(alarm, bits), rest @ ..] = alarms {
            if self.has_any(*bits) {
                return Some(*alarm);
            }
            alarms = rest;
        }
        None
    }

    /// Returns the status word with this alarm active as well; `None` if it has no bit that makers
    /// agree on.
    #[must_use]
    pub fn with_alarm(self, alarm: Alarm) -> Option<Self> {
        ALARMS
            .iter()
            .find(|(known, _)| *known == alarm)
            .map(|&(_, bits)| self.with(bits, true))
    }

    /// Returns `true` unless bit 10 is active: the ignition is on.
    #[must_use]
    pub const fn ignition(self) -> bool {
        !self.has_any(Self::IGNITION_OFF)
    }

    /// Returns the status word with the ignition on or off.
    #[must_use]
    pub const fn with_ignition(self, on: bool) -> Self {
        self.with(Self::IGNITION_OFF, !on)
    }

    /// Returns `true` if bit 27 is active: fuel or electricity is cut off.
    #[must_use]
    pub const fn relay_cut(self) -> bool {
        self.has_any(Self::RELAY_CUT)
    }

    /// Returns the status word with fuel or electricity cut off or not.
    #[must_use]
    pub const fn with_relay_cut(self, cut: bool) -> Self {
        self.with(Self::RELAY_CUT, cut)
    }

    /// Returns `true` if bit 19 or 20 is active: the device runs on its backup battery, or the
    /// vehicle's supply was removed.
    #[must_use]
    pub const fn power_cut(self) -> bool {
        self.has_any(Self::SUPPLY)
    }

    /// Returns the status word with the vehicle's supply removed or there: both bits.
    #[must_use]
    pub const fn with_power_cut(self, cut: bool) -> Self {
        self.with(Self::SUPPLY, cut)
    }

    /// Returns `true` if bit 9 is active: the device is armed \[D\].
    #[must_use]
    pub const fn armed(self) -> bool {
        self.has_any(Self::ARMED)
    }

    /// Returns the status word with the device armed or disarmed.
    #[must_use]
    pub const fn with_armed(self, armed: bool) -> Self {
        self.with(Self::ARMED, armed)
    }

    const fn has_any(self, bits: u32) -> bool {
        self.0 & bits != bits
    }

    const fn with(self, bits: u32, active: bool) -> Self {
        Self(if active {
            self.0 & !bits
        } else {
            self.0 | bits
        })
    }
}

/// Reads a status word: 8 hexadecimal digits.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn status(input: &[u8]) -> IResult<&[u8], Option<Status>, ()> {
    let (rest, word) = word(input)?;
    Ok((rest, word.map(Status)))
}

/// Appends a field with a status word, or an empty one.
pub(super) fn write_status(out: &mut Writer<'_>, status: Option<Status>) {
    out.put(b",");
    if let Some(Status(bits)) = status {
        out.put_hex(bits.into(), 8);
    }
}
