//! What makes a fix or an alarm itself.

use super::{Kind, Report};
use crate::{
    bytes::hash::Fnv,
    types::{DateTime, Position},
};

impl Report<'_> {
    /// Returns a number by which a fix or an alarm is recognised, however often and late the device
    /// sends it; `None` for what is neither, or has no time.
    ///
    /// It does not depend on the serial, on whether the frame was stored, or on the cell, which
    /// devices leave out of stored frames; so it suits the deduplication of a store together with
    /// the [device](Self::device), which is not part of it. Two alarms at one place and time have
    /// different keys, and so have an alarm and the fix. The keys of equal reports are equal in
    /// every version of the crate.
    ///
    /// It is the FNV-1a hash, with 64 bits, of the kind, the alarm and its code, the time, the
    /// position, `valid`, `ignition`, `charging`, `relay_cut` and `armed`, and of the time and the
    /// position of each [record](Self::records).
    ///
    /// ```
    /// use gt02::{Direction, Frame, Report};
    /// // A fix that a device sends again, with a new serial: the manual for gt02, "Resend".
    /// let key = |serial: u8| {
    ///     let mut bytes = *b"\x68\x68\x25\x00\x00\x01\x23\x45\x67\x89\x01\x23\x45\x00\x01\
    ///         \x10\x01\x01\x01\x01\x01\x01\x02\x6b\x3f\x3e\x02\x6b\x3f\x3e\x00\x00\x00\x00\x00\
    ///         \x00\x00\x00\x00\x01\x0d\x0a";
    ///     bytes[14] = serial;
    ///     Ok::<_, gt02::Error>(Report::new(&Frame::parse(&bytes)?, Direction::Up).key())
    /// };
    /// assert!(key(1)?.is_some());
    /// assert_eq!(key(1)?, key(2)?);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> Option<u64> {
        let is_event = matches!(self.kind, Kind::Location | Kind::Alarm | Kind::Cell)
            || self.alarm.is_some()
            || self.position.is_some();
        let time = self.time.filter(|_| is_event)?;
        let mut hash = Fnv::new();
        hash.add(&[self.kind as u8]);
        hash.add(&[self.alarm.map_or(0, |alarm| alarm as u8)]);
        let [high, low] = self.alarm_code.unwrap_or(0).to_be_bytes();
        hash.add(&optional(self.alarm_code.map(|_| low)));
        if high > 0 {
            hash.add(&[high]);
        }
        add_place(&mut hash, Some(time), self.position);
        for flag in [
            self.valid,
            self.ignition,
            self.charging,
            self.relay_cut,
            self.armed,
        ] {
            hash.add(&optional(flag.map(u8::from)));
        }
        for record in self.records.iter().flatten() {
            add_place(&mut hash, record.time, record.position);
        }
        Some(hash.value())
    }
}

/// One byte that says whether there is a value, and the value.
const fn optional(value: Option<u8>) -> [u8; 2] {
    match value {
        Some(value) => [1, value],
        None => [0, 0],
    }
}

fn add_place(hash: &mut Fnv, time: Option<DateTime>, position: Option<Position>) {
    hash.add(&time.map_or([0; 6], DateTime::to_bytes));
    // More than 180 degrees.
    const NOWHERE: i64 = i64::MAX;
    let (latitude, longitude) = position.map_or((NOWHERE, NOWHERE), |place| {
        (place.latitude.units(), place.longitude.units())
    });
    hash.add(&latitude.to_be_bytes());
    hash.add(&longitude.to_be_bytes());
}
