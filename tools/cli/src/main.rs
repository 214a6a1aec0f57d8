//! `gt02`: the command for GPS trackers sold as GT02.
//!
//! ```text
//! cargo run -p gt02-cli -- decode examples/gt02_drive.log
//! ```

#![forbid(unsafe_code)]

mod decode;
mod provision;
mod send;
mod sniff;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Work with GPS trackers sold as GT02: gt02, gt06, tk103, v680 and h02
#[derive(Parser)]
#[command(name = "gt02", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one")]
enum Command {
    Decode(decode::Options),
    Provision(provision::Options),
    Sniff(sniff::Options),
    Send(send::Options),
    #[cfg(feature = "serve")]
    Serve(gt02_server::serve::Options),
    #[cfg(feature = "serve")]
    Simulate(gt02_server::simulate::Options),
    /// Run a server (not in this build)
    #[cfg(not(feature = "serve"))]
    Serve(Absent),
    /// Simulate a fleet (not in this build)
    #[cfg(not(feature = "serve"))]
    Simulate(Absent),
}

/// The arguments of a command that was left out.
#[cfg(not(feature = "serve"))]
#[derive(clap::Args)]
struct Absent {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<std::ffi::OsString>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Decode(options) => decode::main(&options),
        Command::Sniff(options) => sniff::main(options),
        Command::Send(options) => send::main(&options),
        #[cfg(feature = "serve")]
        Command::Serve(options) => gt02_server::serve::main(options),
        #[cfg(feature = "serve")]
        Command::Simulate(options) => gt02_server::simulate::main(&options),
        #[cfg(not(feature = "serve"))]
        Command::Serve(Absent { rest: _ }) | Command::Simulate(Absent { rest: _ }) => {
            eprintln!("gt02: not in this build: build gt02-cli with --features serve");
            ExitCode::from(2)
        }
        Command::Provision(options) => {
            let mut cli = Cli::command();
            // With the names of its parents, which its usage shows.
            cli.build();
            match cli.find_subcommand_mut("provision") {
                Some(command) => provision::main(&options, command),
                None => ExitCode::FAILURE,
            }
        }
    }
}
