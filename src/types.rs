//! Plain values that all protocols share: exact integers, no allocation, no guessing.

mod alarm;
mod cell;
mod device_id;
mod motion;
mod position;
mod text;
mod time;

pub use alarm::Alarm;
pub use cell::CellTower;
pub use device_id::DeviceId;
pub(crate) use device_id::is_decimal;
pub use motion::{Course, Speed};
pub use position::{Latitude, Longitude, Position};
pub use text::{ParseError, Text};
pub use time::{DateTime, UtcOffset};
