//! The texts that a new tracker needs.

use super::set::Syntax;
use super::{
    Answer, Apn, Command, CommandError, CommandSet, Host, Server, ServerSetting, Sms, Verdict,
};
use crate::bytes::text::number;
use crate::types::{DeviceId, Protocol, UtcOffset};
use core::ops::Deref;
use heapless::Vec;

/// The settings of a new tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Settings<'a> {
    /// The access point of its SIM's network.
    pub apn: Apn<'a>,
    /// Where it reports to.
    pub server: Server<'a>,
    /// How often it reports, in seconds; `None` leaves that as it is.
    pub interval: Option<u32>,
    /// Its password; `None` for the one that devices of the set leave the factory with.
    pub password: Option<&'a str>,
    /// Its id, usually the IMEI on the label. Set A needs it if the server is given by its address.
    pub device: Option<DeviceId>,
}

/// A text to send.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Step<'a> {
    /// The set that the text belongs to.
    pub set: CommandSet,
    /// The command. [`Command::purpose`] says what it is for, [`Command::expected`] what answer to
    /// wait for, and [`Command::verdict`] what the answer means.
    pub command: Command<'a>,
    /// The text itself.
    pub text: Sms,
}

/// The greatest number of texts in a plan: set W with user, password and interval.
const MAX_STEPS: usize = 9;

/// The texts to send to a device whose set is known, in their order. Derefs to a slice of [`Step`].
///
/// The first is a [question](CommandSet::question) that changes nothing: its answer says that
/// number, SIM, set and password are right. Wait for each answer before sending the next text.
/// Then:
///
/// | set | texts |
/// |---|---|
/// | A | APN and server in one, interval |
/// | B, Topin | APN, server, interval |
/// | C | time zone UTC, APN, server, interval, `TCP` (GPRS on, or shows the settings) |
/// | J | APN, server, time zone UTC, intervals, data on, and two questions as a proof |
/// | W | time zone UTC, APN with user and password, server, data on, interval, the question again |
/// | S | time zone UTC, data on, APN, server, intervals with ignition on and off, the question again |
///
/// The questions at the end prove that the settings were taken: [`Settings::proof`] compares.
///
/// A plan does not restore the factory state; send [`Command::Reset`] first if the device may have
/// been configured before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan<'a> {
    steps: Vec<Step<'a>, MAX_STEPS>,
}

impl<'a> Plan<'a> {
    /// Makes the plan for a set.
    ///
    /// # Errors
    /// If the set cannot express the settings, as [`Gt02d`](CommandSet::Gt02d),
    /// [`VSun`](CommandSet::VSun) and [`X`](CommandSet::X) never can; or if one of them is not
    /// allowed.
    #[inline(always)]
    pub fn new(set: CommandSet, settings: &Settings<'a>) -> Result<Self, CommandError> {
        Self::new_in(set.syntax(), settings)
    }

    fn new_in(syntax: &Syntax, settings: &Settings<'a>) -> Result<Self, CommandError> {
        Self::of(syntax, &commands(syntax.set, settings), settings.password)
    }

    /// Makes the plan for a phone that listens in. **It gives the microphone away.**
    ///
    /// | set | texts | then |
    /// |---|---|---|
    /// | C, W | authorise the phone, listen in | the phone calls the device, which answers silently; [`Command::Track`] goes back |
    /// | J | add the phone to the SOS numbers | it calls the device and lets it ring for more than 10 seconds |
    /// | Topin | one | the device calls the phone |
    ///
    /// ```
    /// use gt02::sms::{CommandSet, Plan};
    /// let plan = Plan::listen(CommandSet::C, "13800138000", None)?;
    /// let texts = plan.iter().map(|step| step.text.as_str());
    /// assert!(texts.eq(["#admin#123456#13800138000#", "#monitor#123456#"]));
    /// # Ok::<(), gt02::sms::CommandError>(())
    /// ```
    ///
    /// # Errors
    /// If the set has no command for it, or if the phone is not 3 to 15 digits, perhaps after a
    /// `+`.
    #[inline(always)]
    pub fn listen(
        set: CommandSet,
        phone: &'a str,
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        Self::listen_in(set.syntax(), phone, password)
    }

    fn listen_in(
        syntax: &Syntax,
        phone: &'a str,
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        let commands: &[Command<'a>] = match syntax.set {
            CommandSet::J => &[Command::SosPhone { phone }],
            CommandSet::Topin => &[Command::ListenBy { phone }],
            _ => &[Command::AuthorisePhone { phone }, Command::Listen],
        };
        // If the set lacks it, that is the error: a phone is not authorised for its own sake.
        if let Some(last) = commands.last() {
            Step::new(syntax, *last, password)?;
        }
        Self::of(syntax, commands, password)
    }

    fn of(
        syntax: &Syntax,
        commands: &[Command<'a>],
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        // What the set lacks is told before any value that is wrong.
        for command in commands {
            command.word_in(syntax)?;
        }
        let mut steps = Vec::new();
        for command in commands {
            // There is room for all of them.
            let _ = steps.push(Step::new(syntax, *command, password)?);
        }
        Ok(Self { steps })
    }
}

/// Returns the commands of a plan, the question first.
fn commands<'a>(set: CommandSet, settings: &Settings<'a>) -> Vec<Command<'a>, MAX_STEPS> {
    let Settings {
        apn,
        server,
        interval,
        device,
        ..
    } = *settings;
    let mut commands = Vec::new();
    let mut put = |given: &[Option<Command<'a>>]| {
        for command in given.iter().flatten() {
            // There is room for all of them.
            let _ = commands.push(*command);
        }
    };
    let utc = Some(Command::TimeZone(UtcOffset::UTC));
    let data = Some(Command::Data { on: true });
    let server_only = Some(Command::Server(server));
    let apn_only = Some(Command::Apn(apn));
    let every = interval.map(|seconds| Command::Interval { seconds });
    put(&[set.question()]);
    match set {
        CommandSet::A => {
            // The id goes with an address only.
            let device = device.filter(|_| matches!(server.host, Host::Address(_)));
            let both = Command::ApnAndServer {
                apn,
                server,
                device,
            };
            put(&[Some(both), every]);
        }
        CommandSet::C => {
            let tcp = Some(Command::GprsOverTcp);
            put(&[utc, apn_only, server_only, every, tcp]);
        }
        CommandSet::J => {
            let both = interval.map(|seconds| Command::IgnitionIntervals {
                on: seconds,
                off: seconds,
            });
            // The settings lack the interval.
            let proofs = [
                Some(Command::Settings),
                interval.map(|_| Command::Parameters),
            ];
            put(&[apn_only, server_only, utc, both, data]);
            put(&proofs);
        }
        CommandSet::W => {
            // User and password have texts of their own.
            let name = Some(Command::Apn(Apn::new(apn.name)));
            let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
            let user = given(apn.user).map(|user| Command::ApnUser { user });
            let password = given(apn.password).map(|password| Command::ApnPassword { password });
            put(&[utc, name, user, password, server_only, data, every]);
            put(&[set.question()]);
        }
        CommandSet::S => {
            let parked = interval.map(|seconds| Command::ParkedInterval { seconds });
            put(&[utc, data, apn_only, server_only, every, parked]);
            put(&[set.question()]);
        }
        CommandSet::B
        | CommandSet::Gt02d
        | CommandSet::VSun
        | CommandSet::X
        | CommandSet::Topin => {
            put(&[apn_only, server_only, every]);
        }
    }
    commands
}

impl<'a> Step<'a> {
    /// Writes the text of a command.
    ///
    /// # Errors
    /// As [`Command::to_sms`].
    fn new(
        syntax: &Syntax,
        command: Command<'a>,
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        let set = syntax.set;
        let password = password.or(set.default_password()).unwrap_or_default();
        let text = command.write_in(syntax, password)?;
        Ok(Self { set, command, text })
    }
}

impl<'a> Deref for Plan<'a> {
    type Target = [Step<'a>];

    fn deref(&self) -> &[Step<'a>] {
        &self.steps
    }
}

impl<'p, 'a> IntoIterator for &'p Plan<'a> {
    type Item = &'p Step<'a>;
    type IntoIter = core::slice::Iter<'p, Step<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.steps.iter()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Plan<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[?]}", self.steps.as_slice());
    }
}

/// A set whose plan cannot be made, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoPlan {
    /// The set.
    pub set: CommandSet,
    /// Why it cannot express the settings.
    pub error: CommandError,
}

/// Returns the texts to send to a device whose set is not known, in their order: those that cost
/// least when wrong come first.
///
/// 1. The [question](CommandSet::question) of each set, with the set's default password unless the
///    settings have one. These change nothing, and each costs one message. **As soon as one is
///    answered, the set is known: leave out the other sets' texts.**
/// 2. The rest of each set's [plan](Plan), if no question was answered: a device without a fix may
///    be silent, and so may one that answers only phones that it was told of. A device of another
///    set takes such a text for an unknown command, or for one with a wrong password.
///
/// The order of the sets is A, B, C, J, W, S; [`try_likely`] begins with those that go with the
/// device's protocol. In place of the plan of a set that cannot express the settings there is one
/// error. [`Gt02d`](CommandSet::Gt02d), [`VSun`](CommandSet::VSun) and [`X`](CommandSet::X) are not
/// tried: they have no known command for the server. Neither is [`Topin`](CommandSet::Topin), whose
/// frames have no checksum.
#[must_use]
pub const fn try_all<'a>(settings: &Settings<'a>) -> Attempts<'a> {
    Attempts {
        settings: *settings,
        sets: SETS,
        next: Attempt::Question { set: 0 },
    }
}

/// Returns the texts of [`try_all`], first those of the sets that go with the protocol in which the
/// device has reported before: [`CommandSet::likely`]. That is a hint and no proof, so the others
/// follow.
///
/// ```
/// use gt02::{Protocol, sms::{Apn, Server, Settings, Transport, try_likely}};
/// let settings = Settings {
///     apn: Apn::new("internet"),
///     server: Server { host: "example.com".into(), port: 5013, transport: Transport::Tcp },
///     interval: None,
///     password: None,
///     device: None,
/// };
/// let first = try_likely(Protocol::H02, &settings).next().unwrap().unwrap();
/// assert_eq!(first.text.as_str(), "RCONF");
/// ```
#[must_use]
pub fn try_likely<'a>(protocol: Protocol, settings: &Settings<'a>) -> Attempts<'a> {
    let likely = CommandSet::likely(protocol);
    let rank = |set: &CommandSet| likely.iter().position(|it| it == set).unwrap_or(usize::MAX);
    let mut sets = SETS;
    // Few, and nearly in order.
    for end in (1..sets.len()).rev() {
        for at in 0..end {
            if let Some([left, right]) = sets.get_mut(at..).and_then(<[_]>::first_chunk_mut) {
                if rank(left) > rank(right) {
                    core::mem::swap(left, right);
                }
            }
        }
    }
    Attempts {
        settings: *settings,
        sets,
        next: Attempt::Question { set: 0 },
    }
}

/// The sets that [`try_all`] tries.
const SETS: [CommandSet; 6] = [
    CommandSet::A,
    CommandSet::B,
    CommandSet::C,
    CommandSet::J,
    CommandSet::W,
    CommandSet::S,
];

/// The texts for a device whose set is not known; made by [`try_all`] and [`try_likely`].
#[derive(Clone, Debug)]
pub struct Attempts<'a> {
    settings: Settings<'a>,
    sets: [CommandSet; SETS.len()],
    next: Attempt,
}

/// The next text: sets are counted in [`Attempts::sets`].
#[derive(Clone, Copy, Debug)]
enum Attempt {
    Question {
        set: usize,
    },
    /// Step 0 of a plan is its question, which was sent already.
    Step {
        set: usize,
        step: usize,
    },
}

impl<'a> Iterator for Attempts<'a> {
    type Item = Result<Step<'a>, NoPlan>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next {
                Attempt::Question { set: at } => {
                    let Some(&set) = self.sets.get(at) else {
                        self.next = Attempt::Step { set: 0, step: 1 };
                        continue;
                    };
                    self.next = Attempt::Question {
                        set: at.saturating_add(1),
                    };
                    if let Some(question) = set.question() {
                        let step = Step::new(set.syntax(), question, self.settings.password);
                        return Some(step.map_err(|error| NoPlan { set, error }));
                    }
                }
                Attempt::Step { set: at, step } => {
                    let set = *self.sets.get(at)?;
                    let next_set = Attempt::Step {
                        set: at.saturating_add(1),
                        step: 1,
                    };
                    // All of a plan, or nothing of it.
                    if let Err(error) = Plan::new(set, &self.settings) {
                        self.next = next_set;
                        return Some(Err(NoPlan { set, error }));
                    }
                    let commands = commands(set, &self.settings);
                    let Some(&command) = commands.get(step) else {
                        self.next = next_set;
                        continue;
                    };
                    self.next = Attempt::Step {
                        set: at,
                        step: step.saturating_add(1),
                    };
                    let step = Step::new(set.syntax(), command, self.settings.password);
                    return Some(step.map_err(|error| NoPlan { set, error }));
                }
            }
        }
    }
}

/// What an answer shows of the settings of a plan: `Some(true)` if they are so, `Some(false)` if
/// they are others, `None` if the answer does not say. Made by [`Settings::proof`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Proof {
    /// The access point.
    pub apn: Option<bool>,
    /// The server, with the transport if the answer tells it. `None` too if a name was set and the
    /// answer has an address: set S keeps what it resolved the name to.
    pub server: Option<bool>,
    /// The interval, if the settings have one; if the answer tells two, both of them.
    pub interval: Option<bool>,
}

impl Proof {
    /// Returns what two answers show together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let both = |one: Option<bool>, other: Option<bool>| match (one, other) {
            (Some(one), Some(other)) => Some(one && other),
            (one, other) => one.or(other),
        };
        Self {
            apn: both(self.apn, other.apn),
            server: both(self.server, other.server),
            interval: both(self.interval, other.interval),
        }
    }

    /// Returns [`Refused`](Verdict::Refused) if any setting is another one,
    /// [`Done`](Verdict::Done) if access point and server are shown to be right, and
    /// [`Unclear`](Verdict::Unclear) otherwise.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        let all = [self.apn, self.server, self.interval];
        if all.contains(&Some(false)) {
            Verdict::Refused
        } else if self.apn.and(self.server) == Some(true) {
            Verdict::Done
        } else {
            Verdict::Unclear
        }
    }
}

impl Settings<'_> {
    /// Compares the settings with an answer to [`Command::Settings`], [`Command::Parameters`],
    /// [`Command::Everything`] or [`Command::Status`].
    ///
    /// ```
    /// use gt02::sms::{Answer, Apn, Server, Settings, Transport, Verdict};
    /// let settings = Settings {
    ///     apn: Apn::new("internet"),
    ///     server: Server { host: "example.com".into(), port: 5023, transport: Transport::Tcp },
    ///     interval: Some(20),
    ///     password: None,
    ///     device: None,
    /// };
    /// let proof = |text: &str| settings.proof(&Answer::parse(text.as_bytes()));
    /// let taken = proof("GPRS:ON;APN:internet,,;Server:1,example.com,5023,0;");
    /// assert_eq!(taken.verdict(), Verdict::Done);
    /// let with_interval = taken.and(proof("IMEI:353686009002030;TIMER:60,60;SENDS:3;"));
    /// assert_eq!(with_interval.interval, Some(false));
    /// assert_eq!(with_interval.verdict(), Verdict::Refused);
    /// ```
    #[must_use]
    pub fn proof(&self, answer: &Answer<'_>) -> Proof {
        let Answer::Status(status) = answer else {
            return Proof::default();
        };
        let is_server = |shown: ServerSetting<'_>| {
            let transport = shown.transport.unwrap_or(self.server.transport);
            if shown.port != self.server.port || transport != self.server.transport {
                return Some(false);
            }
            let address = octets(shown.host);
            match self.server.host {
                // Set S resolves a name when it is set, and nothing here says to what.
                Host::Name(_) if address.is_some() => None,
                Host::Name(name) => Some(name.eq_ignore_ascii_case(shown.host)),
                Host::Address(set) => Some(address == Some(set.octets())),
            }
        };
        let is_interval = |seconds: u32| {
            let shown = status.intervals()?;
            let parked = shown.parked_seconds.unwrap_or(shown.seconds);
            Some(shown.seconds == seconds && parked == seconds)
        };
        Proof {
            apn: status
                .apn()
                .map(|apn| apn.eq_ignore_ascii_case(self.apn.name)),
            server: status.server().and_then(is_server),
            interval: self.interval.and_then(is_interval),
        }
    }
}

/// Reads an address whose numbers may have leading zeros: `203.000.113.007`.
fn octets(text: &str) -> Option<[u8; 4]> {
    let mut parts = text.as_bytes().split(|&byte| byte == b'.');
    let mut octets = [0; 4];
    for octet in &mut octets {
        *octet = number(parts.next()?)?.try_into().ok()?;
    }
    parts.next().is_none().then_some(octets)
}
