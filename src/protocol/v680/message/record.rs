//! The records of a report: place, time and cells.

use super::{
    super::MARK,
    columns,
    coordinate::{Coordinate, CoordinateFormat, Number, is_place, letter, number},
};
use crate::{
    bytes::{
        WIDE,
        swar::hex_word,
        text::{next_field, pairs},
        write::Writer,
    },
    error::EncodeError,
    types::{CellTower, Course, DateTime, Decimal, NeighbourCell, Position, Speed, Text},
};
use core::{
    fmt,
    hash::{Hash, Hasher},
};
use nom::IResult;

/// The records of a report: borrowed text of a frame, or records to encode.
///
/// Two are equal if they have equal records.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Records<'a>(Source<'a>);

#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Source<'a> {
    Text(&'a [u8]),
    Built(&'a [Record<'a>]),
}

impl<'a> Records<'a> {
    /// Creates records to encode.
    #[must_use]
    pub const fn new(records: &'a [Record<'a>]) -> Self {
        Self(Source::Built(records))
    }

    /// Creates the records in this text, which begins with the lbs of the first one and ends before
    /// the end mark.
    #[inline]
    pub(super) const fn from_text(text: &'a [u8]) -> Self {
        Self(Source::Text(text))
    }

    /// Returns the records, in the order of the wire. Those of a frame are read as they are asked
    /// for.
    #[must_use]
    #[inline]
    pub const fn iter(&self) -> RecordsIter<'a> {
        RecordsIter { records: self.0 }
    }
}

impl<'a> IntoIterator for Records<'a> {
    type Item = Record<'a>;
    type IntoIter = RecordsIter<'a>;

    #[inline]
    fn into_iter(self) -> RecordsIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Records<'a> {
    type Item = Record<'a>;
    type IntoIter = RecordsIter<'a>;

    #[inline]
    fn into_iter(self) -> RecordsIter<'a> {
        self.iter()
    }
}

impl PartialEq for Records<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Records<'_> {}

impl Hash for Records<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for record in self {
            record.hash(state);
        }
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// The records of a report, one by one: see [`Records::iter`].
#[derive(Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RecordsIter<'a> {
    /// Those that are left.
    records: Source<'a>,
}

impl<'a> Iterator for RecordsIter<'a> {
    type Item = Record<'a>;

    #[inline]
    fn next(&mut self) -> Option<Record<'a>> {
        match &mut self.records {
            Source::Text([]) => None,
            Source::Text(text) => {
                let (rest, record) = Record::read(text).ok()?;
                *text = rest;
                Some(record)
            }
            Source::Built(records) => {
                let (first, rest) = records.split_first()?;
                *records = rest;
                Some(*first)
            }
        }
    }
}

impl core::iter::FusedIterator for RecordsIter<'_> {}

impl fmt::Debug for RecordsIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// One place at one time.
///
/// ```text
/// lbs[#extra]#longitude,E|W,latitude,N|S,speed,course#ddmmyy#hhmmss[.sss]
///
/// 260001a412966f#1834.790700,E,5302.748800,N,0.00,0.00#310316#174538.000
/// ```
///
/// A field that cannot be read is absent; [`Frame::body`](crate::protocol::v680::Frame::body) has
/// all of them. Nothing that is known says whether the place is from a fix. Devices without a fix
/// send a date of zeros, or neither place nor date \[C\]. See [the manual](crate::manual::v680),
/// "Report without a fix".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Record<'a> {
    /// Base stations, in several forms; see [`cell`](Self::cell). `V` stands where the cell
    /// belongs, and most likely says that no cell is known; it does not say that there is no fix
    /// \[C\].
    pub lbs: Text<'a>,
    /// One more field that a few devices send, such as the `V` after `72403`.
    pub extra: Option<Text<'a>>,
    /// Longitude; `positive` is east. It comes before the latitude.
    pub longitude: Option<Coordinate>,
    /// Latitude; `positive` is north.
    pub latitude: Option<Coordinate>,
    /// Knots: the field list and most public decoders say so \[D\] \[T\].
    pub speed: Option<Decimal>,
    /// Degrees from north. Values out of range are seen, such as 790000 \[C\].
    pub course: Option<Decimal>,
    /// Date and time, UTC: the clocks of servers agree within seconds \[C\]. All zeros without a
    /// fix. Thousandths of a second, zero wherever they are seen, are not kept.
    pub date_time: Option<DateTime>,
}

impl<'a> Record<'a> {
    /// Creates a record of a fix at this time, UTC. Its lbs is `V`, no cell; it has no speed and no
    /// course.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::v680::{Lbs, Record},
    ///     types::{CellTower, Course, DateTime, Position, Speed},
    /// };
    /// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
    /// let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
    /// let mut cell = CellTower::default();
    /// (cell.lac, cell.cid) = (Some(0x0EDD), Some(0xD9EF));
    ///
    /// let lbs = Lbs::new(&cell)?;
    /// let record = Record::new(time, position)
    ///     .with_speed(Speed::MilliKnots(12_500))
    ///     .with_course(Course::from_degrees(236).unwrap())
    ///     .with_lbs(&lbs);
    /// assert_eq!(record.position(), Some(position));
    /// assert_eq!(record.speed(), Some(Speed::MilliKnots(12_500)));
    /// assert_eq!(record.cell(), Some(cell));
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub fn new(time: DateTime, position: Position) -> Self {
        Self {
            lbs: Text::Bytes(NO_CELL),
            longitude: Some(position.longitude.into()),
            latitude: Some(position.latitude.into()),
            date_time: Some(time),
            ..Self::default()
        }
    }

    /// Creates the record of a device without a fix, which has no place, no date and no time. Its
    /// lbs is `V`, no cell.
    ///
    /// ```
    /// use gt02::protocol::v680::{Record, Report};
    /// let records = [Record::without_fix()];
    /// let mut out = [0; 64];
    /// let len = Report::new("356823030000017".parse()?, &records)?.encode(&mut out)?;
    /// assert_eq!(out[..len], *b"#356823030000017##1#0000#AUT#1#V#,,,,,####");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn without_fix() -> Self {
        Self {
            lbs: Text::Bytes(NO_CELL),
            ..Self::default()
        }
    }

    /// Returns the record with this speed, rounded to the nearest thousandth of a knot.
    #[must_use]
    pub fn with_speed(self, speed: Speed) -> Self {
        Self {
            speed: knots(speed),
            ..self
        }
    }

    /// Returns the record with this course.
    #[must_use]
    pub fn with_course(self, course: Course) -> Self {
        Self {
            course: degrees(course),
            ..self
        }
    }

    /// Returns the record with this cell.
    #[must_use]
    pub const fn with_lbs(self, lbs: &'a Lbs) -> Self {
        Self {
            lbs: lbs.text(),
            ..self
        }
    }

    /// Reads a record. It never fails: fields that cannot be read are absent.
    ///
    /// The fields after the lbs are an extra one and the place, or the place at once. A place
    /// has commas, an extra field has none:
    ///
    /// | the first number | then it is |
    /// |---|---|
    /// | is there, and a comma ends it | the longitude |
    /// | is not there, or a `#` ends it, and there is a comma in its field | the longitude |
    /// | is not there, or a `#` ends it, and there is no comma in its field | the extra field |
    #[inline]
    fn read(text: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        if WIDE {
            if let Some(read) = columns::read(text) {
                return Ok(read);
            }
        }
        Self::read_any(text)
    }

    /// Reads any record, field by field.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    pub(super) fn read_any(text: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (text, lbs) = field(text)?;
        let (mut rest, mut longitude) = number(text)?;
        let mut extra = None;
        if (longitude.is_none() || rest.first() == Some(&MARK)) && !is_place(text) {
            let (text, field) = field(text)?;
            extra = Some(Text::Bytes(field));
            (rest, longitude) = number(text)?;
        }
        let (rest, east) = letter(b'E', b'W')(rest)?;
        let (rest, latitude) = number(rest)?;
        let (rest, north) = letter(b'N', b'S')(rest)?;
        let (rest, speed) = number(rest)?;
        let (rest, course) = number(rest)?;
        // Whatever else there is in the field.
        let (rest, _) = field(rest)?;
        let (rest, date) = field(rest)?;
        let (rest, time) = field(rest)?;
        let format = CoordinateFormat::infer(longitude, latitude);
        let coordinate = |number: Option<Number>, positive: Option<bool>| {
            Some(Coordinate {
                value: number?.value,
                format,
                positive: positive?,
            })
        };
        let record = Self {
            lbs: Text::Bytes(lbs),
            extra,
            longitude: coordinate(longitude, east),
            latitude: coordinate(latitude, north),
            speed: speed.map(|number| number.value),
            course: course.map(|number| number.value),
            date_time: date_time(date, time),
        };
        Ok((rest, record))
    }

    /// Returns date and time, unless the date is absent or all zeros. They may not exist:
    /// [`is_valid`](DateTime::is_valid) tells.
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        self.date_time
            .filter(|time| [time.year, time.month, time.day] != [0; 3])
    }

    /// Returns the place, if there are a date that is not all zeros, and both coordinates, which
    /// are not both zero.
    #[must_use]
    #[inline]
    pub fn position(&self) -> Option<Position> {
        let (Some(longitude), Some(latitude), Some(_)) =
            (self.longitude, self.latitude, self.time())
        else {
            return None;
        };
        let position = Position {
            longitude: longitude.longitude()?,
            latitude: latitude.latitude()?,
        };
        (position.longitude.units() != 0 || position.latitude.units() != 0).then_some(position)
    }

    /// Returns the speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        scaled(self.speed?, 3).map(Speed::MilliKnots)
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        scaled(self.course?, 4).and_then(Course::from_ten_thousandths)
    }

    /// Returns the serving cell, if the lbs has a form that is understood.
    ///
    /// | lbs | cell |
    /// |---|---|
    /// | `66830ffb` | LAC and cell id, 4 hexadecimal digits each |
    /// | `24002485fed523` | MCC and MNC, 3 decimal digits each, then LAC and cell id |
    /// | `72403`, and [`extra`](Self::extra) is there | MCC, and an MNC of 2 digits |
    ///
    /// Each may be followed by [neighbours](Self::neighbours). Other forms are seen and not
    /// understood: 5 digits without an extra field, and 16 digits. See
    /// [the manual](crate::manual::v680), "Base stations".
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        match (self.cells().serving, self.extra) {
            ([a, b, c, d, e, f, area @ ..], _) if area.len() == 8 => Some(CellTower {
                mcc: Some(code([*a, *b, *c])?),
                mnc: Some(code([*d, *e, *f])?),
                ..area_cell(area)?
            }),
            ([a, b, c, d, e], Some(_)) => Some(CellTower {
                mcc: Some(code([*a, *b, *c])?),
                mnc: Some(code([b'0', *d, *e])?),
                ..CellTower::default()
            }),
            (area, _) => area_cell(area),
        }
    }

    /// Returns the cells that follow the serving one in the lbs: LAC and cell id, 4 hexadecimal
    /// digits each. Fields that are not such cells are left out.
    #[must_use]
    pub fn neighbours(&self) -> Neighbours<'a> {
        Neighbours {
            rest: self.cells().neighbours,
        }
    }

    #[inline]
    fn cells(&self) -> Cells<'a> {
        let lbs = self.lbs.as_bytes();
        match lbs.split_at_checked(14) {
            // The longest form, as most have it: no comma has to be looked for.
            Some((serving, [])) => Cells {
                serving,
                neighbours: &[],
            },
            Some((serving, [b',', neighbours @ ..])) => Cells {
                serving,
                neighbours,
            },
            _ => {
                let mut rest = lbs;
                let serving = next_field(&mut rest, b',');
                Cells {
                    serving,
                    neighbours: rest,
                }
            }
        }
    }

    /// Checks all that can be told before the record is written.
    pub(super) fn check(&self) -> Result<(), EncodeError> {
        /// The most that two digits can hold.
        const MAX: u8 = 99;
        let Some(time) = self.date_time else {
            let coordinates = self.longitude.is_some() || self.latitude.is_some();
            return if coordinates || self.speed.is_some() || self.course.is_some() {
                Err(EncodeError::Missing { field: "date_time" })
            } else {
                Ok(())
            };
        };
        let date = [time.year, time.month, time.day];
        let clock = [time.hour, time.minute, time.second];
        if date.iter().chain(&clock).any(|part| *part > MAX) {
            return Err(EncodeError::Range {
                field: "date_time",
                max: MAX.into(),
            });
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.put(&[MARK]);
        writer.put(self.lbs.as_bytes());
        if let Some(extra) = self.extra {
            writer.put(&[MARK]);
            writer.put(extra.as_bytes());
        }
        writer.put(&[MARK]);
        Coordinate::write(self.longitude, 5, [b"E", b"W"], writer);
        Coordinate::write(self.latitude, 4, [b"N", b"S"], writer);
        if let Some(speed) = self.speed {
            writer.put_number(speed, 1);
        }
        writer.put(b",");
        if let Some(course) = self.course {
            writer.put_number(course, 1);
        }
        let date_and_clock = self.date_time.map(|time| {
            let date = [time.day, time.month, time.year];
            [date, [time.hour, time.minute, time.second]]
        });
        writer.put(&[MARK]);
        if let Some([date, _]) = date_and_clock {
            writer.put_pairs(date);
        }
        writer.put(&[MARK]);
        if let Some([_, clock]) = date_and_clock {
            writer.put_pairs(clock);
        }
    }
}

/// The lbs of a record without a cell.
const NO_CELL: &[u8] = b"V";

/// Metres in a nautical mile.
const METRES_IN_A_MILE: u64 = 1852;

/// Returns a speed as it is written: knots, rounded to the nearest thousandth.
pub(super) fn knots(speed: Speed) -> Option<Decimal> {
    let thousandths = match speed {
        Speed::MilliKnots(thousandths) => thousandths.into(),
        Speed::MetresPerHour(metres) => {
            let product = u64::from(metres).wrapping_mul(1000);
            product.wrapping_add(METRES_IN_A_MILE / 2) / METRES_IN_A_MILE
        }
    };
    shortest(thousandths, 3)
}

/// Returns a course as it is written.
pub(super) fn degrees(course: Course) -> Option<Decimal> {
    shortest(course.ten_thousandths().into(), 4)
}

/// Returns `value` divided by ten to the power of `places`, with two places, or as many more as it
/// takes to lose nothing.
fn shortest(mut value: u64, mut places: u8) -> Option<Decimal> {
    while places > 2 && value.is_multiple_of(10) {
        value /= 10;
        places = places.wrapping_sub(1);
    }
    Decimal::new(value, places)
}

/// A serving cell as the [lbs](Record::lbs) of a record, to encode.
///
/// ```text
/// LAC and cell id, 4 hexadecimal digits each      66830FFB
/// MCC and MNC, 3 decimal digits each, before      24002485FED523
/// ```
///
/// ```
/// use gt02::{protocol::v680::Lbs, types::{CellTower, Text}};
/// let mut cell = CellTower::default();
/// (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(240), Some(24), Some(0x85FE), Some(0xD523));
/// assert_eq!(Lbs::new(&cell)?.text(), Text::Bytes(b"24002485FED523"));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lbs {
    digits: [u8; 14],
    /// Without MCC and MNC, which then are the first six digits.
    is_bare: bool,
}

impl Lbs {
    /// Creates the lbs that names this cell, with its network if it has one.
    ///
    /// # Errors
    /// If the LAC or the cell id is absent or above 65 535; if one of MCC and MNC is absent, or
    /// above 999.
    pub fn new(cell: &CellTower) -> Result<Self, EncodeError> {
        let required = |field: &'static str, value: Option<u32>, max: u32| match value {
            None => Err(EncodeError::Missing { field }),
            Some(value) if value > max => Err(EncodeError::Range { field, max }),
            Some(value) => Ok(value.into()),
        };
        let is_bare = cell.mcc.is_none() && cell.mnc.is_none();
        let mut digits = [b'0'; 14];
        let mut writer = Writer::new(&mut digits);
        let code = |field, code: Option<u16>| match code {
            None if is_bare => Ok(0),
            code => required(field, code.map(u32::from), 999),
        };
        writer.put_decimal(code("mcc", cell.mcc)?, 3);
        writer.put_decimal(code("mnc", cell.mnc)?, 3);
        writer.put_hex(required("lac", cell.lac, 0xFFFF)?, 4);
        writer.put_hex(required("cid", cell.cid, 0xFFFF)?, 4);
        Ok(Self { digits, is_bare })
    }

    /// Returns the text of the field.
    #[must_use]
    pub const fn text(&self) -> Text<'_> {
        match &self.digits {
            [_, _, _, _, _, _, area @ ..] if self.is_bare => Text::Bytes(area),
            digits => Text::Bytes(digits),
        }
    }
}

/// The cells that follow the serving one in an lbs, one by one: see [`Record::neighbours`].
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Neighbours<'a> {
    /// With commas between them.
    rest: &'a [u8],
}

impl Iterator for Neighbours<'_> {
    type Item = NeighbourCell;

    fn next(&mut self) -> Option<NeighbourCell> {
        while !self.rest.is_empty() {
            if let Some(cell) = area_cell(next_field(&mut self.rest, b',')) {
                return Some(NeighbourCell { cell, rssi: None });
            }
        }
        None
    }
}

impl core::iter::FusedIterator for Neighbours<'_> {}

/// The parts of an lbs.
struct Cells<'a> {
    serving: &'a [u8],
    /// With commas between them.
    neighbours: &'a [u8],
}

/// Reads a field, and takes the `#` after it; all of the text if there is no `#`.
#[inline]
pub(super) fn field(text: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let mut rest = text;
    let field = next_field(&mut rest, MARK);
    Ok((rest, field))
}

/// Reads `ddmmyy`, and `hhmmss` with anything after it.
#[inline]
pub(super) fn date_time(date: &[u8], time: &[u8]) -> Option<DateTime> {
    let [day, month, year] = pairs(date.first_chunk()?)?;
    let [hour, minute, second] = pairs(time.first_chunk()?)?;
    Some(DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    })
}

/// Returns a number times ten to the power of `places`.
#[inline]
pub(super) fn scaled(number: Decimal, places: u8) -> Option<u32> {
    u32::try_from(number.scaled(places)?).ok()
}

/// Reads a country or network code, in decimal.
#[inline]
fn code(text: [u8; 3]) -> Option<u16> {
    let digits = text.map(|byte| byte.wrapping_sub(b'0'));
    // At most 999.
    digits.iter().all(|digit| *digit <= 9).then(|| {
        digits.iter().fold(0, |code: u16, &digit| {
            code.wrapping_mul(10).wrapping_add(digit.into())
        })
    })
}

/// Reads LAC and cell id, 4 hexadecimal digits each.
#[inline]
fn area_cell(text: &[u8]) -> Option<CellTower> {
    let both = hex_word(text.try_into().ok()?)?;
    Some(CellTower {
        lac: Some(both >> 16),
        cid: Some(both & 0xFFFF),
        ..CellTower::default()
    })
}
