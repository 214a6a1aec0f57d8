use crate::types::Text;

/// The version of a device's firmware: `BP01`, the answer to
/// [`CommandKind::Version`](crate::protocol::tk103::CommandKind::Version). The server owes no
/// reply.
///
/// ```text
/// 13     17
/// +------+- - - -+
/// | BP01 | text  |
/// +------+- - - -+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{Firmware, Message};
/// let message = Message::parse(b"(013632782450BP01GPS518,DEC,22,2008)")?;
/// assert_eq!(message, Firmware::new(b"013632782450", "GPS518,DEC,22,2008").into());
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Firmware<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// A text such as `GT02A_V02_HY`.
    pub version: Text<'a>,
}

impl<'a> Firmware<'a> {
    /// Creates the message from the frame's id and the version.
    #[must_use]
    pub const fn new(id: &'a [u8], version: &'a str) -> Self {
        Self {
            id,
            version: Text::Bytes(version.as_bytes()),
        }
    }
}
