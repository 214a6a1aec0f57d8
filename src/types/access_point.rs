use super::Text;
use core::fmt;

/// A Wi-Fi access point that a device sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct AccessPoint<'a> {
    /// The address of the access point, also called BSSID.
    pub mac: MacAddress,
    /// Signal strength: in dBm where the protocol's scale is known, raw otherwise; `None` if it was
    /// not sent.
    pub rssi: Option<i16>,
    /// The name of its network; `None` if it was not sent.
    pub ssid: Option<Text<'a>>,
}

impl<'a> AccessPoint<'a> {
    /// Creates an access point.
    #[must_use]
    pub const fn new(mac: MacAddress, rssi: Option<i16>, ssid: Option<Text<'a>>) -> Self {
        Self { mac, rssi, ssid }
    }
}

/// The address of a network device, first byte first.
///
/// ```
/// use gt02::types::MacAddress;
/// let mac = MacAddress([0x44, 0xD9, 0xE7, 0, 0, 1]);
/// assert_eq!(mac.to_string(), "44:d9:e7:00:00:01");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MacAddress(pub [u8; 6]);

/// Writes pairs of lower-case hex digits, joined by colons.
impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}
