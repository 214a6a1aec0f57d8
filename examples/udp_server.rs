//! A server for datagrams: `cargo run --features std --example udp_server -- 127.0.0.1:8888`
use gt02::{Datagram, Item, Session, types::DateTime};
use std::time::{Duration, Instant, SystemTime};
use std::{collections::HashMap, io, net::UdpSocket};

const MOST_PEERS: usize = 10_000;
const FORGET_AFTER: Duration = Duration::from_secs(30 * 60);

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:8888".into());
    let socket = UdpSocket::bind(address)?;
    let (mut peers, mut buffer) = (HashMap::new(), vec![0; 65_536]);
    loop {
        let (len, peer) = socket.recv_from(&mut buffer)?;
        if peers.len() >= MOST_PEERS {
            peers.retain(|_, (_, heard): &mut (_, Instant)| heard.elapsed() < FORGET_AFTER);
        }
        if peers.len() >= MOST_PEERS {
            peers.clear(); // anybody can make up addresses
        }
        // A device that names itself in some of its frames only keeps its address between them.
        let new = || (Session::new(), Instant::now());
        let (session, heard) = peers.entry(peer).or_insert_with(new);
        *heard = Instant::now();
        for item in Datagram::new(buffer.split_at(len).0) {
            let Item::Frame(frame) = item else { continue };
            let now = DateTime::try_from(SystemTime::now()).map_err(io::Error::other)?;
            let outcome = session.handle_at(&frame, now);
            println!("{:?} {:?}", outcome.report.device, outcome.report.position);
            if let Some(reply) = outcome.reply {
                socket.send_to(&reply, peer)?;
            }
        }
    }
}
