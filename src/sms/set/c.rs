//! Set C, CanTrack GT02 and the clones of TK102, TK06A and GT06: `#word#password#...#`.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Expected, ParsedCommand, Server, Transport,
    check::{
        SECONDS, check_new_password, check_password, check_phone, check_range, put_checked,
        zone_minutes,
    },
    text::Draft,
    values::MAX_APN,
};
use super::split::{fields, number, port, time_zone};

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::MapLink => "smslink",
        Command::Password { .. } => "password",
        Command::Apn(_) => "apn",
        Command::Server(_) => "IP",
        Command::Interval { .. } => "at",
        Command::OtherInterval { .. } => "AT",
        Command::IntervalOff => "noat",
        Command::TimeZone(_) => "timezone",
        Command::AuthorisePhone { .. } => "admin",
        Command::RemovePhone { .. } => "noadmin",
        Command::Listen => "monitor",
        Command::Track => "tracker",
        Command::TwoWayCall => "call",
        Command::Overspeed { .. } => "speed",
        Command::OverspeedOff => "nospeed",
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: true,
        } => "stopoil",
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: false,
        } => "supplyoil",
        Command::Relay {
            circuit: Circuit::Electricity,
            cut: true,
        } => "stopelec",
        Command::Relay {
            circuit: Circuit::Electricity,
            cut: false,
        } => "supplyelec",
        Command::Acc { .. } => "ACC",
        Command::Reset => "begin",
        Command::GprsOverTcp => "TCP",
        _ => return None,
    })
}

/// Returns whether the command is written with a password.
const fn has_password(command: &Command<'_>) -> bool {
    !matches!(
        command,
        Command::Interval { .. } | Command::Acc { .. } | Command::GprsOverTcp
    )
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    if matches!(command, Command::GprsOverTcp) {
        draft.put(&[word]);
        return Ok(());
    }
    draft.put(&["#", word, "#"]);
    if has_password(command) {
        check_password("password", password, 6)?;
        draft.put(&[password, "#"]);
    }
    match *command {
        Command::Password { new } => {
            check_new_password(new, 6)?;
            draft.put(&[new, "#"]);
        }
        Command::Apn(apn) => {
            apn.check(MAX_APN)?;
            draft.put(&[apn.name, "#", apn.user, "#", apn.password, "#"]);
        }
        Command::Server(server) => {
            server.check()?;
            require_tcp(CommandSet::C, server)?;
            server.host.write(draft);
            draft.put(&["#"]);
            draft.put_number(server.port.into(), 1);
            draft.put(&["#"]);
        }
        Command::Interval { seconds } => {
            put_checked(draft, SECONDS, seconds, 1, 65535)?;
            draft.put(&["#sum#0#"]);
        }
        Command::OtherInterval { seconds } => {
            put_checked(draft, SECONDS, seconds, 1, 65535)?;
            draft.put(&["#00#"]);
        }
        Command::TimeZone(offset) => {
            let minutes = zone_minutes(offset)?;
            // UTC is west in the manuals.
            draft.put(&[if minutes > 0 { "E#" } else { "W#" }]);
            let minutes = minutes.unsigned_abs();
            draft.put_number(minutes / 60, 1);
            draft.put(&["#"]);
            draft.put_number(minutes % 60, 2);
            draft.put(&["#"]);
        }
        Command::AuthorisePhone { phone } | Command::RemovePhone { phone } => {
            check_phone(phone)?;
            draft.put(&[phone, "#"]);
        }
        Command::Overspeed { kmh } => {
            check_range("speed in km/h", kmh, 0, 999)?;
            draft.put_number(kmh, 3);
            draft.put(&["#"]);
        }
        Command::Acc { on } => draft.put(&[if on { "ON#" } else { "OFF#" }]),
        _ => {}
    }
    Ok(())
}

/// Refuses UDP for a set that has no field for the transport.
pub(super) fn require_tcp(set: CommandSet, server: Server<'_>) -> Result<(), CommandError> {
    match server.transport {
        Transport::Tcp => Ok(()),
        Transport::Udp => Err(CommandError::unsupported(
            set,
            "have the server reached over UDP",
        )),
    }
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    if text == "TCP" {
        return Some(ParsedCommand::bare(Command::GprsOverTcp));
    }
    let fields = fields(text.strip_prefix('#')?, b'#')?;
    let (command, password) = match *fields {
        ["at", seconds, "sum", "0"] => {
            let seconds = number(seconds)?;
            return Some(ParsedCommand::bare(Command::Interval { seconds }));
        }
        ["ACC", "ON"] => return Some(ParsedCommand::bare(Command::Acc { on: true })),
        ["ACC", "OFF"] => return Some(ParsedCommand::bare(Command::Acc { on: false })),
        ["begin", password] => (Command::Reset, password),
        ["timezone", password, direction, hours, minutes] if minutes.len() == 2 => {
            let minutes = number(minutes).filter(|&minutes| minutes < 60)?;
            let zone = time_zone(direction, hours, minutes)?;
            (Command::TimeZone(zone), password)
        }
        ["apn", password, name] => (Command::Apn(Apn::new(name)), password),
        ["apn", password, name, user, secret] => {
            let apn = Apn {
                name,
                user,
                password: secret,
            };
            (Command::Apn(apn), password)
        }
        ["IP" | "adminip", password, host, at] => {
            let server = Server {
                host: host.into(),
                port: port(at)?,
                transport: Transport::Tcp,
            };
            (Command::Server(server), password)
        }
        ["password", password, new] => (Command::Password { new }, password),
        ["admin", password, phone] => (Command::AuthorisePhone { phone }, password),
        ["noadmin", password, phone] => (Command::RemovePhone { phone }, password),
        ["AT", password, seconds, "00"] => {
            let seconds = number(seconds)?;
            (Command::OtherInterval { seconds }, password)
        }
        ["noat", password] => (Command::IntervalOff, password),
        ["monitor", password] => (Command::Listen, password),
        ["tracker", password] => (Command::Track, password),
        ["call", password] => (Command::TwoWayCall, password),
        ["speed", password, kmh] if kmh.len() == 3 => {
            let kmh = number(kmh)?;
            (Command::Overspeed { kmh }, password)
        }
        ["nospeed", password] => (Command::OverspeedOff, password),
        ["stopoil", password] => (Command::relay(Circuit::Fuel, true), password),
        ["supplyoil", password] => (Command::relay(Circuit::Fuel, false), password),
        ["stopelec", password] => (Command::relay(Circuit::Electricity, true), password),
        ["supplyelec", password] => (Command::relay(Circuit::Electricity, false), password),
        ["smslink", password] => (Command::MapLink, password),
        _ => return None,
    };
    Some(ParsedCommand::with(command, password))
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Reset => Expected::Text("begin ok!"),
        Command::TimeZone(_) => Expected::Text("set time zone OK!"),
        Command::Password { .. } => Expected::Text("change password ok"),
        Command::AuthorisePhone { .. } => Expected::Text("admin ok!"),
        Command::Overspeed { .. } => Expected::Text("speedok!"),
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: true,
        } => Expected::Text("stop oil ok!"),
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: false,
        } => Expected::Text("supply oil ok!"),
        Command::Relay { cut: true, .. } => Expected::Text("Stop Electicity ok!"),
        Command::Relay { cut: false, .. } => Expected::Text("supply electcity ok!"),
        Command::Acc { on: true } => Expected::Text("ACC ON OK"),
        Command::Acc { on: false } => Expected::Text("ACC OFF OK"),
        _ => Expected::Undocumented,
    }
}
