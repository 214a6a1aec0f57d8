//! Reads commands, as simulators, gateways and tests need it.

use super::{Apn, Circuit, Command, CommandError, CommandSet, Host, Server, Transport};
use crate::types::{DeviceId, UtcOffset};
use heapless::Vec;

impl<'a> Command<'a> {
    /// Reads a text as a command of this set, and the password that it is given with; `None` where the command has none.
    ///
    /// White space around the text is left out. Words are read in the case that [`to_sms`](Self::to_sms) writes; besides, `adminip` is read as `IP`,
    /// and `APN,...` and `#apn#...` with and without user and password. What is read can be written again.
    ///
    /// ```
    /// use gt02::sms::{Command, CommandSet, Host, Server, Transport};
    /// let (command, password) = Command::parse(CommandSet::B, "SERVER,666666,0,203.0.113.7,5022,1#")?;
    /// let server = Server { host: Host::from("203.0.113.7"), port: 5022, transport: Transport::Udp };
    /// assert_eq!((command, password), (Command::Server(server), Some("666666")));
    /// # Ok::<(), gt02::sms::CommandError>(())
    /// ```
    ///
    /// # Errors
    /// [`CommandError::Syntax`] if it is none of the set's; any other if a value is not one that the command can carry.
    pub fn parse(set: CommandSet, text: &'a str) -> Result<(Self, Option<&'a str>), CommandError> {
        let text = text.trim_ascii();
        let read = match set {
            CommandSet::A => parse_a(text),
            CommandSet::B => parse_b(text),
            CommandSet::C => parse_c(text),
            CommandSet::Gt02d => parse_gt02d(text),
            CommandSet::VSun => parse_vsun(text),
        };
        let (command, password) = read.ok_or(CommandError::Syntax { set })?;
        // The values are checked where they are written.
        command.to_sms(set, password.unwrap_or_default())?;
        Ok((command, password))
    }
}

/// A command and its password.
type Parsed<'a> = Option<(Command<'a>, Option<&'a str>)>;

/// What stands in front of the first such byte, which is ASCII, and what stands behind it.
///
/// As `str::split_once`, which has panic paths that a firmware would have to carry.
fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let (front, rest) = text.split_at_checked(text.bytes().position(|byte| byte == separator)?)?;
    Some((front, rest.get(1..)?))
}

/// The fields of a text that ends in `#`, if they are 8 at most, which is the most that a command has.
fn fields(text: &str, separator: u8) -> Option<Vec<&str, 8>> {
    let mut rest = text.strip_suffix('#')?;
    let mut fields = Vec::new();
    while let Some((field, behind)) = split_once(rest, separator) {
        fields.push(field).ok()?;
        rest = behind;
    }
    fields.push(rest).ok()?;
    Some(fields)
}

/// A number of decimal digits and nothing else.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

fn port(text: &str) -> Option<u16> {
    number(text)?.try_into().ok()
}

fn transport(text: &str) -> Option<Transport> {
    match text {
        "0" => Some(Transport::Tcp),
        "1" => Some(Transport::Udp),
        _ => None,
    }
}

fn parse_a(text: &str) -> Parsed<'_> {
    let fields = fields(text, b',')?;
    let (command, password) = match *fields {
        ["DWXX", password] => (Command::Locate, password),
        ["RJBB", password] => (Command::Version, password),
        ["XGYHMM", password, new] => (Command::Password { new }, password),
        ["GPRS", password, apn, over, server] => {
            let (host, at) = split_once(server, b':')?;
            let server = Server {
                host: host.into(),
                port: port(at)?,
                transport: transport(over)?,
            };
            (
                Command::ApnAndServer {
                    apn: Apn::new(apn),
                    server,
                    device: None,
                },
                password,
            )
        }
        ["GPRS", password, apn, over, address, at, id, "0"] => {
            let server = Server {
                host: Host::Address(address.parse().ok()?),
                port: port(at)?,
                transport: transport(over)?,
            };
            (
                Command::ApnAndServer {
                    apn: Apn::new(apn),
                    server,
                    device: Some(DeviceId::from_ascii(id.as_bytes())?),
                },
                password,
            )
        }
        ["GPRSDS", password, seconds] => (
            Command::Interval {
                seconds: number(seconds)?,
            },
            password,
        ),
        ["DYD", password] => (
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: true,
            },
            password,
        ),
        ["HFYD", password] => (
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: false,
            },
            password,
        ),
        _ => return None,
    };
    Some((command, Some(password)))
}

fn parse_b(text: &str) -> Parsed<'_> {
    let fields = fields(text, b',')?;
    let (command, password) = match *fields {
        ["WHERE", password] => (Command::Locate, password),
        ["URL", password] => (Command::MapLink, password),
        ["PASSWORD", password, new] => (Command::Password { new }, password),
        ["APN", password, name] => (Command::Apn(Apn::new(name)), password),
        ["APN", password, name, user, secret] => (
            Command::Apn(Apn {
                name,
                user,
                password: secret,
            }),
            password,
        ),
        ["SERVER", password, kind, host, at, over] => {
            let host = match kind {
                "0" => Host::Address(host.parse().ok()?),
                "1" => Host::Name(host),
                _ => return None,
            };
            // A name that reads as an address is refused when it is checked.
            (
                Command::Server(Server {
                    host,
                    port: port(at)?,
                    transport: transport(over)?,
                }),
                password,
            )
        }
        ["TIMER", password, "", seconds] => (
            Command::Interval {
                seconds: number(seconds)?,
            },
            password,
        ),
        _ => return None,
    };
    Some((command, Some(password)))
}

fn parse_c(text: &str) -> Parsed<'_> {
    if text == "TCP" {
        return Some((Command::GprsOverTcp, None));
    }
    let fields = fields(text.strip_prefix('#')?, b'#')?;
    let (command, password) = match *fields {
        ["at", seconds, "sum", "0"] => {
            return Some((
                Command::Interval {
                    seconds: number(seconds)?,
                },
                None,
            ));
        }
        ["ACC", "ON"] => return Some((Command::Acc { on: true }, None)),
        ["ACC", "OFF"] => return Some((Command::Acc { on: false }, None)),
        ["begin", password] => (Command::Reset, password),
        ["timezone", password, direction, hours, minutes] => (
            Command::TimeZone(time_zone(direction, hours, minutes)?),
            password,
        ),
        ["apn", password, name] => (Command::Apn(Apn::new(name)), password),
        ["apn", password, name, user, secret] => (
            Command::Apn(Apn {
                name,
                user,
                password: secret,
            }),
            password,
        ),
        ["IP" | "adminip", password, host, at] => (
            Command::Server(Server {
                host: host.into(),
                port: port(at)?,
                transport: Transport::Tcp,
            }),
            password,
        ),
        ["password", password, new] => (Command::Password { new }, password),
        ["admin", password, phone] => (Command::AuthorisePhone { phone }, password),
        ["noadmin", password, phone] => (Command::RemovePhone { phone }, password),
        ["AT", password, seconds, "00"] => (
            Command::OtherInterval {
                seconds: number(seconds)?,
            },
            password,
        ),
        ["speed", password, kmh] if kmh.len() == 3 => {
            (Command::Overspeed { kmh: number(kmh)? }, password)
        }
        ["stopoil", password] => (
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: true,
            },
            password,
        ),
        ["supplyoil", password] => (
            Command::Relay {
                circuit: Circuit::Fuel,
                cut: false,
            },
            password,
        ),
        ["stopelec", password] => (
            Command::Relay {
                circuit: Circuit::Electricity,
                cut: true,
            },
            password,
        ),
        ["supplyelec", password] => (
            Command::Relay {
                circuit: Circuit::Electricity,
                cut: false,
            },
            password,
        ),
        ["smslink", password] => (Command::MapLink, password),
        _ => return None,
    };
    Some((command, Some(password)))
}

fn time_zone(direction: &str, hours: &str, minutes: &str) -> Option<UtcOffset> {
    let (hours, minutes) = match (hours.len(), minutes.len()) {
        (1 | 2, 2) => (
            number(hours)?,
            number(minutes).filter(|&minutes| minutes < 60)?,
        ),
        _ => return None,
    };
    // At most 99 hours.
    let minutes = i16::try_from(hours.wrapping_mul(60).wrapping_add(minutes)).ok()?;
    match direction {
        "E" => UtcOffset::from_minutes(minutes),
        "W" => UtcOffset::from_minutes(minutes.wrapping_neg()),
        _ => None,
    }
}

fn parse_gt02d(text: &str) -> Parsed<'_> {
    let fields = fields(text, b'#')?;
    let command = match *fields {
        ["730", seconds] => Command::Interval {
            seconds: number(seconds)?,
        },
        ["SUP", minutes] => Command::StaticInterval {
            minutes: number(minutes)?,
        },
        _ => return None,
    };
    Some((command, None))
}

fn parse_vsun(text: &str) -> Parsed<'_> {
    let (command, password) = if let Some(password) = text.strip_prefix("666") {
        (Command::Locate, password)
    } else if let Some(password) = text.strip_prefix("009") {
        (Command::MoveAlarmOff, password)
    } else if let Some((password, radius)) = text
        .strip_prefix("008")
        .and_then(|rest| rest.split_at_checked(4))
    {
        let (whole, tenth) = split_once(radius.strip_prefix('R')?, b'.')?;
        let radius = match (whole.len(), tenth.len()) {
            // At most 9999.
            (3, 1) => number(whole)?.wrapping_mul(10).wrapping_add(number(tenth)?),
            _ => return None,
        };
        (Command::MoveAlarm { radius }, password)
    } else {
        let (interval, password) = text.strip_prefix('4')?.split_at_checked(2)?;
        let minutes = match number(interval)? {
            minutes @ 1..=59 => minutes,
            hours @ 61..=99 => hours.wrapping_sub(60).wrapping_mul(60),
            _ => return None,
        };
        (
            Command::Interval {
                seconds: minutes.wrapping_mul(60),
            },
            password,
        )
    };
    Some((command, Some(password)))
}
