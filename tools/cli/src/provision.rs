//! `gt02 provision`: the SMS that make a new tracker report to a server, and what its answers mean.

mod answers;
mod plan;

use clap::{Args, ValueEnum, error::ErrorKind};
use gt02::{
    sms::{
        Apn, Command, CommandError, CommandSet, NoPlan, Plan, Server, Settings, Step, Transport,
        try_all, try_likely,
    },
    types::{DeviceId, Protocol},
};
use std::{
    io::{self, BufWriter, IsTerminal, Read, Write},
    process::ExitCode,
};

/// Plan the SMS that configure a GPS tracker sold as GT02, and read its answers
///
/// A new tracker reports nowhere until it is told where, by SMS, and nothing on its label says
/// which commands it understands. This writes down which texts to send to it, one after the other,
/// and what to expect. Nothing is sent.
#[derive(Args)]
#[command(
    override_usage = "gt02 provision --apn <NAME> --server <HOST:PORT> [OPTIONS]\n       gt02 provision --answers [--json]",
    after_help = "See --help for the sets and for examples.",
    after_long_help = MORE_HELP
)]
pub struct Options {
    /// Access point of the tracker's SIM, as its operator names it
    #[arg(long, value_name = "NAME")]
    apn: Option<String>,

    /// User for the access point, if it needs one
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    apn_user: String,

    /// Password for the access point, if it needs one
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    apn_password: String,

    /// Where the tracker is to report to: a name or an IPv4 address, and a port
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    server: Option<(String, u16)>,

    /// How it is to connect
    #[arg(long, value_enum, default_value = "tcp")]
    transport: Over,

    /// Commands that the tracker understands
    ///
    /// Without it, the plan finds out.
    #[arg(long, value_enum, default_value = "all")]
    set: Set,

    /// Password of the tracker, 4 to 6 digits
    ///
    /// Without it, each set's factory password is taken.
    #[arg(long, value_name = "DIGITS")]
    password: Option<String>,

    /// Id of the tracker: the 15 digits of the IMEI on its label
    ///
    /// Set A needs it if the server is given by its address.
    #[arg(long, value_name = "IMEI")]
    id: Option<DeviceId>,

    /// How often the tracker is to report
    ///
    /// Without it, that stays as it is.
    #[arg(long, value_name = "SECONDS")]
    interval: Option<u32>,

    /// Protocol in which the tracker has reported before
    ///
    /// The plan begins with the sets that go with it.
    #[arg(long, value_enum, value_name = "PROTOCOL", conflicts_with = "set")]
    from: Option<From>,

    /// Number of a phone that is to listen in
    ///
    /// Adds the texts for it; without --apn and --server there are no others.
    #[arg(long, value_name = "NUMBER")]
    monitor: Option<String>,

    /// Read answers of a tracker from standard input, and print what they say
    ///
    /// One answer a line, or with blank lines between answers of more than one line.
    #[arg(long, conflicts_with_all = [
        "apn", "apn_user", "apn_password", "server", "transport", "set", "password", "id", "interval",
        "from", "monitor",
    ])]
    answers: bool,

    /// Print what answers say as JSON Lines
    #[arg(long, requires = "answers")]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Set {
    /// Concox GT02: `GPRS,000000,...#`
    A,
    /// Goome GT02A: `SERVER,666666,...#`
    B,
    /// CanTrack GT02, clones of TK102, TK06A and GT06: `#IP#123456#...#`
    C,
    /// Concox, Jimi and clones, no password: `SERVER,1,...#`
    J,
    /// TK102, TK103 and clones: `adminip123456 ...`
    W,
    /// SinoTrack ST-901, ST-906 and clones: `8040000 ...`
    S,
    /// A11, GT01, GT09: `g1234`; it has no known command for the server
    X,
    /// Topin, 365GPS: `DOMAIN#...#`
    Topin,
    /// V-Sun V680, TK205: `6660000`; it has no known command for the server
    Vsun,
    /// GT02D: `730#...#`, the interval and nothing else
    Gt02d,
    /// Not known: A, B, C, J, W and S
    All,
}

impl Set {
    /// The set, if it is known which one.
    const fn known(self) -> Option<CommandSet> {
        Some(match self {
            Self::A => CommandSet::A,
            Self::B => CommandSet::B,
            Self::C => CommandSet::C,
            Self::J => CommandSet::J,
            Self::W => CommandSet::W,
            Self::S => CommandSet::S,
            Self::X => CommandSet::X,
            Self::Topin => CommandSet::Topin,
            Self::Vsun => CommandSet::VSun,
            Self::Gt02d | Self::All => return None,
        })
    }

    const fn has_no_password(self) -> bool {
        matches!(self, Self::J | Self::Topin | Self::Gt02d)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum From {
    Gt02,
    Gt06,
    Tk103,
    V680,
    H02,
}

impl From {
    const fn protocol(self) -> Protocol {
        match self {
            Self::Gt02 => Protocol::Gt02,
            Self::Gt06 => Protocol::Gt06,
            Self::Tk103 => Protocol::Tk103,
            Self::V680 => Protocol::V680,
            Self::H02 => Protocol::H02,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Over {
    Tcp,
    Udp,
}

/// The part of `--help` after the options.
const MORE_HELP: &str = "\
Sets of commands, and their factory password:
  a      Concox GT02                                     000000
  b      Goome GT02A                                     666666
  c      CanTrack GT02; clones of TK102, TK06A and GT06  123456
  j      Concox, Jimi and clones: GT06, VT02S, S20       none
  w      TK102, TK103 and clones                         123456
  s      SinoTrack ST-901, ST-906 and clones             0000
  topin  Topin, 365GPS                                   none
  x      A11, GT01, GT09: no command for the server      not known
  vsun   V-Sun V680, TK205: no command for the server    not known
  gt02d  GT02D: only the interval; the rest as set b     none

Examples:
  gt02 provision --apn internet --server 203.0.113.7:8888
  gt02 provision --apn internet --server example.com:5022 --set b --interval 30
  gt02 provision --apn web --apn-user me --apn-password pass --server example.com:5022
  gt02 provision --apn internet --server 203.0.113.7:8888 --set a --id 358899058314017
  gt02 provision --apn internet --server example.com:5013 --from h02
  gt02 provision --set c --monitor 13800138000
  gt02 provision --set gt02d --interval 30
  echo 'APNOK!' | gt02 provision --answers
  gt02 provision --answers --json < answers.txt

Exit status: 0, also if the reader of the output goes away; 2 if there is no plan for
what is asked, no answer to read, or the output could not be written.";

/// Runs the command, as whose mistakes in the use are shown.
pub fn main(options: &Options, command: &mut clap::Command) -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    match run(options, &mut out).and_then(|()| out.flush().map_err(Failure::Output)) {
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // If standard error is closed, there is nobody to tell that.
            let _ = match failure {
                Failure::Usage(kind, message) => command.error(kind, message).print(),
                Failure::Input(message) => writeln!(io::stderr(), "gt02: {message}"),
                Failure::Output(error) => {
                    writeln!(io::stderr(), "gt02: standard output: {error}")
                }
            };
            ExitCode::from(2)
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Why there is nothing to show.
enum Failure {
    /// The options are not those of a plan.
    Usage(ErrorKind, String),
    /// There is nothing to read.
    Input(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl core::convert::From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn run(options: &Options, out: &mut impl Write) -> Result<(), Failure> {
    if options.answers {
        return answers::print(&standard_input()?, options.json, out).map_err(Failure::Output);
    }
    if let Some(id) = options
        .id
        .filter(|id| id.digit_count() == 15 && !id.is_imei())
    {
        let _ = writeln!(
            io::stderr(),
            "gt02: warning: --id {id} is not an IMEI, its last digit does not fit the others: \
             compare it with the label"
        );
    }
    if options.password.is_some() && options.set.has_no_password() {
        let _ = writeln!(
            io::stderr(),
            "gt02: warning: the texts of this set have no password: --password is not used"
        );
    }
    if options.set == Set::Gt02d {
        return Ok(plan::print_interval_only(&interval_only(options)?, out)?);
    }
    let listening = listening(options);
    if options.monitor.is_some() && listening.iter().all(|(_, plan)| plan.is_err()) {
        let errors = listening.iter().filter_map(|(_, plan)| plan.as_ref().err());
        return Err(invalid(&errors.copied().collect::<Vec<_>>()));
    }
    if let (Some(_), None, None) = (&options.monitor, &options.apn, &options.server) {
        return Ok(plan::print_listening(1, &listening, out)?);
    }
    let missing = |option: &str| {
        Failure::Usage(
            ErrorKind::MissingRequiredArgument,
            format!("{option} is missing: a plan needs --apn and --server"),
        )
    };
    let settings = Settings {
        apn: Apn {
            name: options.apn.as_deref().ok_or_else(|| missing("--apn"))?,
            user: &options.apn_user,
            password: &options.apn_password,
        },
        server: match &options.server {
            Some((host, port)) => Server {
                host: host.as_str().into(),
                port: *port,
                transport: match options.transport {
                    Over::Tcp => Transport::Tcp,
                    Over::Udp => Transport::Udp,
                },
            },
            None => return Err(missing("--server")),
        },
        interval: options.interval,
        password: options.password.as_deref(),
        device: options.id,
    };
    let count = match options.set.known() {
        Some(set) => {
            let plan = Plan::new(set, &settings).map_err(|error| invalid(&[error]))?;
            plan::print_one(&plan, &settings, out)?;
            plan.len()
        }
        None => {
            // Some sets have no password, so that their texts would hide a mistyped one.
            if let Some(password) = settings.password {
                let checked = Command::Locate.to_sms(CommandSet::A, password);
                checked.map_err(|error| invalid(&[error]))?;
            }
            let steps: Vec<_> = match options.from {
                Some(from) => try_likely(from.protocol(), &settings).collect(),
                None => try_all(&settings).collect(),
            };
            if !steps
                .iter()
                .flatten()
                .any(|step| !step.command.is_question())
            {
                return Err(invalid(
                    &steps
                        .iter()
                        .filter_map(|step| step.as_ref().err())
                        .map(|no_plan| no_plan.error)
                        .collect::<Vec<_>>(),
                ));
            }
            plan::print_all(&steps, &settings, out)?;
            steps.iter().flatten().count()
        }
    };
    if options.monitor.is_some() {
        writeln!(out)?;
        plan::print_listening(count.saturating_add(1), &listening, out)?;
    }
    Ok(())
}

/// The texts for a phone that listens in, for the set that is known or for all.
fn listening(options: &Options) -> Vec<Listening<'_>> {
    let Some(phone) = &options.monitor else {
        return Vec::new();
    };
    let all = [
        CommandSet::C,
        CommandSet::J,
        CommandSet::W,
        CommandSet::Topin,
    ];
    let known = options.set.known();
    let sets = known.as_ref().map_or(&all[..], core::slice::from_ref);
    let plan = |&set| (set, Plan::listen(set, phone, options.password.as_deref()));
    sets.iter().map(plan).collect()
}

/// A set, and its texts for a phone that listens in.
type Listening<'a> = (CommandSet, Result<Plan<'a>, CommandError>);

/// The one text for a GT02D.
fn interval_only(options: &Options) -> Result<String, Failure> {
    if let Some(phone) = &options.monitor {
        Plan::listen(CommandSet::Gt02d, phone, None).map_err(|error| invalid(&[error]))?;
    }
    if options.apn.is_some() || options.server.is_some() {
        let message = "set gt02d has no command for APN and server, a GT02D takes those of set b: \
                       leave out --apn and --server, or give --set b";
        return Err(Failure::Usage(
            ErrorKind::ArgumentConflict,
            message.to_owned(),
        ));
    }
    let Some(seconds) = options.interval else {
        let message = "--interval is missing: nothing else can be set with set gt02d";
        return Err(Failure::Usage(
            ErrorKind::MissingRequiredArgument,
            message.to_owned(),
        ));
    };
    let text = Command::Interval { seconds }
        .to_sms(CommandSet::Gt02d, "")
        .map_err(|error| invalid(&[error]))?;
    Ok(text.to_string())
}

/// Says each error once, with the option that it is about.
fn invalid(errors: &[CommandError]) -> Failure {
    let mut messages: Vec<String> = errors.iter().map(|error| explain(*error)).collect();
    messages.sort();
    messages.dedup();
    Failure::Usage(ErrorKind::ValueValidation, messages.join("\n       "))
}

/// Returns what is wrong, and with which option.
fn explain(error: CommandError) -> String {
    let option = match error {
        CommandError::Range { field, .. }
        | CommandError::Length { field, .. }
        | CommandError::Character { field, .. } => match field {
            "APN" => "--apn: ",
            "APN user" => "--apn-user: ",
            "APN password" => "--apn-password: ",
            "host" | "port" => "--server: ",
            "password" => "--password: ",
            "device id" => "--id: ",
            "interval in seconds" => "--interval: ",
            "phone" => "--monitor: ",
            _ => "",
        },
        CommandError::Host => "--server: ",
        CommandError::Missing { field: "device id" } => {
            return "the device id is missing: give the IMEI on the tracker's label with --id, or a \
                    --server that has a name"
                .to_owned();
        }
        _ => "",
    };
    format!("{option}{error}")
}

/// A step of the plan for all sets, or a set for which there is none.
type StepOrError<'a> = Result<Step<'a>, NoPlan>;

fn host_and_port(text: &str) -> Result<(String, u16), String> {
    if text.contains("://") {
        return Err("leave out the part before the host, such as http://".to_owned());
    }
    let (host, port) = text
        .rsplit_once(':')
        .ok_or("the port is missing: give host:port, such as 203.0.113.7:8888")?;
    if host.contains(':') {
        return Err(
            "these trackers know IPv4 addresses and names only: give host:port, such as \
             203.0.113.7:8888"
                .to_owned(),
        );
    }
    let port = port
        .parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or("the port must be a number from 1 to 65535")?;
    Ok((host.to_owned(), port))
}

/// All of standard input, which is a few messages.
fn standard_input() -> Result<Vec<u8>, Failure> {
    const MAX: u64 = 16 * 1024 * 1024;
    if io::stdin().is_terminal() {
        let _ = writeln!(
            io::stderr(),
            "gt02: reading answers that are typed here, up to Ctrl-D"
        );
    }
    let mut input = Vec::new();
    io::stdin()
        .lock()
        .take(MAX)
        .read_to_end(&mut input)
        .map_err(|error| Failure::Input(format!("standard input: {error}")))?;
    if input.trim_ascii().is_empty() {
        return Err(Failure::Input("standard input: no answer in it".to_owned()));
    }
    Ok(input)
}
