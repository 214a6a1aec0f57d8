//! The texts that a new tracker needs.

use super::{Apn, Command, CommandError, CommandSet, Host, Server, Sms};
use crate::types::{DeviceId, UtcOffset};
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

/// The greatest number of texts in a plan.
const MAX_STEPS: usize = 8;

/// The texts to send to a device whose set is known, in their order. Derefs to a slice of [`Step`].
///
/// The first is a [question](CommandSet::question) that changes nothing: its answer says that
/// number, SIM, set and password are right. Wait for each answer before sending the next text.
/// Then:
///
/// | set | texts |
/// |---|---|
/// | A | APN and server in one, interval |
/// | B | APN, server, interval |
/// | C | time zone UTC, APN, server, interval, `TCP` (GPRS on, or shows the settings) |
/// | J | APN, server, time zone UTC, intervals, data on, and the question again as a proof |
/// | W | time zone UTC, APN with user and password, server, data on, interval |
/// | S | time zone UTC, data on, APN, server, intervals with ignition on and off |
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
    pub fn new(set: CommandSet, settings: &Settings<'a>) -> Result<Self, CommandError> {
        let mut steps = Vec::new();
        for command in commands(set, settings).into_iter().flatten() {
            // There is room for all of them.
            let _ = steps.push(Step::new(set, command, settings.password)?);
        }
        Ok(Self { steps })
    }
}

/// Returns the commands of a plan, the question first.
fn commands<'a>(set: CommandSet, settings: &Settings<'a>) -> [Option<Command<'a>>; MAX_STEPS] {
    let Settings {
        apn,
        server,
        interval,
        device,
        ..
    } = *settings;
    let question = set.question();
    let utc = Some(Command::TimeZone(UtcOffset::UTC));
    let data = Some(Command::Data { on: true });
    let server_only = Some(Command::Server(server));
    let apn_only = Some(Command::Apn(apn));
    let every = interval.map(|seconds| Command::Interval { seconds });
    match set {
        CommandSet::A => {
            // The id goes with an address only.
            let device = device.filter(|_| matches!(server.host, Host::Address(_)));
            let both = Command::ApnAndServer {
                apn,
                server,
                device,
            };
            [question, Some(both), every, None, None, None, None, None]
        }
        CommandSet::C => {
            let tcp = Some(Command::GprsOverTcp);
            [question, utc, apn_only, server_only, every, tcp, None, None]
        }
        CommandSet::J => {
            let both = interval.map(|seconds| Command::IgnitionIntervals {
                on: seconds,
                off: seconds,
            });
            [
                question,
                apn_only,
                server_only,
                utc,
                both,
                data,
                question,
                None,
            ]
        }
        CommandSet::W => {
            // User and password have texts of their own.
            let name = Some(Command::Apn(Apn::new(apn.name)));
            let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
            let user = given(apn.user).map(|user| Command::ApnUser { user });
            let password = given(apn.password).map(|password| Command::ApnPassword { password });
            [
                question,
                utc,
                name,
                user,
                password,
                server_only,
                data,
                every,
            ]
        }
        CommandSet::S => {
            let parked = interval.map(|seconds| Command::ParkedInterval { seconds });
            [
                question,
                utc,
                data,
                apn_only,
                server_only,
                every,
                parked,
                None,
            ]
        }
        CommandSet::B
        | CommandSet::Gt02d
        | CommandSet::VSun
        | CommandSet::X
        | CommandSet::Topin => [
            question,
            apn_only,
            server_only,
            every,
            None,
            None,
            None,
            None,
        ],
    }
}

impl<'a> Step<'a> {
    /// Writes the text of a command.
    ///
    /// # Errors
    /// As [`Command::to_sms`].
    fn new(
        set: CommandSet,
        command: Command<'a>,
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        let password = password.or(set.default_password()).unwrap_or_default();
        let text = command.to_sms(set, password)?;
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
/// The order of the sets is A, B, C, J, W, S. In place of the plan of a set that cannot express the
/// settings there is one error. [`Gt02d`](CommandSet::Gt02d), [`VSun`](CommandSet::VSun) and
/// [`X`](CommandSet::X) are not tried: they have no known command for the server.
#[must_use]
pub const fn try_all<'a>(settings: &Settings<'a>) -> Attempts<'a> {
    Attempts {
        settings: *settings,
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

/// The texts for a device whose set is not known; made by [`try_all`].
#[derive(Clone, Debug)]
pub struct Attempts<'a> {
    settings: Settings<'a>,
    next: Attempt,
}

/// The next text: sets are counted in [`SETS`].
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
                    let Some(&set) = SETS.get(at) else {
                        self.next = Attempt::Step { set: 0, step: 1 };
                        continue;
                    };
                    self.next = Attempt::Question {
                        set: at.saturating_add(1),
                    };
                    if let Some(question) = set.question() {
                        let step = Step::new(set, question, self.settings.password);
                        return Some(step.map_err(|error| NoPlan { set, error }));
                    }
                }
                Attempt::Step { set: at, step } => {
                    let set = *SETS.get(at)?;
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
                    let Some(command) = commands.get(step) else {
                        self.next = next_set;
                        continue;
                    };
                    self.next = Attempt::Step {
                        set: at,
                        step: step.saturating_add(1),
                    };
                    if let Some(command) = *command {
                        let step = Step::new(set, command, self.settings.password);
                        return Some(step.map_err(|error| NoPlan { set, error }));
                    }
                }
            }
        }
    }
}
