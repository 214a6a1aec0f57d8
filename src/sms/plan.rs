//! All texts that a new tracker needs.

use super::{Apn, Command, CommandError, CommandSet, Host, Server, Sms};
use crate::types::{DeviceId, UtcOffset};
use core::ops::Deref;
use heapless::Vec;

/// What a tracker is to be told.
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
    /// Its id, usually the IMEI on the label. Set A needs it where the server is given by its address.
    pub device: Option<DeviceId>,
}

/// A text to send.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Step<'a> {
    /// The set that the text belongs to.
    pub set: CommandSet,
    /// What it asks of the device. [`Command::purpose`] says what for, [`Command::expected`] what answer to wait for, and [`Command::verdict`] what
    /// the answer means.
    pub command: Command<'a>,
    /// The text itself.
    pub text: Sms,
}

/// The most texts of a plan.
const MAX_STEPS: usize = 6;

/// The texts to send to a device whose set is known, in their order. Derefs to a slice of [`Step`].
///
/// The first is a [question](CommandSet::question) that changes nothing: its answer says that number, SIM, set and password are right. Wait for each
/// answer before the next text is sent. Then:
///
/// | set | texts |
/// |---|---|
/// | A | APN and server in one, interval |
/// | B | APN, server, interval |
/// | C | time zone UTC, APN, server, interval, and `TCP`, which switches to GPRS or shows the settings |
///
/// The state of the factory (`#begin#...#`) is not gone back to: that is for a device of which it is not known what it was told before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    steps: Vec<Step<'a>, MAX_STEPS>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// If the set cannot express the settings, as [`Gt02d`](CommandSet::Gt02d) and [`VSun`](CommandSet::VSun) never can; or if one of them is not
    /// allowed.
    pub fn new(set: CommandSet, settings: &Settings<'a>) -> Result<Self, CommandError> {
        let mut steps = Vec::new();
        for command in commands(set, settings).into_iter().flatten() {
            // There is room for as many as there can be.
            let _ = steps.push(Step::new(set, command, settings.password)?);
        }
        Ok(Self { steps })
    }
}

/// The commands of a plan, the question first.
fn commands<'a>(set: CommandSet, settings: &Settings<'a>) -> [Option<Command<'a>>; MAX_STEPS] {
    let Settings {
        apn,
        server,
        interval,
        device,
        ..
    } = *settings;
    let (server_only, utc) = (Command::Server(server), Command::TimeZone(UtcOffset::UTC));
    // In set A the id goes with an address only.
    let device = device.filter(|_| matches!(server.host, Host::Address(_)));
    let both = Command::ApnAndServer {
        apn,
        server,
        device,
    };
    let apn = Command::Apn(apn);
    let interval = interval.map(|seconds| Command::Interval { seconds });
    match set {
        CommandSet::A => [set.question(), Some(both), interval, None, None, None],
        CommandSet::C => [
            set.question(),
            Some(utc),
            Some(apn),
            Some(server_only),
            interval,
            Some(Command::GprsOverTcp),
        ],
        _ => [
            set.question(),
            Some(apn),
            Some(server_only),
            interval,
            None,
            None,
        ],
    }
}

impl<'a> Step<'a> {
    /// # Errors
    /// As [`Command::to_sms`].
    fn new(
        set: CommandSet,
        command: Command<'a>,
        password: Option<&'a str>,
    ) -> Result<Self, CommandError> {
        let text = command.to_sms(set, password.or(set.default_password()).unwrap_or_default())?;
        Ok(Self { set, command, text })
    }
}

impl<'a> Deref for Plan<'a> {
    type Target = [Step<'a>];

    fn deref(&self) -> &[Step<'a>] {
        &self.steps
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Plan<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[?]}", self.steps.as_slice());
    }
}

/// The texts to send to a device whose set is not known, in their order: those cheapest when wrong come first.
///
/// 1. The [question](CommandSet::question) of each set, with the set's default password unless the settings have one. These change nothing, and each
///    costs one message. **As soon as one is answered, the set is known: leave out the other sets' texts.**
/// 2. What is left of the [plan](Plan) of each set, if no question was answered: a device without a fix may be silent. A device of another set takes
///    such a text for an unknown command, or for one with a wrong password. The set with the fewest texts comes first: A, B, C; and last of all
///    `TCP`, the only text without a password.
///
/// In place of the plan of a set that cannot express the settings there is one error, with the set. [`Gt02d`](CommandSet::Gt02d) and
/// [`VSun`](CommandSet::VSun) are not tried: they have no known command for the server.
pub fn try_all<'a>(
    settings: &Settings<'a>,
) -> impl Iterator<Item = Result<Step<'a>, (CommandSet, CommandError)>> + use<'a> {
    const SETS: [CommandSet; 3] = [CommandSet::A, CommandSet::B, CommandSet::C];
    let settings = *settings;
    let questions = SETS.into_iter().filter_map(move |set| {
        let question = set.question()?;
        Some(Step::new(set, question, settings.password).map_err(|error| (set, error)))
    });
    let plans = SETS.into_iter().flat_map(move |set| {
        // All of a plan, or nothing of it. Its steps are made one by one, because an iterator over those of a `Plan` has a panic path.
        let error = Plan::new(set, &settings).err();
        let commands = if error.is_none() {
            commands(set, &settings)
        } else {
            [None; MAX_STEPS]
        };
        let steps = commands
            .into_iter()
            .flatten()
            .filter(|command| !command.is_question());
        steps
            .map(move |command| Step::new(set, command, settings.password))
            .chain(error.map(Err))
            .map(move |step| step.map_err(|error| (set, error)))
    });
    questions.chain(plans)
}
