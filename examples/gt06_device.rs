//! A GT06 tracker: logs in to a server, waits for the reply, and sends a location.
//!
//! `cargo run --features std --example gt06_device -- 127.0.0.1:8888`

use gt02::device::{Device, Fix, Uplink};
use gt02::types::{DateTime, Position, Speed};
use gt02::{Frame, Protocol};
use std::io::{Read, Write};
use std::{error::Error, net::TcpStream, time::SystemTime};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .ok_or("usage: gt06_device HOST:PORT")?;
    let mut stream = TcpStream::connect(address)?;
    let mut device = Device::new(Protocol::Gt06, "353588020144007".parse()?);
    let mut buffer = [0; 128];

    let login = device.encode(&Uplink::Login, &mut buffer)?;
    stream.write_all(buffer.split_at(login.len).0)?;
    let len = stream.read(&mut buffer)?;
    let reply = Frame::parse(buffer.split_at(len).0)?;
    if !login
        .expects
        .is_some_and(|expected| expected.is_met_by(&reply))
    {
        return Err("the server did not accept the login".into());
    }

    let now = DateTime::try_from(SystemTime::now())?;
    let position = Position::from_degrees(-33.9249, 18.4241).ok_or("not on earth")?;
    let mut fix = Fix::new(now, position);
    fix.speed = Some(Speed::from_kmh(50));
    let location = device.encode(&Uplink::Location(fix), &mut buffer)?;
    stream.write_all(buffer.split_at(location.len).0)?;
    println!("logged in as {}, and sent a location", device.id());
    Ok(())
}
