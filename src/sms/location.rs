//! Answers and alarms with a position, of all makers.
//!
//! # How this works
//! No maker keeps to a form, so there is no grammar: [`Location::read`] goes over the text. At a
//! colon or an equals sign it looks at the label before it and reads what its `Label` says; at `<`,
//! `(` and at the start of a line it looks for the values that have no label. An SMS may be cut
//! anywhere; each value is read only if the text after it shows that it is whole.
//!
//! # How to change it
//! A new label goes into `LABELS` in `location/reader.rs`; a new kind of value into `Label` and
//! `Reader::label` there, and its reader into `location/values.rs`.

mod reader;
mod values;

use crate::types::{Alarm, CellTower, Course, DateTime, DeviceId, Position, Speed, Voltage};

pub(super) use values::device;
pub(super) use values::speed as read_speed;

/// Where a device is, as it answers `DWXX`, `WHERE`, `URL`, `#smslink#` or `666`, or as it reports
/// an alarm.
///
/// ```text
/// Lat:N23d 5.1708m,Lon: E114d 23.6212m,Course:120,Speed:53.02,DateTime:08-09-12 14:52:36
/// Current position! Lat:S12.345678,Lon:W98.765432,Course:263.28,Speed:0.00Km/h,DateTime:...
/// Latitude:N22.577156,Longitude:E113.916748,Course:0,Speed:0.34Km/h,Date:2017-03-15,Time:11:33:37
/// http://maps.google.com/maps?q=N22.577156,E113.916748
/// http://maps.google.com/maps?f=q&hl=en&q=22.540103,114.082329&ie=UTF8
/// <DateTime:10-11-23 23:42:51>http://maps.google.com/maps?q=N12.345678,E98.765432
/// ...q=N22.577156,E113.916748 speed:000.0km/h Time:16:39:45 Date:08/04/25 IMEI:353686009002030
/// lat: 12.345678 long: 098.765432 speed: 000.0 05/02/14 10:17 <LF> bat:F signal:F imei:...
/// Lat: +22.50500 <LF> Long: +114.01000 <LF> Speed: 0.00KM/H <LF> Direction: 315.00 <LF>
///     Date: 2008-04-25 <LF> Time: 16:39:45 <LF> BS: 25ee0dff <LF> Fix: A <LF>
///     ID: 353686009002030 <LF> STATE: SMS
/// SOS Alarm! <DateTime:11-06-17 14:53:06> , <LF> http://maps.google.com/maps?q=...
/// ERROR GPS GPRMC FRAME DATA BS: 27971054
/// ```
///
/// Labels are read in any case and order, with any white space around them, and with the comma and
/// the colon of ASCII or the full-width ones. A number may follow `N`, `S`, `E`, `W`, a sign, or
/// nothing. If a label is there twice, the first one counts. All known texts are in
/// [the manual](crate::manual::sms), "Positions" and "Alarms".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Location {
    /// Where the device is, or was last. Absent where the text has 0, 0: devices write it for want
    /// of a fix.
    pub position: Option<Position>,
    /// `true` if the position is the last one known, and not that of now.
    pub last_known: bool,
    /// Whether the device says that it has a fix. Sentences such as `No data!` say that it has
    /// none, and so does 0, 0.
    pub fix: Option<bool>,
    /// By the device's clock, whose zone is not said. Where a text has no seconds they are 0.
    pub time: Option<DateTime>,
    /// Speed over ground, in kilometres per hour where no unit is given \[D\]. Absent with any
    /// other unit.
    pub speed: Option<Speed>,
    /// Course over ground.
    pub course: Option<Course>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The serving cell: four hexadecimal digits of LAC, four of cell id.
    pub cell: Option<CellTower>,
    /// What made the device send this, if it says so.
    pub trigger: Option<Trigger>,
    /// The alarm that the text raises.
    pub alarm: Option<Alarm>,
    /// Whether the ignition is on.
    pub ignition: Option<bool>,
    /// Whether the vehicle's supply is there.
    pub external_power: Option<bool>,
    /// Charge of the device's own battery, in percent. `bat:F`, full, is 100.
    pub battery_percent: Option<u8>,
    /// Voltage of the device's own battery.
    pub battery_voltage: Option<Voltage>,
}

/// What made a V-Sun device send its position: `STATE: SMS`. Other words are known to exist, but no
/// document lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Trigger {
    /// It was asked to by SMS.
    Sms,
    /// The interval is over.
    Timer,
    /// `CALL`, whose meaning no source states.
    Call,
    /// Somebody pressed the SOS button.
    Sos,
    /// `ANSWER`, whose meaning no source states.
    Answer,
    /// The battery is low.
    LowPower,
}

impl Trigger {
    const ALL: [Self; 6] = [
        Self::Sms,
        Self::Timer,
        Self::Call,
        Self::Sos,
        Self::Answer,
        Self::LowPower,
    ];

    /// The word, as the device writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Timer => "TIMER",
            Self::Call => "CALL",
            Self::Sos => "SOS",
            Self::Answer => "ANSWER",
            Self::LowPower => "LOW POWER",
        }
    }

    /// The words, one by one.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Sms => &["SMS"],
            Self::Timer => &["TIMER"],
            Self::Call => &["CALL"],
            Self::Sos => &["SOS"],
            Self::Answer => &["ANSWER"],
            Self::LowPower => &["LOW", "POWER"],
        }
    }

    /// Returns the alarm that the word stands for.
    const fn alarm(self) -> Option<Alarm> {
        match self {
            Self::Sos => Some(Alarm::Sos),
            Self::LowPower => Some(Alarm::LowBattery),
            Self::Sms | Self::Timer | Self::Call | Self::Answer => None,
        }
    }
}

/// How sure it is that a text is about a position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Evidence {
    /// At most one label of a position.
    #[default]
    None,
    /// Two or more labels that go with a position.
    Weak,
    /// A latitude, a longitude, a link, or a sentence that says that there is no position.
    Strong,
}

/// A location, and how sure it is that the text is about one.
pub(super) struct Evaluated {
    pub(super) location: Location,
    pub(super) evidence: Evidence,
}
