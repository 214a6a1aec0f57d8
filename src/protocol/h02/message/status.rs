use super::fields::word;
use crate::{bytes::write::Writer, protocol::h02::Header, types::Alarm};
use nom::IResult;

/// The status word: 32 bits in negative logic. A bit that is 0 is active; bit 0 is the lowest.
///
/// The meaning of a bit is the maker's \[D\], and makers differ. An accessor exists for bits that
/// most of them agree on; [`alarm`](Self::alarm) goes by the family of the device;
/// [`is_active`](Self::is_active) reads the others. See [the manual](crate::manual::h02),
/// "Status word", for what each maker says.
///
/// `FFFFFFFF` may be a constant of devices that have no inputs.
///
/// ```
/// use gt02::{protocol::h02::{Status, StatusFamily}, types::Alarm};
/// let status = Status::new().with_ignition(false).with_relay_cut(true);
/// assert_eq!(status, Status(0xF7FF_FBFF));
/// let family = StatusFamily::TenDigits;
/// let status = Status::new().with_alarm(family, Alarm::Sos).unwrap();
/// assert_eq!((status, status.alarm(family)), (Status(0xFFFF_FFFD), Some(Alarm::Sos)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(pub u32);

/// Who says what the alarm bits of a [`Status`] mean.
///
/// An alarm is named only where no document of that family and no capture contradicts it.
///
/// | bit | CanTrack | SinoTrack | 10 digits | other |
/// |--:|---|---|---|---|
/// | 0 | | | theft | theft |
/// | 1 | displacement | SOS | SOS | SOS |
/// | 2 | overspeed | overspeed | overspeed | overspeed |
/// | 3 | | | illegal start | |
/// | 4 | geofence entered | | geofence entered, unless no other bit is active | |
/// | 5, 6 | | low battery | | |
/// | 7 | geofence left | geofence left | geofence left | geofence left |
/// | 11 | vibration | | | |
/// | 12 | low battery | | | |
/// | 17 | | vibration | vibration | |
/// | 19, 20 | supply cut | supply cut | supply cut | supply cut |
/// | 25 | | displacement | displacement | |
/// | 26 | tamper | | | |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StatusFamily {
    /// CanTrack: an id of 15 digits, `V1` to `V5`, and nothing after the status \[D\] \[T\].
    CanTrack,
    /// SinoTrack and Mictrack: `V6` and `V8` \[D\].
    SinoTrack,
    /// Any other device with an id of 10 digits: ST-901 and relatives \[D\].
    TenDigits,
    /// All other devices. Some of them have one bit active for ever \[C\].
    Other,
}

impl StatusFamily {
    /// Returns the family of a device that sends a frame of this type. `has_extras` says whether
    /// there are fields after the status.
    #[must_use]
    pub fn new(header: &Header<'_>, code: &[u8], has_extras: bool) -> Self {
        let Some(id) = header.device_id() else {
            return Self::Other;
        };
        let allocation = || {
            let digits = id.digits().take(6);
            digits.fold(0_u32, |code, digit| {
                code.wrapping_mul(10).wrapping_add(digit.into())
            })
        };
        // The allocation codes of IMEIs whose status words have one bit active for ever \[C\].
        let is_odd = || matches!(allocation(), 353_505 | 353_588 | 356_823);
        match (code, id.digit_count()) {
            (b"V6" | b"V8", _) => Self::SinoTrack,
            (_, 10) => Self::TenDigits,
            (b"V1" | b"V2" | b"V3" | b"V4" | b"V5", 15) if !has_extras && !is_odd() => {
                Self::CanTrack
            }
            _ => Self::Other,
        }
    }

    /// The alarms, the more urgent first, and the bits that are active when one is raised.
    const fn alarms(self) -> &'static [(Alarm, u32)] {
        match self {
            Self::CanTrack => &[
                (Alarm::Overspeed, 1 << 2),
                (Alarm::Tamper, 1 << 26),
                (Alarm::GeofenceEnter, 1 << 4),
                (Alarm::GeofenceExit, 1 << 7),
                (Alarm::PowerCut, Status::SUPPLY),
                (Alarm::Displacement, 1 << 1),
                (Alarm::Vibration, 1 << 11),
                (Alarm::LowBattery, 1 << 12),
            ],
            Self::SinoTrack => &[
                (Alarm::Sos, 1 << 1),
                (Alarm::Overspeed, 1 << 2),
                (Alarm::GeofenceExit, 1 << 7),
                (Alarm::PowerCut, Status::SUPPLY),
                (Alarm::Displacement, 1 << 25),
                (Alarm::Vibration, 1 << 17),
                (Alarm::LowBattery, 1 << 5 | 1 << 6),
            ],
            Self::TenDigits => &[
                (Alarm::Theft, 1 << 0),
                (Alarm::Sos, 1 << 1),
                (Alarm::Overspeed, 1 << 2),
                (Alarm::IllegalStart, 1 << 3),
                (Alarm::GeofenceEnter, 1 << 4),
                (Alarm::GeofenceExit, 1 << 7),
                (Alarm::PowerCut, Status::SUPPLY),
                (Alarm::Displacement, 1 << 25),
                (Alarm::Vibration, 1 << 17),
            ],
            Self::Other => &[
                (Alarm::Theft, 1 << 0),
                (Alarm::Sos, 1 << 1),
                (Alarm::Overspeed, 1 << 2),
                (Alarm::GeofenceExit, 1 << 7),
                (Alarm::PowerCut, Status::SUPPLY),
            ],
        }
    }
}

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
    /// The word in which only bit 4 is active: a constant of some devices \[C\].
    const ONLY_FENCE: Self = Self(!(1 << 4));

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

    /// Returns the most urgent alarm that is active, by what a family of devices says.
    ///
    /// Bits 0 to 7 stay active until the server sends `R7` or `R1` \[D\]. Bits that the table of
    /// [`StatusFamily`] leaves out have different meanings in different documents, or are active in
    /// captures of plain drives, such as bit 18, which a public decoder reads as SOS \[T\].
    #[must_use]
    pub const fn alarm(self, family: StatusFamily) -> Option<Alarm> {
        let mut alarms = family.alarms();
        while let [(alarm, bits), rest @ ..] = alarms {
            let is_constant = matches!(alarm, Alarm::GeofenceEnter)
                && matches!(family, StatusFamily::TenDigits)
                && self.0 == Self::ONLY_FENCE.0;
            if self.has_any(*bits) && !is_constant {
                return Some(*alarm);
            }
            alarms = rest;
        }
        None
    }

    /// Returns the status word with this alarm active as well; `None` if the family has no bit for
    /// it.
    ///
    /// Where the family has two bits for it, both become active.
    #[must_use]
    pub fn with_alarm(self, family: StatusFamily, alarm: Alarm) -> Option<Self> {
        let mut alarms = family.alarms().iter();
        let (_, bits) = alarms.find(|(known, _)| *known == alarm)?;
        Some(self.with(*bits, true))
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
