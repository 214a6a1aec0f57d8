//! A firmware that sets up a tracker by SMS of one set: the one that `GT02_SMS_SET` named when it
//! was built, or any. It shows what a set costs; `.ci/embedded` builds it for several.

#![no_std]
#![no_main]

use core::hint::black_box;
use gt02::sms::{Apn, Command, CommandSet, Server, Transport};
use gt02_firmware::send;

/// The set; `None` if it is known only when the firmware runs.
const SET: Option<CommandSet> = match option_env!("GT02_SMS_SET") {
    None => None,
    Some(name) => match name.as_bytes() {
        b"a" => Some(CommandSet::A),
        b"j" => Some(CommandSet::J),
        b"w" => Some(CommandSet::W),
        b"s" => Some(CommandSet::S),
        b"any" => None,
        _ => panic!("GT02_SMS_SET has no such set"),
    },
};

#[unsafe(no_mangle)]
fn main() -> bool {
    let server = Server {
        host: "example.com".into(),
        port: 5023,
        transport: Transport::Tcp,
    };
    let apn = Apn::new("internet");
    let commands = [
        Command::Apn(apn),
        Command::Server(server),
        Command::ApnAndServer {
            apn,
            server,
            device: None,
        },
        Command::Interval { seconds: 30 },
    ];
    let mut written = 0_u32;
    for command in black_box(commands) {
        let text = match SET {
            Some(set) => command.to_sms(set, "0000"),
            None => command.to_sms(black_box(CommandSet::A), "0000"),
        };
        if let Ok(text) = text {
            send(text.as_bytes());
            written = written.wrapping_add(1);
        }
    }
    written > 0
}
