/// A voltage, exactly as sent, in whole millivolts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voltage(u32);

#[cfg(feature = "defmt")]
impl defmt::Format for Voltage {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=u32}.{=u32:03} V", self.0 / 1000, self.0 % 1000);
    }
}

impl Voltage {
    /// Creates a voltage from millivolts.
    #[must_use]
    pub const fn from_millivolts(millivolts: u32) -> Self {
        Self(millivolts)
    }

    /// Creates a voltage from hundredths of a volt.
    #[must_use]
    pub const fn from_hundredths(hundredths: u16) -> Self {
        // At most 655 350.
        Self((hundredths as u32).wrapping_mul(10))
    }

    /// Returns the voltage in millivolts.
    #[must_use]
    pub const fn millivolts(self) -> u32 {
        self.0
    }

    /// Returns the voltage in volts.
    #[must_use]
    pub const fn volts(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!(Voltage::from_hundredths(1271).volts(), 12.71);
        assert_eq!(Voltage::from_hundredths(u16::MAX).millivolts(), 655_350);
        assert_eq!(Voltage::from_millivolts(4161).volts(), 4.161);
    }
}
