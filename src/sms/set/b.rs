//! Set B, Goome GT02A: `WORD,password,...#`.

use super::super::{
    Apn, Command, CommandError, Expected, Host, ParsedCommand, Server, Transport,
    check::{SECONDS, check_new_password, check_password, put_checked},
    text::Draft,
    values::MAX_APN,
};
use super::split::{fields, number, port};

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "WHERE",
        Command::MapLink => "URL",
        Command::Password { .. } => "PASSWORD",
        Command::Apn(_) => "APN",
        Command::Server(_) => "SERVER",
        Command::Interval { .. } => "TIMER",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    check_password("password", password, 6)?;
    draft.put(&[word, ",", password]);
    match *command {
        Command::Password { new } => {
            check_new_password(new, 6)?;
            draft.put(&[",", new]);
        }
        Command::Apn(apn) => write_apn(apn, draft)?,
        Command::Server(server) => write_server(server, draft)?,
        Command::Interval { seconds } => {
            draft.put(&[",,"]);
            put_checked(draft, SECONDS, seconds, 10, 18000)?;
        }
        _ => {}
    }
    draft.put(&["#"]);
    Ok(())
}

/// Writes `,name` or `,name,user,password`.
pub(super) fn write_apn(apn: Apn<'_>, draft: &mut Draft) -> Result<(), CommandError> {
    apn.check(MAX_APN)?;
    draft.put(&[",", apn.name]);
    if apn.has_credentials() {
        draft.put(&[",", apn.user, ",", apn.password]);
    }
    Ok(())
}

/// Writes `,kind,host,port,transport`.
pub(super) fn write_server(server: Server<'_>, draft: &mut Draft) -> Result<(), CommandError> {
    server.check()?;
    draft.put(&[",", server.host.digit(), ","]);
    server.host.write(draft);
    draft.put(&[","]);
    draft.put_number(server.port.into(), 1);
    draft.put(&[",", server.transport.digit()]);
    Ok(())
}

/// Reads what [`write_server`] writes.
pub(super) fn read_server<'a>(
    kind: &str,
    host: &'a str,
    at: &str,
    transport: &str,
) -> Option<Command<'a>> {
    Some(Command::Server(Server {
        host: Host::read(kind, host)?,
        port: port(at)?,
        transport: Transport::read(transport.as_bytes())?,
    }))
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    let fields = fields(text, b',')?;
    let (command, password) = match *fields {
        ["WHERE", password] => (Command::Locate, password),
        ["URL", password] => (Command::MapLink, password),
        ["PASSWORD", password, new] => (Command::Password { new }, password),
        ["APN", password, name] => (Command::Apn(Apn::new(name)), password),
        ["APN", password, name, user, secret] => {
            let apn = Apn {
                name,
                user,
                password: secret,
            };
            (Command::Apn(apn), password)
        }
        ["SERVER", password, kind, host, at, transport] => {
            (read_server(kind, host, at, transport)?, password)
        }
        ["TIMER", password, "", seconds] => {
            let seconds = number(seconds)?;
            (Command::Interval { seconds }, password)
        }
        _ => return None,
    };
    Some(ParsedCommand::with(command, password))
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Password { .. } => Expected::Text("PASSWORDOK!"),
        Command::Apn(_) => Expected::Text("APNOK!"),
        Command::Server(_) => Expected::Text("SERVEROK!"),
        Command::Interval { .. } => Expected::Text("TIMEROK!"),
        _ => Expected::Undocumented,
    }
}
