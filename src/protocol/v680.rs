//! The flat `#...##` text protocol: the GT02 of Traccar issue 562, V-Sun V680 and TK333, KeSon watches, TK06A and TK102 clones.
//!
//! Sources: a manufacturer's field list for the TK06A \[D\], captures of real devices \[C\], public decoders with their tests \[T\]; gathered in the
//! project's notes, spec v680. Nothing is sent to the device: no answer is known, nor a command but for one that a public decoder once had and gave up
//! (spec v680, section 1.6). There is no length and no checksum.
//!
//! ```text
//! #id##                                                                  keep-alive
//!
//! #id#user#flag#password#event#count#record#record...##                  report
//!
//! record = lbs#longitude,E|W,latitude,N|S,speed,course#ddmmyy#hhmmss[.sss]
//! ```
//!
//! The user is often empty, and so is the lbs: `##` stands inside of frames too. A record without a fix may be `lbs#,,,,,##`, which makes four `#`
//! together with the end mark.
//!
//! # Framing
//! A frame is found by counting its fields; each is checked as soon as its bytes are there (spec v680, sections 1.1 and 1.7; the limits of lengths are
//! this crate's, well above what is seen):
//! * the id: 15 digits, the IMEI. The field list allows the number of the SIM card, and edited samples have 9 and 11 digits \[T\]: so a report may
//!   have an id of 9 to 15 digits. A keep-alive has nothing but its id to vouch for it: 15 digits;
//! * the user, up to 32 characters, but not 15 digits: that is the next frame, and this one was cut short;
//! * the flag, 1 or 2 digits; the password, up to 6 digits; the event, a letter and up to 15 letters and digits; the count, 1 or 2 digits;
//! * a record: an lbs of up to 128 characters; one more field without a comma, which a few devices send; the place, up to 64 characters and a comma among
//!   them; a date of 6 digits; a time of 6 digits, and 3 more behind a point. Date and time are both empty where the place is `,,,,,`;
//! * all of it printable ASCII.
//!
//! Where the announced number of records is there, `##` ends the frame at once. If fewer are there, `##` ends it unless a digit or a comma follows: that
//! is a record with an empty lbs. A count of 0 is taken for 1. A frame that is complete but for its end mark is a frame: it ends behind its last time.
//!
//! `#id##` begins reports as well. It is a keep-alive if what follows cannot be flag, password and event, of which the first letter is enough;
//! mostly the next byte decides, a `#` or a line end, or that no byte follows. So a report without a user that is cut within those fields is read as a
//! keep-alive of its device. Fields without a flag belong to another protocol (below), and `#id##id#` is a frame that was cut in front of its
//! last `#`, or its first field, and then the next frame.
//!
//! What is left is a report cut by just one byte, its last `#`, right in front of the next frame: the `#` of that one then ends the first. No
//! frame is held back for this, as each would have to wait for the next one.
//!
//! # What it is not
//! TLT-2H and Mictrack devices send a form with lines, whose header begins alike: `#id#model#password#AUTO#1`, CR LF, `#$GPRMC,...`. It has no flag: the
//! password, of 4 digits, stands in its place, and so it is rejected. Configuration texts (`#begin#123456#`) have no id in front.
//! Frames that lost their beginning are noise.

mod frame;
mod message;

pub use frame::Frame;
pub(crate) use frame::{candidate, header_verdict, is_start};
pub use message::{Coordinate, KeepAlive, Message, Notation, Record, Records, Report};

/// Start mark, separator, and, twice, end mark.
const MARK: u8 = b'#';
/// Digits of an IMEI.
const IMEI_DIGITS: usize = 15;
/// Bytes in the smallest frame, which is a keep-alive whose end mark is missing.
pub(crate) const MIN_FRAME: usize = IMEI_DIGITS + 1;
/// The fewest digits of an id in a report: as few as edited samples have.
const MIN_ID_DIGITS: usize = 9;
/// The most characters of a user. The longest seen is a telephone number, 11.
const MAX_USER: usize = 32;
/// The most digits of a flag.
const MAX_FLAG: usize = 2;
/// The most digits of a password \[D\].
const MAX_PASSWORD: usize = 6;
/// The most characters of an event. The longest seen has 4.
const MAX_EVENT: usize = 16;
/// The most digits of a count.
const MAX_COUNT: usize = 2;
/// The most characters of an lbs: one cell and 12 neighbours. Two neighbours have been seen.
const MAX_LBS: usize = 128;
/// The most characters of a place, or of the field in front of it. The longest place seen has 39.
const MAX_PLACE: usize = 64;
/// The place in a record that has none.
const NO_PLACE: &[u8] = b",,,,,";
