/// The server's reply to a [`Handshake`](super::Handshake).
///
/// ```text
/// 0   1                13     17    20
/// +---+----------------+------+-----+---+
/// | ( | id             | AP01 | HSO | ) |
/// +---+----------------+------+-----+---+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{HandshakeAck, Message};
/// let message = Message::parse(b"(027040012345AP01HSO)")?;
/// assert_eq!(message, Message::HandshakeAck(HandshakeAck { id: b"027040012345" }));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HandshakeAck<'a> {
    /// The id of the frame that is answered.
    pub id: &'a [u8],
}

/// The server's reply to a [`Login`](super::Login).
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+---+
/// | ( | id             | AP05 | ) |
/// +---+----------------+------+---+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{LoginAck, Message};
/// let message = Message::parse(b"(027040012345AP05)")?;
/// assert_eq!(message, Message::LoginAck(LoginAck { id: b"027040012345" }));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LoginAck<'a> {
    /// The id of the frame that is answered.
    pub id: &'a [u8],
}

/// The server's reply to an [`Alarm`](super::Alarm).
///
/// ```text
/// 0   1                13     17  18
/// +---+----------------+------+---+---+
/// | ( | id             | AS01 | n | ) |
/// +---+----------------+------+---+---+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{AlarmAck, Message};
/// let message = Message::parse(b"(013666666666AS012)")?;
/// assert_eq!(message, Message::AlarmAck(AlarmAck { id: b"013666666666", digit: b'2' }));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AlarmAck<'a> {
    /// The id of the frame that is answered.
    pub id: &'a [u8],
    /// The digit of the alarm that is answered.
    pub digit: u8,
}
