//! Frames and reports that own their bytes, to be moved to another task.

use crate::{
    protocol::Frame,
    report::Report,
    scan::{Item, NoiseReason},
    types::{DeviceId, Direction, Protocol},
};
use alloc::boxed::Box;

/// A frame that owns its bytes. They are not validated again.
///
/// ```
/// use gt02::{Frame, OwnedFrame};
/// let owned = {
///     let read = *b"\x54\x68\x1a\x0d\x0a";
///     OwnedFrame::from(Frame::parse(&read)?)
/// };
/// assert_eq!(owned.as_frame(), Frame::parse(b"\x54\x68\x1a\x0d\x0a")?);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OwnedFrame {
    protocol: Protocol,
    bytes: Box<[u8]>,
}

impl OwnedFrame {
    /// Borrows the frame.
    #[must_use]
    pub fn as_frame(&self) -> Frame<'_> {
        Frame::from_candidate(self.protocol, &self.bytes)
    }

    /// Returns the bytes of the frame, start and end marks included.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Frame<'_>> for OwnedFrame {
    fn from(frame: Frame<'_>) -> Self {
        Self {
            protocol: frame.protocol(),
            bytes: frame.as_bytes().into(),
        }
    }
}

/// A report that owns its frame, to be moved to another task. It takes 48 bytes and the frame, less
/// than a fifth of a [`Report`].
///
/// It keeps the frame, and the device and the direction that a [`Session`](crate::Session) found.
/// All else is read from the frame again, so what a caller wrote into a report is lost. With the
/// feature `serde` it is serialized as its report.
///
/// ```
/// use gt02::{Frame, OwnedReport, Session, report::Kind};
/// let heartbeat =
///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
/// let outcome = Session::new().handle(&Frame::parse(heartbeat)?);
/// let (sender, receiver) = std::sync::mpsc::channel();
/// std::thread::spawn(move || {
///     let owned: OwnedReport = receiver.recv().unwrap();
///     assert_eq!(owned.as_report().kind, Kind::Heartbeat);
/// });
/// sender.send(OwnedReport::from(&outcome.report)).unwrap();
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OwnedReport {
    frame: OwnedFrame,
    device: Option<DeviceId>,
    direction: Direction,
}

impl OwnedReport {
    /// Reads the report from the frame.
    #[must_use]
    pub fn as_report(&self) -> Report<'_> {
        let mut report = Report::new(&self.as_frame(), self.direction);
        report.device = self.device;
        report
    }

    /// Borrows the frame.
    #[must_use]
    pub fn as_frame(&self) -> Frame<'_> {
        self.frame.as_frame()
    }
}

impl From<&Report<'_>> for OwnedReport {
    fn from(report: &Report<'_>) -> Self {
        Self {
            frame: OwnedFrame {
                protocol: report.protocol,
                bytes: report.as_bytes().into(),
            },
            device: report.device,
            direction: report.direction,
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for OwnedReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_report().serialize(serializer)
    }
}

/// An [`Item`] that owns its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OwnedItem {
    /// A whole frame.
    Frame(OwnedFrame),
    /// Bytes that belong to no frame.
    Noise {
        /// The bytes.
        bytes: Box<[u8]>,
        /// Why they belong to no frame.
        reason: NoiseReason,
    },
}

impl OwnedItem {
    /// Returns the bytes of the item.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Frame(frame) => frame.as_bytes(),
            Self::Noise { bytes, .. } => bytes,
        }
    }
}

impl From<Item<'_>> for OwnedItem {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Frame(frame) => Self::Frame(frame.into()),
            Item::Noise(noise) => Self::Noise {
                bytes: noise.bytes.into(),
                reason: noise.reason,
            },
        }
    }
}
