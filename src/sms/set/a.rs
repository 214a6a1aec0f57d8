//! Set A, Concox GT02: `WORD,password,...#`.

use super::super::{
    Apn, Circuit, Command, CommandError, CommandSet, Expected, Host, ParsedCommand, Server,
    Transport,
    check::{SECONDS, check_new_password, check_password, put_checked},
    text::Draft,
};
use super::split::{fields, number, port, split_once};
use crate::types::DeviceId;

const SET: CommandSet = CommandSet::A;
const DEVICE: &str = "device id";

/// The longest name of an access point.
const MAX_APN: usize = 30;

pub(in crate::sms) const fn word(command: &Command<'_>) -> Option<&'static str> {
    Some(match command {
        Command::Locate => "DWXX",
        Command::Version => "RJBB",
        Command::Password { .. } => "XGYHMM",
        Command::ApnAndServer { .. } => "GPRS",
        Command::Interval { .. } => "GPRSDS",
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: true,
        } => "DYD",
        Command::Relay {
            circuit: Circuit::Fuel,
            cut: false,
        } => "HFYD",
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
        Command::ApnAndServer {
            apn,
            server,
            device,
        } => write_server(apn, server, device, draft)?,
        Command::Interval { seconds } => {
            draft.put(&[","]);
            put_checked(draft, SECONDS, seconds, 5, 18000)?;
        }
        _ => {}
    }
    draft.put(&["#"]);
    Ok(())
}

/// Writes the server in one of two forms: `host:port`, or `address,port,id,0`.
fn write_server(
    apn: Apn<'_>,
    server: Server<'_>,
    device: Option<DeviceId>,
    draft: &mut Draft,
) -> Result<(), CommandError> {
    apn.check(MAX_APN)?;
    if apn.has_credentials() {
        return Err(CommandError::unsupported(
            SET,
            "set a user and a password of the APN",
        ));
    }
    server.check()?;
    draft.put(&[",", apn.name, ",", server.transport.digit(), ","]);
    server.host.write(draft);
    match (server.host, device) {
        (Host::Name(_), None) => {
            draft.put(&[":"]);
            draft.put_number(server.port.into(), 1);
            Ok(())
        }
        (Host::Name(_), Some(_)) => Err(CommandError::unsupported(
            SET,
            "set a server by its name with a device id",
        )),
        (Host::Address(_), None) => Err(CommandError::Missing { field: DEVICE }),
        (Host::Address(_), Some(device)) if device.digit_count() != 15 => {
            Err(CommandError::Length {
                field: DEVICE,
                min: 15,
                max: 15,
            })
        }
        (Host::Address(_), Some(device)) => {
            draft.put(&[","]);
            draft.put_number(server.port.into(), 1);
            draft.put(&[","]);
            for digit in device.digits() {
                draft.put_number(digit.into(), 1);
            }
            draft.put(&[",0"]);
            Ok(())
        }
    }
}

pub(in crate::sms) fn read(text: &str) -> Option<ParsedCommand<'_>> {
    let fields = fields(text, b',')?;
    let (command, password) = match *fields {
        ["DWXX", password] => (Command::Locate, password),
        ["RJBB", password] => (Command::Version, password),
        ["XGYHMM", password, new] => (Command::Password { new }, password),
        ["GPRS", password, apn, transport, server] => {
            let (host, at) = split_once(server, b':')?;
            let command = Command::ApnAndServer {
                apn: Apn::new(apn),
                server: Server {
                    host: host.into(),
                    port: port(at)?,
                    transport: Transport::read(transport.as_bytes())?,
                },
                device: None,
            };
            (command, password)
        }
        ["GPRS", password, apn, transport, address, at, id, "0"] => {
            let command = Command::ApnAndServer {
                apn: Apn::new(apn),
                server: Server {
                    host: Host::Address(address.parse().ok()?),
                    port: port(at)?,
                    transport: Transport::read(transport.as_bytes())?,
                },
                device: Some(DeviceId::from_ascii(id.as_bytes())?),
            };
            (command, password)
        }
        ["GPRSDS", password, seconds] => {
            let seconds = number(seconds)?;
            (Command::Interval { seconds }, password)
        }
        ["DYD", password] => (Command::relay(Circuit::Fuel, true), password),
        ["HFYD", password] => (Command::relay(Circuit::Fuel, false), password),
        _ => return None,
    };
    Some(ParsedCommand::with(command, password))
}

pub(in crate::sms) const fn expected(command: &Command<'_>) -> Expected {
    match command {
        Command::Relay { cut: true, .. } => Expected::Text("DYD=Success!"),
        Command::Relay { cut: false, .. } => Expected::Text("HFYD=Success!"),
        _ => Expected::Text("Success"),
    }
}
