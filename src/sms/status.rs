//! Answers that tell the state of the device.

use super::location;
use crate::types::{Decimal, DeviceId, Text, Voltage};

/// The state of a device, field by field.
///
/// ```text
/// Battery:4.16V,NORMAL; GPRS:Link Up; GSM Signal Level:Strong; GPS:Searching satellite, SVS Used in fix:0(0), GPS Signal Level:; ACC:OFF; Defense:OFF
/// ID:865205030330012 <LF> IP:203.0.113.7:5013 <LF> UT:... <LF> VOLT:... <LF> APN:internet <LF> GPS:A-24-23 <LF> GSM:...
/// ```
///
/// The first is from a document of GT06 devices (in the corpus of spec gt06), the second is how spec h02, section 2.3, describes the answer of H02
/// devices, made up but for the labels and `A-24-23`: there the fields have no documented meaning beyond their names, so they are just text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status<'a> {
    text: &'a [u8],
}

/// A part of a [`Status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Field<'a> {
    /// What stands in front of the first colon; empty if there is none, as with `NORMAL` above.
    pub label: Text<'a>,
    /// What stands behind it, without white space around it.
    pub value: Text<'a>,
    /// Whether something follows the field. If not, its end may have been cut off.
    pub is_whole: bool,
}

/// By these labels a status is known.
const LABELS: [&[u8]; 15] = [
    b"battery",
    b"gprs",
    b"gsm",
    b"gsm signal level",
    b"gps",
    b"gps signal level",
    b"svs used in fix",
    b"acc",
    b"defense",
    b"volt",
    b"apn",
    b"ip",
    b"ut",
    b"id",
    b"imei",
];

impl<'a> Status<'a> {
    /// Reads a text without white space around it.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let status = Self { text };
        let is_known = |field: Field<'_>| {
            LABELS
                .iter()
                .any(|label| label.eq_ignore_ascii_case(field.label.as_bytes()))
        };
        status.fields().any(is_known).then_some(status)
    }

    /// The whole text.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        Text::Bytes(self.text)
    }

    /// The fields in their order, separated by `;`, `,`, or the start of a line with a label.
    #[must_use]
    pub const fn fields(&self) -> Fields<'a> {
        Fields { rest: self.text }
    }

    /// The first field with this label, in any case.
    #[must_use]
    pub fn field(&self, label: &str) -> Option<Field<'a>> {
        self.fields().find(|field| {
            field
                .label
                .as_bytes()
                .eq_ignore_ascii_case(label.as_bytes())
        })
    }

    fn value(&self, label: &str) -> Option<&'a [u8]> {
        self.field(label).map(|field| field.value.as_bytes())
    }

    /// `Battery:4.16V`.
    #[must_use]
    pub fn battery(&self) -> Option<Voltage> {
        let volts = Decimal::from_ascii(self.value("Battery")?.strip_suffix(b"V")?)?;
        volts
            .scaled(3)?
            .try_into()
            .ok()
            .map(Voltage::from_millivolts)
    }

    /// Satellites that the fix is made of: the first number of `SVS Used in fix:0(0)`.
    #[must_use]
    pub fn satellites(&self) -> Option<u8> {
        let value = self.value("SVS Used in fix")?;
        let digits = value.get(..value.iter().position(|&byte| byte == b'(')?)?;
        let count = Decimal::from_ascii(digits).filter(|count| count.places() == 0)?;
        count.mantissa().try_into().ok()
    }

    /// Whether there is a fix: `GPS:A-...` or `GPS:V-...`; `GPS:Searching satellite` says that there is none.
    #[must_use]
    pub fn fix(&self) -> Option<bool> {
        match self.value("GPS")? {
            [b'A', b'-', ..] => Some(true),
            [b'V', b'-', ..] => Some(false),
            value => value.starts_with(b"Searching").then_some(false),
        }
    }

    /// Whether the ignition is on: `ACC:ON`, `ACC:OFF`.
    #[must_use]
    pub fn ignition(&self) -> Option<bool> {
        self.switch("ACC")
    }

    /// Whether the device is armed: `Defense:ON`, `Defense:OFF`.
    #[must_use]
    pub fn armed(&self) -> Option<bool> {
        self.switch("Defense")
    }

    /// The device: `ID:` or `IMEI:`.
    #[must_use]
    pub fn device(&self) -> Option<DeviceId> {
        let field = self.field("ID").or_else(|| self.field("IMEI"))?;
        let value = field.value.as_bytes();
        let id = DeviceId::from_ascii(value).filter(|id| field.is_whole && id.digit_count() <= 15);
        id.or_else(|| location::device(value))
    }

    fn switch(&self, label: &str) -> Option<bool> {
        let value = self.value(label)?;
        if value.eq_ignore_ascii_case(b"on") {
            Some(true)
        } else if value.eq_ignore_ascii_case(b"off") {
            Some(false)
        } else {
            None
        }
    }
}

/// The fields of a [`Status`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while let [b';' | b',' | b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return None;
        }
        let end = field_len(self.rest);
        let (field, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        self.rest = rest;
        let (label, value) = split_label(field).unwrap_or((&[], field));
        Some(Field {
            label: Text::Bytes(label),
            value: Text::Bytes(value.trim_ascii()),
            is_whole: end.is_some(),
        })
    }
}

/// Where a field ends; `None` if nothing follows it.
fn field_len(text: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        let rest = text.get(at..)?;
        let len = rest
            .iter()
            .position(|byte| matches!(byte, b';' | b',' | b'\r' | b'\n'))?;
        let end = at.saturating_add(len);
        let line = match text.get(end..)? {
            [b';' | b',', ..] => return Some(end),
            rest => rest.trim_ascii_start(),
        };
        let next = line
            .iter()
            .position(|byte| matches!(byte, b';' | b',' | b'\r' | b'\n'))
            .and_then(|len| line.get(..len))
            .unwrap_or(line);
        if split_label(next).is_some() {
            return Some(end);
        }
        // The line was broken. It goes on behind the white space.
        at = text.len().saturating_sub(line.len());
    }
}

/// What stands in front of the first colon, if that is words, and what stands behind it.
fn split_label(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let (label, value) = field.split_at_checked(field.iter().position(|&byte| byte == b':')?)?;
    let is_label = matches!(label, [b'A'..=b'Z' | b'a'..=b'z', ..])
        && label
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ');
    is_label.then(|| (label.trim_ascii_end(), value.get(1..).unwrap_or_default()))
}
