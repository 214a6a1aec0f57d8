//! What a text of a device says.

use super::{CommandResult, Location, Status, location::Evidence};
use crate::types::Text;

/// A text that a device sent, by SMS or as the answer to a command over GPRS.
///
/// The same words come either way. No text is an error: what is not known stays text.
///
/// ```
/// use gt02::sms::Answer;
/// let text = "Lat:N23d 5.1708m，Lon: E114d 23.6212m，Course:120，Speed:53.02，DateTime:08-09-12 14:52:36";
/// let Answer::Location(location) = Answer::parse(text.as_bytes()) else { unreachable!() };
/// assert_eq!(location.position.unwrap().latitude.micro_degrees(), 23_086_180);
/// assert_eq!(location.time.unwrap().to_string(), "2008-09-12T14:52:36");
/// ```
///
/// # Texts that were cut
/// A text may end anywhere, because a device or a phone cut it, or because the second part of a long message is missing; and a phone may break its lines
/// anywhere. So a value counts only if its end is there to be seen:
///
/// - A number counts if something stands behind it that cannot belong to a number. If the text ends with it, or if white space and another digit
///   follow, then digits may be missing: `Speed:53.0` gives no speed, and `Lat:+22.5` no position.
/// - One number may end the text, because links do end so: the later of two coordinates, if it has exactly as many decimals as the earlier one, and at
///   least four. `q=N22.577156,E113.916748` is a position, `q=N22.577156,E113.91674` is none. This takes for granted that a device writes both with the
///   same number of decimals, as all do that are known.
/// - Dates, times of day, cells (`25ee0dff`) and the IMEI have a fixed number of digits, and count when these are there. A device id of another length
///   must be followed by something.
/// - Words count when they are whole.
///
/// So a text that was cut gives fewer values than the whole one, and never other ones; but free [`Text`] is cut where it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Answer<'a> {
    /// A position, or what stands in its place while there is no fix.
    Location(Location),
    /// Whether a command was carried out.
    CommandResult(CommandResult<'a>),
    /// The state of the device: `Battery:4.16V,NORMAL; GPRS:Link Up; ...`.
    Status(Status<'a>),
    /// Anything else, such as the version of the firmware. Without the white space around it.
    Text(Text<'a>),
}

impl<'a> Answer<'a> {
    /// Reads a text: ASCII, or UTF-8, or any other bytes.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Self {
        let text = trim(text);
        let (location, evidence) = Location::read(text);
        if evidence == Evidence::Strong {
            return Self::Location(location);
        }
        if let Some(result) = CommandResult::read(text) {
            return Self::CommandResult(result);
        }
        if evidence == Evidence::Weak {
            return Self::Location(location);
        }
        Status::read(text).map_or(Self::Text(Text::Bytes(text)), Self::Status)
    }
}

/// Without white space and NUL at the ends.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b'\0', rest @ ..] | [rest @ .., b'\0'] = text.trim_ascii() {
        text = rest;
    }
    text.trim_ascii()
}
