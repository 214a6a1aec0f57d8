//! A hash that stays the same in every version of the crate and on every machine.

/// FNV-1a with 64 bits, of Fowler, Noll and Vo.
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    /// Returns the hash of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> u64 {
        let mut hash = Self::new();
        hash.add(bytes);
        hash.value()
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    pub(crate) const fn value(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Fnv;

    /// The test vectors of its authors.
    #[test]
    fn is_the_hash_of_that_name() {
        assert_eq!(Fnv::of(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(Fnv::of(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(Fnv::of(b"foobar"), 0x8594_4171_F739_67E8);
    }
}
