//! The one list of the protocols.
//!
//! A protocol is one folder under `src/protocol`, one entry in this list, the declaration of its
//! module in `src/protocol.rs`, and one cargo feature. `docs/adding-a-protocol.md` walks through it
//! with a complete example, which `.ci/toy` adds to the crate and tests.
//!
//! The modules are declared beside the list, not by it, because `rustfmt` does not find modules
//! that a macro declares.

/// Calls the macro `$callback` with `$args`, if there are any, and then the list.
///
/// The entry of a protocol has its documentation, its name as a variant of `Protocol` and `Frame`,
/// its module under `protocol`, its number for other languages, which is never reused, and whether
/// the crate is built to find its frames:
///
/// ```text
/// #[doc = "..."] Name { module: name, number: 6, enabled: cfg!(feature = "name") }
/// ```
///
/// All modules are compiled in every build. The optimiser drops code that is only reached if
/// `enabled` is true.
///
/// The module of a protocol must have these items:
///
/// ```text
/// pub const MAX_REPLY_LEN: usize; // 0 if nothing is answered
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// #[cfg_attr(feature = "defmt", derive(defmt::Format))]
/// pub struct Frame<'a>; // over the borrowed bytes
/// impl<'a> Frame<'a> {
///     pub const fn as_bytes(&self) -> &'a [u8];
///     pub fn direction(&self) -> Option<Direction>; // any of these `const`
///     pub fn message_type(&self) -> Option<MessageType<'a>>;
///     pub fn device_id(&self) -> Option<DeviceId>;
///     pub fn serial(&self) -> Option<u16>;
///     pub fn body(&self) -> &'a [u8];
///     pub fn message(&self) -> Message<'a>;
///     pub fn reply(&self, now: Option<DateTime>) -> Option<Message<'a>>;
///     pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self; // does not check them
/// }
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// #[cfg_attr(feature = "defmt", derive(defmt::Format))]
/// pub enum Message<'a>;
/// impl Message<'_> {
///     pub fn device_id(&self) -> Option<DeviceId>;
///     pub fn encoded_len(&self) -> usize;
///     pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError>;
/// }
///
/// pub(crate) struct Framer; // implements `Wire`, and `Grammar` if its frames are text
///
/// // All `pub(crate)`, any of them `const`:
/// fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a>;
/// type Neighbours<'a>: Iterator<Item = NeighbourCell> + Clone;
/// fn neighbours<'a>(bytes: &'a [u8]) -> Neighbours<'a>;
/// type RecordIter<'a>: Iterator<Item = Record<'a>> + Clone;
/// fn records<'a>(bytes: &'a [u8]) -> RecordIter<'a>;
/// fn details<'a>(frame: &Frame<'a>) -> Details<'a>;
/// fn tag(frame: &Frame<'_>) -> Option<u32>;
/// type AccessPointIter<'a>: Iterator<Item = AccessPoint<'a>> + Clone;
/// fn access_points<'a>(bytes: &'a [u8]) -> AccessPointIter<'a>;
/// fn reply(frame: &Frame<'_>, peer: &mut Peer, now: Option<DateTime>, out: &mut [u8])
///     -> Option<usize>;
/// fn command(command: &Command<'_>, peer: &Peer, now: Option<DateTime>, out: &mut [u8])
///     -> Result<usize, CommandError>;
/// fn uplink(uplink: &Uplink<'_>, device: &Device, out: &mut [u8]) -> Result<Sent, UplinkError>;
/// fn downlink<'a>(frame: &Frame<'a>) -> Option<device::Downlink<'a>>;
/// ```
///
/// * `report` sets the direction of a frame that only servers send to `Down`, whatever it is given.
/// * `bytes` are what the protocol gave to `Cells::new`, `Records::new` or `AccessPoints::new`.
/// * `reply` is called with frames that travel up, after the session has noted the device.
/// * `reply` and `command` write to the front of `out` and return how many bytes they wrote. `out`
///   of a reply has room for `MAX_REPLY_LEN` bytes.
macro_rules! for_each_protocol {
    ($callback:ident $($args:tt)*) => {
        $callback! { $($args)*
            #[doc = "The original binary protocol, `68 68`: [`gt02`](crate::protocol::gt02)."]
            Gt02 { module: gt02, number: 1, enabled: true }
            #[doc = "Binary with a checksum, `78 78` and `79 79`: [`gt06`](crate::protocol::gt06)."]
            Gt06 { module: gt06, number: 2, enabled: cfg!(feature = "gt06") }
            #[doc = "Text in parentheses, `(...)`: [`tk103`](crate::protocol::tk103)."]
            Tk103 { module: tk103, number: 3, enabled: cfg!(feature = "tk103") }
            #[doc = "Text between `#` signs, `#...##`: [`v680`](crate::protocol::v680)."]
            V680 { module: v680, number: 4, enabled: cfg!(feature = "v680") }
            #[doc = "Text with commas, `*HQ,...#`: [`h02`](crate::protocol::h02)."]
            H02 { module: h02, number: 5, enabled: cfg!(feature = "h02") }
        }
    };
}
