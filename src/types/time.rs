use super::ParseError;
use core::{
    fmt::{self, Write as _},
    str::FromStr,
};

/// Date and time by a device's own clock, as sent.
///
/// Most frames do not say which time zone the clock is set to, and many devices are not set to UTC,
/// so a `DateTime` has no zone. [`to_unix`](Self::to_unix) converts it to UTC with an offset that
/// the caller knows. The fields hold the values on the wire, which may not be a date that exists:
/// see [`is_valid`](Self::is_valid).
///
/// ```
/// use gt02::types::{DateTime, UtcOffset};
/// let time = DateTime { year: 13, month: 1, day: 15, hour: 19, minute: 32, second: 11 };
/// assert_eq!(time.to_string(), "2013-01-15T19:32:11");
/// assert_eq!(time.to_unix("+08:00".parse::<UtcOffset>()?), Some(1_358_249_531));
/// # Ok::<(), gt02::types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Six bytes that processors copy as halfwords, not by a call.
#[repr(align(2))]
pub struct DateTime {
    /// Years since 2000, 0 to 255.
    pub year: u8,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

#[cfg(feature = "defmt")]
impl defmt::Format for DateTime {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "{=u16}-{=u8:02}-{=u8:02}T{=u8:02}:{=u8:02}:{=u8:02}",
            self.full_year(),
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second
        );
    }
}

impl DateTime {
    /// Creates a date and time from a full year, 2000 to 2255. Returns `None` if they do not exist.
    ///
    /// ```
    /// use gt02::types::DateTime;
    /// let time = DateTime::new(2013, 1, 15, 19, 32, 11).unwrap();
    /// assert_eq!(time.to_string(), "2013-01-15T19:32:11");
    /// assert_eq!(DateTime::new(2013, 2, 29, 0, 0, 0), None);
    /// assert_eq!(DateTime::new(1999, 12, 31, 0, 0, 0), None);
    /// ```
    #[must_use]
    pub const fn new(
        year: u16,
        month: u8,
        day: u8,
        hour: u8,
        minute: u8,
        second: u8,
    ) -> Option<Self> {
        if year < 2000 || year > 2255 {
            return None;
        }
        let time = Self {
            // At most 255.
            year: year.wrapping_sub(2000) as u8,
            month,
            day,
            hour,
            minute,
            second,
        };
        if time.is_valid() { Some(time) } else { None }
    }

    /// Creates the date and time that a clock `offset` ahead of UTC shows `seconds` after
    /// 1970-01-01 00:00:00 UTC. Returns `None` before the year 2000 and after the year 2255, which
    /// no frame can carry.
    ///
    /// ```
    /// use gt02::types::{DateTime, UtcOffset};
    /// let time = DateTime::from_unix(1_358_249_531, "+08:00".parse()?).unwrap();
    /// assert_eq!(time.to_string(), "2013-01-15T19:32:11");
    /// assert_eq!(DateTime::from_unix(0, UtcOffset::UTC), None);
    /// # Ok::<(), gt02::types::ParseError>(())
    /// ```
    #[must_use]
    pub const fn from_unix(seconds: i64, offset: UtcOffset) -> Option<Self> {
        /// Seconds from 1970-01-01 to 2000-01-01.
        const CENTURY: i64 = 10_957 * DAY;
        const DAY: i64 = 86_400;
        let local = seconds
            .saturating_add((offset.minutes as i64).wrapping_mul(60))
            .saturating_sub(CENTURY);
        if local < 0 || local >= 256 * 366 * DAY {
            return None;
        }
        // A day has 675 times 128 seconds: so 32 bits are enough to divide. Below 94 000 days.
        let (units, rest) = ((local >> 7) as u32, (local & 127) as u32);
        let mut day = units / 675;
        let second = ((units % 675) << 7) | rest;
        let mut time = Self {
            year: 0,
            month: 1,
            day: 1,
            hour: (second / 3600) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
        };
        loop {
            let days = if time.is_leap_year() { 366 } else { 365 };
            if day < days {
                break;
            }
            day = day.wrapping_sub(days);
            time.year = match time.year.checked_add(1) {
                Some(year) => year,
                None => return None,
            };
        }
        while let Some((_, days)) = time.month_days() {
            if day < days as u32 {
                break;
            }
            day = day.wrapping_sub(days as u32);
            // At most 12: the days of a year were taken off.
            time.month = time.month.wrapping_add(1);
        }
        // Below 31.
        time.day = (day as u8).wrapping_add(1);
        Some(time)
    }

    /// The year after 2000, the month, the day, the hour, the minute and the second.
    #[inline]
    pub(crate) const fn to_bytes(self) -> [u8; 6] {
        [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
        ]
    }

    /// Returns the year with its century, 2000 to 2255.
    #[must_use]
    pub const fn full_year(self) -> u16 {
        // At most 2255.
        2000_u16.wrapping_add(self.year as u16)
    }

    const fn is_leap_year(self) -> bool {
        // 2000 is a leap year; 2100 and 2200 are not.
        self.year.is_multiple_of(4) && self.year != 100 && self.year != 200
    }

    /// Returns the days before the month, in a year that is not a leap year, and the days in the
    /// month.
    const fn month_days(self) -> Option<(u16, u8)> {
        Some(match self.month {
            1 => (0, 31),
            2 => (31, if self.is_leap_year() { 29 } else { 28 }),
            3 => (59, 31),
            4 => (90, 30),
            5 => (120, 31),
            6 => (151, 30),
            7 => (181, 31),
            8 => (212, 31),
            9 => (243, 30),
            10 => (273, 31),
            11 => (304, 30),
            12 => (334, 31),
            _ => return None,
        })
    }

    /// Returns `true` if the date and the time of day exist.
    #[must_use]
    #[inline]
    pub const fn is_valid(self) -> bool {
        let Some((_, days)) = self.month_days() else {
            return false;
        };
        1 <= self.day && self.day <= days && self.hour < 24 && self.minute < 60 && self.second < 60
    }

    /// Returns the seconds since 1970-01-01 00:00:00 UTC, if the device's clock runs `offset` ahead
    /// of UTC. Returns `None` if the date or the time of day does not exist.
    #[must_use]
    pub const fn to_unix(self, offset: UtcOffset) -> Option<i64> {
        let Some((days_before_month, _)) = self.month_days() else {
            return None;
        };
        if !self.is_valid() {
            return None;
        }
        let year = self.year as u32;
        // From 1970-01-01 to 2000-01-01 there are 10 957 days. Nothing here comes near 2^32: there
        // are at most 104 000 days.
        let leap_days = year
            .div_ceil(4)
            .wrapping_sub((year > 100) as u32)
            .wrapping_sub((year > 200) as u32);
        let leap_day = (self.is_leap_year() && self.month > 2) as u32;
        let days = 10_957_u32
            .wrapping_add(year.wrapping_mul(365))
            .wrapping_add(leap_days)
            .wrapping_add(days_before_month as u32)
            .wrapping_add(leap_day)
            .wrapping_add(self.day as u32)
            .wrapping_sub(1);
        let seconds = (self.hour as u32)
            .wrapping_mul(3600)
            .wrapping_add((self.minute as u32).wrapping_mul(60))
            .wrapping_add(self.second as u32);
        let local = (days as i64)
            .wrapping_mul(86_400)
            .wrapping_add(seconds as i64);
        Some(local.wrapping_sub((offset.minutes as i64).wrapping_mul(60)))
    }
}

/// Converts to UTC, and drops fractions of a second.
#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for DateTime {
    type Error = TimeRangeError;

    /// # Errors
    /// If the year is before 2000 or after 2255.
    fn try_from(time: std::time::SystemTime) -> Result<Self, TimeRangeError> {
        let since = time
            .duration_since(std::time::UNIX_EPOCH)
            .map_err(|_| TimeRangeError)?;
        i64::try_from(since.as_secs())
            .ok()
            .and_then(|seconds| Self::from_unix(seconds, UtcOffset::UTC))
            .ok_or(TimeRangeError)
    }
}

/// The error of a time before the year 2000 or after the year 2255, which no frame can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeRangeError;

impl fmt::Display for TimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is before the year 2000 or after the year 2255")
    }
}

impl core::error::Error for TimeRangeError {}

/// Appends a number below 1000, with two digits at least: what `{:02}` does in many more steps.
fn push_number(text: &mut heapless::String<24>, number: u16) -> fmt::Result {
    let digit = |number: u16| char::from(b'0' | (number % 10) as u8);
    if number >= 100 {
        text.push(digit(number / 100)).map_err(|_| fmt::Error)?;
    }
    text.push(digit(number / 10)).map_err(|_| fmt::Error)?;
    text.push(digit(number)).map_err(|_| fmt::Error)
}

/// Writes ISO 8601 without a zone: `2013-01-15T19:32:11`. Fields out of range are written as they
/// are.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.full_year();
        // A year of 4 digits, and 5 fields of 3 at most.
        let mut text = heapless::String::new();
        push_number(&mut text, year / 100)?;
        push_number(&mut text, year % 100)?;
        for (mark, number) in [
            ('-', self.month),
            ('-', self.day),
            ('T', self.hour),
            (':', self.minute),
            (':', self.second),
        ] {
            text.push(mark).map_err(|_| fmt::Error)?;
            push_number(&mut text, number.into())?;
        }
        f.pad(&text)
    }
}

/// The time by which a clock runs ahead of UTC: `+08:00` for a clock set to the time of China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UtcOffset {
    minutes: i16,
}

impl UtcOffset {
    /// The offset of a clock that shows UTC.
    pub const UTC: Self = Self { minutes: 0 };

    /// The largest offset in either direction, in minutes: 18 hours, as in ISO 8601 libraries.
    const LIMIT: u16 = 18 * 60;

    /// Creates an offset from minutes ahead of UTC, negative west of Greenwich. Returns `None`
    /// beyond 18 hours in either direction.
    #[must_use]
    pub const fn from_minutes(minutes: i16) -> Option<Self> {
        if minutes.unsigned_abs() > Self::LIMIT {
            None
        } else {
            Some(Self { minutes })
        }
    }

    /// Returns the minutes ahead of UTC, negative west of Greenwich: -1080 to 1080.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.minutes
    }
}

/// Parses `Z`, `+08:00`, `-0330` and `+8`.
impl FromStr for UtcOffset {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number = |digits: &[u8], most: u16| -> Option<u16> {
            let value = match digits {
                [a @ b'0'..=b'9'] => u16::from(a & 0x0F),
                [a @ b'0'..=b'9', b @ b'0'..=b'9'] => u16::from(a & 0x0F)
                    .wrapping_mul(10)
                    .wrapping_add(u16::from(b & 0x0F)),
                _ => return None,
            };
            (value <= most).then_some(value)
        };
        let parse = || {
            let (sign, digits) = match text.as_bytes() {
                [b'Z' | b'z'] => return Some(Self::UTC),
                [b'+', digits @ ..] => (1, digits),
                [b'-', digits @ ..] => (-1, digits),
                _ => return None,
            };
            let (hours, minutes) = match digits {
                [hours @ .., b':', a, b] => (hours, [*a, *b]),
                [a, b, c, d] => (&[*a, *b][..], [*c, *d]),
                hours => (hours, *b"00"),
            };
            let minutes = number(hours, 18)?
                .wrapping_mul(60)
                .wrapping_add(number(&minutes, 59)?);
            Self::from_minutes(i16::try_from(minutes).ok()?.wrapping_mul(sign))
        };
        parse().ok_or(ParseError::UtcOffset)
    }
}

/// Writes `+08:00`; UTC is `+00:00`.
impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.minutes.unsigned_abs();
        let mut text = heapless::String::<8>::new();
        write!(
            text,
            "{}{:02}:{:02}",
            if self.minutes < 0 { '-' } else { '+' },
            minutes / 60,
            minutes % 60
        )?;
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests;
