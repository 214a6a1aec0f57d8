use super::Command;
use crate::{
    session::{self, CommandError, Peer},
    types::{DateTime, Protocol},
};

/// Writes the command for the device to the front of `out`, and returns its length.
///
/// The words are those of a vendor document; see `docs/protocols/gt06.md`, "Command".
pub(crate) fn command(
    command: &session::Command<'_>,
    peer: &Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Result<usize, CommandError> {
    let command = match *command {
        session::Command::CutRelay => session::Command::Text("DYD,000000#"),
        session::Command::RestoreRelay => session::Command::Text("HFYD,000000#"),
        session::Command::Locate => session::Command::Text("DWXX,000000#"),
        other => other,
    };
    command.with_text(Protocol::Gt06, |text| {
        Command::new(text)?.with_flag(peer.tag).encode(out)
    })
}
