//! Writes lines from plain values.

use super::{
    super::{MAX_NETWORK, MAX_PREFIX, MAX_SENTENCE},
    coordinate::Coordinate,
    lines::Line,
    record::{degrees, knots},
    sentence::{GPRMC, Gprmc, WIFI},
};
use crate::{
    bytes::write::Writer,
    error::EncodeError,
    types::{AccessPoint, CellTower, DateTime, Text, Voltage},
};

/// The texts of a [`Line`], made from plain values, to encode.
///
/// Examples are at [`LineReport::new`](super::LineReport::new) and [`wifi`](Self::wifi).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LineText {
    prefix: heapless::Vec<u8, MAX_PREFIX>,
    network: Option<heapless::Vec<u8, MAX_NETWORK>>,
    sentence: heapless::Vec<u8, MAX_SENTENCE>,
}

#[cfg(feature = "defmt")]
impl defmt::Format for LineText {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.line().format(f);
    }
}

impl LineText {
    /// Creates the texts of a line with a `GPRMC` sentence, without a prefix. Places have minutes
    /// with 6 decimals, and are rounded to them.
    ///
    /// # Errors
    /// * `Missing` if `valid` is absent;
    /// * `Range` if a part of the date or the time is above 99.
    pub fn new(sentence: &Gprmc) -> Result<Self, EncodeError> {
        let valid = sentence
            .valid
            .ok_or(EncodeError::Missing { field: "valid" })?;
        let place = sentence.position;
        Self::with_sentence(|writer| {
            writer.put(GPRMC);
            write_clock(writer, sentence.time)?;
            writer.put(if valid { b",A," } else { b",V," });
            let latitude = place.map(|place| place.latitude.into());
            let longitude = place.map(|place| place.longitude.into());
            Coordinate::write(latitude, 4, [b"N", b"S"], writer);
            Coordinate::write(longitude, 5, [b"E", b"W"], writer);
            if let Some(speed) = sentence.speed.and_then(knots) {
                writer.put_number(speed, 1);
            }
            writer.put(b",");
            if let Some(course) = sentence.course.and_then(degrees) {
                writer.put_number(course, 1);
            }
            writer.put(b",");
            write_date(writer, sentence.time)?;
            writer.put(b",,,A");
            Ok(())
        })
    }

    /// Creates the texts of a line with a `WIFI` sentence, without a prefix.
    ///
    /// # Errors
    /// * `Missing` if an access point has no signal;
    /// * `NotCanonical` if one has the name of a network, which the sentence does not carry;
    /// * `Range` if a part of the date or the time is above 99;
    /// * `TooLong` if there are more than 9 or 10 access points.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::v680::LineText,
    ///     types::{AccessPoint, DateTime, MacAddress, Voltage},
    /// };
    /// let time = DateTime::new(2021, 3, 26, 12, 35, 32).unwrap();
    /// let mac = MacAddress([0xD8, 0x32, 0x5A, 0x0A, 0xBA, 0xDD]);
    /// let line = LineText::wifi(time, &[AccessPoint::new(mac, Some(-62), None)])?
    ///     .with_battery(Voltage::from_millivolts(4_000))?;
    /// assert_eq!(line.line().prefix.as_str(), Some("40"));
    /// assert_eq!(line.line().text.as_str(), Some("WIFI,123532.00,A,-62,D8325A0ABADD,260321"));
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    pub fn wifi(time: DateTime, points: &[AccessPoint<'_>]) -> Result<Self, EncodeError> {
        Self::with_sentence(|writer| {
            writer.put(WIFI);
            write_clock(writer, Some(time))?;
            writer.put(b",A");
            for point in points {
                let rssi = point.rssi.ok_or(EncodeError::Missing { field: "rssi" })?;
                if point.ssid.is_some() {
                    return Err(EncodeError::NotCanonical);
                }
                writer.put(if rssi < 0 { b",-" } else { b"," });
                writer.put_decimal(rssi.unsigned_abs().into(), 1);
                writer.put(b",");
                for byte in point.mac.0 {
                    writer.put_hex(byte.into(), 2);
                }
            }
            writer.put(b",");
            write_date(writer, Some(time))
        })
    }

    /// Creates the texts of a line whose sentence is written so.
    fn with_sentence(
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
    ) -> Result<Self, EncodeError> {
        let mut out = [0; MAX_SENTENCE];
        let mut writer = Writer::new(&mut out);
        write(&mut writer)?;
        Ok(Self {
            prefix: heapless::Vec::new(),
            network: None,
            sentence: text_of(writer, "sentence")?,
        })
    }

    /// Returns the texts with this voltage of the device's own battery: tenths of a volt in 2
    /// digits if that is exact, otherwise millivolts in 4. It takes the place of a cell without a
    /// network.
    ///
    /// # Errors
    /// If the voltage is above 9.999 V.
    pub fn with_battery(self, voltage: Voltage) -> Result<Self, EncodeError> {
        const MAX: u32 = 9_999;
        let millivolts = voltage.millivolts();
        if millivolts > MAX {
            return Err(EncodeError::Range {
                field: "battery",
                max: MAX,
            });
        }
        let mut out = [0; MAX_PREFIX];
        let mut writer = Writer::new(&mut out);
        if millivolts.is_multiple_of(100) {
            writer.put_decimal((millivolts / 100).into(), 2);
        } else {
            writer.put_decimal(millivolts.into(), 4);
        }
        Ok(Self {
            prefix: text_of(writer, "prefix")?,
            ..self
        })
    }

    /// Returns the texts with this cell: after the prefix if its network is known, otherwise as the
    /// prefix, in place of a battery.
    ///
    /// # Errors
    /// If the LAC or the cell id is absent; if one of MCC and MNC is absent; if the LAC is above
    /// 65 535, or the cell id above 268 435 455.
    pub fn with_cell(self, cell: &CellTower) -> Result<Self, EncodeError> {
        let required = |field: &'static str, value: Option<u32>, max: u32| match value {
            None => Err(EncodeError::Missing { field }),
            Some(value) if value > max => Err(EncodeError::Range { field, max }),
            Some(value) => Ok(u64::from(value)),
        };
        let lac = required("lac", cell.lac, 0xFFFF)?;
        let cid = required("cid", cell.cid, 0x0FFF_FFFF)?;
        if cell.mcc.is_none() && cell.mnc.is_none() {
            let mut out = [0; MAX_PREFIX];
            let mut writer = Writer::new(&mut out);
            writer.put_hex(lac, 4);
            writer.put_hex(cid, 4);
            return Ok(Self {
                prefix: text_of(writer, "prefix")?,
                ..self
            });
        }
        let mut out = [0; MAX_NETWORK];
        let mut writer = Writer::new(&mut out);
        writer.put_decimal(required("mcc", cell.mcc.map(u32::from), 999)?, 3);
        writer.put(b",");
        writer.put_decimal(required("mnc", cell.mnc.map(u32::from), 999)?, 2);
        writer.put(b",");
        writer.put_hex(lac, 4);
        writer.put(b",");
        writer.put_hex(cid, 4);
        Ok(Self {
            network: Some(text_of(writer, "network")?),
            ..self
        })
    }

    /// Returns the line.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line {
            prefix: Text::Bytes(&self.prefix),
            network: self.network.as_ref().map(|text| Text::Bytes(text)),
            text: Text::Bytes(&self.sentence),
        }
    }
}

/// The bytes that were written, as the text of this field.
fn text_of<const N: usize>(
    writer: Writer<'_>,
    field: &'static str,
) -> Result<heapless::Vec<u8, N>, EncodeError> {
    let too_long = EncodeError::TooLong { field, max: N };
    let written = writer.finish().map_err(|_| too_long)?;
    let mut text = heapless::Vec::new();
    text.extend_from_slice(written).map_err(|_| too_long)?;
    Ok(text)
}

/// Writes `hhmmss.00`, or nothing.
fn write_clock(writer: &mut Writer<'_>, time: Option<DateTime>) -> Result<(), EncodeError> {
    let Some(time) = time else { return Ok(()) };
    write_pairs(writer, [time.hour, time.minute, time.second])?;
    writer.put(b".00");
    Ok(())
}

/// Writes `ddmmyy`, or nothing.
fn write_date(writer: &mut Writer<'_>, time: Option<DateTime>) -> Result<(), EncodeError> {
    let Some(time) = time else { return Ok(()) };
    write_pairs(writer, [time.day, time.month, time.year])
}

fn write_pairs(writer: &mut Writer<'_>, pairs: [u8; 3]) -> Result<(), EncodeError> {
    if pairs.iter().any(|&pair| pair > 99) {
        return Err(EncodeError::Range {
            field: "time",
            max: 99,
        });
    }
    writer.put_pairs(pairs);
    Ok(())
}
