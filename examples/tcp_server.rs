//! A server for all protocols: `cargo run --features std --example tcp_server -- 127.0.0.1:8888`
use gt02::{Decoder, Item, RECOMMENDED_BUFFER, Session, types::DateTime};
use std::io::{self, ErrorKind::*, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, SystemTime};

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:8888".into());
    for stream in TcpListener::bind(address)?.incoming().flatten() {
        std::thread::spawn(|| serve(stream).unwrap_or_else(|error| eprintln!("{error}")));
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new();
    let (mut session, mut buffer, mut is_open) = (Session::new(), [0; 1460], true);
    while is_open {
        let read = stream.read(&mut buffer);
        let is_silent = matches!(&read, Err(e) if [WouldBlock, TimedOut].contains(&e.kind()));
        let len = if is_silent { 0 } else { read? };
        is_open = is_silent || len > 0;
        let mut input = buffer.split_at(len).0;
        while let Some(item) = match len {
            0 => decoder.finish(), // nothing follows for now: what is pending is decided
            _ => decoder.decode(&mut input),
        } {
            let Item::Frame(frame) = item else { continue };
            let now = DateTime::try_from(SystemTime::now()).map_err(io::Error::other)?;
            let outcome = session.handle_at(&frame, now);
            println!("{:?} {:?}", outcome.report.device, outcome.report.position);
            outcome
                .reply
                .map_or(Ok(()), |reply| stream.write_all(&reply))?;
        }
    }
    Ok(())
}
