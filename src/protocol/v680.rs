//! The `#...##` text protocol in its two forms: the flat one of the GT02 of Traccar issue 562,
//! V-Sun V680 and TK333, KeSon watches, TK06A and TK102 clones; the one with lines of V-Sun V500
//! and TLT-2H, and of Mictrack MT500 to MT710.
//!
//! The sources are a manufacturer's field list for the TK06A \[D\], captures of real devices \[C\],
//! and public decoders with their tests \[T\]: [the manual](crate::manual::v680) has them all.
//! Nothing is sent to the device: no reply is known, and no command, except one that a public
//! decoder once had and gave up. There is no length, and only lines have a checksum.
//!
//! ```text
//! #id##                                                                  keep-alive
//!
//! #id#user#flag#password#event#count#record#record...##                  report, flat
//!
//! record = lbs#longitude,E|W,latitude,N|S,speed,course#ddmmyy#hhmmss[.sss]
//!
//! #id#user#password[#five numbers]#word#count CR LF line line...## CR LF report, in lines
//!
//! line = #prefix[#mcc,mnc,lac,cell]$sentence*hh CR LF
//! ```
//!
//! The user is often empty, and so is the lbs: `##` stands inside frames, too. A record without a
//! fix may be `lbs#,,,,,##`, which makes four `#` together with the end mark.
//!
//! # Framing
//! A frame is found by counting its fields; each is checked as soon as its bytes are there. The
//! limits of lengths are this crate's, well above what is seen. All bytes are printable ASCII,
//! except line ends. A frame of the flat form has:
//! * `#`, and an id: 15 digits, the IMEI. The field list allows the number of the SIM card, and
//!   edited samples have 9 and 11 digits \[T\]: so a report may have an id of 9 to 15 digits. A
//!   keep-alive has nothing but its id to vouch for it: 15 digits;
//! * the user, up to 32 characters;
//! * the flag, 1 or 2 digits; the password, up to 6 digits; the event, a letter and up to 15
//!   letters and digits; the count, 1 or 2 digits;
//! * records: an lbs of up to 128 characters; one more field without a comma, which a few devices
//!   send; the place, up to 64 characters and a comma among them; a date of 6 digits; a time of 6
//!   digits, and 3 more after a point. Date and time are both empty where the place is `,,,,,`;
//! * `##`.
//!
//! Where a report ends:
//! * With `##` after the announced number of records; a count of 0 is taken for 1.
//! * With `##` after fewer, unless a digit or a comma follows: that is a record with an empty lbs.
//! * After its last time, if the next byte shows that the end mark is missing.
//!
//! A frame of lines has:
//! * `#`, an id and a user as above, but not `##` after both;
//! * the password, up to 6 digits; five numbers or none, the first of them 0 or 1; the status word,
//!   2 to 12 capitals; the count, 1 to 99; CR LF;
//! * as many lines: `#`; a prefix of 0, 2, 4 or 8 to 11 hexadecimal digits; `#` and a cell, four
//!   numbers with commas, or nothing; `$`; `GPRMC,` or `WIFI,` and up to 200 printable characters;
//!   `*` and the XOR of these, in hexadecimal; CR LF;
//! * `##` and CR LF.
//!
//! A frame with a wrong sum is noise ([`Checksum`](crate::NoiseReason::Checksum)), unless the
//! decoder [accepts it](crate::Decoder::accept_bad_checksums): then [`Frame::sums_ok`] says so.
//! After all announced lines `##`, its line end, or both may be missing; then the byte after them
//! shows it.
//!
//! A keep-alive, `#id##`, begins as reports do. It is one if what follows cannot be flag, password
//! and event, nor a header of lines. Mostly the next byte decides: a `#`, or a line end.
//!
//! A frame was cut short if a field cannot go on, or if a whole frame inside comes first. It is
//! noise, or a keep-alive if it was cut after `#id##` and before its event, or before the line end
//! of its header. Two candidates are open at most, since users and lbs may look like ids: a third
//! header ends the first.
//!
//! What waits:
//! * A keep-alive, for the byte after it; so does a report without its end mark, or with fewer
//!   records, and a report in lines without its last line end.
//! * All of these and an id alone, at the end of the stream, are decided by
//!   [`finish`](crate::Decoder::finish). Of 28 real frames 6 need it or a byte more: their end
//!   marks are missing.
//!
//! The end mark of `h02`, and half of the one here, is the start mark. A frame that was cut short
//! may have taken it from the next frame. Then that frame begins with its id, and comes without its
//! start mark; [`Frame::parse`] takes it, too. It happens after a frame of this protocol that was
//! cut by its last byte, and after one of `h02` that was cut among its cells: in 22,792 of the 15
//! million streams of one real frame, cut after any byte, and another real frame. Nothing else is
//! lost in any of them.
//!
//! # Other texts that begin alike
//! Configuration texts (`#begin#123456#`) have no id first. Frames that lost their beginning are
//! noise. Of two frames in lines, cut so that the header of one comes right before the lines of the
//! other, no byte says that they are two: nothing covers the header. A public decoder's tests have
//! a header that is broken over two lines, which is no header here, nor there.

mod command;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub(crate) use command::command;
pub use frame::Frame;
use frame::{USUAL_HEADER, usual_header};
pub(crate) use framing::Framer;
pub use message::{
    AccessPoints, Coordinate, CoordinateFormat, Gprmc, KeepAlive, Lbs, Line, LineReport, LineText,
    Lines, LinesIter, Message, Neighbours, Readings, Record, Records, RecordsIter, Report,
    Sentence, Wifi,
};
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, RecordIter, access_points, details, neighbours, records, report, tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in a reply: none is known.
pub const MAX_REPLY_LEN: usize = 0;

/// Start mark, separator, and, twice, end mark.
const MARK: u8 = b'#';
/// The most bytes in a frame: an id, a user, a flag, a password, an event and a count, 99 records,
/// and the end mark. The largest seen has 10 records in 582 bytes.
pub const MAX_FRAME_LEN: usize = {
    let header = IMEI_DIGITS + MAX_USER + MAX_FLAG + MAX_PASSWORD + MAX_EVENT + MAX_COUNT + 7;
    let record = MAX_LBS + 2 * MAX_PLACE + 6 + 10 + 5;
    header + MAX_COUNT_VALUE as usize * record + 1
};

/// Digits of an IMEI.
const IMEI_DIGITS: usize = 15;
/// Bytes in the smallest frame, which is a keep-alive whose end mark is missing.
pub const MIN_FRAME_LEN: usize = IMEI_DIGITS + 1;
/// The fewest digits of an id in a report: as few as edited samples have.
const MIN_ID_DIGITS: usize = 9;
/// The most characters of a user. The longest seen is a telephone number, 11.
const MAX_USER: usize = 32;
/// The most digits of a flag.
const MAX_FLAG: usize = 2;
/// The highest flag.
const MAX_FLAG_VALUE: u8 = 99;
/// The most digits of a password \[D\].
const MAX_PASSWORD: usize = 6;
/// The most characters of an event. The longest seen has 4.
const MAX_EVENT: usize = 16;
/// The most digits of a count.
const MAX_COUNT: usize = 2;
/// The highest count.
const MAX_COUNT_VALUE: u8 = 99;
/// The most characters of an lbs: one cell and 12 neighbours. Two neighbours have been seen.
const MAX_LBS: usize = 128;
/// The most characters of a place, or of the field before it. The longest place seen has 39.
const MAX_PLACE: usize = 64;
/// The numbers of a header of lines, without the door.
const NUMBERS: usize = 4;
/// The most characters of such a number. The longest seen has 3.
const MAX_NUMBER: usize = 4;
/// The fewest letters of a status word.
const MIN_WORD: usize = 2;
/// The most letters of a status word. The longest seen is `AUTOSTART`.
const MAX_WORD: usize = 12;
/// The most digits of the prefix of a line.
const MAX_PREFIX: usize = 11;
/// The most characters of the cell after a prefix.
const MAX_NETWORK: usize = 24;
/// The most characters of a sentence. The longest seen has 5 access points in 110.
const MAX_SENTENCE: usize = 200;
/// The place in a record that has none.
const NO_PLACE: &[u8] = b",,,,,";
/// Bytes of a keep-alive: `#`, 15 digits, `##`.
const KEEP_ALIVE: usize = IMEI_DIGITS + 3;
/// Bytes that are enough to tell the protocol of a connection.
const SNIFFED: usize = 24;
