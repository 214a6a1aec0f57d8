//! The flat `#...##` text protocol: the GT02 of Traccar issue 562, V-Sun V680 and TK333, KeSon
//! watches, TK06A and TK102 clones.
//!
//! The sources are a manufacturer's field list for the TK06A \[D\], captures of real devices \[C\],
//! and public decoders with their tests \[T\]: [the manual](crate::manual::v680) has them all.
//! Nothing is sent to the device: no reply is known, and no command, except one that a public
//! decoder once had and gave up. There is no length and no checksum.
//!
//! ```text
//! #id##                                                                  keep-alive
//!
//! #id#user#flag#password#event#count#record#record...##                  report
//!
//! record = lbs#longitude,E|W,latitude,N|S,speed,course#ddmmyy#hhmmss[.sss]
//! ```
//!
//! The user is often empty, and so is the lbs: `##` stands inside frames, too. A record without a
//! fix may be `lbs#,,,,,##`, which makes four `#` together with the end mark.
//!
//! # Framing
//! A frame is found by counting its fields; each is checked as soon as its bytes are there. The
//! limits of lengths are this crate's, well above what is seen. All bytes are printable ASCII. A
//! frame has:
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
//! A keep-alive, `#id##`, begins as reports do. It is one if what follows cannot be flag, password
//! and event. Mostly the next byte decides: a `#`, or a line end.
//!
//! A frame was cut short if a field cannot go on, or if a whole frame inside comes first. It is
//! noise, or a keep-alive if it was cut after `#id##` and before its event. Two candidates are open
//! at most, since users and lbs may look like ids: a third header ends the first.
//!
//! What waits:
//! * A keep-alive, for the byte after it; so does a report without its end mark, or with fewer
//!   records.
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
//! TLT-2H and Mictrack devices send a form with lines, whose header begins alike:
//! `#id#model#password#AUTO#1`, CR LF, `#$GPRMC,...`. It has no flag: the password, of 4 digits,
//! stands in its place, and so the header is rejected. Configuration texts (`#begin#123456#`) have
//! no id first. Frames that lost their beginning are noise.

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
    Coordinate, CoordinateFormat, KeepAlive, Lbs, Message, Neighbours, Record, Records,
    RecordsIter, Report,
};
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, RecordIter, access_points, details, neighbours, records, report,
};
pub(crate) use uplink::uplink;

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
/// The place in a record that has none.
const NO_PLACE: &[u8] = b",,,,,";
/// Bytes of a keep-alive: `#`, 15 digits, `##`.
const KEEP_ALIVE: usize = IMEI_DIGITS + 3;
/// Bytes that are enough to tell the protocol of a connection.
const SNIFFED: usize = 24;
