//! A store that keeps the reports, and the replies that wait for it.
//!
//! What one device reports is stored one by one, in order, whatever connections it came on; what
//! cannot be stored is tried again until it can. A reply that tells a device that its data is safe
//! is sent when it is.

#[cfg(feature = "nats")]
pub mod nats;

use super::peer::Name;
use clap::ValueEnum;
use gt02::{Outcome, Report, report::Kind, session::Confirms, types::DeviceId};
use prometheus_client::metrics::counter::Counter;
use std::{
    collections::{HashMap, VecDeque, hash_map},
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc},
    time::{Instant, sleep, timeout},
};
use tracing::{info, warn};

/// The reports that wait for the store, at most: about 12 MiB. Connections are not read meanwhile.
const WAITING: u32 = 16_384;

/// The reports of one connection that wait, from which on it is not read.
const WAITING_OF_ONE: usize = 16;

/// The time from one attempt to store a report to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Which replies wait until the report is stored. Those to logins, and those that carry the time,
/// never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hold {
    /// Those that confirm data: alarms and positions
    Data,
    /// All
    All,
    /// None
    None,
}

/// What the store is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it belongs: `trackers.<device>.<kind>`.
    pub subject: String,
    /// Equal for all copies of a fix or an alarm.
    pub id: String,
    /// The line of JSON.
    pub payload: Vec<u8>,
}

/// A future of a [`Backend`].
pub type Stored<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// What stores.
pub trait Backend: Send + Sync {
    /// Stores a message. An error means that it may not be stored.
    fn store<'a>(&'a self, message: &'a Message) -> Stored<'a>;
}

/// A store, and what waits for it.
pub struct Store {
    backend: Box<dyn Backend>,
    hold: Hold,
    /// How long the store may fail before it counts as down.
    patience: Duration,
    /// What waits, in order; there while one of the owner's reports is being stored.
    lanes: Mutex<HashMap<Owner, VecDeque<Entry>>>,
    /// A permit for each report that may wait.
    room: Arc<Semaphore>,
    /// Since when nothing could be stored; `None` while the store works.
    failing: Mutex<Option<Instant>>,
    /// The reports that were stored.
    pub stored: Counter,
    /// The first part of the ids that this run makes, and the number of the next one.
    run: String,
    next: AtomicU64,
}

/// Whose reports keep their order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    Device(DeviceId),
    /// A connection whose frames name no device.
    Connection(Name),
}

/// A report that is to be stored, and the reply that waits for it.
pub struct Pending {
    owner: Owner,
    message: Message,
    pub reply: Option<Vec<u8>>,
}

/// A report that waits.
struct Entry {
    pending: Pending,
    origin: Arc<Origin>,
    _room: OwnedSemaphorePermit,
}

/// When a reply is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Now,
    /// When the report is stored.
    Stored,
    Never,
}

/// The peer that a report came from, to which replies go back.
pub enum Origin {
    Stream {
        /// The reports that wait.
        waiting: AtomicUsize,
        /// The replies that need wait no more.
        ready: Mutex<Vec<Vec<u8>>>,
        /// Told when there are such replies, and when no longer too much waits.
        wake: Arc<Notify>,
    },
    Datagrams {
        address: SocketAddr,
        ready: mpsc::UnboundedSender<(SocketAddr, Vec<u8>)>,
    },
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held; and if something did, it would be whole all the same.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    pub fn new(backend: Box<dyn Backend>, hold: Hold, patience: Duration) -> Self {
        let start = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let start = start.unwrap_or_default().as_nanos();
        Self {
            backend,
            hold,
            patience,
            lanes: Mutex::default(),
            room: Arc::new(Semaphore::new(WAITING as usize)),
            failing: Mutex::default(),
            stored: Counter::default(),
            run: format!("{start:x}-{:x}", std::process::id()),
            next: AtomicU64::new(0),
        }
    }

    /// The reports that wait.
    pub fn waiting(&self) -> usize {
        (WAITING as usize).saturating_sub(self.room.available_permits())
    }

    /// Says when the reply to a frame is sent.
    ///
    /// | the reply is | the store works | it is down |
    /// |---|---|---|
    /// | to a login, or carries the time | now | now |
    /// | a sign of life | now; with `all`, stored | never; with `all`, stored |
    /// | that data is safe | stored; with `none`, now | stored; with `none`, never |
    ///
    /// A device whose signs of life are not answered keeps its positions itself.
    pub fn when(&self, outcome: &Outcome<'_>) -> When {
        let is_data = match outcome.confirms() {
            Some(Confirms::Time) | None => return When::Now,
            Some(Confirms::Alive) if outcome.report.kind == Kind::Login => return When::Now,
            Some(Confirms::Alive) => false,
            Some(_) => true,
        };
        match self.hold {
            Hold::All => When::Stored,
            Hold::Data if is_data => When::Stored,
            _ if self.is_down() => When::Never,
            _ => When::Now,
        }
    }

    /// Whether nothing could be stored for so long that devices should keep what they have.
    pub fn is_down(&self) -> bool {
        lock(&self.failing).is_some_and(|since| since.elapsed() >= self.patience)
    }

    /// A report that is to be stored, from its line of JSON.
    pub fn pending(
        &self,
        report: &Report<'_>,
        connection: Name,
        line: &[u8],
        reply: Option<Vec<u8>>,
    ) -> Pending {
        let subject = match report.device {
            Some(device) => format!("trackers.{device}.{}", report.kind.name()),
            None => format!("trackers.unknown.{}", report.protocol.name()),
        };
        let id = match (report.device, report.key()) {
            (Some(device), Some(key)) => format!("{device}-{key:016x}"),
            // Signs of life are equal every time. An attempt that is repeated has the same id.
            _ => format!(
                "{}-{:x}",
                self.run,
                self.next.fetch_add(1, Ordering::Relaxed)
            ),
        };
        Pending {
            owner: report
                .device
                .map_or_else(|| Owner::Connection(connection), Owner::Device),
            message: Message {
                subject,
                id,
                payload: line.trim_ascii_end().to_vec(),
            },
            reply,
        }
    }

    /// Takes reports, as soon as there is room for them.
    pub async fn take(self: &Arc<Self>, reports: Vec<Pending>, origin: &Arc<Origin>) {
        for pending in reports {
            // It is never closed.
            if let Ok(room) = Arc::clone(&self.room).acquire_owned().await {
                self.enqueue(pending, origin, room);
            }
        }
    }

    /// Takes reports for which there is room now, and returns how many there are no room for.
    pub fn try_take(self: &Arc<Self>, reports: Vec<Pending>, origin: &Arc<Origin>) -> u64 {
        let mut dropped = 0_u64;
        for pending in reports {
            match Arc::clone(&self.room).try_acquire_owned() {
                Ok(room) => self.enqueue(pending, origin, room),
                Err(_) => dropped = dropped.saturating_add(1),
            }
        }
        dropped
    }

    fn enqueue(
        self: &Arc<Self>,
        pending: Pending,
        origin: &Arc<Origin>,
        room: OwnedSemaphorePermit,
    ) {
        if let Origin::Stream { waiting, .. } = &**origin {
            waiting.fetch_add(1, Ordering::Relaxed);
        }
        let owner = pending.owner.clone();
        let entry = Entry {
            pending,
            origin: Arc::clone(origin),
            _room: room,
        };
        match lock(&self.lanes).entry(owner) {
            hash_map::Entry::Occupied(mut lane) => lane.get_mut().push_back(entry),
            hash_map::Entry::Vacant(lane) => {
                let owner = lane.key().clone();
                lane.insert(VecDeque::from([entry]));
                tokio::spawn(Arc::clone(self).drain(owner));
            }
        }
    }

    /// Stores what waits of one owner.
    async fn drain(self: Arc<Self>, owner: Owner) {
        while let Some(entry) = self.front(&owner) {
            while let Err(error) = self.backend.store(&entry.pending.message).await {
                self.fails(&error);
                sleep(PAUSE).await;
            }
            self.works();
            entry.origin.stored(entry.pending.reply);
        }
    }

    /// The oldest report of an owner. If there is none, the lane ends.
    fn front(&self, owner: &Owner) -> Option<Entry> {
        let mut lanes = lock(&self.lanes);
        let entry = lanes.get_mut(owner)?.pop_front();
        if entry.is_none() {
            lanes.remove(owner);
        }
        entry
    }

    fn fails(&self, error: &str) {
        let mut failing = lock(&self.failing);
        if failing.is_none() {
            *failing = Some(Instant::now());
            warn!("store: {error}");
        }
    }

    fn works(&self) {
        self.stored.inc();
        if let Some(since) = lock(&self.failing).take() {
            info!("store: works again, after {} s", since.elapsed().as_secs());
        }
    }

    /// Waits until all is stored, but not longer than this. Returns how many reports are not.
    pub async fn finish(&self, longest: Duration) -> usize {
        let _ = timeout(longest, self.room.acquire_many(WAITING)).await;
        self.waiting()
    }
}

impl Origin {
    pub fn stream(wake: Arc<Notify>) -> Self {
        Self::Stream {
            waiting: AtomicUsize::new(0),
            ready: Mutex::default(),
            wake,
        }
    }

    /// Notes that a report is stored.
    fn stored(&self, reply: Option<Vec<u8>>) {
        match self {
            Self::Stream {
                waiting,
                ready,
                wake,
            } => {
                let has_reply = reply.is_some();
                lock(ready).extend(reply);
                let before = waiting.fetch_sub(1, Ordering::Release);
                if has_reply || before == WAITING_OF_ONE || before == 1 {
                    wake.notify_one();
                }
            }
            Self::Datagrams { address, ready } => {
                if let Some(reply) = reply {
                    // Fails when the server ends.
                    let _ = ready.send((*address, reply));
                }
            }
        }
    }

    /// The reports that wait.
    pub fn waiting(&self) -> usize {
        match self {
            Self::Stream { waiting, .. } => waiting.load(Ordering::Acquire),
            Self::Datagrams { .. } => 0,
        }
    }

    /// Whether more may be read.
    pub fn has_room(&self) -> bool {
        self.waiting() < WAITING_OF_ONE
    }

    /// The replies that need wait no more.
    pub fn ready(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Stream { ready, .. } => std::mem::take(&mut *lock(ready)),
            Self::Datagrams { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gt02::{
        Frame, Session,
        device::{Device, Fix, Status, Uplink},
        types::{Alarm, DateTime, Position, Protocol},
    };

    /// Stores what it is let to, after failures.
    #[derive(Default)]
    struct Fake(Arc<Inner>);

    struct Inner {
        stored: Mutex<Vec<String>>,
        /// A permit for each message that it stores.
        gate: Semaphore,
        failures: AtomicUsize,
    }

    impl Default for Inner {
        fn default() -> Self {
            Self {
                stored: Mutex::default(),
                gate: Semaphore::new(0),
                failures: AtomicUsize::new(0),
            }
        }
    }

    impl Backend for Fake {
        fn store<'a>(&'a self, message: &'a Message) -> Stored<'a> {
            Box::pin(async move {
                if self.0.failures.load(Ordering::SeqCst) > 0 {
                    self.0.failures.fetch_sub(1, Ordering::SeqCst);
                    return Err("out of order".to_owned());
                }
                self.0.gate.acquire().await.unwrap().forget();
                lock(&self.0.stored).push(message.id.clone());
                Ok(())
            })
        }
    }

    fn store(hold: Hold, patience: u64) -> (Arc<Store>, Arc<Inner>) {
        let fake = Fake::default();
        let inner = Arc::clone(&fake.0);
        let store = Store::new(Box::new(fake), hold, Duration::from_secs(patience));
        (Arc::new(store), inner)
    }

    fn pending(id: &str, reply: Option<&str>) -> Pending {
        Pending {
            owner: Owner::Connection(Name::new('T', 1)),
            message: Message {
                subject: "trackers.unknown.gt06".to_owned(),
                id: id.to_owned(),
                payload: b"{}".to_vec(),
            },
            reply: reply.map(|reply| reply.as_bytes().to_vec()),
        }
    }

    #[tokio::test]
    async fn replies_wait_and_order_is_kept() {
        let (store, inner) = store(Hold::Data, 10);
        let wake = Arc::new(Notify::new());
        let origin = Arc::new(Origin::stream(Arc::clone(&wake)));
        let names: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let reports = names
            .iter()
            .map(|n| pending(n, (n == "0" || n == "19").then_some(n)));
        store.take(reports.collect(), &origin).await;
        assert_eq!((origin.waiting(), origin.has_room()), (20, false));
        assert!(origin.ready().is_empty());
        inner.gate.add_permits(1);
        wake.notified().await;
        assert_eq!(origin.ready(), [b"0"]);
        inner.gate.add_permits(4);
        // When there is room again.
        wake.notified().await;
        assert_eq!((origin.waiting(), origin.has_room()), (15, true));
        inner.gate.add_permits(15);
        wake.notified().await;
        assert_eq!(store.finish(Duration::from_secs(60)).await, 0);
        assert_eq!(origin.ready(), [b"19"]);
        assert_eq!(*lock(&inner.stored), names);
        assert_eq!(store.stored.get(), 20);
        assert!(lock(&store.lanes).is_empty());
    }

    #[tokio::test]
    async fn what_fails_is_tried_again_before_what_follows() {
        let (store, inner) = store(Hold::Data, 0);
        inner.failures.store(1, Ordering::SeqCst);
        inner.gate.add_permits(2);
        let origin = Arc::new(Origin::stream(Arc::default()));
        let reports = vec![pending("a", None), pending("b", None)];
        store.take(reports, &origin).await;
        while !store.is_down() {
            tokio::task::yield_now().await;
        }
        assert_eq!(store.finish(Duration::from_secs(60)).await, 0);
        assert_eq!(*lock(&inner.stored), ["a", "b"]);
        assert!(!store.is_down());
    }

    #[tokio::test]
    async fn reports_without_room_are_dropped_where_nobody_can_wait() {
        let (store, _inner) = store(Hold::Data, 10);
        let origin = Arc::new(Origin::stream(Arc::default()));
        let reports = |count| (0..count).map(|_| pending("a", None)).collect();
        assert_eq!(store.try_take(reports(WAITING), &origin), 0);
        assert_eq!(store.try_take(reports(2), &origin), 2);
        assert_eq!(store.finish(Duration::ZERO).await, WAITING as usize);
    }

    /// When the replies to a login, a heartbeat, an alarm, and a request for the time are sent.
    fn whens(store: &Store) -> [When; 4] {
        let mut device = Device::new(Protocol::Gt06, "356588220000001".parse().unwrap());
        let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
        let fix = Fix::new(time, Position::from_degrees(52.5, 13.4).unwrap());
        let (alarm, status) = (Alarm::Sos, Status::new());
        let mut session = Session::new();
        let mut when = |bytes: &[u8]| {
            let frame = Frame::parse(bytes).unwrap();
            let outcome = session.handle_at(&frame, time);
            assert!(outcome.reply.is_some());
            store.when(&outcome)
        };
        let mut of = |uplink: &Uplink<'_>| {
            let mut out = [0; 512];
            let len = device.encode(uplink, &mut out).unwrap().len;
            when(out.split_at(len).0)
        };
        [
            of(&Uplink::Login),
            of(&Uplink::Heartbeat(status)),
            of(&Uplink::Alarm { alarm, fix, status }),
            when(
                b"*HQ,4109170001,V1,043602,A,2235.5058,N,11356.2412,E,000.00,000,230421,FFFFFFFF#",
            ),
        ]
    }

    #[test]
    fn when_replies_are_sent() {
        use When::{Never, Now, Stored};
        for (hold, works, down) in [
            (
                Hold::Data,
                [Now, Now, Stored, Now],
                [Now, Never, Stored, Now],
            ),
            (
                Hold::All,
                [Now, Stored, Stored, Now],
                [Now, Stored, Stored, Now],
            ),
            (Hold::None, [Now, Now, Now, Now], [Now, Never, Never, Now]),
        ] {
            let (store, _inner) = store(hold, 0);
            assert_eq!(whens(&store), works, "{hold:?}");
            store.fails("out of order");
            assert_eq!(whens(&store), down, "{hold:?}");
            store.works();
            assert_eq!(whens(&store), works, "{hold:?}");
        }
    }

    #[test]
    fn copies_have_one_id() {
        let (store, _inner) = store(Hold::Data, 10);
        let mut device = Device::new(Protocol::Gt06, "356588220000001".parse().unwrap());
        let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
        let fix = Fix::new(time, Position::from_degrees(52.5, 13.4).unwrap());
        let mut session = Session::new();
        let mut message = |uplink: &Uplink<'_>| {
            let mut out = [0; 512];
            let len = device.encode(uplink, &mut out).unwrap().len;
            let frame = Frame::parse(out.split_at(len).0).unwrap();
            let report = session.handle(&frame).report;
            store
                .pending(&report, Name::new('T', 1), b"{}\n", None)
                .message
        };
        let login = message(&Uplink::Login);
        assert_eq!(login.subject, "trackers.356588220000001.login");
        assert_eq!(login.payload, b"{}");
        assert_ne!(login.id, message(&Uplink::Login).id);
        let location = message(&Uplink::Location(fix));
        assert_eq!(location.subject, "trackers.356588220000001.location");
        assert!(location.id.starts_with("356588220000001-"));
        assert_eq!(location.id, message(&Uplink::Location(fix)).id);
    }
}
