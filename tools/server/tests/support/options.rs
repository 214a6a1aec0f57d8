//! The options of the commands, as their command lines have them.

use clap::Parser;
use gt02_server::{serve, simulate};

#[derive(Parser)]
pub struct Serve {
    #[command(flatten)]
    pub options: serve::Options,
}

#[derive(Parser)]
pub struct Simulate {
    #[command(flatten)]
    pub options: simulate::Options,
}
