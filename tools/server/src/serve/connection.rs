//! Connections by TCP.

use super::{
    Server,
    peer::{Answer, Peer, is_whole},
    stranger::looks_like,
};
use gt02::{Decoder, RECOMMENDED_BUFFER, Sniff, sniff};
use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    time::{Instant, sleep, timeout},
};
use tracing::{debug, info, warn};

/// How long a peer may take to read what it is sent.
const WRITE: Duration = Duration::from_secs(10);

/// How long a peer whose first bytes are no tracker's may be silent before it is closed.
const STRANGER: Duration = Duration::from_secs(1);

/// The bytes of a stranger in which a frame may still be found.
const STRANGER_BYTES: usize = 1024;

/// The first bytes of a connection that the sniffer may need.
const HEAD: usize = 260;

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
            let reason = Connection::new(&server, address).run(&server, stream).await;
            debug!("{address}: {reason}");
            server.limits().close(address.ip());
            server.metrics.open.dec();
            drop(running);
        });
    }
}

/// What happens next if the peer stays silent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    /// What is pending is decided.
    Finish,
    /// A peer that is no tracker is closed.
    Stranger,
    /// A peer that has sent no frame is closed.
    Login,
    /// The connection is closed.
    Idle,
}

/// A connection.
struct Connection {
    decoder: Decoder<RECOMMENDED_BUFFER>,
    peer: Peer,
    wake: Arc<Notify>,
    opened: Instant,
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

impl Connection {
    fn new(server: &Server, address: SocketAddr) -> Self {
        let wake = Arc::new(Notify::new());
        let now = Instant::now();
        Self {
            decoder: Decoder::new(),
            peer: Peer::new(server.name('T'), address, Some(Arc::clone(&wake))),
            wake,
            opened: now,
            heard: now,
            head: Some(Vec::new()),
            is_stranger: false,
            received: 0,
        }
    }

    /// Serves it to its end, and says why it ended.
    async fn run(mut self, server: &Server, mut stream: TcpStream) -> String {
        let _ = stream.set_nodelay(true);
        let mut answer = Answer::default();
        self.peer.boundary(server, "connected", &mut answer.record);
        server.write(answer.record).await;
        let mut end = server.end.subscribe();
        let wake = Arc::clone(&self.wake);
        let reason = loop {
            let (deadline, due) = self.deadline(server);
            let mut answer = Answer::default();
            let mut closed = None;
            tokio::select! {
                _ = end.wait_for(|end| *end) => break "the server ends".to_owned(),
                () = wake.notified() => {}
                readable = tokio::time::timeout_at(deadline, stream.readable()) => match readable {
                    Ok(Ok(())) => match self.read(server, &stream) {
                        Ok(Read::Bytes(read)) => answer = read,
                        Ok(Read::Nothing) => continue,
                        Ok(Read::Closed) => break "closed".to_owned(),
                        Err(error) => break error.to_string(),
                    },
                    Ok(Err(error)) => break error.to_string(),
                    Err(_) if due == Due::Finish => self.finish(server, &mut answer),
                    Err(_) => closed = Some(due),
                },
            }
            if closed.is_none() && self.is_stranger && self.received > STRANGER_BYTES {
                closed = Some(Due::Stranger);
            }
            self.peer.commands(server, super::now(), &mut answer);
            server.write(answer.record).await;
            if let Some(due) = closed {
                break self.refuse(server, due);
            }
            if answer.is_refused {
                server.metrics.refused("not in the list");
                break "not in the list".to_owned();
            }
            if !answer.send.is_empty() {
                // One segment for all, and no copy of a single one.
                let bytes = match answer.send.len() {
                    1 => answer.send.pop().unwrap_or_default(),
                    _ => answer.send.concat(),
                };
                match timeout(WRITE, stream.write_all(&bytes)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => break error.to_string(),
                    Err(_) => {
                        server.metrics.refused("does not read");
                        info!("{}: closed, it does not read", self.peer.address);
                        break "does not read".to_owned();
                    }
                }
            }
        };
        let mut answer = Answer::default();
        self.finish(server, &mut answer);
        if !answer.send.is_empty() {
            // The peer may have closed only its own half.
            let _ = timeout(STRANGER, stream.write_all(&answer.send.concat())).await;
        }
        let event = "disconnected";
        self.peer.boundary(server, event, &mut answer.record);
        server.write(answer.record).await;
        self.peer.gone(server);
        reason
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
        let (at, mut answer) = (super::now(), Answer::default());
        self.peer.received(server, input, at, &mut answer.record);
        while let Some(item) = self.decoder.decode(&mut input) {
            self.peer.item(server, &item, at, &mut answer);
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

    /// Decides what is pending, because nothing follows for now.
    fn finish(&mut self, server: &Server, answer: &mut Answer) {
        let at = super::now();
        while let Some(item) = self.decoder.finish() {
            self.peer.item(server, &item, at, answer);
        }
        self.forgive();
    }

    /// When what happens if nothing comes.
    fn deadline(&mut self, server: &Server) -> (Instant, Due) {
        let options = &server.options;
        let mut first = (
            after(self.heard, Duration::from_secs(options.idle)),
            Due::Idle,
        );
        let mut may_be = |deadline: Instant, due: Due| {
            if deadline < first.0 {
                first = (deadline, due);
            }
        };
        if !self.peer.has_spoken() {
            may_be(
                after(self.opened, Duration::from_secs(options.login)),
                Due::Login,
            );
        }
        if self.is_stranger {
            may_be(after(self.heard, STRANGER), Due::Stranger);
        }
        if self.decoder.pending_len() > 0 {
            let wait = if is_whole(self.decoder.pending()) {
                Duration::from_millis(options.silence)
            } else {
                Duration::from_secs(options.rest)
            };
            may_be(after(self.heard, wait), Due::Finish);
        }
        first
    }

    /// Says why the connection is closed, in the log too.
    fn refuse(&self, server: &Server, due: Due) -> String {
        let address = self.peer.address;
        let (reason, text) = match due {
            Due::Stranger => {
                let head = self.head.as_deref().unwrap_or_default();
                let start: Vec<u8> = head.iter().take(32).copied().collect();
                let text = format!(
                    "no tracker: it looks like {}, and begins \"{}\"",
                    looks_like(head),
                    start.escape_ascii()
                );
                ("no tracker", text)
            }
            Due::Login => ("no frame", "it has sent no frame".to_owned()),
            Due::Idle | Due::Finish => ("idle", "it is silent".to_owned()),
        };
        server.metrics.refused(reason);
        if due == Due::Idle {
            debug!("{address}: closed, {text}");
        } else {
            warn!("{address}: closed, {text}");
        }
        reason.to_owned()
    }
}

/// An instant later; so late that it never comes, if it is too late for the clock.
fn after(start: Instant, wait: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);
    start
        .checked_add(wait)
        .or_else(|| start.checked_add(NEVER))
        .unwrap_or(start)
}
