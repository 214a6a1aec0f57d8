//! A ring of bytes from an interrupt to the main loop.

use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// 255 bytes, from one producer to one consumer. It has no lock, and needs only loads and stores:
/// a Cortex-M0 has no more.
pub struct Ring {
    bytes: [AtomicU8; 256],
    /// Where the interrupt puts the next byte.
    put: AtomicU8,
    /// Where the main loop takes the next byte. The ring is empty if both are the same.
    take: AtomicU8,
    is_lossy: AtomicBool,
}

impl Ring {
    #[allow(clippy::new_without_default, reason = "for statics")]
    pub const fn new() -> Self {
        Self {
            bytes: [const { AtomicU8::new(0) }; 256],
            put: AtomicU8::new(0),
            take: AtomicU8::new(0),
            is_lossy: AtomicBool::new(false),
        }
    }

    /// Puts a byte in; the interrupt's side. A byte that has no room is lost.
    pub fn push(&self, byte: u8) {
        let at = self.put.load(Ordering::Relaxed);
        let next = at.wrapping_add(1);
        if next == self.take.load(Ordering::Acquire) {
            self.is_lossy.store(true, Ordering::Relaxed);
            return;
        }
        if let Some(place) = self.bytes.get(usize::from(at)) {
            place.store(byte, Ordering::Relaxed);
        }
        self.put.store(next, Ordering::Release);
    }

    /// Takes the bytes that are there, at most as many as `buffer` has room for; the main loop's
    /// side.
    pub fn read<'b>(&self, buffer: &'b mut [u8]) -> &'b [u8] {
        let mut at = self.take.load(Ordering::Relaxed);
        let mut len = 0;
        for room in buffer.iter_mut() {
            if at == self.put.load(Ordering::Acquire) {
                break;
            }
            if let Some(place) = self.bytes.get(usize::from(at)) {
                *room = place.load(Ordering::Relaxed);
            }
            at = at.wrapping_add(1);
            len += 1;
        }
        self.take.store(at, Ordering::Release);
        buffer.get(..len).unwrap_or_default()
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.take.load(Ordering::Relaxed) == self.put.load(Ordering::Acquire)
    }

    /// Whether a byte was lost since the start.
    pub fn is_lossy(&self) -> bool {
        self.is_lossy.load(Ordering::Relaxed)
    }
}
