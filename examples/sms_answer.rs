//! Parses the answer of a tracker by SMS.
//!
//! `cargo run --example sms_answer -- 'Lat:+22.57715,Lon:+113.91674,Course:120.5,Speed:53.02KM/H,'`

use gt02::sms::Answer;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("usage: sms_answer TEXT")?;
    match Answer::parse(text.as_bytes()) {
        Answer::Location(location) => {
            println!("place: {:?}, time: {:?}", location.position, location.time);
        }
        Answer::CommandResult(result) => println!("command: {result:?}"),
        Answer::Status(status) => println!("status: {status:?}"),
        other => println!("text: {other:?}"),
    }
    Ok(())
}
