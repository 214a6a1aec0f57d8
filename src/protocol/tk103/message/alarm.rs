use super::{Encoder, LocationBlock};
use crate::{bytes::text, types};

/// The device raises an alarm, `BO01`, or sends one that it has stored, `BO02`.
///
/// ```text
/// 13     17  18                               80
/// +------+---+--------------------------------+- - -+
/// | word | n | location block                 | tail|
/// +------+---+--------------------------------+- - -+
/// ```
///
/// A device repeats `BO01` every 30 seconds, ten times at most, until the server replies with an
/// [`AlarmAck`](super::AlarmAck) \[D\]. The server owes no reply to `BO02`.
///
/// ```
/// use gt02::{protocol::tk103::Message, types};
/// let message = Message::parse(
///     b"(013666666666BO012110925A1234.5678N01234.5678W000.0025948118.7200000000L000024DE)",
/// )?;
/// let Message::Alarm(alarm) = message else { unreachable!() };
/// assert_eq!(alarm.alarm(), Some(types::Alarm::Sos));
/// assert_eq!(alarm.block.time().unwrap().to_string(), "2011-09-25T02:59:48");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Alarm<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// Whether it was stored, and is sent late (`BO02`).
    pub stored: bool,
    /// A hexadecimal digit for what it is about, as sent; `None` if the body begins with anything
    /// else.
    pub digit: Option<u8>,
    /// Where the device is.
    pub block: LocationBlock<'a>,
}

impl<'a> Alarm<'a> {
    /// Creates an alarm from the frame's id, what it is about, and where the device is. Returns
    /// `None` if the protocol has no digit for it.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::tk103::{Alarm, LocationBlock},
    ///     types::{self, DateTime, Position},
    /// };
    ///
    /// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
    /// let position = Position::from_degrees(-33.9, 18.425).unwrap();
    /// let block = LocationBlock::new(time, position, true);
    /// let alarm = Alarm::new(b"027040012345", types::Alarm::Overspeed, block).unwrap();
    /// assert_eq!(alarm.digit, Some(b'5'));
    /// assert_eq!(Alarm::new(b"027040012345", types::Alarm::Tilt, block), None);
    /// ```
    #[must_use]
    pub const fn new(id: &'a [u8], alarm: types::Alarm, block: LocationBlock<'a>) -> Option<Self> {
        match digit(alarm) {
            Some(digit) => Some(Self {
                id,
                stored: false,
                digit: Some(digit),
                block,
            }),
            None => None,
        }
    }

    /// Says whether the alarm was stored, and is sent late.
    #[must_use]
    pub const fn with_stored(self, stored: bool) -> Self {
        Self { stored, ..self }
    }

    #[inline]
    pub(super) fn read(id: &'a [u8], stored: bool, body: &'a [u8]) -> Self {
        let (digit, block) = match body {
            [digit, block @ ..] if digit.is_ascii_hexdigit() => (Some(*digit), block),
            _ => (None, body),
        };
        Self {
            id,
            stored,
            digit,
            block: LocationBlock::read(block),
        }
    }

    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.put(self.digit.as_slice());
        self.block.write(encoder);
    }

    /// Returns the digit's value, 0 to 15.
    #[must_use]
    pub fn code(&self) -> Option<u8> {
        text::hex(self.digit.as_slice()).and_then(|code| u8::try_from(code).ok())
    }

    /// Returns what the alarm is about.
    ///
    /// 1 is an accident in V1.5 and an entry into the geofence in V1.51, so it is
    /// [`Other`](types::Alarm::Other), like 8 to 15, which no document names. 7 is in newer
    /// documents only. See [the manual](crate::manual::tk103), "Alarm digits".
    #[must_use]
    pub fn alarm(&self) -> Option<types::Alarm> {
        Some(match self.code()? {
            0 => types::Alarm::PowerCut,
            2 => types::Alarm::Sos,
            3 => types::Alarm::Theft,
            4 => types::Alarm::LowSpeed,
            5 => types::Alarm::Overspeed,
            6 => types::Alarm::GeofenceExit,
            7 => types::Alarm::Vibration,
            _ => types::Alarm::Other,
        })
    }
}

/// The digit of an alarm: the inverse of [`Alarm::alarm`].
const fn digit(alarm: types::Alarm) -> Option<u8> {
    Some(match alarm {
        types::Alarm::PowerCut => b'0',
        types::Alarm::Sos => b'2',
        types::Alarm::Theft => b'3',
        types::Alarm::LowSpeed => b'4',
        types::Alarm::Overspeed => b'5',
        types::Alarm::GeofenceExit => b'6',
        types::Alarm::Vibration => b'7',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_alarms_agree() {
        for code in b"0123456789ABCDEFabcdef" {
            let alarm = Alarm {
                digit: Some(*code),
                ..Alarm::default()
            };
            match alarm.alarm().unwrap() {
                types::Alarm::Other => {}
                named => assert_eq!(digit(named), Some(*code)),
            }
        }
        assert_eq!(digit(types::Alarm::Other), None);
    }
}
