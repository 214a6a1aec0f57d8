use super::{Header, Id, Maker, Message, command};
use crate::{
    bytes::{
        WIDE,
        swar::{count_until, hex_word},
        text::{pairs, plain_decimal},
    },
    error::Error,
    protocol::single,
    types::{DateTime, Decimal, DeviceId, Direction, MessageType, Protocol, Text},
};
use core::fmt;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0   1       3   4
/// +---+-------+---+----+---+------+- - - - - - -+---+
/// | * | maker | , | id | , | type | , field ... | # |
/// +---+-------+---+----+---+------+- - - - - - -+---+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What was found to be a frame, all of it.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) struct Parts<'a> {
    pub(super) maker: Maker,
    pub(super) id: &'a [u8],
    pub(super) code: &'a [u8],
    pub(super) fields: Fields<'a>,
}

impl<'a> Parts<'a> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn header(&self) -> Header<'a> {
        Header {
            maker: self.maker,
            id: Id::of(self.id),
        }
    }
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// `Start`, `DeviceId`, `Field`, `End`, `Overlap`, `Oversize` (more than 2048 bytes), `Incomplete`
    /// or `Trailing` of [`ErrorKind`](crate::ErrorKind), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::H02)?;
        Ok(Self { bytes })
    }

    /// From bytes that were found to be a frame, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn parts(&self) -> Parts<'a> {
        let (maker, content) = match self.bytes {
            [b'*', a, b, b',', content @ .., b'#'] => {
                (Maker::from_letters([*a, *b]).unwrap_or_default(), content)
            }
            // Not from a frame that was validated.
            content => (Maker::default(), content),
        };
        let (id, mut rest) = content
            .split_at_checked(count_until(content, b','))
            .unwrap_or((content, &[]));
        if let [b',', b'0'..=b'9', behind @ ..] = rest {
            // A `#` inside a frame is in front of its type.
            if let Some(at) = behind.iter().position(|&byte| byte == b'#') {
                rest = behind.get(at..).unwrap_or_default();
            }
        }
        let rest = rest.get(1..).unwrap_or_default();
        let (code, fields) = rest
            .split_at_checked(count_until(rest, b','))
            .unwrap_or((rest, &[]));
        Parts {
            maker,
            id,
            code,
            fields: Fields(fields),
        }
    }

    /// All bytes of the frame, from `*` to `#`.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The maker's letters and the device's number.
    #[must_use]
    pub fn header(&self) -> Header<'a> {
        self.parts().header()
    }

    /// The device that the frame is from or for, if it is named by a number. In a command it may be a filler.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        DeviceId::from_ascii(self.parts().id)
    }

    /// Returns the type as its bytes on the wire, such as `V1`; empty in a frame that has no type.
    #[must_use]
    pub fn code(&self) -> &'a [u8] {
        self.parts().code
    }

    /// Returns the message's type, such as `V1`; `None` in a frame that has no type.
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        match self.parts().code {
            [] => None,
            code => Some(MessageType::Text(Text::Bytes(code))),
        }
    }

    /// Returns the bytes between the type and the end mark: the [fields](Self::fields), each after
    /// its comma.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.parts().fields.0
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// The fields behind the type, as sent: here is what a message leaves out because it cannot be read.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        self.parts().fields
    }

    /// Which way the frame travels, if what it says tells.
    ///
    /// Down: `V4` with another type and 14 digits, which is the answer to that type; a type of `S`, `R` or `D` and digits, `SCF`, `LOCK` or `MILE`,
    /// with a time of day in the field behind it, which is a command (spec h02, sections 4 and 5). `None` for `V0` and `HTBT`, which the server sends
    /// back as they are, and for types that are not known. The other types come from devices alone.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let Parts { code, fields, .. } = self.parts();
        match code {
            b"V4" => Some(if command::ack(fields).is_some() {
                Direction::Down
            } else {
                Direction::Up
            }),
            b"" | b"V1" | b"V2" | b"V3" | b"V5" | b"V6" | b"V8" | b"V9" | b"V19" | b"VI1"
            | b"VP1" | b"NBR" | b"LINK" | b"SMS" | b"XT" | b"BS" | b"BASE" => Some(Direction::Up),
            // `V0` and `HTBT` among them.
            _ => command::time(code, fields).map(|_| Direction::Down),
        }
    }

    /// What a server must answer if the frame came from a device, if anything: [`Ack`](super::Ack) to `V1` and `NBR`, if `now` is given; the header
    /// back to `V0` and `HTBT`. It depends on the type alone: it is right even where the fields cannot be read.
    ///
    /// `now` is the server's clock, in UTC. The answer is [`MAX_REPLY_LEN`](super::MAX_REPLY_LEN) bytes at most.
    ///
    /// ```
    /// use gt02::{protocol::h02::{Frame, MAX_REPLY_LEN}, types::DateTime};
    /// // Spec h02, section 7.
    /// let frame = Frame::parse(b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#")?;
    /// let now = DateTime { year: 15, month: 8, day: 10, hour: 14, minute: 54, second: 53 };
    /// let mut out = [0; MAX_REPLY_LEN];
    /// let len = frame.reply(Some(now)).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"*HQ,865205030330012,V4,V1,20150810145453#");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn reply(&self, now: Option<DateTime>) -> Option<Message<'a>> {
        let parts = self.parts();
        command::answer(parts.header(), parts.code, now)
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }
}

/// Fields as they stand in a frame: nothing, or a comma and a field, again and again.
///
/// ```
/// use gt02::protocol::h02::Fields;
/// assert!(Fields(b",460,00,").iter().eq([&b"460"[..], b"00", b""]));
/// assert_eq!(Fields(b"").iter().next(), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// The fields one by one, as sent.
    #[must_use]
    #[inline]
    pub const fn iter(self) -> FieldIter<'a> {
        FieldIter { rest: self.0 }
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = &'a [u8];
    type IntoIter = FieldIter<'a>;

    fn into_iter(self) -> FieldIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Fields<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0);
    }
}

/// Goes through [`Fields`].
#[derive(Clone, Debug)]
pub struct FieldIter<'a> {
    rest: &'a [u8],
}

impl<'a> FieldIter<'a> {
    /// The fields that were not taken yet.
    #[inline]
    pub(super) const fn rest(&self) -> Fields<'a> {
        Fields(self.rest)
    }

    /// Takes the next field if it is a plain number and not the last field; else nothing.
    ///
    /// There are other numbers: who calls this goes on to read the field in the general way.
    #[inline(always)]
    pub(super) fn plain_decimal(&mut self) -> Option<Decimal> {
        if !WIDE {
            return None;
        }
        let (_, after) = self.rest.split_first()?;
        let number = plain_decimal(after)?;
        let rest @ [b',', ..] = after.get(number.len..)? else {
            return None;
        };
        self.rest = rest;
        Some(number.value)
    }

    /// Takes the next field, if it is a single letter or digit.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn letter(&mut self) -> Option<u8> {
        match self.rest.split_first_chunk() {
            Some(([_, letter @ b'0'..=b'~'], rest @ [b',', ..])) => {
                self.rest = rest;
                Some(*letter)
            }
            _ => match self.trimmed()? {
                [letter] => Some(*letter),
                _ => None,
            },
        }
    }

    /// Takes the next field, if it is six digits, as three numbers of two.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn pairs(&mut self) -> Option<[u8; 3]> {
        if let Some(([_, digits @ ..], rest @ [b',', ..])) = self.rest.split_first_chunk::<7>() {
            if let Some(numbers) = pairs(digits) {
                self.rest = rest;
                return Some(numbers);
            }
        }
        pairs(self.trimmed()?.try_into().ok()?)
    }

    /// Takes the next field, if it is eight hexadecimal digits.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn hex_word(&mut self) -> Option<u32> {
        if let Some(([_, digits @ ..], rest @ ([] | [b',', ..]))) =
            self.rest.split_first_chunk::<9>()
        {
            if let Some(word) = hex_word(*digits) {
                self.rest = rest;
                return Some(word);
            }
        }
        hex_word(self.trimmed()?.try_into().ok()?)
    }

    /// Takes the next field without the spaces around it, as damaged ones have.
    #[inline(never)]
    pub(super) fn trimmed(&mut self) -> Option<&'a [u8]> {
        self.next().map(trim)
    }
}

impl<'a> Iterator for FieldIter<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (_, behind) = self.rest.split_first()?;
        let (field, rest) = behind.split_at_checked(count_until(behind, b','))?;
        self.rest = rest;
        Some(field)
    }
}

impl core::iter::FusedIterator for FieldIter<'_> {}

/// Without the spaces at both ends.
#[inline]
pub(super) const fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = text {
        text = rest;
    }
    text
}
