//! A ring of bytes over a buffer that is lent for each call.

use crate::bytes::WIDE;

/// The places of the bytes in the buffer.
///
/// All methods take the same buffer. A ring, because a buffer that is moved to the front whenever
/// bytes are given out costs its size for each byte of hostile streams.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    /// Index of the first byte.
    head: usize,
    len: usize,
}

impl Ring {
    pub(super) const EMPTY: Self = Self { head: 0, len: 0 };

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The index in the buffer of the byte at `at`.
    #[inline]
    const fn index(&self, at: usize, capacity: usize) -> usize {
        let index = self.head.wrapping_add(at);
        if index >= capacity {
            index.wrapping_sub(capacity)
        } else {
            index
        }
    }

    /// The byte at `at`.
    #[inline]
    pub(super) fn get(&self, at: usize, buffer: &[u8]) -> Option<u8> {
        buffer.get(self.index(at, buffer.len())).copied()
    }

    /// The bytes from `at` on, up to the end of the buffer.
    #[inline]
    pub(super) fn part<'b>(&self, at: usize, buffer: &'b [u8]) -> &'b [u8] {
        let index = self.index(at, buffer.len());
        let left = self.len.wrapping_sub(at);
        let part = buffer.get(index..).unwrap_or_default();
        part.get(..left).unwrap_or(part)
    }

    /// Appends a byte; there must be room.
    #[inline]
    pub(super) fn push(&mut self, byte: u8, buffer: &mut [u8]) {
        let index = self.index(self.len, buffer.len());
        if let Some(free) = buffer.get_mut(index) {
            *free = byte;
            self.len = self.len.wrapping_add(1);
        }
    }

    /// Appends bytes; there must be room.
    pub(super) fn extend(&mut self, bytes: &[u8], buffer: &mut [u8]) {
        let index = self.index(self.len, buffer.len());
        match buffer.get_mut(index..index.wrapping_add(bytes.len())) {
            // A call of `memcpy` is worth it here, and brings no panic along there.
            Some(room) if WIDE && room.len() == bytes.len() => {
                room.copy_from_slice(bytes);
                self.len = self.len.wrapping_add(bytes.len());
            }
            _ => {
                for &byte in bytes {
                    self.push(byte, buffer);
                }
            }
        }
    }

    /// Removes `n` bytes from the front.
    #[inline]
    pub(super) const fn pop(&mut self, n: usize, capacity: usize) {
        self.head = self.index(n, capacity);
        self.len = self.len.saturating_sub(n);
        if self.len == 0 {
            self.head = 0;
        }
    }

    /// Removes bytes from the end, so that `len` are left.
    pub(super) const fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// The first `n` bytes, moved to the front of the buffer if they wrap around.
    ///
    /// Moving costs as much as the buffer has, once for each time around.
    pub(super) fn contiguous<'b>(&mut self, n: usize, buffer: &'b mut [u8]) -> &'b [u8] {
        if self.head.wrapping_add(n) > buffer.len() {
            rotate(buffer, self.head);
            self.head = 0;
        }
        buffer
            .get(self.head..self.head.wrapping_add(n))
            .unwrap_or_default()
    }
}

/// Moves the first `mid` bytes after the others.
fn rotate(buffer: &mut [u8], mid: usize) {
    if WIDE {
        if mid <= buffer.len() {
            buffer.rotate_left(mid);
        }
        return;
    }
    // By reversing thrice: the other brings a kilobyte along.
    if let Some((front, rest)) = buffer.split_at_mut_checked(mid) {
        reverse(front);
        reverse(rest);
    }
    reverse(buffer);
}

fn reverse(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let [first, inner @ .., last] = rest {
        core::mem::swap(first, last);
        rest = inner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_a_queue() {
        let mut buffer = [0; 7];
        let mut ring = Ring::EMPTY;
        let (mut next, mut first) = (0_u8, 0_u8);
        for step in 0..200 {
            let n = (step * 5 % 7) as u8;
            for _ in 0..n.min(7 - ring.len() as u8) {
                ring.push(next, &mut buffer);
                next = next.wrapping_add(1);
            }
            let n = ring.len().min(step % 4);
            for (at, &byte) in ring.contiguous(n, &mut buffer).iter().enumerate() {
                assert_eq!(byte, first.wrapping_add(at as u8));
            }
            assert_eq!(
                ring.get(0, &buffer)
                    .filter(|_| ring.len() > 0)
                    .unwrap_or(first),
                first
            );
            ring.pop(n, buffer.len());
            first = first.wrapping_add(n as u8);
        }
    }

    #[test]
    fn reversing_thrice_rotates() {
        let mut bytes = [1, 2, 3, 4, 5];
        let (front, rest) = bytes.split_at_mut(2);
        reverse(front);
        reverse(rest);
        reverse(&mut bytes);
        assert_eq!(bytes, [3, 4, 5, 1, 2]);
    }
}
