//! Connections by TCP.

use super::{
    Server,
    peer::{Answer, Peer},
    store::Origin,
    stranger::looks_like,
};
use gt02::{
    Session, Sniff,
    connection::{Connection, Event, Idle, Now},
    sniff,
};
use std::{
    future::poll_fn,
    io::{self, ErrorKind},
    mem::MaybeUninit,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Notify, mpsc},
    time::{Instant, sleep, sleep_until, timeout},
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
/// of this size while it has the beginning of a frame.
const FRAME: usize = 1024;

/// Bytes that are read at once, at most.
const READ: usize = 8192;

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
    /// The connection, while no bytes are pending.
    idle: Idle,
    /// The connection with its decoder, while bytes are pending; `idle` is old then.
    pending: Option<Box<Connection<FRAME>>>,
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

/// What a connection is told.
enum Came<'a> {
    Bytes(&'a [u8]),
    Silence,
    End,
}

impl<'a> Came<'a> {
    /// The next event of the connection.
    fn event<'s>(&mut self, connection: &'s mut Connection<FRAME>, now: Now) -> Option<Event<'s>>
    where
        'a: 's,
    {
        match self {
            Self::Bytes(input) => connection.receive(input, now),
            Self::Silence => connection.timeout(now),
            Self::End => connection.end(now),
        }
    }
}

impl Link {
    fn new(server: &Server, address: SocketAddr) -> Self {
        let wake = Arc::new(Notify::new());
        let origin = server.store.as_ref();
        let origin = origin.map(|_| Arc::new(Origin::stream(Arc::clone(&wake))));
        let now = server.clock(super::now());
        Self {
            idle: Idle::new(server.times(), now),
            pending: None,
            peer: Peer::new(server.name('T'), address, Some(Arc::clone(&wake)), origin),
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
        let mut answer = Answer::new();
        self.peer.boundary(server, "connected", &mut answer);
        server.output.write(answer.record);
        let wake = Arc::clone(&self.wake);
        let mut end = server.end.subscribe();
        // These stay where they are registered, from one read to the next.
        let mut woken = pin!(wake.notified());
        let mut ended = pin!(end.changed());
        let mut timer = pin!(sleep_until(self.deadline(server)));
        let reason = loop {
            if server.is_ending() {
                break "the server ends".to_owned();
            }
            if server.output.is_full() {
                tokio::select! {
                    () = server.output.room() => {}
                    _ = ended.as_mut() => break "the server ends".to_owned(),
                }
            }
            // A peer that is not read is not silent.
            let has_room = self.peer.has_room();
            let deadline = if has_room {
                self.deadline(server)
            } else {
                far(server)
            };
            // A timer that ends too early costs less than one that is set at each read.
            if deadline < timer.deadline() || timer.is_elapsed() {
                timer.as_mut().reset(deadline);
            }
            let mut answer = None;
            let (mut closed, mut is_woken) = (None, false);
            tokio::select! {
                biased;
                read = poll_fn(|cx| self.poll_read(server, &mut stream, cx)), if has_room => {
                    match read {
                        Ok(Some(read)) => answer = Some(read),
                        Ok(None) => break "closed".to_owned(),
                        Err(error) => break error.to_string(),
                    }
                }
                () = woken.as_mut() => {
                    woken.set(wake.notified());
                    is_woken = true;
                }
                _ = ended.as_mut() => break "the server ends".to_owned(),
                () = timer.as_mut() => if has_room {
                    let mut late = Answer::new();
                    closed = self.timeout(server, &mut late);
                    answer = Some(late);
                },
            }
            let mut answer = answer.unwrap_or_else(Answer::new);
            if closed.is_none() && self.is_stranger && self.received > STRANGER_BYTES {
                closed = Some(Closed::Stranger);
            }
            self.peer.ready(server, &mut answer);
            if is_woken || answer.has_commands {
                self.peer.commands(server, self.session(), &mut answer);
            }
            let reports = std::mem::take(&mut answer.store);
            let sent = self.send(server, &mut stream, answer, closed).await;
            if !reports.is_empty() {
                self.peer.store(server, reports).await;
            }
            if let Err(reason) = sent {
                break reason;
            }
        };
        // What it was told is told to whoever waits next.
        woken.set(wake.notified());
        Box::pin(self.finish(server, stream)).await;
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
        answer: Answer,
        closed: Option<Closed>,
    ) -> Result<(), String> {
        server.output.write(answer.record);
        if let Some(closed) = closed {
            return Err(self.refuse(server, closed));
        }
        if answer.is_refused {
            server.metrics.refused("not in the list");
            return Err("not in the list".to_owned());
        }
        // One segment for all.
        let bytes = answer.send.bytes();
        if bytes.is_empty() {
            return Ok(());
        }
        let sent = match stream.try_write(bytes) {
            Ok(sent) => sent,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error.to_string()),
        };
        match bytes.get(sent..) {
            None | Some([]) => Ok(()),
            Some(rest) => Box::pin(self.send_slowly(server, stream, rest)).await,
        }
    }

    /// Sends what the socket had no room for.
    ///
    /// # Errors
    /// If it cannot be sent, or not in time; the error says why.
    async fn send_slowly(
        &self,
        server: &Server,
        stream: &mut TcpStream,
        bytes: &[u8],
    ) -> Result<(), String> {
        match timeout(WRITE, stream.write_all(bytes)).await {
            Ok(written) => written.map_err(|error| error.to_string()),
            Err(_) => {
                server.metrics.refused("does not read");
                info!("{}: closed, it does not read", self.peer.address);
                Err("does not read".to_owned())
            }
        }
    }

    /// Takes what is pending when the connection has ended, and sends the last replies.
    async fn finish(&mut self, server: &Server, mut stream: TcpStream) {
        let mut answer = Answer::new();
        let _ = self.tell(server, Came::End, &mut answer);
        let reports = std::mem::take(&mut answer.store);
        self.peer.store(server, reports).await;
        self.last_replies(server, &mut stream, &mut answer).await;
        self.peer.boundary(server, "disconnected", &mut answer);
        server.output.write(answer.record);
        self.peer.gone(server);
    }

    /// Sends the last replies, those too that wait for the store, unless that takes too long. The
    /// peer may have closed only its own half.
    async fn last_replies(&self, server: &Server, stream: &mut TcpStream, answer: &mut Answer) {
        let mut end = server.end.subscribe();
        let limit = Instant::now().checked_add(LAST_REPLIES);
        let limit = limit.unwrap_or(self.heard);
        loop {
            // In this order: no reply becomes ready after the last report is stored.
            let is_last = self.peer.waiting() == 0;
            self.peer.ready(server, answer);
            let replies = std::mem::take(&mut answer.send);
            if !replies.bytes().is_empty() {
                let sent = timeout(STRANGER, stream.write_all(replies.bytes())).await;
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

    /// Reads what has come; `None` if the peer has closed the connection. The buffer is not kept,
    /// so that silent connections need none.
    fn poll_read(
        &mut self,
        server: &Server,
        stream: &mut TcpStream,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Answer>>> {
        let mut buffer = [MaybeUninit::uninit(); READ];
        let mut buffer = ReadBuf::uninit(&mut buffer);
        ready!(Pin::new(stream).poll_read(cx, &mut buffer))?;
        let input = buffer.filled();
        if input.is_empty() {
            return Poll::Ready(Ok(None));
        }
        self.heard = Instant::now();
        self.received = self.received.saturating_add(input.len());
        self.sniff(input);
        let mut answer = Answer::new();
        self.peer.received(server, input, &mut answer);
        let _ = self.tell(server, Came::Bytes(input), &mut answer);
        self.forgive();
        Poll::Ready(Ok(Some(answer)))
    }

    /// Tells the connection what came, and takes what comes of it. Returns why the connection is to
    /// be closed, if it is.
    fn tell(&mut self, server: &Server, mut came: Came<'_>, answer: &mut Answer) -> Option<Closed> {
        let now = server.clock(answer.at);
        let peer = &mut self.peer;
        let mut closed = None;
        let mut events = |connection: &mut Connection<FRAME>| {
            while let Some(event) = came.event(connection, now) {
                closed = closed.or(take(peer, server, &event, answer));
            }
            connection.idle()
        };
        if let Some(connection) = &mut self.pending {
            if let Some(idle) = events(connection) {
                self.idle = idle;
                self.pending = None;
            }
        } else {
            let mut connection = self.idle.clone().resume();
            match events(&mut connection) {
                Some(idle) => self.idle = idle,
                None => self.pending = Some(Box::new(connection)),
            }
        }
        closed
    }

    fn session(&self) -> &Session {
        let pending = self.pending.as_ref();
        pending.map_or_else(|| self.idle.session(), |connection| connection.session())
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
        let closed = self.tell(server, Came::Silence, answer);
        self.forgive();
        let is_silent = self.is_stranger && self.heard.elapsed() >= STRANGER;
        closed.or(is_silent.then_some(Closed::Stranger))
    }

    /// When something is to be done if nothing comes.
    fn deadline(&self, server: &Server) -> Instant {
        let pending = self.pending.as_ref();
        let of_connection =
            pending.map_or_else(|| self.idle.deadline(), |connection| connection.deadline());
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
    answer: &mut Answer,
) -> Option<Closed> {
    match event {
        Event::Frame { frame, outcome, .. } => peer.frame(server, frame, outcome, answer),
        Event::Noise(noise) => peer.noise(server, noise, answer),
        Event::Nameless => return Some(Closed::Nameless),
        Event::Dead => return Some(Closed::Dead),
        _ => {}
    }
    None
}
