use crate::types::Alarm;

/// The status word: 32 bits in negative logic, a bit of 0 says that something is active. Bit 0 is the lowest.
///
/// What a bit means is the makers' \[D\], and they differ. Common ground are the bits that have an accessor here, but for
/// [`is_armed`](Self::is_armed); of the others [`is_active`](Self::is_active) tells whether they are 0 (spec h02, section 3, lists what they mean to
/// one maker or another). `FFFFFFFF` may be a constant of devices that have no inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(pub u32);

impl Status {
    /// Whether a bit is 0, which says that what it stands for is active; `false` above bit 31.
    #[must_use]
    #[inline]
    pub const fn is_active(self, bit: u8) -> bool {
        match self.0.checked_shr(bit as u32) {
            Some(shifted) => shifted & 1 == 0,
            None => false,
        }
    }

    /// Bits 0 to 2, 7, 19 and 20: theft, SOS, overspeed, a geofence that was left, or a supply that was cut; the first of them that is active.
    ///
    /// Bit 0 is theft, or a door that was opened while armed \[D\]; public decoders read vibration \[T\]. Bits 0 to 7 stay active until the server
    /// sends `R7` or `R1` \[D\]. Bit 18, which a public decoder reads as SOS \[T\], is reserved in the documents, and active in captures of plain
    /// drives: it is not read.
    #[must_use]
    pub const fn alarm(self) -> Option<Alarm> {
        Some(if self.is_active(0) {
            Alarm::Theft
        } else if self.is_active(1) {
            Alarm::Sos
        } else if self.is_active(2) {
            Alarm::Overspeed
        } else if self.is_active(7) {
            Alarm::GeofenceExit
        } else if self.is_power_cut() {
            Alarm::PowerCut
        } else {
            return None;
        })
    }

    /// Bit 10, where 0 is off: the ignition is on.
    #[must_use]
    pub const fn ignition(self) -> bool {
        !self.is_active(10)
    }

    /// Bit 27: fuel or electricity is cut off.
    #[must_use]
    pub const fn relay_cut(self) -> bool {
        self.is_active(27)
    }

    /// Bit 19 or 20: on the backup battery, or the vehicle's supply was removed.
    #[must_use]
    pub const fn is_power_cut(self) -> bool {
        self.is_active(19) || self.is_active(20)
    }

    /// Bit 9: armed \[D\]; not the same with all makers.
    #[must_use]
    pub const fn is_armed(self) -> bool {
        self.is_active(9)
    }
}
