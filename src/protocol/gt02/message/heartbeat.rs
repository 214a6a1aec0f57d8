use super::{Envelope, Variable, frame_len};
use crate::{
    bytes::{read::byte, write::write_parts},
    error::EncodeError,
    protocol::gt02::{ACK, HEARTBEAT},
    types::DeviceId,
};
use nom::{Parser, combinator::opt};

/// The device is there, and how well it receives: type `1A`. The reply is [`HeartbeatAck`].
///
/// ```text
/// 3         4     5           13       15   16       17      18        18+n
/// +---------+-----+-----------+--------+----+--------+-------+- - - - -+
/// | voltage | GSM | device id | serial | 1A | status | count | n * SNR |
/// +---------+-----+-----------+--------+----+--------+-------+- - - - -+
/// ```
///
/// `n` comes from the length. Devices send a count that differs from it, and a status outside 0 to
/// 2 \[C\]; both are kept as sent. A body of 0 or 1 bytes is a heartbeat as well; what is missing
/// is absent. See [the manual](crate::manual::gt02), "Heartbeat".
///
/// ```
/// use gt02::protocol::gt02::{Heartbeat, Message};
/// // docs/protocols/gt02.md, "Heartbeat".
/// let bytes = b"\x68\x68\x13\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\x00\x1a\x04\x04\
///     \x23\x26\x1e\x29\x0d\x0a";
/// let Message::Heartbeat(heartbeat) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!((heartbeat.voltage_level, heartbeat.gsm_level), (5, 4));
/// assert_eq!((heartbeat.status, heartbeat.has_fix()), (Some(4), None));
/// assert_eq!(heartbeat.snr, [35, 38, 30, 41]);
///
/// let own = Heartbeat::new("358899058314017".parse().unwrap(), 1, 5, 4)
///     .with_fix(true)
///     .with_satellites(4, &[35, 38, 30, 41]);
/// assert_eq!(own.status, Some(1));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// The number of the frame \[D\]; some devices send unrelated bytes in its place \[C\].
    pub serial: u16,
    /// 0 off or lowest, 1 too low to call or send, 2 low (alarm), 3 low but working, 4 to 6 good
    /// \[D\].
    pub voltage_level: u8,
    /// 0 none, 1 very weak, 2 weak, 3 good, 4 strong \[D\].
    pub gsm_level: u8,
    /// 0 no fix, 1 GPS, 2 differential GPS \[D\]; 4 is seen as well \[C\].
    pub status: Option<u8>,
    /// Number of satellites, 0 to 12 \[D\]; other values are seen \[C\].
    pub satellites: Option<u8>,
    /// Signal-to-noise ratio of each satellite, 0 to 99 dB \[D\].
    pub snr: &'a [u8],
}

impl<'a> Heartbeat<'a> {
    /// Creates a heartbeat with an empty body: it says nothing of the receiver.
    #[must_use]
    pub const fn new(device: DeviceId, serial: u16, voltage_level: u8, gsm_level: u8) -> Self {
        Self {
            device,
            serial,
            voltage_level,
            gsm_level,
            status: None,
            satellites: None,
            snr: &[],
        }
    }

    /// Sets the locating status: 1, GPS, or 0, no fix.
    #[must_use]
    pub const fn with_fix(self, has_fix: bool) -> Self {
        Self {
            status: Some(has_fix as u8),
            ..self
        }
    }

    /// Sets the number of satellites, and their signal-to-noise ratios in dB. A heartbeat with
    /// satellites has a locating status, too: see [`with_fix`](Self::with_fix).
    #[must_use]
    pub const fn with_satellites(self, satellites: u8, snr: &'a [u8]) -> Self {
        Self {
            satellites: Some(satellites),
            snr,
            ..self
        }
    }

    #[inline]
    pub(super) fn read(envelope: &Envelope, body: &'a [u8]) -> Self {
        let [voltage_level, gsm_level] = envelope.word.to_be_bytes();
        let (snr, (status, satellites)) = (opt(byte), opt(byte))
            .parse(body)
            .unwrap_or((body, (None, None)));
        Self {
            device: envelope.device,
            serial: envelope.serial,
            voltage_level,
            gsm_level,
            status,
            satellites,
            snr,
        }
    }

    /// Returns whether the device has a fix, if the status has a documented value.
    #[must_use]
    pub const fn has_fix(&self) -> Option<bool> {
        match self.status {
            Some(0) => Some(false),
            Some(1 | 2) => Some(true),
            _ => None,
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        let fields =
            (self.status.is_some() as usize).saturating_add(self.satellites.is_some() as usize);
        frame_len(fields.saturating_add(self.snr.len()))
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `out` is too small.
    /// * The id does not have 15 digits.
    /// * There are more than 240 SNRs.
    /// * A field is absent although a later one is present.
    /// * The frame would be taken for two.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let fields: &[u8] = match (self.status, self.satellites) {
            (Some(status), Some(satellites)) => &[status, satellites],
            (None, Some(_)) => return Err(EncodeError::Gap { field: "status" }),
            (_, None) if !self.snr.is_empty() => {
                return Err(EncodeError::Gap {
                    field: "satellites",
                });
            }
            (Some(status), None) => &[status],
            (None, None) => &[],
        };
        let envelope = Envelope {
            device: self.device,
            word: u16::from_be_bytes([self.voltage_level, self.gsm_level]),
            serial: self.serial,
            code: HEARTBEAT,
        };
        envelope.encode(out, fields, Variable::new("snr", self.snr))
    }
}

/// The server's reply to a heartbeat, always the same five bytes.
///
/// ```text
/// 0          3       5
/// +----------+-------+
/// | 54 68 1A | 0D 0A |
/// +----------+-------+
/// ```
///
/// ```
/// use gt02::protocol::gt02::HeartbeatAck;
/// let mut out = [0; 5];
/// assert_eq!(HeartbeatAck.encode(&mut out), Ok(5));
/// assert_eq!(out, *b"\x54\x68\x1a\x0d\x0a");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeartbeatAck;

impl HeartbeatAck {
    /// Returns the number of bytes that [`encode`](Self::encode) writes: 5.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        ACK.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        write_parts(out, &[&ACK, &[], &[], &[]])
    }
}
