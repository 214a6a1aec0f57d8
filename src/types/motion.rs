/// Speed over ground, exactly as sent, in the unit in which it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Speed {
    /// Metres per hour, which are **thousandths** of a kilometre per hour.
    MetresPerHour(u32),
    /// **Thousandths** of a knot. A knot is a nautical mile (1852 m) per hour.
    MilliKnots(u32),
}

impl Speed {
    /// Creates a speed from whole kilometres per hour.
    #[must_use]
    #[inline]
    pub const fn from_kmh(kmh: u16) -> Self {
        // At most 65 535 000.
        Self::MetresPerHour((kmh as u32).wrapping_mul(1000))
    }

    /// Returns the speed in kilometres per hour.
    #[must_use]
    #[inline]
    pub const fn kmh(self) -> f64 {
        match self {
            Self::MetresPerHour(thousandths) => thousandths as f64 / 1000.0,
            // An integer below 2^43, so the quotient is the nearest to the exact value.
            Self::MilliKnots(thousandths) => {
                (thousandths as u64).wrapping_mul(1852) as f64 / 1_000_000.0
            }
        }
    }

    /// Returns the speed in metres per hour, rounded to the nearest; `u32::MAX` if it is above
    /// that.
    ///
    /// It uses integers only, for processors without a floating point unit.
    #[must_use]
    #[inline]
    pub const fn metres_per_hour(self) -> u32 {
        match self {
            Self::MetresPerHour(thousandths) => thousandths,
            // Whole knots and the rest apart, so that 32 bits are enough. No tracker comes near the
            // cap.
            Self::MilliKnots(thousandths) => {
                let rest = (thousandths % 1000).wrapping_mul(1852).wrapping_add(500) / 1000;
                (thousandths / 1000)
                    .saturating_mul(1852)
                    .saturating_add(rest)
            }
        }
    }
}

/// Course over ground, clockwise from north, 0 to 360 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Course(u32);

impl Course {
    /// North, 0 degrees.
    pub const NORTH: Self = Self(0);

    /// Creates a course from ten-thousandths of a degree. Returns `None` above 360 degrees.
    #[must_use]
    #[inline]
    pub const fn from_ten_thousandths(value: u32) -> Option<Self> {
        if value > 3_600_000 {
            None
        } else {
            Some(Self(value))
        }
    }

    /// Creates a course from whole degrees. Returns `None` above 360.
    #[must_use]
    #[inline]
    pub const fn from_degrees(degrees: u16) -> Option<Self> {
        // At most 655 350 000.
        Self::from_ten_thousandths((degrees as u32).wrapping_mul(10_000))
    }

    /// Returns the course in ten-thousandths of a degree, exactly as sent: 0 to 3,600,000.
    #[must_use]
    #[inline]
    pub const fn ten_thousandths(self) -> u32 {
        self.0
    }

    /// Returns the course in degrees, 0 to 360.
    #[must_use]
    #[inline]
    pub const fn degrees(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

/// Kilometres per hour, with a digit after the point.
#[cfg(feature = "defmt")]
impl defmt::Format for Speed {
    fn format(&self, f: defmt::Formatter<'_>) {
        let tenths = self.metres_per_hour() / 100;
        defmt::write!(f, "{=u32}.{=u32} km/h", tenths / 10, tenths % 10);
    }
}

/// Degrees, with a digit after the point.
#[cfg(feature = "defmt")]
impl defmt::Format for Course {
    fn format(&self, f: defmt::Formatter<'_>) {
        let tenths = self.0 / 1000;
        defmt::write!(f, "{=u32}.{=u32} deg", tenths / 10, tenths % 10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed() {
        assert_eq!(Speed::from_kmh(73).kmh(), 73.0);
        assert_eq!(Speed::from_kmh(u16::MAX).metres_per_hour(), 65_535_000);
    }

    #[test]
    fn knots() {
        // 57.78 knots.
        assert_eq!(Speed::MilliKnots(57_780).metres_per_hour(), 107_009);
        assert_eq!(Speed::MilliKnots(57_780).kmh(), 107.008_56);
        assert_eq!(Speed::MilliKnots(u32::MAX).metres_per_hour(), u32::MAX);
        let near_the_cap = 2_319_086_000..2_319_090_000;
        for thousandths in (0..5000).chain(near_the_cap) {
            let metres = (u64::from(thousandths) * 1852 + 500) / 1000;
            assert_eq!(
                u64::from(Speed::MilliKnots(thousandths).metres_per_hour()),
                metres.min(u32::MAX.into()),
            );
        }
    }

    #[test]
    fn course() {
        assert_eq!(Course::from_degrees(360).unwrap().degrees(), 360.0);
        assert_eq!(Course::from_degrees(361), None);
        assert_eq!(Course::from_degrees(u16::MAX), None);
        assert_eq!(
            Course::from_ten_thousandths(2_114_900).unwrap().degrees(),
            211.49
        );
    }
}
