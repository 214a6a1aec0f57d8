//! A firmware that reads what trackers answer by SMS, whatever their set.

#![no_std]
#![no_main]

use gt02::sms::Answer;
use gt02_firmware::{Input, put};

/// An answer of set J: `docs/protocols/sms.md`, "Positions".
static TEXT: [u8; 105] = *b"Current position! Lat:S12.345678,Lon:W98.765432,Course:263.28,\
    Speed:0.00Km/h,DateTime:2021-10-29 11:11:43";

#[unsafe(no_mangle)]
fn main() -> bool {
    let mut buffer = [0; 105];
    match Answer::parse(Input::new(&TEXT).read(&mut buffer)) {
        Answer::Location(location) => {
            let Some(position) = location.position else {
                return false;
            };
            put(position.latitude.micro_degrees().unsigned_abs());
            put(position.longitude.micro_degrees().unsigned_abs());
            true
        }
        Answer::CommandResult(result) => {
            put(result.outcome as u32);
            false
        }
        Answer::Status(status) => {
            put(status.fix().map_or(2, u32::from));
            put(status.battery().map_or(0, |it| it.millivolts()));
            put(status.server().map_or(0, |it| it.port.into()));
            false
        }
        _ => false,
    }
}
