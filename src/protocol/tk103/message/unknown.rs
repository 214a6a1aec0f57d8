use crate::protocol::tk103::CommandWord;

/// A message whose word has no name here, or a server's whose body is not as documented; all of it
/// is kept.
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+- - -+---+
/// | ( | id             | word | body| ) |
/// +---+----------------+------+- - -+---+
/// ```
///
/// The words of devices that end up here are in [the manual](crate::manual::tk103), "Messages of
/// the device": most are answers to commands.
///
/// ```
/// use gt02::protocol::tk103::{CommandWord, Message, Unknown};
/// let message = Message::parse(b"(013632782450BS0800140024)")?;
/// let word = CommandWord::new(*b"BS08").unwrap();
/// assert_eq!(message, Unknown::new(b"013632782450", word, b"00140024").into());
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// The command word.
    pub word: CommandWord,
    /// The body, as sent.
    pub body: &'a [u8],
}

impl<'a> Unknown<'a> {
    /// Creates the message from the frame's id, a word that has no message of its own, and a body.
    #[must_use]
    pub const fn new(id: &'a [u8], word: CommandWord, body: &'a [u8]) -> Self {
        Self { id, word, body }
    }
}
