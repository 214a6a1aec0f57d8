use super::{
    Cells, Encoder, LocationBlock,
    handshake::{ID_FIELD, imei},
};
use crate::types::DeviceId;

/// Digits of the date.
const DATE: usize = 6;

/// The device logs in, mostly with its position: `BP05`. The server replies with a
/// [`LoginAck`](super::LoginAck).
///
/// ```text
/// 13     17         32
/// +------+----------+----------------------------------------+
/// | BP05 | id field | location block; or cells; or nothing   |
/// +------+----------+----------------------------------------+
/// ```
///
/// ```
/// use gt02::protocol::tk103::{Login, LoginContent, Message};
/// let message = Message::parse(
///     b"(013632782450BP05000013632782450101130A2234.0270N11405.9126E000.00623168.5400000005AE\
///       L0000067ET0CD)",
/// )?;
/// let Message::Login(Login { field, content: LoginContent::Location(block), .. }) = message else {
///     unreachable!()
/// };
/// assert_eq!(field, b"000013632782450");
/// assert_eq!(block.time().unwrap().to_string(), "2010-11-30T06:23:16");
/// assert_eq!((block.mileage, block.rest), (Some(1662), &b"T0CD"[..]));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Login<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// The text before the block or the cells, as in a [`Handshake`](super::Handshake); all of the
    /// body if there is neither.
    pub field: &'a [u8],
    /// Where the device is.
    pub content: LoginContent<'a>,
}

/// Where a device is that logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LoginContent<'a> {
    /// The device does not say.
    #[default]
    Empty,
    /// A position.
    Location(LocationBlock<'a>),
    /// The cells that it receives.
    Cells(Cells<'a>),
}

impl<'a> From<LocationBlock<'a>> for LoginContent<'a> {
    fn from(block: LocationBlock<'a>) -> Self {
        Self::Location(block)
    }
}

impl<'a> From<Cells<'a>> for LoginContent<'a> {
    fn from(cells: Cells<'a>) -> Self {
        Self::Cells(cells)
    }
}

impl<'a> Login<'a> {
    /// Creates a login from the frame's id, the id field, and where the device is.
    ///
    /// [`Identity`](crate::protocol::tk103::Identity) makes id and field from a device's number.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::tk103::{Identity, LocationBlock, Login},
    ///     types::{DateTime, Position},
    /// };
    ///
    /// let device = Identity::new("355227040012346".parse()?)?;
    /// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
    /// let position = Position::from_degrees(-33.9, 18.425).unwrap();
    /// let block = LocationBlock::new(time, position, true);
    /// let mut out = [0; 96];
    /// let len = Login::new(device.id(), device.field(), block.into()).encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"(027040012346BP05355227040012346260504A3354.0000S01825.5000E000.0073000000.00\
    ///        00000000L00000000)"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn new(id: &'a [u8], field: &'a [u8], content: LoginContent<'a>) -> Self {
        Self { id, field, content }
    }

    #[inline]
    pub(super) fn read(id: &'a [u8], body: &'a [u8]) -> Self {
        if let Some(FieldAndBlock { field, block }) = FieldAndBlock::find(body) {
            let content = LoginContent::Location(LocationBlock::read(block));
            return Self { id, field, content };
        }
        let comma = body.iter().position(|&byte| byte == b',');
        match comma.and_then(|at| body.split_at_checked(at)) {
            Some((field, text)) => Self {
                id,
                field,
                content: LoginContent::Cells(Cells { text }),
            },
            None => Self {
                id,
                field: body,
                content: LoginContent::Empty,
            },
        }
    }

    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.put(self.field);
        match self.content {
            LoginContent::Location(block) => block.write(encoder),
            LoginContent::Cells(cells) => encoder.put(cells.text),
            LoginContent::Empty => {}
        }
    }

    /// Returns the device's IMEI, if the id field holds one.
    #[must_use]
    pub fn imei(&self) -> Option<DeviceId> {
        imei(self.field)
    }
}

/// The body of a login with a position.
struct FieldAndBlock<'a> {
    /// The id field.
    field: &'a [u8],
    /// The text from the date on.
    block: &'a [u8],
}

impl<'a> FieldAndBlock<'a> {
    /// Divides `body` before the date:
    ///
    /// | the body | the id field |
    /// |---|---|
    /// | has a date and a fix letter after 15 characters | these 15 characters |
    /// | has a date, a fix letter and a latitude elsewhere | the characters before the first one |
    /// | has no such date | not found: there is no block |
    #[inline]
    fn find(body: &'a [u8]) -> Option<Self> {
        if let Some((field, block)) = body.split_at_checked(ID_FIELD) {
            if let Some((date, [b'A' | b'V', ..])) = block.split_at_checked(DATE) {
                if is_date(date) {
                    return Some(Self { field, block });
                }
            }
        }
        let letters = body
            .iter()
            .enumerate()
            .filter(|(_, letter)| matches!(letter, b'A' | b'V'));
        letters
            .filter_map(|(at, _)| body.split_at_checked(at))
            .find_map(|(before, _)| {
                let before = before.strip_suffix(b",").unwrap_or(before);
                let (field, block) = body.split_at_checked(before.len().checked_sub(DATE)?)?;
                (is_date(block.get(..DATE)?) && LocationBlock::read(block).latitude.is_some())
                    .then_some(Self { field, block })
            })
    }
}

fn is_date(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b' '))
}
