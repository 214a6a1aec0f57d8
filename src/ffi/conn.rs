//! Connections: items out of bytes, replies, commands.

use super::{
    deadline::Timer, gt02_status, item::gt02_item, memory, memory::plain, numbers::*, status_of,
    values::gt02_slice,
};
use crate::{
    decoder::LentDecoder,
    protocol::Frame,
    scan::Item,
    session::{Command, CommandError, Reply, Session},
    sniff::{Sniff, sniff, sniff_datagram},
    types::{DateTime, Direction, UtcOffset},
};
use core::{ffi::c_char, mem::MaybeUninit, slice};

/// One connection, or one UDP peer. It lies at the front of a block of the caller's; the bytes
/// that follow it there are its buffer. Nothing in it points into the block.
pub struct gt02_conn {
    /// [`MARK`], once it was set up.
    mark: u32,
    options: u32,
    /// Bytes of the buffer.
    carry: usize,
    /// A date that exists, if it is there.
    now: Option<DateTime>,
    pub(super) decoder: LentDecoder,
    pub(super) session: Session,
    /// The reply of the last item, which points here.
    reply: Option<Reply>,
    /// `None` until there is a clock.
    pub(super) timer: Option<Timer>,
}

/// `gt02`.
const MARK: u32 = 0x6774_3032;

/// The alignment of a block: that of the array which `GT02_CONN_STORAGE` of the header declares.
const ALIGNMENT: usize = align_of::<u64>();

/// The smallest buffer.
const MIN_CARRY: usize = 64;

const ALL_OPTIONS: u32 = GT02_OPTION_BAD_CHECKSUMS | GT02_OPTION_REPLY_TO_ALL | GT02_OPTION_DOWN;

/// What `GT02_CONN_SIZE` of the header adds to the buffer.
const HEADER_SIZE: usize = 1536;

const _: () = assert!(align_of::<gt02_conn>() <= ALIGNMENT);
const _: () = assert!(size_of::<gt02_conn>() <= HEADER_SIZE);

/// What a call works with.
pub(super) struct Parts<'c> {
    pub(super) conn: &'c mut gt02_conn,
    pub(super) buffer: &'c mut [u8],
}

/// The connection and its buffer; `None` if it is NULL, misaligned, or was not set up.
///
/// # Safety
/// A pointer that is not NULL comes from [`gt02_conn_init`], and nobody else uses the block while
/// the parts live.
#[inline(always)]
pub(super) unsafe fn parts<'c>(conn: *mut gt02_conn) -> Option<Parts<'c>> {
    // SAFETY: as the caller promises.
    unsafe { shared(conn) }?;
    // SAFETY: `gt02_conn_init` made it, and the buffer after it, whose length it knows;
    // they do not overlap. Both are initialised.
    unsafe {
        let buffer = slice::from_raw_parts_mut(conn.add(1).cast::<u8>(), (*conn).carry);
        let conn = &mut *conn;
        Some(Parts { conn, buffer })
    }
}

/// The connection, to be read; `None` as for [`parts`].
///
/// # Safety
/// As [`parts`], but others may read it, too.
#[inline(always)]
unsafe fn shared<'c>(conn: *const gt02_conn) -> Option<&'c gt02_conn> {
    if conn.is_null() || !conn.addr().is_multiple_of(ALIGNMENT) {
        return None;
    }
    // SAFETY: it is not NULL and aligned; the caller promises the rest.
    let conn = unsafe { &*conn };
    (conn.mark == MARK).then_some(conn)
}

/// Bytes of storage for a connection with a buffer of `carry` bytes, exactly.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_conn_size(carry: usize) -> usize {
    size_of::<gt02_conn>().saturating_add(carry.max(MIN_CARRY))
}

/// Sets a connection up in `storage`, which is aligned as a `u64` is. What it does not need of
/// `size` is its buffer. Returns NULL if the storage is NULL, misaligned, or too small, or if an
/// option is not defined.
///
/// # Safety
/// `storage`, if it is not NULL, has `size` bytes that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_init(
    storage: *mut core::ffi::c_void,
    size: usize,
    options: u32,
) -> *mut gt02_conn {
    let conn = storage.cast::<gt02_conn>();
    let is_aligned = storage.addr().is_multiple_of(ALIGNMENT);
    let carry = size.checked_sub(size_of::<gt02_conn>());
    let carry = carry.filter(|carry| (MIN_CARRY..=isize::MAX as usize).contains(carry));
    let (Some(carry), true) = (carry, is_aligned && options & !ALL_OPTIONS == 0) else {
        return core::ptr::null_mut();
    };
    if conn.is_null() {
        return conn;
    }
    let mut session = Session::new();
    if options & GT02_OPTION_REPLY_TO_ALL != 0 {
        session = session.reply_to_all();
    }
    // SAFETY: the storage has room for the connection and the buffer, and is aligned. The buffer is
    // initialised too, since references to it are made.
    unsafe {
        conn.write(gt02_conn {
            mark: MARK,
            options,
            carry,
            now: None,
            decoder: LentDecoder::new(options & GT02_OPTION_BAD_CHECKSUMS != 0),
            session,
            reply: None,
            timer: None,
        });
        conn.add(1).cast::<u8>().write_bytes(0, carry);
    }
    conn
}

/// Sets the server's clock, in seconds since 1970 UTC, for replies and commands that carry the
/// time. `GT02_ERR_RANGE` if it is not in the years 2000 to 2255; then none is known.
///
/// # Safety
/// As [`gt02_conn_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_set_time(conn: *mut gt02_conn, unix_time: i64) -> gt02_status {
    // SAFETY: as the caller promises.
    let Some(Parts { conn, .. }) = (unsafe { parts(conn) }) else {
        return GT02_ERR_ARGUMENT;
    };
    conn.now = DateTime::from_unix(unix_time, UtcOffset::UTC);
    match conn.now {
        Some(_) => GT02_DONE,
        None => GT02_ERR_RANGE,
    }
}

impl gt02_conn {
    /// Hands an item over: handles a frame, and writes what came of it.
    ///
    /// # Safety
    /// The place has `size` bytes that may be written, and [`memory::is_place`].
    #[inline(never)]
    pub(super) unsafe fn give(
        &mut self,
        found: Option<Item<'_>>,
        place: *mut gt02_item,
        size: usize,
    ) -> gt02_status {
        // SAFETY: as the caller promises.
        unsafe { self.give_quickly(found, place, size) }
    }

    /// [`give`](Self::give) without a call, for the one function that takes most items. Where flash
    /// is scarce, it is called.
    ///
    /// # Safety
    /// As [`give`](Self::give).
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    unsafe fn give_quickly(
        &mut self,
        found: Option<Item<'_>>,
        place: *mut gt02_item,
        size: usize,
    ) -> gt02_status {
        let Some(found) = found else {
            return GT02_DONE;
        };
        let mut room = MaybeUninit::uninit();
        // SAFETY: as the caller promises.
        let item = unsafe { memory::begin(place, size, &mut room) };
        match &found {
            Item::Frame(frame) => self.give_frame(frame, item),
            Item::Noise(noise) => item.set_noise(noise, self.direction()),
        }
        // SAFETY: as the caller promises.
        unsafe { memory::end(place, size, item) };
        GT02_ITEM
    }

    /// Handles a frame, and writes what came of it.
    #[inline(always)]
    fn give_frame(&mut self, frame: &Frame<'_>, item: &mut gt02_item) {
        if let Some(timer) = &mut self.timer {
            timer.deadlines.note_frame(timer.now);
        }
        let outcome = match self.direction() {
            Direction::Up => self.session.handle_with(frame, self.now),
            Direction::Down => self.session.observe_downlink(frame),
        };
        item.set_frame(&outcome, frame.as_bytes());
        if self.options & GT02_OPTION_BAD_CHECKSUMS != 0 {
            item.mark_bad_checksum(frame);
        }
        // By reference: what is moved is copied, report and all.
        if let Some(reply) = &outcome.reply {
            item.reply = gt02_slice::new(self.reply.insert(reply.clone()));
        }
    }

    /// Where the bytes go.
    const fn direction(&self) -> Direction {
        match self.options & GT02_OPTION_DOWN {
            0 => Direction::Up,
            _ => Direction::Down,
        }
    }
}

/// Takes the next item out of the stream, which goes on with `data[*pos]` to `data[len - 1]`, and
/// moves `*pos` past the bytes that were used.
///
/// # Safety
/// A connection that is not NULL comes from [`gt02_conn_init`], and nobody else uses it now;
/// `data`, `pos` and `item`, if they are not NULL, point to what they say, outside of its block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_next(
    conn: *mut gt02_conn,
    data: *const u8,
    len: usize,
    pos: *mut usize,
    item: *mut gt02_item,
    item_size: usize,
) -> gt02_status {
    if !memory::is_place(item, item_size) {
        return GT02_ERR_ARGUMENT;
    }
    // SAFETY: as the caller promises.
    let Some(Parts { conn, buffer }) = (unsafe { parts(conn) }) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    let Some(Input { bytes, at }) = (unsafe { input(data, len, pos) }) else {
        return GT02_ERR_ARGUMENT;
    };
    let mut rest = bytes.get(*at..).unwrap_or_default();
    if let Some(timer) = conn.timer.as_mut().filter(|_| !rest.is_empty()) {
        timer.note_bytes();
    }
    let found = conn.decoder.decode(buffer, &mut rest);
    *at = len.wrapping_sub(rest.len());
    // SAFETY: as the caller promises.
    unsafe { conn.give_quickly(found, item, item_size) }
}

/// Decides what is pending if no byte follows: at the end of the connection, or after a silence so
/// long that the rest of a frame will not come.
///
/// # Safety
/// As [`gt02_conn_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_finish(
    conn: *mut gt02_conn,
    item: *mut gt02_item,
    item_size: usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let parts = unsafe { parts(conn) };
    let (Some(Parts { conn, buffer }), true) = (parts, memory::is_place(item, item_size)) else {
        return GT02_ERR_ARGUMENT;
    };
    let found = conn.decoder.finish(buffer);
    // SAFETY: as the caller promises.
    unsafe { conn.give(found, item, item_size) }
}

/// Takes the next item out of a datagram, which begins at `*pos` 0. Nothing but the device is kept
/// from one datagram to the next.
///
/// # Safety
/// As [`gt02_conn_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_datagram(
    conn: *mut gt02_conn,
    data: *const u8,
    len: usize,
    pos: *mut usize,
    item: *mut gt02_item,
    item_size: usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let (conn, input) = unsafe { (parts(conn), input(data, len, pos)) };
    let (Some(Parts { conn, .. }), Some(Input { bytes, at }), true) =
        (conn, input, memory::is_place(item, item_size))
    else {
        return GT02_ERR_ARGUMENT;
    };
    let Ok(found) = conn.decoder.datagram(bytes, at) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    unsafe { conn.give(found, item, item_size) }
}

/// Bytes, and an offset in them or at their end.
struct Input<'i> {
    bytes: &'i [u8],
    at: &'i mut usize,
}

/// # Safety
/// `data`, if it is not NULL, points to `len` bytes, and `pos` to an offset, which nobody else
/// uses while the input lives.
#[inline(always)]
unsafe fn input<'i>(data: *const u8, len: usize, pos: *mut usize) -> Option<Input<'i>> {
    if pos.is_null() || !pos.is_aligned() {
        return None;
    }
    // SAFETY: as the caller promises; C sets the offset before the call.
    let (bytes, at) = unsafe { (memory::bytes(data, len)?, &mut *pos) };
    (*at <= len).then_some(Input { bytes, at })
}

/// The bytes that are kept because they may be the beginning of a frame.
///
/// # Safety
/// As [`gt02_conn_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_pending(conn: *mut gt02_conn) -> gt02_slice {
    // SAFETY: as the caller promises.
    match unsafe { parts(conn) } {
        Some(Parts { conn, buffer }) => gt02_slice::new(conn.decoder.pending(buffer)),
        None => gt02_slice::EMPTY,
    }
}

/// How many bytes are kept.
///
/// # Safety
/// As [`gt02_conn_next`], but others may read the connection, too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_pending_len(conn: *const gt02_conn) -> usize {
    // SAFETY: as the caller promises.
    unsafe { shared(conn) }.map_or(0, |conn| conn.decoder.pending_len())
}

/// The protocol that commands are written in, `GT02_PROTOCOL_...`; 0 if it is not known yet.
///
/// # Safety
/// As [`gt02_conn_pending_len`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_protocol(conn: *const gt02_conn) -> u8 {
    // SAFETY: as the caller promises.
    let conn = unsafe { shared(conn) };
    conn.and_then(|conn| conn.session.protocol())
        .map_or(0, |protocol| protocol as u8)
}

/// Writes the digits of the device that commands are for, and a NUL. Returns how many digits there
/// are; 0 if it is not known yet.
///
/// # Safety
/// As [`gt02_conn_pending_len`]; `out`, if it is not NULL, has `room` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_device(
    conn: *const gt02_conn,
    out: *mut c_char,
    room: usize,
) -> usize {
    // SAFETY: as the caller promises.
    let device = unsafe { shared(conn) }.and_then(|conn| conn.session.device());
    // SAFETY: as the caller promises.
    unsafe { memory::write_option(out, room, device) }
}

/// Makes `conn` know the device that `other` knows: for the two directions of one connection.
///
/// # Safety
/// As [`gt02_conn_next`], for both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_know(
    conn: *mut gt02_conn,
    other: *const gt02_conn,
) -> gt02_status {
    if core::ptr::eq(conn, other) {
        return GT02_ERR_ARGUMENT;
    }
    // SAFETY: as the caller promises; they are two.
    let both = unsafe { (parts(conn), shared(other)) };
    let (Some(Parts { conn, .. }), Some(other)) = both else {
        return GT02_ERR_ARGUMENT;
    };
    conn.session.clone_from(&other.session);
    GT02_DONE
}

/// Identifies the protocol of the first bytes of a connection: `GT02_PROTOCOL_...`,
/// `GT02_SNIFF_MORE` or `GT02_SNIFF_FOREIGN`; `GT02_ERR_ARGUMENT` for NULL.
///
/// # Safety
/// `data`, if it is not NULL, points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sniff(data: *const u8, len: usize) -> i32 {
    // SAFETY: as the caller promises.
    match unsafe { memory::bytes(data, len) }.map(sniff) {
        None => GT02_ERR_ARGUMENT,
        Some(Sniff::NeedMore) => GT02_SNIFF_MORE,
        Some(Sniff::Foreign) => GT02_SNIFF_FOREIGN,
        Some(Sniff::Protocol(protocol)) => i32::from(protocol as u8),
    }
}

/// Identifies the protocol of a whole datagram: `GT02_PROTOCOL_...` or `GT02_SNIFF_FOREIGN`.
///
/// # Safety
/// As [`gt02_sniff`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sniff_datagram(data: *const u8, len: usize) -> i32 {
    // SAFETY: as the caller promises.
    match unsafe { memory::bytes(data, len) }.map(sniff_datagram) {
        None => GT02_ERR_ARGUMENT,
        Some(None) => GT02_SNIFF_FOREIGN,
        Some(Some(protocol)) => i32::from(protocol as u8),
    }
}

/// A command to a device. All zeros say nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_command {
    /// The text of `GT02_COMMAND_TEXT`, printable ASCII.
    pub text: gt02_slice,
    /// The seconds of `GT02_COMMAND_INTERVAL`.
    pub number: u32,
    /// `GT02_COMMAND_...`.
    pub what: u8,
    /// 0.
    pub reserved: [u8; 3],
}

plain! { gt02_command: size_of::<gt02_command>() }

/// Writes a command for the device, in the protocol that it speaks. `*written` is its length, also
/// if there is too little room.
///
/// # Safety
/// As [`gt02_conn_pending_len`]; the other pointers, if they are not NULL, point to what they say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_command(
    conn: *const gt02_conn,
    command: *const gt02_command,
    command_size: usize,
    out: *mut u8,
    room: usize,
    written: *mut usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let (conn, command, out) = unsafe {
        (
            shared(conn),
            memory::read(command, command_size),
            memory::room(out, room),
        )
    };
    let (Some(conn), Some(command), Some(out), false) = (conn, command, out, written.is_null())
    else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: the text is what the caller says, too.
    let Some(text) = (unsafe { memory::bytes(command.text.ptr, command.text.len) }) else {
        return GT02_ERR_ARGUMENT;
    };
    let Ok(text) = core::str::from_utf8(text) else {
        return GT02_ERR_SYNTAX;
    };
    let command = match command.what {
        GT02_COMMAND_TEXT => Command::Text(text),
        GT02_COMMAND_CUT_RELAY => Command::CutRelay,
        GT02_COMMAND_RESTORE_RELAY => Command::RestoreRelay,
        GT02_COMMAND_LOCATE => Command::Locate,
        GT02_COMMAND_INTERVAL => match command.number.try_into() {
            Ok(seconds) => Command::Interval { seconds },
            Err(_) => return GT02_ERR_RANGE,
        },
        GT02_COMMAND_CLEAR_ALARMS => Command::ClearAlarms,
        _ => return GT02_ERR_ARGUMENT,
    };
    let encoded = match conn.now {
        Some(now) => conn.session.command_at(&command, now, out),
        None => conn.session.command(&command, out),
    };
    let mut len = 0;
    let status = match encoded {
        Ok(encoded) => {
            len = encoded;
            GT02_DONE
        }
        Err(CommandError::NoProtocol) => GT02_ERR_NO_PROTOCOL,
        Err(CommandError::NoTime) => GT02_ERR_NO_TIME,
        Err(CommandError::InvalidTime) => GT02_ERR_RANGE,
        Err(CommandError::Unsupported { .. }) => GT02_ERR_UNSUPPORTED,
        // No command here is one of these.
        Err(CommandError::Sms(_)) => GT02_ERR_UNSUPPORTED,
        Err(CommandError::Encode(error)) => status_of(error, &mut len),
    };
    // SAFETY: it is not NULL; the caller promises the rest.
    unsafe { written.write_unaligned(len) };
    status
}
