use super::Decimal;

/// Returns `units / 180`, rounded to the nearest, halves away from zero.
///
/// It multiplies by the reciprocal, because the processors that this is for have no division.
const fn to_micro_degrees(units: i64) -> i32 {
    const BITS: u32 = 36;
    // The absolute value is at most 180 degrees, 32 400 000 000 units, which is below 2^35. So the
    // product is below 2^64, and the quotient is at most 1 too small.
    let rounded = units.unsigned_abs().wrapping_add(90);
    let quotient = (rounded.wrapping_mul((1 << BITS) / 180) >> BITS) as u32;
    // Below 360: the lower half of the numbers is enough.
    let rest = (rounded as u32).wrapping_sub(quotient.wrapping_mul(180));
    let micro = quotient.wrapping_add((rest >= 180) as u32) as i32;
    if units < 0 {
        micro.wrapping_neg()
    } else {
        micro
    }
}

macro_rules! angle {
    ($name:ident, $what:literal, $limit:literal, $positive:literal, $negative:literal) => {
        #[doc = concat!("Geographic ", $what, ", WGS 84: ", $positive, " positive, ", $negative, " negative, at most ", $limit, " degrees.")]
        ///
        /// The value is an exact integer in units of 1/3 000 000 minute. Every resolution on the
        /// wire is a whole number of these: 1/30 000 minute in the binary protocols, a millionth of
        /// a minute or of a degree in the text protocols.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        /// Degrees, with six digits after the point.
        #[cfg(feature = "defmt")]
        impl defmt::Format for $name {
            fn format(&self, f: defmt::Formatter<'_>) {
                let micro = self.micro_degrees();
                if micro < 0 {
                    defmt::write!(f, "-");
                }
                let micro = micro.unsigned_abs();
                defmt::write!(f, "{=u32}.{=u32:06}", micro / 1_000_000, micro % 1_000_000);
            }
        }

        impl $name {
            /// The number of units in a minute of arc.
            pub const UNITS_PER_MINUTE: i64 = 3_000_000;

            /// The number of units in a ten-millionth of a degree.
            const UNITS_PER_E7: i64 = 60 * Self::UNITS_PER_MINUTE / 10_000_000;

            const LIMIT: i64 = $limit * 60 * Self::UNITS_PER_MINUTE;

            #[doc = concat!("Creates a ", $what, " from units of 1/3 000 000 minute, ", $positive, " positive. Returns `None` beyond ", $limit, " degrees.")]
            #[must_use]
            #[inline]
            pub const fn from_units(units: i64) -> Option<Self> {
                if units < -Self::LIMIT || units > Self::LIMIT { None } else { Some(Self(units)) }
            }

            #[doc = concat!("Creates a ", $what, " from units of 1/30 000 minute, as the binary protocols send it; `positive` means ", $positive, ". Returns `None` beyond ", $limit, " degrees.")]
            #[must_use]
            #[inline]
            pub const fn from_thirty_thousandths(value: u32, positive: bool) -> Option<Self> {
                // 32 bits times 100 are 39 bits.
                let units = (value as i64).wrapping_mul(Self::UNITS_PER_MINUTE / 30_000);
                Self::from_units(if positive { units } else { units.wrapping_neg() })
            }

            #[doc = concat!("Creates a ", $what, " from degrees and minutes, as text protocols send it; `positive` means ", $positive, ". Returns `None` for 60 minutes or more, and beyond ", $limit, " degrees.")]
            ///
            /// The minutes are rounded to the nearest millionth.
            #[must_use]
            pub fn from_degrees_and_minutes(degrees: u16, minutes: Decimal, positive: bool) -> Option<Self> {
                Self::from_units(units_of(degrees, minutes.scaled(6)?, positive)?)
            }

            #[doc = concat!("Creates a ", $what, " from decimal degrees; `positive` means ", $positive, ". Returns `None` beyond ", $limit, " degrees.")]
            ///
            /// The degrees are rounded to the nearest millionth.
            #[must_use]
            pub fn from_decimal_degrees(degrees: Decimal, positive: bool) -> Option<Self> {
                let units = i64::try_from(degrees.scaled(6)?).ok()?.checked_mul(60 * Self::UNITS_PER_MINUTE / 1_000_000)?;
                Self::from_units(if positive { units } else { units.wrapping_neg() })
            }

            #[doc = concat!("Creates the ", $what, " nearest to `degrees`, ", $positive, " positive. Returns `None` beyond ", $limit, " degrees, after rounding, and for NaN.")]
            ///
            /// It needs floating point; [`from_e7`](Self::from_e7) does not.
            ///
            /// ```
            #[doc = concat!("use gt02::types::", stringify!($name), ";")]
            #[doc = concat!("let angle = ", stringify!($name), "::from_degrees(-33.924_870_1).unwrap();")]
            /// assert_eq!(angle.e7(), -339_248_701);
            #[doc = concat!("assert_eq!(", stringify!($name), "::from_degrees(f64::NAN), None);")]
            /// ```
            #[must_use]
            pub const fn from_degrees(degrees: f64) -> Option<Self> {
                let units = degrees * (60 * Self::UNITS_PER_MINUTE) as f64;
                let half = if units < 0.0 { -0.5 } else { 0.5 };
                if units.is_nan() {
                    return None;
                }
                // The cast saturates, so a value that is too large stays beyond the limit.
                Self::from_units((units + half) as i64)
            }

            #[doc = concat!("Creates a ", $what, " from ten-millionths of a degree, ", $positive, " positive, the unit of many receivers and map services. Returns `None` beyond ", $limit, " degrees.")]
            #[must_use]
            #[inline]
            pub const fn from_e7(ten_millionths: i32) -> Option<Self> {
                // 32 bits times 18 are 37 bits.
                Self::from_units((ten_millionths as i64).wrapping_mul(Self::UNITS_PER_E7))
            }

            /// Returns the angle in ten-millionths of a degree, rounded to the nearest, halves away
            /// from zero.
            #[must_use]
            pub const fn e7(self) -> i32 {
                let half = if self.0 < 0 { -Self::UNITS_PER_E7 / 2 } else { Self::UNITS_PER_E7 / 2 };
                (self.0.wrapping_add(half) / Self::UNITS_PER_E7) as i32
            }

            /// Returns the absolute value of the angle in units of 1/30 000 minute, as the binary
            /// protocols send it, rounded to the nearest.
            #[must_use]
            pub const fn thirty_thousandths(self) -> u32 {
                // At most 324 000 000.
                (self.0.unsigned_abs().wrapping_add(50) / 100) as u32
            }

            #[doc = concat!("Returns `true` unless the ", $what, " is negative: ", $positive, " or zero.")]
            #[must_use]
            pub const fn is_positive(self) -> bool {
                self.0 >= 0
            }

            /// Returns the angle in units of 1/3 000 000 minute, exactly as sent.
            #[must_use]
            pub const fn units(self) -> i64 {
                self.0
            }

            /// Returns the angle in degrees: the nearest `f64` to the exact value.
            #[must_use]
            #[inline]
            pub const fn degrees(self) -> f64 {
                self.0 as f64 / (60 * Self::UNITS_PER_MINUTE) as f64
            }

            /// Returns the angle in millionths of a degree, rounded to the nearest, halves away
            /// from zero.
            ///
            /// It uses integers only, for processors without a floating point unit.
            #[must_use]
            pub const fn micro_degrees(self) -> i32 {
                to_micro_degrees(self.0)
            }
        }
    };
}

angle!(Latitude, "latitude", 90, "north", "south");
angle!(Longitude, "longitude", 180, "east", "west");

/// A place on earth, WGS 84.
///
/// ```
/// use gt02::types::{Latitude, Longitude, Position};
/// // 22 degrees 32.7658 minutes north and as many west, in units of 1/30 000 minute.
/// let position = Position {
///     latitude: Latitude::from_thirty_thousandths(40_582_974, true).unwrap(),
///     longitude: Longitude::from_thirty_thousandths(40_582_974, false).unwrap(),
/// };
/// assert_eq!(position.latitude.micro_degrees(), 22_546_097);
/// assert_eq!(position.longitude.degrees(), -22.546096666666667);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Latitude.
    pub latitude: Latitude,
    /// Longitude.
    pub longitude: Longitude,
}

#[cfg(feature = "defmt")]
impl defmt::Format for Position {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{} {}", self.latitude, self.longitude);
    }
}

impl Position {
    /// Creates a position from degrees, north and east positive. Returns `None` beyond 90 or 180
    /// degrees, and for NaN.
    ///
    /// ```
    /// use gt02::types::Position;
    /// let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
    /// assert_eq!(position.latitude.micro_degrees(), -33_924_900);
    /// assert_eq!(Position::from_degrees(18.4241, 233.9), None);
    /// ```
    #[must_use]
    pub const fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        match (
            Latitude::from_degrees(latitude),
            Longitude::from_degrees(longitude),
        ) {
            (Some(latitude), Some(longitude)) => Some(Self {
                latitude,
                longitude,
            }),
            _ => None,
        }
    }

    /// Creates a position from ten-millionths of a degree, north and east positive. Returns `None`
    /// beyond 90 or 180 degrees.
    #[must_use]
    pub const fn from_e7(latitude: i32, longitude: i32) -> Option<Self> {
        match (Latitude::from_e7(latitude), Longitude::from_e7(longitude)) {
            (Some(latitude), Some(longitude)) => Some(Self {
                latitude,
                longitude,
            }),
            _ => None,
        }
    }

    /// Creates a position from a latitude and a longitude in units of 1/30 000 minute, as the
    /// binary protocols send them. The flags say whether the latitude is north and the longitude
    /// east. Returns `None` beyond 90 or 180 degrees.
    #[must_use]
    #[inline]
    pub const fn from_thirty_thousandths(
        (latitude, is_north): (u32, bool),
        (longitude, is_east): (u32, bool),
    ) -> Option<Self> {
        match (
            Latitude::from_thirty_thousandths(latitude, is_north),
            Longitude::from_thirty_thousandths(longitude, is_east),
        ) {
            (Some(latitude), Some(longitude)) => Some(Self {
                latitude,
                longitude,
            }),
            _ => None,
        }
    }
}

/// Returns degrees and millionths of a minute in units of 1/3 000 000 minute; `None` for 60 minutes
/// or more.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn units_of(degrees: u16, minute_millionths: u64, positive: bool) -> Option<i64> {
    let millionths = u32::try_from(minute_millionths).ok()?;
    if millionths >= 60_000_000 {
        return None;
    }
    // At most 1.2e13; three units are a millionth of a minute.
    let units = i64::from(degrees)
        .wrapping_mul(180_000_000)
        .wrapping_add(millionths.wrapping_mul(3).into());
    Some(if positive {
        units
    } else {
        units.wrapping_neg()
    })
}

/// Converts units of 1/30 000 minute to degrees: the nearest `f64`, without a range check.
#[inline]
pub(crate) const fn degrees_of_thirty_thousandths(value: u32, is_positive: bool) -> f64 {
    let degrees = value as f64 / 1_800_000.0;
    if is_positive { degrees } else { -degrees }
}

#[cfg(test)]
mod tests;
