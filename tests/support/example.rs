//! Runs the commands in `examples/` as their users do.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// What a run of a command came to.
pub struct Run {
    pub status: i32,
    pub out: String,
    pub messages: String,
}

/// The command of that name. A whole `cargo test` builds it, but `cargo test --test NAME` does not.
pub fn command(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let binary = tests
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let sources = fs::read_dir(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(name),
    )
    .unwrap();
    let newest = sources
        .map(|source| changed(&source.unwrap().path()).unwrap())
        .max()
        .unwrap();
    let is_current = changed(&binary).is_ok_and(|built| built >= newest);
    assert!(
        is_current,
        "{} is missing or old: run `cargo build --features serde --example {name}` first",
        binary.display()
    );
    Command::new(binary)
}

/// Runs the command with this standard input.
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
