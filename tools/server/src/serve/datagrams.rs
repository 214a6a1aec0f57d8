//! Peers by UDP.

use super::{
    Server,
    peer::{Answer, Peer, Replies},
    store::Origin,
};
use gt02::{Datagram, Item, Session};
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
    let mut peers: LruCache<SocketAddr, Conversation> = LruCache::new(capacity);
    let mut end = server.end.subscribe();
    let mut buffer = vec![0; 65_536];
    // It is not closed while its sender is here.
    let (ready, mut replies) = mpsc::unbounded_channel();
    loop {
        if server.output.is_full() {
            tokio::select! {
                () = server.output.room() => {}
                _ = end.wait_for(|end| *end) => break,
            }
        }
        let next = tokio::select! {
            received = socket.recv_from(&mut buffer) => Next::Received(received),
            Some((address, reply)) = replies.recv() => Next::Stored(address, reply),
            _ = end.wait_for(|end| *end) => Next::End,
        };
        let (len, address) = match next {
            Next::End => break,
            Next::Stored(address, reply) => {
                stored(&server, &socket, &peers, address, &reply).await;
                continue;
            }
            Next::Received(Ok(received)) => received,
            Next::Received(Err(error)) => {
                // An earlier reply could not be delivered.
                debug!("udp: {error}");
                continue;
            }
        };
        let now = Instant::now();
        while let Some((_, oldest)) = peers.peek_lru() {
            let is_full = peers.len() == peers.cap().get() && !peers.contains(&address);
            if !is_full && now.saturating_duration_since(oldest.heard) < FORGOTTEN {
                break;
            }
            if let Some((_, oldest)) = peers.pop_lru() {
                oldest.peer.gone(&server);
            }
        }
        let conversation = peers.get_or_insert_mut(address, || {
            server.metrics.connection("udp");
            Conversation {
                heard: now,
                peer: Peer::new(
                    server.name('U'),
                    address,
                    None,
                    origin(&server, address, &ready),
                ),
                session: Session::new(),
            }
        });
        conversation.heard = now;
        let answer = conversation.datagram(&server, buffer.get(..len).unwrap_or_default());
        if let (Some(store), Some(origin)) = (&server.store, &conversation.peer.origin) {
            // The kernel has no way to tell the peers to wait: their reports get no reply.
            let dropped = store.try_take(answer.store, origin);
            server.metrics.not_stored.inc_by(dropped);
        }
        server.output.write(answer.record);
        send(&socket, address, &answer.send).await;
    }
    for (_, conversation) in &peers {
        conversation.peer.gone(&server);
    }
    drop(running);
}

/// What the server is to do next.
enum Next {
    Received(io::Result<(usize, SocketAddr)>),
    /// A report is stored; this is the reply that has waited for it.
    Stored(SocketAddr, Vec<u8>),
    End,
}

/// Where the replies of a peer come back that wait for the store.
fn origin(
    server: &Server,
    address: SocketAddr,
    ready: &mpsc::UnboundedSender<(SocketAddr, Vec<u8>)>,
) -> Option<Arc<Origin>> {
    let ready = ready.clone();
    let origin = server
        .store
        .as_ref()
        .map(|_| Origin::Datagrams { address, ready });
    origin.map(Arc::new)
}

/// Sends a reply that has waited for the store.
async fn stored(
    server: &Server,
    socket: &UdpSocket,
    peers: &LruCache<SocketAddr, Conversation>,
    address: SocketAddr,
    reply: &[u8],
) {
    // A peer that is forgotten meanwhile may be another device.
    if let Some(conversation) = peers.peek(&address) {
        let mut answer = Answer::new();
        conversation.peer.send(server, reply, &mut answer);
        server.output.write(answer.record);
        send(socket, address, &answer.send).await;
    }
}

async fn send(socket: &UdpSocket, address: SocketAddr, replies: &Replies) {
    for bytes in replies.each() {
        if let Err(error) = socket.send_to(bytes, address).await {
            warn!("{address}: {error}");
        }
    }
}

/// All that came from one address.
struct Conversation {
    heard: Instant,
    peer: Peer,
    session: Session,
}

impl Conversation {
    /// Takes one datagram.
    fn datagram(&mut self, server: &Server, bytes: &[u8]) -> Answer {
        let mut answer = Answer::new();
        self.peer.received(server, bytes, &mut answer);
        for item in Datagram::new(bytes) {
            match item {
                Item::Noise(noise) => self.peer.noise(server, &noise, &mut answer),
                Item::Frame(frame) => {
                    let outcome = self.session.handle_at(&frame, answer.at);
                    self.peer.frame(server, &frame, &outcome, &mut answer);
                }
            }
        }
        if answer.has_commands {
            self.peer.commands(server, &self.session, &mut answer);
        }
        answer
    }
}
