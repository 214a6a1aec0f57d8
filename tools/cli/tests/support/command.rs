//! Runs the command `gt02` as its users do.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

/// What a run of a command came to.
pub struct Run {
    pub status: i32,
    pub out: String,
    pub messages: String,
}

/// The command `gt02` with the subcommand of that name.
pub fn command(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gt02"));
    command.arg(name);
    command
}

/// Runs the subcommand with this standard input.
pub fn run(name: &str, args: &[&str], input: impl AsRef<[u8]>) -> Run {
    let input = input.as_ref();
    let mut child = command(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        // May fail, where the command does not read its input.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    });
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        messages: String::from_utf8(output.stderr).unwrap(),
    }
}
