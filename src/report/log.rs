//! Reports in the logs of a microcontroller, by `defmt`: one line, with what is there alone.
//!
//! ```text
//! gt06 location 353456789012348 #2 2026-05-04T07:30:00 -33.924900 18.424100 valid 0.0 km/h
//!     82.0 deg 9 satellites cell 262-2-6703-20932
//! ```

use super::{Kind, Report};
use crate::types::Direction;

impl defmt::Format for Kind {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.name());
    }
}

impl defmt::Format for Report<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        /// Writes each value that is there, after a space and its words.
        macro_rules! values {
            ($($name:ident $format:literal,)*) => {
                $(if let Some(value) = &self.$name {
                    defmt::write!(f, $format, value);
                })*
            };
        }
        /// Writes the first text for yes and the second for no.
        macro_rules! flags {
            ($($name:ident $yes:literal $no:literal,)*) => {
                $(match self.$name {
                    Some(true) => defmt::write!(f, $yes),
                    Some(false) => defmt::write!(f, $no),
                    None => {}
                })*
            };
        }
        defmt::write!(f, "{} {}", self.protocol, self.kind);
        if self.direction == Direction::Down {
            defmt::write!(f, " down");
        }
        values! {
            code " {}",
            device " {}",
            imei " imei {}",
            serial " #{=u16}",
            time " {}",
            position " {}",
        }
        flags! {
            valid " valid" " no fix",
        }
        values! {
            speed " {}",
            course " {}",
            satellites " {=u8} satellites",
            cell " cell {}",
            alarm " alarm {}",
            alarm_code " code {=u16}",
            voltage_level " level {=u8}",
            gsm_level " gsm {=u8}",
        }
        flags! {
            charging " charging" " not charging",
            ignition " ignition on" " ignition off",
            relay_cut " relay cut" " relay closed",
            armed " armed" " not armed",
            gps_tracking " tracking" " not tracking",
            resent " stored" " live",
        }
        values! {
            voltage " {}",
            odometer " odometer {=u32}",
            text " {}",
        }
        if let Some(cells) = &self.cells {
            for neighbour in cells {
                defmt::write!(f, " {}", neighbour.cell);
            }
        }
        if let Some(records) = &self.records {
            defmt::write!(f, " {=usize} records", records.iter().count());
        }
    }
}
