/// A temperature, exactly as sent, in whole thousandths of a degree Celsius.
///
/// ```
/// use gt02::types::Temperature;
/// let frost = Temperature::from_millicelsius(-4_500);
/// assert_eq!(frost.celsius(), -4.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Temperature(i32);

impl Temperature {
    /// Creates a temperature from thousandths of a degree Celsius.
    #[must_use]
    pub const fn from_millicelsius(millicelsius: i32) -> Self {
        Self(millicelsius)
    }

    /// Returns the temperature in thousandths of a degree Celsius.
    #[must_use]
    pub const fn millicelsius(self) -> i32 {
        self.0
    }

    /// Returns the temperature in degrees Celsius.
    #[must_use]
    pub const fn celsius(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}
