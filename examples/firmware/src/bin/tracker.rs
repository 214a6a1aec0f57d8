//! A tracker of `gt06`: sentences of a receiver come in, frames go to a server.
//!
//! It logs in, sends a fix every ten seconds, a heartbeat every minute, and an alarm when it goes
//! too fast; it answers a command. Fixes are kept until a heartbeat after them was answered. If the
//! server is deaf, they are sent again, as stored ones, after the next login.
//!
//! [`MAIN`] is the modem, [`SECOND`] the receiver, which says once a second where it is: that is
//! the clock as well.

#![no_std]
#![no_main]

use core::time::Duration;
use gt02::{
    Decoder, Item, Protocol,
    device::{Device, Fix, Received, Status, Uplink},
    types::Alarm,
};
use gt02_firmware_examples::{
    board::{self, MAIN, SECOND},
    entry,
};
use heapless::{Deque, Vec};

const ID: &[u8] = b"353588020144007";
const SECONDS_TO_A_FIX: u32 = 10;
const SECONDS_TO_A_HEARTBEAT: u32 = 60;
/// In metres per hour.
const TOO_FAST: u32 = 120_000;

entry!(main);

fn main() -> ! {
    board::start();
    let Some(id) = gt02::types::DeviceId::from_ascii(ID) else {
        board::exit(false)
    };
    let mut tracker = Tracker {
        device: Device::new(Protocol::Gt06, id),
        seconds: 0,
        fixes: Deque::new(),
        sent: 0,
        asked: Asked::Nothing,
        is_logged_in: false,
        next_heartbeat: 0,
        alarm: None,
        was_fast: false,
    };
    let (mut decoder, mut line) = (Decoder::<260>::new(), Vec::<u8, 82>::new());
    let mut buffer = [0; 16];
    loop {
        let mut input = MAIN.read(&mut buffer);
        while let Some(item) = decoder.decode(&mut input) {
            if let Item::Frame(frame) = item {
                tracker.receive(&frame);
            }
        }
        let from_receiver = SECOND.read(&mut buffer);
        for &byte in from_receiver {
            match byte {
                b'\n' => {
                    if let Some(fix) = Fix::from_rmc(&line) {
                        tracker.second(fix);
                    }
                    line.clear();
                }
                // The end of a run in QEMU: an EOT. It was well if the server has everything.
                4 => {
                    board::exit(tracker.fixes.is_empty() && !MAIN.is_lossy() && !SECOND.is_lossy())
                }
                // What does not fit is no sentence.
                _ => drop(line.push(byte)),
            }
        }
        board::wait(&[&MAIN, &SECOND]);
    }
}

/// What the reply that the device waits for will confirm.
#[derive(Clone, Copy)]
enum Asked {
    Nothing,
    Login,
    /// These many fixes, which were sent before.
    Fixes(usize),
    Alarm,
}

struct Tracker {
    device: Device,
    /// Since the start.
    seconds: u32,
    /// The fixes that the server may not have, the oldest first.
    fixes: Deque<Fix, 64>,
    /// How many of them were sent, and are not confirmed.
    sent: usize,
    asked: Asked,
    is_logged_in: bool,
    /// In seconds since the start.
    next_heartbeat: u32,
    /// An alarm that is still to be sent.
    alarm: Option<Fix>,
    was_fast: bool,
}

impl Tracker {
    /// A second has passed, and the device is there.
    fn second(&mut self, fix: Fix) {
        if self.seconds % SECONDS_TO_A_FIX == 0 {
            self.keep(fix);
        }
        let is_fast = fix
            .speed
            .is_some_and(|speed| speed.metres_per_hour() > TOO_FAST);
        if is_fast && !self.was_fast {
            self.alarm = Some(fix);
        }
        self.was_fast = is_fast;

        if self.device.is_late(self.now()) {
            self.reconnect();
        }
        let waits = self.device.waits_for().is_some();
        if !self.is_logged_in {
            if !waits {
                self.ask(&Uplink::Login, Asked::Login);
            }
        } else {
            self.send_fixes();
            if waits {
                // One question at a time.
            } else if let Some(fix) = self.alarm {
                let (alarm, status) = (Alarm::Overspeed, Status::new());
                self.ask(&Uplink::Alarm { alarm, fix, status }, Asked::Alarm);
            } else if self.seconds >= self.next_heartbeat {
                self.ask(&Uplink::Heartbeat(Status::new()), Asked::Fixes(self.sent));
                self.next_heartbeat = self.seconds + SECONDS_TO_A_HEARTBEAT;
            }
        }
        self.seconds += 1;
        board::log("second", &[]);
    }

    fn now(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    /// Keeps a fix until the server has it. The oldest makes room.
    fn keep(&mut self, fix: Fix) {
        if self.fixes.is_full() {
            self.fixes.pop_front();
            self.sent = self.sent.saturating_sub(1);
        }
        // There is room.
        let _ = self.fixes.push_back(fix);
    }

    /// The server is deaf: what it did not confirm is sent again, after a login.
    fn reconnect(&mut self) {
        // With a modem: close the connection, and open it again.
        self.device.give_up();
        self.is_logged_in = false;
        self.next_heartbeat = 0;
        self.fixes.iter_mut().for_each(|fix| fix.resent = true);
        (self.sent, self.asked) = (0, Asked::Nothing);
    }

    fn send_fixes(&mut self) {
        while let Some(fix) = self.fixes.iter().nth(self.sent).copied() {
            self.send(&Uplink::Location(fix));
            self.sent += 1;
        }
    }

    /// Sends a message that is answered.
    fn ask(&mut self, uplink: &Uplink<'_>, asked: Asked) {
        if self.send(uplink) {
            self.asked = asked;
        }
    }

    fn send(&mut self, uplink: &Uplink<'_>) -> bool {
        let mut out = [0; 128];
        let sent = self.device.send(uplink, self.now(), &mut out);
        let frame = sent.ok().and_then(|sent| out.get(..sent.len));
        MAIN.write(frame.unwrap_or_default());
        frame.is_some()
    }

    /// A frame came from the server.
    fn receive(&mut self, frame: &gt02::Frame<'_>) {
        match self.device.receive(frame) {
            Received::Reply => {
                match core::mem::replace(&mut self.asked, Asked::Nothing) {
                    Asked::Login => self.is_logged_in = true,
                    Asked::Fixes(count) => {
                        for _ in 0..count {
                            self.fixes.pop_front();
                        }
                        self.sent = self.sent.saturating_sub(count);
                    }
                    Asked::Alarm => self.alarm = None,
                    Asked::Nothing => {}
                }
                board::log("reply", &[]);
            }
            Received::Command(command) => {
                let text = match command.text.as_bytes() {
                    b"VERSION#" => "gt02 0.1",
                    _ => "unknown command",
                };
                self.send(&Uplink::Response(text));
                board::log("command", command.text.as_bytes());
            }
            _ => board::log("other", frame.as_bytes()),
        }
    }
}
