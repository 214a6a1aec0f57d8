//! Between pointers of C and references: all that is checked of what C passes.
//!
//! What cannot be checked is a promise of the header: a pointer that is not NULL points to as many
//! bytes as its length says, nobody else writes to them during the call, and storage of a
//! connection was set up by `gt02_conn_init`.

use core::{
    ffi::{CStr, c_char},
    fmt,
    mem::MaybeUninit,
    ptr, slice,
};

/// A structure of the header.
///
/// # Safety
/// It has only integers and pointers, so bytes of any value are one, and zeros are one that says
/// nothing.
pub(super) unsafe trait Plain: Copy {
    /// Its size in the first version of the library that had it. It has only grown since.
    const FIRST_SIZE: usize;
}

macro_rules! plain {
    ($($name:ty: $size:expr),* $(,)?) => {$(
        // SAFETY: the structure has only integers and pointers, and structures of these.
        unsafe impl $crate::ffi::memory::Plain for $name {
            const FIRST_SIZE: usize = $size;
        }
    )*};
}
pub(super) use plain;

/// Writes a structure to `place`, which has `size` bytes: cut if these are fewer than it has,
/// followed by zeros if they are more. Returns `false`, and writes nothing, if the place is NULL or
/// misaligned, or smaller than the first version of the structure.
///
/// # Safety
/// A place that is not NULL has `size` bytes that may be written.
#[inline(always)]
pub(super) unsafe fn write<T: Plain>(
    place: *mut T,
    size: usize,
    value: impl FnOnce() -> T,
) -> bool {
    if !is_place(place, size) {
        return false;
    }
    // SAFETY: it is a place, and the caller promises the rest.
    unsafe { fill(place, size, |structure| *structure = value()) };
    true
}

/// Fills a structure in at `place`, which has `size` bytes. All is 0 before; it is cut as by
/// [`write`], which this does without a check of the place.
///
/// # Safety
/// The place has `size` bytes that may be written, and [`is_place`].
#[inline(always)]
pub(super) unsafe fn fill<T: Plain>(place: *mut T, size: usize, fill: impl FnOnce(&mut T)) {
    let mut room = MaybeUninit::uninit();
    // SAFETY: as the caller promises.
    unsafe {
        let structure = begin(place, size, &mut room);
        fill(structure);
        end(place, size, structure);
    }
}

/// A structure of zeros to be filled in, and then given to [`end`]: at `place`, or in the `room` if
/// that is cut.
///
/// # Safety
/// As [`fill`]; nobody else uses the place while the structure lives.
#[inline(always)]
pub(super) unsafe fn begin<T: Plain>(
    place: *mut T,
    size: usize,
    room: &mut MaybeUninit<T>,
) -> &mut T {
    // Filled in where it belongs, if it fits, for it is large.
    let target = if is_cut::<T>(size) {
        room.as_mut_ptr()
    } else {
        place
    };
    // SAFETY: the target has room for a structure, and is aligned. Zeros are a `Plain` structure,
    // so there is one before the reference is made.
    unsafe {
        target.write_bytes(0, 1);
        &mut *target
    }
}

/// Brings a structure of [`begin`] to its place.
///
/// # Safety
/// It is of that place and size.
#[inline(always)]
pub(super) unsafe fn end<T: Plain>(place: *mut T, size: usize, structure: &T) {
    if is_cut::<T>(size) {
        // SAFETY: the structure has more than `size` bytes, and they are initialised; it does not
        // overlap the place.
        unsafe {
            ptr::copy_nonoverlapping((&raw const *structure).cast::<u8>(), place.cast(), size)
        };
    } else if size > size_of::<T>() {
        let rest = size.wrapping_sub(size_of::<T>());
        // SAFETY: the bytes from the end of the structure to `size` may be written.
        unsafe { place.add(1).cast::<u8>().write_bytes(0, rest) };
    }
}

const fn is_cut<T>(size: usize) -> bool {
    size < size_of::<T>()
}

/// Whether a structure can be written to, or read from, a place of `size` bytes.
#[inline(always)]
pub(super) fn is_place<T: Plain>(place: *const T, size: usize) -> bool {
    !place.is_null() && place.is_aligned() && size >= T::FIRST_SIZE
}

/// Reads a structure from `place`, which has `size` bytes: what it does not have is 0. Returns
/// `None` if the place is NULL or misaligned, smaller than the first version of the structure, or
/// says something that this version does not know.
///
/// # Safety
/// A place that is not NULL has `size` bytes that may be read.
pub(super) unsafe fn read<T: Plain>(place: *const T, size: usize) -> Option<T> {
    if !is_place(place, size) {
        return None;
    }
    let known = size.min(size_of::<T>());
    // SAFETY: the bytes after the structure, up to `size`, may be read; there are none if it is
    // cut.
    let unknown = unsafe {
        slice::from_raw_parts(
            place.cast::<u8>().add(known),
            size.saturating_sub(size_of::<T>()),
        )
    };
    if unknown.iter().any(|&byte| byte != 0) {
        return None;
    }
    // SAFETY: zeros are a `Plain` structure.
    let mut value = unsafe { core::mem::zeroed::<T>() };
    // SAFETY: both have `known` bytes; a local value does not overlap the place.
    unsafe { ptr::copy_nonoverlapping(place.cast::<u8>(), (&raw mut value).cast(), known) };
    Some(value)
}

/// The bytes at `data`. `None` if it is NULL and the length is not 0, or if no object has as many.
///
/// # Safety
/// `data`, if it is not NULL, points to `len` bytes that nobody writes to while the slice lives.
#[inline(always)]
pub(super) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Option<&'a [u8]> {
    if data.is_null() {
        return if len == 0 { Some(&[]) } else { None };
    }
    if len > isize::MAX as usize {
        return None;
    }
    // SAFETY: the pointer is not NULL, bytes need no alignment, and the caller vouches for the
    // length.
    Some(unsafe { slice::from_raw_parts(data, len) })
}

/// Room for `len` bytes of output, which is cleared: memory of C may be uninitialised. `None` as
/// for [`bytes`].
///
/// # Safety
/// `out`, if it is not NULL, points to `room` bytes that nobody else uses while the slice lives.
pub(super) unsafe fn room<'a>(out: *mut u8, room: usize) -> Option<&'a mut [u8]> {
    if out.is_null() {
        return if room == 0 { Some(&mut []) } else { None };
    }
    if room > isize::MAX as usize {
        return None;
    }
    // SAFETY: there are as many bytes, which may be written; then they are initialised.
    unsafe {
        out.write_bytes(0, room);
        Some(slice::from_raw_parts_mut(out, room))
    }
}

/// The text at `text`, which ends with NUL; empty if it is NULL. `None` if it is not UTF-8.
///
/// # Safety
/// `text`, if it is not NULL, ends with NUL, and nobody writes to it while the text lives.
pub(super) unsafe fn text<'a>(text: *const c_char) -> Option<&'a str> {
    if text.is_null() {
        return Some("");
    }
    // SAFETY: it ends with NUL.
    unsafe { CStr::from_ptr(text) }.to_str().ok()
}

/// Writes elements to an array of `room` elements, each of `size` bytes. Returns how many there
/// are, or 0 if the elements are smaller than the first version of their structure.
///
/// # Safety
/// `array`, if it is not NULL, has room for `room` elements of `size` bytes.
pub(super) unsafe fn write_all<T: Plain>(
    array: *mut T,
    size: usize,
    room: usize,
    elements: impl Iterator<Item = T>,
) -> usize {
    let mut count = 0_usize;
    for element in elements {
        if count < room && !array.is_null() {
            let place = array.cast::<u8>().wrapping_add(count.wrapping_mul(size));
            // SAFETY: the element `count` is one of the array.
            if !unsafe { write(place.cast::<T>(), size, || element) } {
                return 0;
            }
        }
        count = count.saturating_add(1);
    }
    count
}

/// Writes a text as UTF-8, cut at a character so that a NUL fits in, and that NUL. Returns the
/// bytes of the whole text.
///
/// # Safety
/// `out`, if it is not NULL, has `room` bytes that may be written.
pub(super) unsafe fn write_text(out: *mut c_char, room: usize, text: impl fmt::Display) -> usize {
    let room = if out.is_null() { 0 } else { room };
    let mut writer = TextWriter {
        out: out.cast(),
        room: room.saturating_sub(1),
        written: 0,
        len: 0,
    };
    // The writer does not fail.
    let _ = fmt::Write::write_fmt(&mut writer, format_args!("{text}"));
    if room > 0 {
        // SAFETY: at most `room - 1` bytes were written.
        unsafe { out.add(writer.written).write(0) };
    }
    writer.len
}

/// Writes a text, or an empty one.
///
/// # Safety
/// As [`write_text`].
pub(super) unsafe fn write_option(
    out: *mut c_char,
    room: usize,
    text: Option<impl fmt::Display>,
) -> usize {
    match text {
        // SAFETY: as the caller promises.
        Some(text) => unsafe { write_text(out, room, text) },
        // SAFETY: as the caller promises.
        None => unsafe { write_text(out, room, "") },
    }
}

/// Writes what fits into `room` bytes, and counts all.
struct TextWriter {
    out: *mut u8,
    room: usize,
    written: usize,
    len: usize,
}

impl fmt::Write for TextWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut fits = self.room.saturating_sub(self.written).min(text.len());
        while !text.is_char_boundary(fits) {
            fits = fits.saturating_sub(1);
        }
        // SAFETY: `written + fits` is at most `room`. The text is not in the caller's room, whose
        // contents were not read.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr(), self.out.wrapping_add(self.written), fits)
        };
        self.written = self.written.saturating_add(fits);
        self.len = self.len.saturating_add(text.len());
        if fits < text.len() {
            // Nothing follows a cut.
            self.room = self.written;
        }
        Ok(())
    }
}
