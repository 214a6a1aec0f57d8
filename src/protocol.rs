//! The wire protocols, one module each, and the [`Frame`] and [`Message`] of any protocol.
//!
//! All protocol modules have the same structure: byte diagrams; `Frame`, the validated envelope
//! over borrowed bytes; `Message`, with one struct for each type and `Unknown` for types that have
//! no name here; `parse`, `encoded_len` and `encode`; and `MAX_REPLY_LEN`. Every build has all
//! modules; [`Protocol::is_enabled`] says whose frames it finds.

pub mod gt02;
pub mod gt06;
pub mod h02;
pub mod tk103;
pub mod v680;

pub use crate::types::{Direction, Protocol};
use crate::{
    error::{EncodeError, Error, ErrorKind},
    framing::Limits,
    scan,
    types::{DateTime, DeviceId, MessageType},
};

macro_rules! frame {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// A whole frame of any protocol. It borrows the bytes in which it was found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Frame<'a> {
            $(
                #[doc = concat!("A frame of [`", stringify!($module), "`].")]
                $name($module::Frame<'a>),
            )*
        }

        impl<'a> Frame<'a> {
            /// Returns the direction in which the frame travels; `None` if its bytes do not tell.
            #[must_use]
            pub fn direction(&self) -> Option<Direction> {
                match self {
                    $(Self::$name(frame) => frame.direction(),)*
                }
            }

            /// Returns the message's type as the protocol writes it; `None` if the frame has none.
            #[must_use]
            pub fn message_type(&self) -> Option<MessageType<'a>> {
                match self {
                    $(Self::$name(frame) => frame.message_type(),)*
                }
            }

            /// Returns the device that the frame itself names, if it does.
            ///
            /// In a frame of a server it may be a placeholder. A [`Session`](crate::Session) knows
            /// the device of frames that name none.
            #[must_use]
            pub fn device_id(&self) -> Option<DeviceId> {
                match self {
                    $(Self::$name(frame) => frame.device_id(),)*
                }
            }

            /// Returns the frame's serial number; `None` if its protocol does not count frames.
            #[must_use]
            pub fn serial(&self) -> Option<u16> {
                match self {
                    $(Self::$name(frame) => frame.serial(),)*
                }
            }

            /// Returns the bytes between the header and the end of the frame. The module of the
            /// protocol says what belongs to the header.
            #[must_use]
            pub fn body(&self) -> &'a [u8] {
                match self {
                    $(Self::$name(frame) => frame.body(),)*
                }
            }

            /// Returns the message in the frame.
            #[must_use]
            pub fn message(&self) -> Message<'a> {
                match self {
                    $(Self::$name(frame) => Message::$name(frame.message()),)*
                }
            }

            /// Returns the reply that a server owes to the frame if a device sent it; `None` if it
            /// owes none.
            ///
            /// Some replies carry the server's time: without `now`, in UTC, they are `None`. A
            /// [`Session`](crate::Session) writes replies, and takes more of the device into
            /// account.
            #[must_use]
            pub fn reply(&self, now: Option<DateTime>) -> Option<Message<'a>> {
                // A time that does not exist must not reach a device.
                let now = now.filter(|now| now.is_valid());
                match self {
                    $(Self::$name(frame) => frame.reply(now).map(Message::$name),)*
                }
            }

            /// Returns the protocol of the frame.
            #[must_use]
            pub const fn protocol(&self) -> Protocol {
                match self {
                    $(Self::$name(_) => Protocol::$name,)*
                }
            }

            /// Returns the bytes of the frame, start and end marks included.
            #[must_use]
            #[inline]
            pub const fn as_bytes(&self) -> &'a [u8] {
                match self {
                    $(Self::$name(frame) => frame.as_bytes(),)*
                }
            }

            /// Creates a frame from bytes that the engine found to be one of `protocol`.
            #[inline]
            pub(crate) const fn from_candidate(protocol: Protocol, bytes: &'a [u8]) -> Self {
                match protocol {
                    $(Protocol::$name => Self::$name($module::Frame::from_candidate(bytes)),)*
                }
            }
        }

        /// A message of any protocol, with the raw values on the wire.
        ///
        /// ```
        /// use ::gt02::{Frame, protocol::{Message, gt02::{self, HeartbeatAck}}};
        /// let frame = Frame::parse(b"\x54\x68\x1a\x0d\x0a")?;
        /// assert_eq!(frame.message(), Message::from(gt02::Message::from(HeartbeatAck)));
        /// # Ok::<(), ::gt02::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Message<'a> {
            $(
                #[doc = concat!("A message of [`", stringify!($module), "`].")]
                $name($module::Message<'a>),
            )*
        }

        impl Message<'_> {
            /// Returns the protocol of the message.
            #[must_use]
            pub const fn protocol(&self) -> Protocol {
                match self {
                    $(Self::$name(_) => Protocol::$name,)*
                }
            }

            /// Returns the device that the message itself names, if it does.
            #[must_use]
            pub fn device_id(&self) -> Option<DeviceId> {
                match self {
                    $(Self::$name(message) => message.device_id(),)*
                }
            }

            /// Returns the number of bytes that [`encode`](Self::encode) writes.
            #[must_use]
            pub fn encoded_len(&self) -> usize {
                match self {
                    $(Self::$name(message) => message.encoded_len(),)*
                }
            }

            /// Writes the whole frame to the front of `out`, and returns its length.
            ///
            /// # Errors
            /// If `out` is too small, with the size that is enough, or if the message could not be
            /// parsed back to the same value. On error the contents of `out` are unspecified.
            pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                match self {
                    $(Self::$name(message) => message.encode(out),)*
                }
            }
        }

        $(impl<'a> From<$module::Message<'a>> for Message<'a> {
            fn from(message: $module::Message<'a>) -> Self {
                Self::$name(message)
            }
        })*
    };
}

for_each_protocol!(frame);

impl<'a> Frame<'a> {
    /// Parses `bytes` as one whole frame of any [enabled](Protocol::is_enabled) protocol.
    ///
    /// A frame of `v680` may lack its start mark, if the frame before it took it for its end mark.
    ///
    /// # Errors
    /// If `bytes` are not exactly one frame. The error says what is wrong, and at which byte.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let protocol = scan::single(bytes, Limits::new(usize::MAX))?;
        Ok(Self::from_candidate(protocol, bytes))
    }
}

/// Checks that `bytes` are one whole frame of this protocol.
///
/// The engine decides, so that parsing accepts exactly what a decoder finds in a stream.
pub(crate) fn single(bytes: &[u8], protocol: Protocol) -> Result<(), Error> {
    single_with(bytes, protocol, Limits::new(usize::MAX))
}

/// Whether `bytes` are one whole frame of this protocol: what [`single`] says, in less flash.
pub(crate) fn is_single(bytes: &[u8], protocol: Protocol) -> bool {
    scan::only_frame(bytes) == Some(protocol)
}

/// Checks that `bytes` are one whole frame of this protocol within these limits.
pub(crate) fn single_with(bytes: &[u8], protocol: Protocol, limits: Limits) -> Result<(), Error> {
    match scan::single(bytes, limits)? {
        found if found == protocol => Ok(()),
        _ => Err(Error::new(ErrorKind::Start, 0)),
    }
}
