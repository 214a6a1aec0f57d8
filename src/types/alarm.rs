use core::fmt;

/// What a device raises an alarm about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Alarm {
    /// Somebody pressed the SOS button.
    Sos,
    /// The device is being switched off.
    PowerOff,
}

impl Alarm {
    /// The name in JSON: lower case, words joined by `_`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sos => "sos",
            Self::PowerOff => "power_off",
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
