//! Connections by TCP.

use super::{
    Server,
    peer::{Answer, Peer},
    store::Origin,
    stranger::looks_like,
};
use gt02::{
    Sniff,
    connection::{Connection, Event},
    sniff,
    types::DateTime,
};
use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Notify, mpsc, watch},
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};
use tracing::{debug, info, warn};

/// How long a peer may take to read what it is sent.
const WRITE: Duration = Duration::from_secs(10);

/// How long replies that wait for the store keep a connection open whose peer sends no more: as
/// long as a device waits for a reply, at most.
const LAST_REPLIES: Duration = Duration::from_secs(30);

/// How long a peer whose first bytes are no tracker's may be silent before it is closed.
const STRANGER: Duration = Duration::from_secs(1);

/// The bytes of a stranger in which a frame may still be found.
const STRANGER_BYTES: usize = 1024;

/// The largest frame. None that was seen has more than 582 bytes, and each connection has a buffer
/// of this size.
const FRAME: usize = 1024;

/// Connections that the kernel keeps until they are accepted: a whole fleet comes at once when a
/// server starts again. The kernel has a limit of its own, `net.core.somaxconn`.
const BACKLOG: u32 = 16_384;

/// How long to wait where nothing says when to look again.
const LATER: Duration = Duration::from_secs(60);

/// The first bytes of a connection that the sniffer may need.
const HEAD: usize = 260;

/// Opens the port.
///
/// # Errors
/// If the address is in use.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // As all servers do on Unix, so that one can start again at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections until the server ends.
pub async fn accept(server: Arc<Server>, listener: TcpListener, running: mpsc::Sender<()>) {
    let mut end = server.end.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = end.wait_for(|end| *end) => return,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly out of file descriptors: others may end meanwhile.
                warn!("cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if let Err(reason) = server.limits().open(address.ip()) {
            debug!("{address}: {reason}");
            server.metrics.refused(reason);
            continue;
        }
        server.metrics.connection("tcp");
        server.metrics.open.inc();
        let (server, running) = (Arc::clone(&server), running.clone());
        tokio::spawn(async move {
            // Not by value: the future would have room for it twice.
            let mut link = Link::new(&server, address);
            let reason = link.run(&server, stream).await;
            debug!("{address}: {reason}");
            server.limits().close(address.ip());
            server.metrics.open.dec();
            drop(running);
        });
    }
}

/// Why the server closes a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// What comes is no tracker's.
    Stranger,
    /// No frame has named a device.
    Nameless,
    /// No frame comes any more.
    Dead,
}

/// A connection, and what the server does with it.
struct Link {
    connection: Connection<FRAME>,
    peer: Peer,
    wake: Arc<Notify>,
    /// When the last bytes came.
    heard: Instant,
    /// The first bytes, until it is clear what they are.
    head: Option<Vec<u8>>,
    /// Whether the first bytes are no tracker's.
    is_stranger: bool,
    received: usize,
}

/// What a read of the socket gave.
enum Read {
    Bytes(Answer),
    Nothing,
    Closed,
}

impl Link {
    fn new(server: &Server, address: SocketAddr) -> Self {
        let wake = Arc::new(Notify::new());
        Self {
            connection: Connection::new(server.times(), server.clock()),
            peer: Peer::new(
                server.name('T'),
                address,
                Some(Arc::clone(&wake)),
                server
                    .store
                    .as_ref()
                    .map(|_| Arc::new(Origin::stream(Arc::clone(&wake)))),
            ),
            wake,
            heard: Instant::now(),
            head: Some(Vec::new()),
            is_stranger: false,
            received: 0,
        }
    }

    /// Serves it to its end, and says why it ended.
    async fn run(&mut self, server: &Server, mut stream: TcpStream) -> String {
        let _ = stream.set_nodelay(true);
        let mut answer = Answer::default();
        self.peer.boundary(server, "connected", &mut answer.record);
        server.write(answer.record).await;
        let mut end = server.end.subscribe();
        let wake = Arc::clone(&self.wake);
        let reason = loop {
            // A peer that is not read is not silent.
            let has_room = self.peer.has_room();
            let deadline = if has_room {
                self.deadline(server)
            } else {
                far(server)
            };
            let mut answer = Answer::default();
            let (mut closed, mut is_woken) = (None, false);
            tokio::select! {
                _ = end.wait_for(|end| *end) => break "the server ends".to_owned(),
                () = wake.notified() => is_woken = true,
                readable = timeout_at(deadline, stream.readable()), if has_room => match readable {
                    Ok(Ok(())) => match self.read(server, &stream) {
                        Ok(Read::Bytes(read)) => answer = read,
                        Ok(Read::Nothing) => continue,
                        Ok(Read::Closed) => break "closed".to_owned(),
                        Err(error) => break error.to_string(),
                    },
                    Ok(Err(error)) => break error.to_string(),
                    Err(_) => closed = self.timeout(server, &mut answer),
                },
            }
            if closed.is_none() && self.is_stranger && self.received > STRANGER_BYTES {
                closed = Some(Closed::Stranger);
            }
            let (session, at) = (self.connection.session(), super::now());
            self.peer.ready(server, at, &mut answer);
            if is_woken || answer.has_commands {
                self.peer.commands(server, session, at, &mut answer);
            }
            let reports = std::mem::take(&mut answer.store);
            let sent = self.send(server, &mut stream, answer, closed).await;
            self.peer.store(server, reports).await;
            if let Err(reason) = sent {
                break reason;
            }
        };
        let mut answer = Answer::default();
        self.end(server, &mut answer);
        self.peer
            .store(server, std::mem::take(&mut answer.store))
            .await;
        self.last_replies(server, &mut stream, &mut answer, &mut end)
            .await;
        let event = "disconnected";
        self.peer.boundary(server, event, &mut answer.record);
        server.write(answer.record).await;
        self.peer.gone(server);
        reason
    }

    /// Writes what came of a read, and sends what is to be sent.
    ///
    /// # Errors
    /// If the connection is to end; the error says why.
    async fn send(
        &self,
        server: &Server,
        stream: &mut TcpStream,
        mut answer: Answer,
        closed: Option<Closed>,
    ) -> Result<(), String> {
        server.write(answer.record).await;
        if let Some(closed) = closed {
            return Err(self.refuse(server, closed));
        }
        if answer.is_refused {
            server.metrics.refused("not in the list");
            return Err("not in the list".to_owned());
        }
        // One segment for all, and no copy of a single one.
        let bytes = match answer.send.len() {
            0 => return Ok(()),
            1 => answer.send.pop().unwrap_or_default(),
            _ => answer.send.concat(),
        };
        match timeout(WRITE, stream.write_all(&bytes)).await {
            Ok(written) => written.map_err(|error| error.to_string()),
            Err(_) => {
                server.metrics.refused("does not read");
                info!("{}: closed, it does not read", self.peer.address);
                Err("does not read".to_owned())
            }
        }
    }

    /// Sends the last replies, those too that wait for the store, unless that takes too long. The
    /// peer may have closed only its own half.
    async fn last_replies(
        &self,
        server: &Server,
        stream: &mut TcpStream,
        answer: &mut Answer,
        end: &mut watch::Receiver<bool>,
    ) {
        let limit = Instant::now().checked_add(LAST_REPLIES);
        let limit = limit.unwrap_or(self.heard);
        loop {
            // In this order: no reply becomes ready after the last report is stored.
            let is_last = self.peer.waiting() == 0;
            self.peer.ready(server, super::now(), answer);
            if !answer.send.is_empty() {
                let bytes = std::mem::take(&mut answer.send).concat();
                let sent = timeout(STRANGER, stream.write_all(&bytes)).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
            if is_last {
                return;
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = sleep_until(limit) => return,
                _ = end.wait_for(|end| *end) => return,
            }
        }
    }

    /// Reads what has come. The buffer is not kept, so that silent connections need none.
    fn read(&mut self, server: &Server, stream: &TcpStream) -> io::Result<Read> {
        let mut buffer = [0; 8192];
        let len = match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(Read::Closed),
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Read::Nothing),
            Err(error) => return Err(error),
        };
        let (mut input, _) = buffer.split_at(len.min(buffer.len()));
        self.heard = Instant::now();
        self.received = self.received.saturating_add(len);
        self.sniff(input);
        let (now, at, mut answer) = (server.clock(), super::now(), Answer::default());
        self.peer.received(server, input, at, &mut answer.record);
        while let Some(event) = self.connection.receive(&mut input, now) {
            let _ = take(&mut self.peer, server, &event, at, &mut answer);
        }
        self.forgive();
        Ok(Read::Bytes(answer))
    }

    /// Looks at the first bytes.
    fn sniff(&mut self, input: &[u8]) {
        let Some(head) = &mut self.head else {
            return;
        };
        let room = HEAD.saturating_sub(head.len()).min(input.len());
        head.extend(input.iter().take(room));
        match sniff(head) {
            Sniff::Foreign => self.is_stranger = true,
            Sniff::NeedMore if head.len() < HEAD => {}
            _ => self.head = None,
        }
    }

    /// Takes a peer that sends frames for a tracker, whatever its first bytes were.
    fn forgive(&mut self) {
        if self.peer.has_spoken() {
            self.is_stranger = false;
            self.head = None;
        }
    }

    /// Does what is to be done because nothing came. Returns why the connection is to be closed, if
    /// it is.
    fn timeout(&mut self, server: &Server, answer: &mut Answer) -> Option<Closed> {
        let (now, at) = (server.clock(), super::now());
        let mut closed = None;
        while let Some(event) = self.connection.timeout(now) {
            closed = closed.or(take(&mut self.peer, server, &event, at, answer));
        }
        self.forgive();
        let is_silent = self.is_stranger && self.heard.elapsed() >= STRANGER;
        closed.or(is_silent.then_some(Closed::Stranger))
    }

    /// Takes what is pending at the end.
    fn end(&mut self, server: &Server, answer: &mut Answer) {
        let (now, at) = (server.clock(), super::now());
        while let Some(event) = self.connection.end(now) {
            let _ = take(&mut self.peer, server, &event, at, answer);
        }
    }

    /// When something is to be done if nothing comes.
    fn deadline(&self, server: &Server) -> Instant {
        let of_connection = self.connection.deadline();
        let of_connection = of_connection.and_then(|since| server.start.checked_add(since));
        let of_stranger = self
            .is_stranger
            .then(|| self.heard.checked_add(STRANGER))
            .flatten();
        let first = of_connection.into_iter().chain(of_stranger).min();
        first.unwrap_or_else(|| far(server))
    }

    /// Says why the connection is closed, in the log too.
    fn refuse(&self, server: &Server, closed: Closed) -> String {
        let address = self.peer.address;
        let (reason, text) = match closed {
            Closed::Stranger => {
                let head = self.head.as_deref().unwrap_or_default();
                let start: Vec<u8> = head.iter().take(32).copied().collect();
                let text = format!(
                    "no tracker: it looks like {}, and begins \"{}\"",
                    looks_like(head),
                    start.escape_ascii()
                );
                ("no tracker", text)
            }
            Closed::Nameless => ("nameless", "no frame names a device".to_owned()),
            Closed::Dead => ("idle", "it is silent".to_owned()),
        };
        server.metrics.refused(reason);
        if closed == Closed::Dead {
            debug!("{address}: closed, {text}");
        } else {
            warn!("{address}: closed, {text}");
        }
        reason.to_owned()
    }
}

/// When to look again where nothing says when, or only a time that is too late for the clock.
fn far(server: &Server) -> Instant {
    Instant::now().checked_add(LATER).unwrap_or(server.start)
}

/// Takes an event of a connection. Returns why the connection is to be closed, if it is.
fn take(
    peer: &mut Peer,
    server: &Server,
    event: &Event<'_>,
    at: DateTime,
    answer: &mut Answer,
) -> Option<Closed> {
    match event {
        Event::Frame { frame, outcome, .. } => peer.frame(server, frame, outcome, at, answer),
        Event::Noise(noise) => peer.noise(server, noise, at, answer),
        Event::Nameless => return Some(Closed::Nameless),
        Event::Dead => return Some(Closed::Dead),
        _ => {}
    }
    None
}
