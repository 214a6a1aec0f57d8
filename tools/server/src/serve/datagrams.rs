//! Peers by UDP.

use super::{
    Server,
    peer::{Answer, Peer},
};
use gt02::Datagram;
use lru::LruCache;
use socket2::{Domain, Protocol, Socket, Type};
use std::{io, net::SocketAddr, num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::{net::UdpSocket, sync::mpsc, time::Instant};
use tracing::{debug, warn};

/// The receive buffer that the kernel is asked for: what comes while the server is busy.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;

/// After this silence a peer is a new one: its address may be another device's.
const FORGOTTEN: Duration = Duration::from_secs(600);

/// Opens the socket.
///
/// # Errors
/// If the address is in use.
pub fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

/// Serves datagrams until the server ends.
pub async fn serve(server: Arc<Server>, socket: UdpSocket, running: mpsc::Sender<()>) {
    let capacity = NonZeroUsize::new(server.options.max_connections).unwrap_or(NonZeroUsize::MIN);
    let mut peers: LruCache<SocketAddr, (Instant, Peer)> = LruCache::new(capacity);
    let mut end = server.end.subscribe();
    let mut buffer = vec![0; 65_536];
    loop {
        let received = tokio::select! {
            received = socket.recv_from(&mut buffer) => received,
            _ = end.wait_for(|end| *end) => break,
        };
        let (len, address) = match received {
            Ok(received) => received,
            Err(error) => {
                // An earlier reply could not be delivered.
                debug!("udp: {error}");
                continue;
            }
        };
        let now = Instant::now();
        while let Some((_, (heard, _))) = peers.peek_lru() {
            if now.saturating_duration_since(*heard) < FORGOTTEN {
                break;
            }
            if let Some((_, (_, peer))) = peers.pop_lru() {
                peer.gone(&server);
            }
        }
        let (heard, peer) = peers.get_or_insert_mut(address, || {
            server.metrics.connection("udp");
            (now, Peer::new(server.name('U'), address, None))
        });
        *heard = now;
        let answer = datagram(&server, peer, buffer.get(..len).unwrap_or_default());
        server.write(answer.record).await;
        for bytes in &answer.send {
            if let Err(error) = socket.send_to(bytes, address).await {
                warn!("{address}: {error}");
            }
        }
    }
    for (_, (_, peer)) in &peers {
        peer.gone(&server);
    }
    drop(running);
}

/// Takes one datagram.
fn datagram(server: &Server, peer: &mut Peer, bytes: &[u8]) -> Answer {
    let (at, mut answer) = (super::now(), Answer::default());
    peer.received(server, bytes, at, &mut answer.record);
    for item in Datagram::new(bytes) {
        peer.item(server, &item, at, &mut answer);
    }
    peer.commands(server, at, &mut answer);
    answer
}
