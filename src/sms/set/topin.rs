//! Set Topin, "365GPS": `WORD#...#` without a password.

use super::super::{
    Apn, Command, CommandError, CommandSet, Expected, ParsedCommand, Server, Transport,
    check::check_phone, text::Draft, values::MAX_APN,
};
use super::c::require_tcp;
use super::split::{fields, port};

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "999",
        Command::Apn(_) => "APN",
        Command::Server(_) => "DOMAIN",
        Command::OtherServer(_) => "SERVER",
        Command::ListenBy { .. } => "monitor",
        _ => return None,
    })
}

pub(in crate::sms) fn write(
    command: &Command<'_>,
    word: &str,
    _password: &str,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    draft.put(&[word]);
    match *command {
        Command::Apn(apn) => {
            apn.check(MAX_APN)?;
            draft.put(&["#", apn.name, "#", apn.user, "#", apn.password, "#"]);
        }
        Command::Server(server) | Command::OtherServer(server) => {
            server.check()?;
            require_tcp(CommandSet::Topin, server)?;
            draft.put(&["#"]);
            server.host.write(draft);
            draft.put(&["#"]);
            draft.put_number(server.port.into(), 1);
            draft.put(&["#"]);
        }
        Command::ListenBy { phone } => {
            check_phone(phone)?;
            draft.put(&["#", phone, "#"]);
        }
        _ => {}
    }
    Ok(())
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    if text == "999" {
        return Some(ParsedCommand::bare(Command::Locate));
    }
    let fields = fields(text, b'#')?;
    let command = match *fields {
        ["APN", name, user, password] => Command::Apn(Apn {
            name,
            user,
            password,
        }),
        ["DOMAIN", host, at] => Command::Server(read_server(host, at)?),
        ["SERVER", host, at] => Command::OtherServer(read_server(host, at)?),
        ["monitor", phone] => Command::ListenBy { phone },
        _ => return None,
    };
    Some(ParsedCommand::bare(command))
}

fn read_server<'a>(host: &'a str, at: &str) -> Option<Server<'a>> {
    Some(Server {
        host: host.into(),
        port: port(at)?,
        transport: Transport::Tcp,
    })
}

pub(in crate::sms) const fn expected(_command: &Command<'_>) -> Expected {
    Expected::Undocumented
}
