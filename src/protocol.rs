//! The wire protocols, one module each, and what they have in common.
//!
//! Each protocol module is furnished alike: byte diagrams, `Frame` (the validated envelope over
//! borrowed bytes), `Message` (one plain struct a message, with `Unknown` for types that have no
//! name here), `parse`, `encoded_len` and `encode`, and `MAX_REPLY_LEN`. All of them are here in
//! every build; [`Protocol::is_enabled`] says whose frames are found.

pub mod gt02;
pub mod gt06;
pub mod h02;
pub mod tk103;
pub mod v680;

pub use crate::types::{Direction, Protocol};
use crate::{
    error::{Error, ErrorKind},
    framing::Limits,
    scan,
};

macro_rules! frame {
    ($($(#[$doc:meta])* $name:ident { module: $module:ident, number: $number:literal, enabled: $enabled:expr })*) => {
        /// One whole frame of any protocol, borrowed from the bytes that it was found in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Frame<'a> {
            $(
                #[doc = concat!("A frame of [`", stringify!($module), "`].")]
                $name($module::Frame<'a>),
            )*
        }

        impl<'a> Frame<'a> {
            /// The protocol that the frame belongs to.
            #[must_use]
            pub const fn protocol(&self) -> Protocol {
                match self {
                    $(Self::$name(_) => Protocol::$name,)*
                }
            }

            /// The bytes of the frame, start and end marks included.
            #[must_use]
            #[inline]
            pub const fn as_bytes(&self) -> &'a [u8] {
                match self {
                    $(Self::$name(frame) => frame.as_bytes(),)*
                }
            }

            /// From bytes that were found to be a frame of `protocol`.
            #[inline]
            pub(crate) const fn from_candidate(protocol: Protocol, bytes: &'a [u8]) -> Self {
                match protocol {
                    $(Protocol::$name => Self::$name($module::Frame::from_candidate(bytes)),)*
                }
            }
        }
    };
}

for_each_protocol!(frame);

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame, of whichever protocol it is.
    ///
    /// # Errors
    /// What is wrong with the bytes, and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let protocol = scan::single(bytes, Limits::new(usize::MAX))?;
        Ok(Self::from_candidate(protocol, bytes))
    }
}

/// Whether `bytes` are one whole frame of this protocol.
///
/// What parses alone is what a stream finds, so the engine is asked.
pub(crate) fn single(bytes: &[u8], protocol: Protocol) -> Result<(), Error> {
    single_with(bytes, protocol, Limits::new(usize::MAX))
}

/// Whether `bytes` are one whole frame of this protocol within these limits.
pub(crate) fn single_with(bytes: &[u8], protocol: Protocol, limits: Limits) -> Result<(), Error> {
    match scan::single(bytes, limits)? {
        found if found == protocol => Ok(()),
        _ => Err(Error::new(ErrorKind::Start, 0)),
    }
}
