//! Values that all protocols share, held as exact integers.

mod access_point;
mod alarm;
mod cell;
mod decimal;
mod device_id;
mod digits;
mod direction;
mod message_type;
mod motion;
mod position;
mod protocol;
mod temperature;
mod text;
mod time;
mod voltage;

pub use access_point::{AccessPoint, MacAddress};
pub use alarm::Alarm;
pub use cell::{CellTower, NeighbourCell};
pub use decimal::Decimal;
pub(crate) use decimal::{div_rem, power_of_ten};
pub use device_id::DeviceId;
pub use digits::PackedDigits;
pub use direction::Direction;
pub use message_type::MessageType;
pub use motion::{Course, Speed};
pub use position::{Latitude, Longitude, Position};
pub(crate) use position::{degrees_of_thirty_thousandths, units_of};
pub use protocol::Protocol;
pub use temperature::Temperature;
pub use text::{ParseError, Text};
pub use time::{DateTime, TimeRangeError, UtcOffset};
pub use voltage::Voltage;
