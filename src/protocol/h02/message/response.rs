use super::{
    fields::{all_fields, field, text_field, time, write_text, write_time},
    status::{status, write_status},
};
use crate::{
    bytes::write::Writer,
    error::EncodeError,
    protocol::h02::{Fields, Gps, Header, Status, TimeOfDay},
    types::{Decimal, Text, Voltage},
};
use nom::IResult;

/// The device's answer to a command: `V4`, from the device.
///
/// ```text
/// +---+-------+---+----+---+----+---+---------+ - - - -+---+--------+
/// | * | maker | , | id | , | V4 | , | command | result | , | hhmmss |
/// +---+-------+---+----+---+----+---+---------+ - - - -+---+--------+
///
/// +------+---+--------+ - - - +---+
/// | gps  | , | status | extras | # |
/// +------+---+--------+ - - - +---+
/// ```
///
/// The fields of [`Gps`] are looked for from the right, because a result may have any number of
/// fields. If they are not found, all fields after the command are the result. A `V4` of the server
/// is an [`Ack`](super::super::Ack).
///
/// CanTrack devices answer commands that were sent as text by `V4,CMD`: the text of the command and
/// the answer, without a position \[D\]. Their values hold commas and colons, so the result is one
/// text: [`text`](Self::text).
///
/// ```
/// use gt02::protocol::h02::Message;
/// // The ST-901 document: fuel or electricity was cut off.
/// let bytes = b"*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,\
///     220902,F7FFFBFF#";
/// let Message::Response(response) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(response.command.as_str(), Some("S20"));
/// assert_eq!(response.text().as_str(), Some("DONE"));
/// assert!(response.status.unwrap().relay_cut());
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The code of the command, such as `S20`.
    pub command: Text<'a>,
    /// `OK`, `DONE`, `ERROR`, or the parameters as the device took them; may be empty.
    pub result: Fields<'a>,
    /// The time of day that the command had.
    pub command_time: Option<TimeOfDay>,
    /// Where the device is.
    pub gps: Option<Gps>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields after the status, as sent.
    pub extras: Fields<'a>,
}

impl<'a> Response<'a> {
    /// Creates an answer without a position. `result` has a comma before each of its fields.
    ///
    /// ```
    /// use gt02::{protocol::h02::{Fields, Header, Response}, types::DeviceId};
    /// let header = Header::from("135790246811220".parse::<DeviceId>().unwrap());
    /// let response = Response::new(header, "CMD", Fields(b",reset,RESET OK"));
    /// let mut out = [0; 64];
    /// let len = response.encode(&mut out)?;
    /// assert_eq!(out[..len], *b"*HQ,135790246811220,V4,CMD,reset,RESET OK#");
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn new(header: Header<'a>, command: &'a str, result: Fields<'a>) -> Self {
        Self {
            header,
            command: Text::Bytes(command.as_bytes()),
            result,
            command_time: None,
            gps: None,
            status: None,
            extras: Fields(&[]),
        }
    }

    /// Returns the answer with a position after the time that the command had.
    #[must_use]
    pub const fn with_position(
        mut self,
        command_time: TimeOfDay,
        gps: Gps,
        status: Status,
    ) -> Self {
        self.command_time = Some(command_time);
        self.gps = Some(gps);
        self.status = Some(status);
        self
    }

    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (after_command, command) = text_field(input)?;
        // The answer to a text is text, which may hold anything.
        let is_text = command.as_bytes() == b"CMD";
        let place = if is_text {
            None
        } else {
            LastPosition::find(after_command)
        };
        let Some(place) = place else {
            let (rest, result) = all_fields(after_command)?;
            let response = Self {
                header,
                command,
                result,
                command_time: None,
                gps: None,
                status: None,
                extras: Fields(&[]),
            };
            return Ok((rest, response));
        };
        let time_at = |at: Option<&'a [u8]>| at.and_then(|fields| time(fields).ok()?.1);
        let (rest, gps) = Gps::read_after_time(place.fix)?;
        let (rest, status) = status(rest)?;
        let (rest, extras) = all_fields(rest)?;
        // The result ends before the first of the three.
        let after_result = place.command_time.or(place.time).unwrap_or(place.fix);
        let result_len = after_command.len().saturating_sub(after_result.len());
        let response = Self {
            header,
            command,
            result: Fields(after_command.get(..result_len).unwrap_or_default()),
            command_time: time_at(place.command_time),
            gps: Some(Gps {
                time: time_at(place.time),
                ..gps
            }),
            status,
            extras,
        };
        Ok((rest, response))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        write_text(out, self.command.as_bytes());
        out.put(self.result.0);
        if let Some(gps) = self.gps {
            write_time(out, self.command_time);
            gps.write(out)?;
            write_status(out, self.status);
            out.put(self.extras.0);
        }
        Ok(())
    }

    /// Returns the result as one text, with commas between its fields.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        Text::Bytes(self.result.joined())
    }

    /// Returns the mileage in an answer to `S32`, in units of 0.51444 m \[D\].
    #[must_use]
    pub fn mileage(&self) -> Option<Decimal> {
        let result = self
            .result
            .iter()
            .next()
            .filter(|_| self.command.as_bytes() == b"S32")?;
        Decimal::from_ascii(result)
    }
}

/// The last position in a [`Response`]: the fields from each of three successive fields on.
#[derive(Clone, Copy)]
struct LastPosition<'a> {
    /// From the time of the command on; `None` if there is no field for it.
    command_time: Option<&'a [u8]>,
    /// From the time of the position on; `None` if there is no field for it.
    time: Option<&'a [u8]>,
    /// From the letter that tells whether there is a fix on.
    fix: &'a [u8],
}

impl<'a> LastPosition<'a> {
    fn find(fields: &'a [u8]) -> Option<Self> {
        let mut found = None;
        let mut place = Self {
            command_time: None,
            time: None,
            fix: fields,
        };
        loop {
            if Gps::begins(place.fix) {
                found = Some(place);
            }
            let Ok((rest, Some(_))) = field(place.fix) else {
                return found;
            };
            // One field further on.
            place = Self {
                command_time: place.time,
                time: Some(place.fix),
                fix: rest,
            };
        }
    }
}

/// The device's answer to a command that was sent as text: `SMS`.
///
/// ```text
/// +---+-------+---+----+---+-----+---+------+---+
/// | * | maker | , | id | , | SMS | , | text | # |
/// +---+-------+---+----+---+-----+---+------+---+
/// ```
///
/// The text has several lines and commas.
///
/// ```
/// use gt02::{protocol::h02::{Header, Sms}, types::DeviceId};
/// // The SinoTrack document.
/// let header = Header::from("8168000005".parse::<DeviceId>().unwrap());
/// let mut out = [0; 32];
/// let len = Sms::new(header, "SET OK").encode(&mut out)?;
/// assert_eq!(out[..len], *b"*HQ,8168000005,SMS,SET OK#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sms<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The text, undivided.
    pub text: Text<'a>,
}

impl<'a> Sms<'a> {
    /// Returns the voltage of the supply: a line such as `VOLT:13.1V` \[C\].
    #[must_use]
    pub fn supply(&self) -> Option<Voltage> {
        let mut lines = self.text.as_bytes().split(|&byte| byte == b'\n');
        lines.find_map(|line| {
            let volts = line
                .trim_ascii()
                .strip_prefix(b"VOLT:")?
                .strip_suffix(b"V")?;
            let millivolts = Decimal::from_ascii(volts)?.scaled(3)?;
            Some(Voltage::from_millivolts(millivolts.try_into().ok()?))
        })
    }

    /// Creates an answer in free text.
    #[must_use]
    pub const fn new(header: Header<'a>, text: &'a str) -> Self {
        Self {
            header,
            text: Text::Bytes(text.as_bytes()),
        }
    }
}
