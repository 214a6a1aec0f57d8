//! The list of devices that are served.

use gt02::types::DeviceId;
use std::{collections::HashSet, fs, io, path::Path};

/// The devices of the file of `--allow`.
pub struct Allowed(HashSet<DeviceId>);

impl Allowed {
    /// Reads the file: one id a line, `#` begins a comment.
    ///
    /// # Errors
    /// If it cannot be read, or a line is no id; the error names the line.
    pub fn read(path: &Path) -> io::Result<Self> {
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        Self::parse(&fs::read_to_string(path).map_err(named)?).map_err(named)
    }

    fn parse(text: &str) -> io::Result<Self> {
        let mut devices = HashSet::new();
        for (number, line) in (1..).zip(text.lines()) {
            let id = line.split_once('#').map_or(line, |(id, _)| id).trim();
            if id.is_empty() {
                continue;
            }
            let invalid = |_| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("line {number}: not the id of a device: {id}"),
                )
            };
            devices.insert(id.parse().map_err(invalid)?);
        }
        Ok(Self(devices))
    }

    /// Whether the device is in the list.
    pub fn contains(&self, device: DeviceId) -> bool {
        self.0.contains(&device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_comments() {
        let allowed =
            Allowed::parse("# mine\n\n356588220000001 # the van\n013600000002\n").unwrap();
        assert!(allowed.contains("356588220000001".parse().unwrap()));
        assert!(allowed.contains("013600000002".parse().unwrap()));
        assert!(!allowed.contains("13600000002".parse().unwrap()));
    }

    #[test]
    fn names_the_line_that_is_no_id() {
        let error = Allowed::parse("356588220000001\nthe van\n")
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.to_string(), "line 2: not the id of a device: the van");
    }
}
