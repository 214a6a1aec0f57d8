use super::LocationBlock;
use crate::protocol::tk103::{CommandWord, WORD};

/// Where the device is: `BR00` and others. The server owes no reply.
///
/// ```text
/// 13     17                               79
/// +------+--------------------------------+- - -+
/// | word | location block                 | tail|
/// +------+--------------------------------+- - -+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{Location, LocationKind, Message};
/// let message = Message::parse(
///     b"(027028666999BR00161212A2239.7939N11413.2230E043.5075435012.9901000001L00000000)",
/// )?;
/// let Message::Location(Location { kind, block, .. }) = message else { unreachable!() };
/// assert_eq!(kind, LocationKind::Periodic);
/// assert_eq!(block.time().unwrap().to_string(), "2016-12-12T07:54:35");
/// assert_eq!(block.speed().unwrap().kmh(), 43.5);
/// assert_eq!(block.ignition(), Some(true));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// Why it is sent.
    pub kind: LocationKind,
    /// Where the device is.
    pub block: LocationBlock<'a>,
}

impl<'a> Location<'a> {
    /// Creates the message from the frame's id, why it is sent, and where the device is.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::tk103::{IoStatus, Location, LocationBlock, LocationKind},
    ///     types::{Course, DateTime, Position, Speed},
    /// };
    ///
    /// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
    /// let position = Position::from_degrees(-33.9, 18.425).unwrap();
    /// let block = LocationBlock::new(time, position, true)
    ///     .with_speed(Speed::from_kmh(36))
    ///     .with_course(Course::from_degrees(90).unwrap())
    ///     .with_io(IoStatus::new().with_ignition(true));
    /// let mut out = [0; 80];
    /// Location::new(b"027040012345", LocationKind::Periodic, block).encode(&mut out)?;
    /// assert_eq!(
    ///     out,
    ///     *b"(027040012345BR00260504A3354.0000S01825.5000E036.0073000090.0001000000L00000000)"
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn new(id: &'a [u8], kind: LocationKind, block: LocationBlock<'a>) -> Self {
        Self { id, kind, block }
    }

    #[inline]
    pub(super) fn read(id: &'a [u8], kind: LocationKind, body: &'a [u8]) -> Self {
        Self {
            id,
            kind,
            block: LocationBlock::read(body),
        }
    }
}

/// Why a device sends a [`Location`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LocationKind {
    /// `BR00`: at an interval.
    #[default]
    Periodic,
    /// `BR01`: by a newer document \[D\] and by captures \[C\], stored while there was no network;
    /// by V1.5, for the distance that was driven \[D\]. A device does not send the stored ones in
    /// the order of time.
    Stored,
    /// `BR02`: the last one, because the time of
    /// [`CommandKind::Interval`](crate::protocol::tk103::CommandKind::Interval) is over.
    Last,
    /// `BR03`: the device asks for its street address. The reply, `AR03`, is optional.
    AddressRequest,
    /// `BP04`: the answer to
    /// [`CommandKind::Locate`](crate::protocol::tk103::CommandKind::Locate).
    Single,
}

impl LocationKind {
    #[inline]
    pub(super) const fn from_word(word: CommandWord) -> Option<Self> {
        Some(match word.as_bytes() {
            b"BR00" => Self::Periodic,
            b"BR01" => Self::Stored,
            b"BR02" => Self::Last,
            b"BR03" => Self::AddressRequest,
            b"BP04" => Self::Single,
            _ => return None,
        })
    }

    /// The characters of the command word.
    pub(super) const fn characters(self) -> &'static [u8; WORD] {
        match self {
            Self::Periodic => b"BR00",
            Self::Stored => b"BR01",
            Self::Last => b"BR02",
            Self::AddressRequest => b"BR03",
            Self::Single => b"BP04",
        }
    }

    /// Returns the command word.
    #[must_use]
    pub const fn word(self) -> CommandWord {
        CommandWord::from_checked(*self.characters())
    }
}
