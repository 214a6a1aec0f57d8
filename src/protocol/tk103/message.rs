//! The messages, one file for each group of them.

mod ack;
mod alarm;
mod block;
mod cells;
mod encoder;
mod firmware;
mod handshake;
mod location;
mod login;
mod unknown;

pub use ack::{AlarmAck, HandshakeAck, LoginAck};
pub use alarm::Alarm;
pub use block::{Coordinate, IoStatus, LocationBlock};
pub use cells::{CellIter, CellList, Cells};
pub(super) use encoder::{Encoder, is_parameter};
pub use firmware::Firmware;
pub use handshake::Handshake;
pub use location::{Location, LocationKind};
pub use login::{Login, LoginContent};
pub use unknown::Unknown;

use super::{
    WORD,
    command::{Command, CommandKind},
    frame::{CommandWord, Frame, Parts},
};
use crate::{
    error::{EncodeError, Error},
    types::{DeviceId, Direction, MessageType, Text},
};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::tk103::Message;
/// let bytes = b"(080612022828BR00080612A2232.9828N11404.9297E000.0022828000.0000000000L000230AA)";
/// let message = Message::parse(bytes)?;
/// let Message::Location(location) = message else { unreachable!() };
/// assert_eq!(location.block.time().unwrap().to_string(), "2008-06-12T02:28:28");
/// assert_eq!(location.block.position().unwrap().latitude.micro_degrees(), 22_549_713);
/// assert_eq!(location.block.mileage, Some(143_530));
///
/// let mut out = [0; 80];
/// assert_eq!(message.encode(&mut out), Ok(80));
/// assert_eq!(out, *bytes);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `BP00`.
    Handshake(Handshake<'a>),
    /// `BP05`.
    Login(Login<'a>),
    /// `BR00` to `BR03`, `BP04`.
    Location(Location<'a>),
    /// `BO01`, `BO02`.
    Alarm(Alarm<'a>),
    /// `BZ00`.
    CellList(CellList<'a>),
    /// `BP01`.
    Firmware(Firmware<'a>),
    /// `AP01HSO`.
    HandshakeAck(HandshakeAck<'a>),
    /// `AP05`.
    LoginAck(LoginAck<'a>),
    /// `AS01`.
    AlarmAck(AlarmAck<'a>),
    /// `AP00` and others.
    Command(Command<'a>),
    /// Any other word, up or down, and a server's word whose body is not as documented.
    Unknown(Unknown<'a>),
}

impl<'a> Message<'a> {
    /// Parses `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    /// Reads the message.
    #[inline]
    pub(super) fn read(frame: &Frame<'a>) -> Self {
        Self::read_of::<true>(frame)
    }

    /// Reads what is reported of the message: a command is [`Unknown`](Self::Unknown), whose report
    /// is the same.
    #[inline]
    pub(super) fn reported(frame: &Frame<'a>) -> Self {
        Self::read_of::<false>(frame)
    }

    /// Reads the message. Without `COMMANDS`, those are [`Unknown`](Self::Unknown).
    #[inline]
    fn read_of<const COMMANDS: bool>(frame: &Frame<'a>) -> Self {
        let Parts { id, word, body } = frame.parts();
        let word = CommandWord(*word);
        if is_foreign(body) {
            return Self::Unknown(Unknown { id, word, body });
        }
        if let Some(kind) = LocationKind::from_word(word) {
            return Self::Location(Location::read(id, kind, body));
        }
        Self::read_other::<COMMANDS>(id, word, body)
    }

    /// Reads a message of any command word except those of a [`Location`].
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn read_other<const COMMANDS: bool>(id: &'a [u8], word: CommandWord, body: &'a [u8]) -> Self {
        match (word.as_bytes(), body) {
            (b"BP00", _) => match Handshake::read(id, body) {
                Some(handshake) => Self::Handshake(handshake),
                None => Self::Unknown(Unknown { id, word, body }),
            },
            (b"BP05", _) => Self::Login(Login::read(id, body)),
            (b"BO01", _) => Self::Alarm(Alarm::read(id, false, body)),
            (b"BO02", _) => Self::Alarm(Alarm::read(id, true, body)),
            (b"BZ00", _) => Self::CellList(CellList {
                id,
                cells: Cells { text: body },
            }),
            (b"BP01", _) => Self::Firmware(Firmware {
                id,
                version: Text::Bytes(body),
            }),
            (b"AP01", b"HSO") => Self::HandshakeAck(HandshakeAck { id }),
            (b"AP05", []) => Self::LoginAck(LoginAck { id }),
            (b"AS01", [digit]) if digit.is_ascii_hexdigit() => {
                Self::AlarmAck(AlarmAck { id, digit: *digit })
            }
            _ => {
                if COMMANDS {
                    if let Some(kind) = CommandKind::read(word, body) {
                        return Self::Command(Command { id, kind });
                    }
                }
                Self::Unknown(Unknown { id, word, body })
            }
        }
    }

    /// Returns the characters of the frame's id, as received or as they will be sent.
    #[must_use]
    pub const fn id(&self) -> &'a [u8] {
        match self {
            Self::Handshake(Handshake { id, .. })
            | Self::Login(Login { id, .. })
            | Self::Location(Location { id, .. })
            | Self::Alarm(Alarm { id, .. })
            | Self::CellList(CellList { id, .. })
            | Self::Firmware(Firmware { id, .. })
            | Self::HandshakeAck(HandshakeAck { id })
            | Self::LoginAck(LoginAck { id })
            | Self::AlarmAck(AlarmAck { id, .. })
            | Self::Command(Command { id, .. })
            | Self::Unknown(Unknown { id, .. }) => id,
        }
    }

    /// Returns the device's number: the id, or if that is not made of digits alone, the number in
    /// the id field of a handshake or a login.
    ///
    /// ```
    /// use gt02::protocol::tk103::Message;
    /// let message = Message::parse(b"(BALLESTEROS3BP00355227040012346HSO)")?;
    /// assert_eq!(message.device_id().unwrap().to_string(), "027040012346");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        let field = match self {
            // Another protocol, whose number may be of another kind.
            Self::Unknown(Unknown { body, .. }) if is_foreign(body) => return None,
            Self::Handshake(Handshake { field, .. }) | Self::Login(Login { field, .. }) => *field,
            _ => &[],
        };
        DeviceId::from_ascii(self.id()).or_else(|| handshake::device_id(field))
    }

    /// Returns which way the message travels.
    #[must_use]
    pub const fn direction(&self) -> Option<Direction> {
        Some(match self {
            Self::Unknown(Unknown { word, .. }) => word.direction(),
            Self::HandshakeAck(_) | Self::LoginAck(_) | Self::AlarmAck(_) | Self::Command(_) => {
                Direction::Down
            }
            _ => Direction::Up,
        })
    }

    /// Returns the message's type: its command word.
    ///
    /// ```
    /// use gt02::protocol::tk103::{Handshake, Message};
    /// let message = Message::from(Handshake::new(b"027040012345", b"000027040012345"));
    /// assert_eq!(message.message_type().unwrap().to_string(), "BP00");
    /// ```
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType<'_>> {
        Some(MessageType::Text(Text::Bytes(self.word())))
    }

    /// The characters of the command word.
    const fn word(&self) -> &[u8; WORD] {
        match self {
            Self::Handshake(_) => b"BP00",
            Self::Login(_) => b"BP05",
            Self::Location(Location { kind, .. }) => kind.characters(),
            Self::Alarm(Alarm { stored: false, .. }) => b"BO01",
            Self::Alarm(Alarm { stored: true, .. }) => b"BO02",
            Self::CellList(_) => b"BZ00",
            Self::Firmware(_) => b"BP01",
            Self::HandshakeAck(_) => b"AP01",
            Self::LoginAck(_) => b"AP05",
            Self::AlarmAck(_) => b"AS01",
            Self::Command(Command { kind, .. }) => kind.characters(),
            Self::Unknown(Unknown { word, .. }) => word.as_bytes(),
        }
    }

    /// Returns the location block, if the message has one.
    #[must_use]
    pub const fn block(&self) -> Option<&LocationBlock<'a>> {
        match self {
            Self::Location(Location { block, .. })
            | Self::Alarm(Alarm { block, .. })
            | Self::Login(Login {
                content: LoginContent::Location(block),
                ..
            }) => Some(block),
            _ => None,
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut encoder = Encoder::new(&mut []);
        self.write(&mut encoder);
        encoder.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// On error the contents of `out` are unspecified.
    ///
    /// | error | cause |
    /// |---|---|
    /// | [`DeviceId`](EncodeError::DeviceId) | the id does not have 10 to 15 characters |
    /// | [`TooLong`](EncodeError::TooLong) | a value does not fit the width of its field |
    /// | [`Gap`](EncodeError::Gap) | a block lacks a field, and has a later one |
    /// | [`Text`](EncodeError::Text) | a text is empty, or has a byte that such texts do not have |
    /// | [`Ambiguous`](EncodeError::Ambiguous) | a text has a parenthesis |
    /// | [`NotCanonical`](EncodeError::NotCanonical) | the frame would be read as another message |
    /// | [`BufferTooSmall`](EncodeError::BufferTooSmall) | `out` is too small |
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut encoder = Encoder::new(out);
        self.write(&mut encoder);
        encoder.finish(self)
    }

    /// Writes everything except the end mark.
    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.header(self.id(), self.word());
        match self {
            Self::Handshake(handshake) => handshake.write(encoder),
            Self::Login(login) => login.write(encoder),
            Self::Location(location) => location.block.write(encoder),
            Self::Alarm(alarm) => alarm.write(encoder),
            Self::CellList(list) => encoder.put(list.cells.text),
            Self::Firmware(firmware) => encoder.put(firmware.version.as_bytes()),
            Self::HandshakeAck(_) => encoder.put(handshake::HSO),
            Self::LoginAck(_) => {}
            Self::AlarmAck(ack) => encoder.put(&[ack.digit]),
            Self::Command(command) => command.kind.write(encoder),
            Self::Unknown(unknown) => encoder.put(unknown.body),
        }
    }
}

/// Whether a body is that of another protocol with the same words, Topflytech's: `XG` and two
/// hexadecimal digits.
pub(super) const fn is_foreign(body: &[u8]) -> bool {
    matches!(body, [b'X', b'G', high, low, ..]
        if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// For the struct of each variant: `encode`, as that of the message, and `From`.
macro_rules! as_message {
    ($($name:ident)*) => {
        $(
            impl<'a> From<$name<'a>> for Message<'a> {
                fn from(message: $name<'a>) -> Self {
                    Self::$name(message)
                }
            }

            impl $name<'_> {
                /// Returns the number of bytes that [`encode`](Self::encode) writes.
                #[must_use]
                pub fn encoded_len(&self) -> usize {
                    Message::$name(*self).encoded_len()
                }

                /// Writes the whole frame to the front of `out`, and returns its length.
                ///
                /// # Errors
                /// As [`Message::encode`].
                pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                    Message::$name(*self).encode(out)
                }
            }
        )*
    };
}

as_message! {
    Handshake Login Location Alarm CellList Firmware HandshakeAck LoginAck AlarmAck Command Unknown
}
