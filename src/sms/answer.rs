//! What a text of a device says.

use super::{
    CommandResult, Location, Status, alarm,
    location::{Evaluated, Evidence},
};
use crate::types::{Alarm, Text};

/// A text that a device sent, by SMS or as the answer to a command over GPRS.
///
/// Either way the words are alike. No text is an error: unknown texts stay text.
///
/// ```
/// use gt02::sms::Answer;
/// let text = "Lat:N23d 5.1708m，Lon: E114d 23.6212m，Course:120，DateTime:08-09-12 14:52:36";
/// let Answer::Location(location) = Answer::parse(text.as_bytes()) else { unreachable!() };
/// assert_eq!(location.position.unwrap().latitude.micro_degrees(), 23_086_180);
/// assert_eq!(location.time.unwrap().to_string(), "2008-09-12T14:52:36");
/// ```
///
/// # Texts that were cut
/// A text may end anywhere, because a device or a phone cut it, or because the second part of a
/// long message is missing; and a phone may break its lines anywhere. So a value counts only if its
/// end is visible:
///
/// | value | counts if |
/// |---|---|
/// | number | something follows that cannot belong to it; white space and a digit can |
/// | coordinate in degrees alone | it has decimals, and a point before them |
/// | later of two coordinates, at the end | it has as many decimals as the earlier, at least four |
/// | date, time of day, cell (`25ee0dff`), IMEI | all its digits are there |
/// | device id of another length | something follows it |
/// | word | it is whole |
///
/// Links do end in a coordinate, hence the third rule: `q=N22.577156,E113.916748` is a position,
/// `q=N22.577156,E113.91674` is not. It assumes that a device writes both coordinates with the same
/// number of decimals, as all known devices do.
///
/// So a cut text gives fewer values than the whole one, and never other ones, with one exception:
/// `low battery! ok!`, which ends an alarm, cut after the first `!`, is the alarm. Free [`Text`] is
/// cut where it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Answer<'a> {
    /// A position, or what stands in its place while there is no fix; perhaps with an alarm.
    Location(Location),
    /// Whether a command was carried out.
    CommandResult(CommandResult<'a>),
    /// State or settings of the device: `Battery:4.16V,NORMAL; GPRS:Link Up; ...`.
    Status(Status<'a>),
    /// An alarm without a position.
    Alarm(Alarm),
    /// Anything else, such as the version of the firmware. Without the white space around it.
    Text(Text<'a>),
}

impl<'a> Answer<'a> {
    /// Reads a text: ASCII, or UTF-8, or any other bytes.
    ///
    /// The first line that applies decides:
    ///
    /// | the text | is a |
    /// |---|---|
    /// | is a fixed sentence about a command | [`CommandResult`](Self::CommandResult) |
    /// | has a coordinate or a link, or says that there is none | [`Location`](Self::Location) |
    /// | says `ok`, `Success` or `error` | [`CommandResult`](Self::CommandResult) |
    /// | begins with the words of an alarm | [`Alarm`](Self::Alarm) |
    /// | has a label of a state, such as `Battery:` | [`Status`](Self::Status) |
    /// | has two labels such as `Speed:` and `Date:` | [`Location`](Self::Location) |
    /// | has a label of a device, such as `IMEI:` | [`Status`](Self::Status) |
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Self {
        let text = trim(text);
        if let Some(result) = CommandResult::read_sentence(text) {
            return Self::CommandResult(result);
        }
        let Evaluated { location, evidence } = Location::read(text);
        if evidence == Evidence::Strong {
            return Self::Location(location);
        }
        if let Some(result) = CommandResult::read(text) {
            return Self::CommandResult(result);
        }
        if let Some(alarm) = alarm::read(text) {
            return Self::Alarm(alarm);
        }
        match (evidence, Status::read(text)) {
            (Evidence::Weak, Some(rated)) if rated.is_state => Self::Status(rated.status),
            (Evidence::Weak, _) => Self::Location(location),
            (_, Some(rated)) => Self::Status(rated.status),
            (_, None) => Self::Text(Text::Bytes(text)),
        }
    }

    /// Reads a text that may be UTF-16, which is written to `buffer` as UTF-8 first; other texts
    /// leave the buffer alone. What has no room there is cut off.
    ///
    /// ```
    /// use gt02::{sms::Answer, types::{Alarm, Text}};
    /// let text = Text::Utf16Be(b"\0l\0o\0w\0 \0b\0a\0t\0t\0e\0r\0y\0!");
    /// assert_eq!(Answer::parse_text(text, &mut [0; 64]), Answer::Alarm(Alarm::LowBattery));
    /// ```
    #[must_use]
    pub fn parse_text(text: Text<'a>, buffer: &'a mut [u8]) -> Self {
        Self::parse(match text {
            Text::Bytes(bytes) => bytes,
            Text::Utf16Be(units) => Text::utf16_to_utf8(units, buffer),
        })
    }
}

/// Strips white space and NUL from both ends.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b'\0', rest @ ..] | [rest @ .., b'\0'] = text.trim_ascii() {
        text = rest;
    }
    text.trim_ascii()
}
