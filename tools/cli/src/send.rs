//! `gt02 send`: gives a device a command through a server that runs, and waits for what it answers.

use clap::Args;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::ExitCode,
    time::{Duration, Instant},
};

/// Send a command to a device, through `gt02 serve --control`
///
/// Waits until the device has answered. A device that is not connected gets the command when it is
/// back, also after this command has ended.
#[derive(Args)]
#[command(after_help = "See --help for details.", after_long_help = MORE_HELP)]
pub struct Options {
    /// The id of the device
    #[arg(value_name = "DEVICE")]
    device: String,

    /// locate | cut | restore | clear-alarms | interval SECONDS | text WORDS
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true)]
    command: Vec<String>,

    /// The control socket of the server
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8889")]
    control: SocketAddr,

    /// How long to wait for the answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    wait: u32,
}

/// The text of `--help` after the options.
const MORE_HELP: &str = "\
Examples:
  gt02 send 356588220000001 locate
  gt02 send 356588220000001 text WHERE#
  gt02 send --wait 3600 356588220000001 cut && echo it stands

The answer of the device goes to standard output, what happens meanwhile to standard error.

Exit status: 0 if the device has answered; 1 if the command was refused: there is no such command,
the device has never reported, or its protocol has no such command; 2 if the server cannot be
reached; 3 if there was no answer in time: then it may still come.";

/// What became of the command.
enum Outcome {
    Answered(String),
    Refused(String),
    /// No answer in time; whether the device was sent the command.
    Open {
        was_sent: bool,
    },
}

/// Runs the command.
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(Outcome::Answered(text)) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Ok(Outcome::Refused(reason)) => {
            eprintln!("gt02: {reason}");
            ExitCode::FAILURE
        }
        Ok(Outcome::Open { was_sent }) => {
            let text = if was_sent {
                "sent, and not answered in time"
            } else {
                "not sent yet: the device gets it when it is back"
            };
            eprintln!("gt02: {text}");
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("gt02: {}: {error}", options.control);
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> io::Result<Outcome> {
    let wait = Duration::from_secs(options.wait.into());
    let start = Instant::now();
    let mut stream = TcpStream::connect(options.control)?;
    let line = format!("{} {}", options.device, options.command.join(" "));
    // A second line would be another command.
    let line = line.replace(['\r', '\n'], " ");
    writeln!(stream, "{line}")?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut was_sent = false;
    loop {
        let Some(rest) = wait
            .checked_sub(start.elapsed())
            .filter(|rest| !rest.is_zero())
        else {
            return Ok(Outcome::Open { was_sent });
        };
        stream.set_read_timeout(Some(rest))?;
        let mut line = String::new();
        match lines.read_line(&mut line) {
            Ok(0) => return Err(io::Error::other("the server has ended")),
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                ) =>
            {
                return Ok(Outcome::Open { was_sent });
            }
            Err(error) => return Err(error),
        }
        let line = line.trim_end();
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "given" => eprintln!("gt02: command {text}"),
            "sent" => {
                was_sent = true;
                eprintln!("gt02: sent");
            }
            "answered" => return Ok(Outcome::Answered(text.to_owned())),
            "refused" | "error" => return Ok(Outcome::Refused(text.to_owned())),
            "forgotten" => return Ok(Outcome::Open { was_sent }),
            _ => return Err(io::Error::other("no control socket of gt02 serve")),
        }
    }
}
