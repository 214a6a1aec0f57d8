use super::{
    MAX_ID, MIN_ID,
    frame::{Frame, Parts},
};
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error},
    types::{DeviceId, Text},
};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::toy::Message;
///
/// let message = Message::parse(b"{0123456789,hi,}")?;
/// let Message::Hello { device } = message else { unreachable!() };
/// assert_eq!(device.to_string(), "0123456789");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `hi`: the device says who it is. The reply is [`Welcome`](Self::Welcome).
    Hello {
        /// The device.
        device: DeviceId,
    },
    /// `ok`: the server's reply.
    Welcome {
        /// The device that it is for.
        device: DeviceId,
    },
    /// `do`: the server's command.
    Command {
        /// The device that the command is for.
        device: DeviceId,
        /// The text of the command.
        text: Text<'a>,
    },
    /// A message of another word.
    Unknown {
        /// The device.
        device: DeviceId,
        /// The word.
        word: Text<'a>,
        /// The payload.
        payload: Text<'a>,
    },
}

impl<'a> Message<'a> {
    /// Parses the message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// If `bytes` are not exactly one frame.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    pub(super) fn of(frame: &Frame<'a>) -> Self {
        let Parts {
            device,
            word,
            payload,
        } = frame.parts();
        match (word, payload) {
            (b"hi", []) => Self::Hello { device },
            (b"ok", []) => Self::Welcome { device },
            (b"do", text) => Self::Command {
                device,
                text: Text::Bytes(text),
            },
            _ => Self::Unknown {
                device,
                word: Text::Bytes(word),
                payload: Text::Bytes(payload),
            },
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut []);
        self.put(&mut writer);
        writer.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if the message could not be parsed
    /// back to the same value. The contents of `out` are unspecified then.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let digits = self.device().digit_count();
        if !(MIN_ID..=MAX_ID).contains(&digits.into()) {
            return Err(EncodeError::DeviceId {
                digits: MIN_ID as u8,
            });
        }
        let mut writer = Writer::new(out);
        self.put(&mut writer);
        let bytes = writer.finish()?;
        match Message::parse(bytes) {
            Ok(message) if message == *self => Ok(bytes.len()),
            _ => Err(EncodeError::NotCanonical),
        }
    }

    /// Returns the device that sent the message, or that it is for.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        Some(self.device())
    }

    /// Returns the device, which every message names.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        match self {
            Self::Hello { device }
            | Self::Welcome { device }
            | Self::Command { device, .. }
            | Self::Unknown { device, .. } => *device,
        }
    }

    fn put(&self, writer: &mut Writer<'_>) {
        let (word, payload) = match self {
            Self::Hello { .. } => (&b"hi"[..], &b""[..]),
            Self::Welcome { .. } => (&b"ok"[..], &b""[..]),
            Self::Command { text, .. } => (&b"do"[..], text.as_bytes()),
            Self::Unknown { word, payload, .. } => (word.as_bytes(), payload.as_bytes()),
        };
        let device = self.device();
        writer.put(b"{");
        writer.put_decimal(device.as_u64(), device.digit_count().into());
        for part in [&b","[..], word, b",", payload, b"}"] {
            writer.put(part);
        }
    }
}
