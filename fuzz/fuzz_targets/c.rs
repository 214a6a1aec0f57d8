//! Calls the C interface in any order, with any sizes, on blocks of exactly their size, so that the
//! address sanitizer sees each byte too many. What an item points to is read before the next call;
//! the read that it came from is freed right after.
//!
//! No byte of a stream is lost, and what was written stays within the size that was given.
#![no_main]

use gt02::ffi::*;
use libfuzzer_sys::fuzz_target;
use std::{ffi::c_char, ptr};

/// Takes choices from the end of the input, so that its front stays a stream of frames.
struct Choices<'d>(&'d [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&last, rest)) = self.0.split_last() else {
            return 0;
        };
        self.0 = rest;
        last
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }
}

/// A block of the caller's, of exactly that many bytes, aligned to 8.
struct Block {
    at: *mut u8,
    layout: std::alloc::Layout,
}

impl Block {
    fn new(size: usize, fill: u8) -> Self {
        let layout = std::alloc::Layout::from_size_align(size.max(1), 8).unwrap();
        // SAFETY: the size is not 0, and the block has as many bytes.
        let at = unsafe { std::alloc::alloc(layout) };
        assert!(!at.is_null());
        // SAFETY: the block has as many bytes.
        unsafe { at.write_bytes(fill, layout.size()) };
        Self { at, layout }
    }

    /// A copy of the bytes at another place.
    fn moved(&self) -> Self {
        let other = Self::new(self.layout.size(), 0);
        // SAFETY: both have as many bytes, and are two.
        unsafe { ptr::copy_nonoverlapping(self.at, other.at, self.layout.size()) };
        other
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: it was allocated so.
        unsafe { std::alloc::dealloc(self.at, self.layout) };
    }
}

/// The bytes of a slice of an item whose bytes are still there.
fn bytes(slice: gt02_slice) -> Vec<u8> {
    if slice.len == 0 {
        assert!(slice.ptr.is_null());
        return Vec::new();
    }
    // SAFETY: the library says so, and the sanitizer checks it.
    unsafe { std::slice::from_raw_parts(slice.ptr, slice.len) }.to_vec()
}

/// Reads all that an item gives, into rooms of exactly the size that is told.
fn read_all(item: *const gt02_item, choices: &mut Choices<'_>) {
    let room = choices.below(40);
    // SAFETY: the item is the library's, and each room has the size that is told.
    unsafe {
        for which in 0..7 {
            let mut text = vec![0xFF_u8; room];
            let out = text.as_mut_ptr().cast::<c_char>();
            let len = gt02_item_string(item, which, out, room);
            if room > 0 {
                let end = text.iter().position(|&byte| byte == 0);
                assert!(end.is_some_and(|end| end <= len), "cut, and ended by NUL");
                assert!(std::str::from_utf8(&text[..end.unwrap()]).is_ok());
            }
        }
        let size = size_of::<gt02_details>() + 8 * choices.below(3);
        let details = Block::new(size, 0xFF);
        gt02_item_details(item, details.at.cast(), size);
        let room = choices.below(5);
        let cells = Block::new(room * size_of::<gt02_cell>(), 0xFF);
        gt02_item_cells(item, cells.at.cast(), size_of::<gt02_cell>(), room);
        let records = Block::new(room * size_of::<gt02_record>(), 0xFF);
        let count = gt02_item_records(item, records.at.cast(), size_of::<gt02_record>(), room);
        gt02_record_cells(
            item,
            count / 2,
            cells.at.cast(),
            size_of::<gt02_cell>(),
            room,
        );
        let size = size_of::<gt02_access_point>();
        let points = Block::new(room * size, 0xFF);
        gt02_item_access_points(item, points.at.cast(), size, room);
    }
}

/// Commands, ids and what else only reads a connection.
fn ask(conn: *mut gt02_conn, other: *const gt02_conn, choices: &mut Choices<'_>) {
    let words = b"STATUS#";
    let command = gt02_command {
        text: gt02_slice {
            ptr: words.as_ptr(),
            len: choices.below(words.len() + 1),
        },
        number: choices.byte().into(),
        what: choices.byte() % 8,
        reserved: [0; 3],
    };
    let room = choices.below(100);
    let mut out = vec![0_u8; room];
    let mut written = 0;
    let size = size_of::<gt02_command>();
    // SAFETY: both connections were set up, or are NULL; the rooms have their sizes.
    unsafe {
        let status = gt02_conn_command(conn, &command, size, out.as_mut_ptr(), room, &mut written);
        assert!(status != GT02_DONE || written <= room);
        gt02_conn_device(conn, out.as_mut_ptr().cast(), room);
        gt02_conn_know(conn, other);
        gt02_conn_set_time(conn, i64::from(choices.byte()) << 24);
        gt02_conn_set_clock(conn, u64::from(choices.byte()) << 14);
        assert!(gt02_conn_deadline(conn) >= -1);
        bytes(gt02_conn_pending(conn));
    }
}

fuzz_target!(|data: &[u8]| {
    let at = data.len() - data.len() / 4;
    let (stream, choices) = data.split_at(at);
    let mut choices = Choices(choices);
    let options = u32::from(choices.byte()) % 9;
    let size = gt02_conn_size(choices.below(4) * 100);
    let mut block = Block::new(size, choices.byte());
    // SAFETY: the block has as many bytes.
    let conn = unsafe { gt02_conn_init(block.at.cast(), size, options) };
    if conn.is_null() {
        assert!(options > 7);
        return;
    }
    let other = Block::new(size, 0);
    // SAFETY: as above.
    let other = unsafe { gt02_conn_init(other.at.cast(), size, 0) }.cast_const();
    let (mut found, mut fed) = (Vec::new(), 0);
    loop {
        // SAFETY: moving is allowed while no item is in use.
        if choices.byte() % 8 == 1 {
            block = block.moved();
        }
        let conn = block.at.cast::<gt02_conn>();
        let rest = &stream[fed..];
        // At the end, and sometimes before.
        let ends = rest.is_empty() || choices.byte() % 16 == 15;
        let is_timeout = !rest.is_empty() && ends && choices.byte() % 2 == 0;
        let len = if ends {
            0
        } else {
            rest.len().min(1 + choices.below(200))
        };
        let read = rest[..len].to_vec().into_boxed_slice();
        // A later version has more; none has less than the first one.
        let item_size = match choices.byte() % 8 {
            7 => size_of::<gt02_item>() - 8,
            more => size_of::<gt02_item>() + 8 * usize::from(more),
        };
        let item = Block::new(item_size, 0xFF);
        let place = item.at.cast::<gt02_item>();
        let mut pos = 0;
        loop {
            // SAFETY: the rooms have the sizes that are told.
            let status = unsafe {
                if is_timeout {
                    gt02_conn_timeout(conn, place, item_size)
                } else if ends {
                    gt02_conn_finish(conn, place, item_size)
                } else {
                    gt02_conn_next(conn, read.as_ptr(), len, &mut pos, place, item_size)
                }
            };
            assert!(pos <= len);
            if item_size < size_of::<gt02_item>() {
                assert_eq!(status, GT02_ERR_ARGUMENT, "smaller than the first version");
                break;
            }
            assert!(status == GT02_ITEM || status == GT02_DONE);
            if status == GT02_DONE {
                break;
            }
            // SAFETY: the library has written all of it.
            let written = unsafe { place.read() };
            found.extend(bytes(written.bytes));
            assert!(bytes(written.reply).len() < 200);
            read_all(place, &mut choices);
        }
        if item_size >= size_of::<gt02_item>() {
            assert_eq!(pos, len);
            fed += pos;
            if rest.is_empty() {
                break;
            }
        }
        ask(
            conn,
            if choices.byte() % 2 == 0 {
                other
            } else {
                ptr::null()
            },
            &mut choices,
        );
    }
    assert_eq!(found, stream, "no byte is lost");
});
