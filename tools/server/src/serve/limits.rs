//! How many connections there may be.

use std::{collections::HashMap, net::IpAddr};

/// Counts the connections, all and of each address.
pub struct Limits {
    max: usize,
    max_per_address: usize,
    all: usize,
    of_address: HashMap<IpAddr, usize>,
}

impl Limits {
    pub fn new(max: usize, max_per_address: usize) -> Self {
        Self {
            max,
            max_per_address,
            all: 0,
            of_address: HashMap::new(),
        }
    }

    /// Counts a connection from this address.
    ///
    /// # Errors
    /// If there are too many; the error says of what.
    pub fn open(&mut self, address: IpAddr) -> Result<(), &'static str> {
        if self.all >= self.max {
            return Err("too many connections");
        }
        let of_address = self.of_address.entry(address).or_default();
        if *of_address >= self.max_per_address && !address.is_loopback() {
            return Err("too many connections from this address");
        }
        *of_address = of_address.saturating_add(1);
        self.all = self.all.saturating_add(1);
        Ok(())
    }

    /// Forgets a connection that was counted.
    pub fn close(&mut self, address: IpAddr) {
        self.all = self.all.saturating_sub(1);
        if let Some(of_address) = self.of_address.get_mut(&address) {
            *of_address = of_address.saturating_sub(1);
            if *of_address == 0 {
                self.of_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_and_each_address() {
        let (a, b, here) = ([10, 0, 0, 1], [10, 0, 0, 2], [127, 0, 0, 1]);
        let mut limits = Limits::new(4, 1);
        assert_eq!(limits.open(a.into()), Ok(()));
        assert!(limits.open(a.into()).is_err());
        assert_eq!(limits.open(b.into()), Ok(()));
        assert_eq!(limits.open(here.into()), Ok(()));
        assert_eq!(limits.open(here.into()), Ok(()));
        assert_eq!(limits.open(here.into()), Err("too many connections"));
        limits.close(a.into());
        assert_eq!(limits.open(a.into()), Ok(()));
    }
}
