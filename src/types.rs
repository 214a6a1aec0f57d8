//! Plain values that all protocols share: exact integers, no allocation, no guessing.

mod alarm;
mod cell;
mod decimal;
mod device_id;
mod digits;
mod motion;
mod position;
mod text;
mod time;
mod voltage;

pub use alarm::Alarm;
pub use cell::{CellTower, NeighbourCell};
pub use decimal::Decimal;
pub use device_id::DeviceId;
pub(crate) use device_id::is_decimal;
pub use digits::HexDigits;
pub use motion::{Course, Speed};
pub(crate) use position::degrees_of_thirty_thousandths;
pub use position::{Latitude, Longitude, Position};
pub use text::{ParseError, Text};
pub use time::{DateTime, UtcOffset};
pub use voltage::Voltage;
