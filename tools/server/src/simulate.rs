//! `gt02 simulate`: a fleet of trackers that drive, and check every answer.

mod capture;
mod drive;
mod fault;
mod route;
mod tally;
mod vehicle;

pub use fault::Fault;
pub use tally::{Sent, Tally};

use clap::Args;
use gt02::{
    Protocol,
    types::{DateTime, UtcOffset},
};
use route::Route;
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::sync::mpsc;
use vehicle::Vehicle;

/// Simulate a fleet of GPS trackers, and check every answer
///
/// Each device logs in, drives, stops, passes tunnels and sends later what it stored there, raises
/// an alarm now and then, and waits for each answer that its protocol owes it.
#[derive(Args, Clone, Debug)]
#[command(after_help = "See --help for details.", after_long_help = MORE_HELP)]
pub struct Options {
    /// The server
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8888")]
    pub connect: SocketAddr,

    /// The number of devices
    #[arg(long, value_name = "COUNT", default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub devices: u32,

    /// The protocols, each with its share
    #[arg(
        long,
        value_name = "PROTOCOL=SHARE,...",
        default_value = "gt02=1,gt06=5,tk103=1,v680=1,h02=2",
        value_parser = mix
    )]
    pub mix: Mix,

    /// How many of a hundred devices report by UDP
    #[arg(long, value_name = "PERCENT", default_value = "0", value_parser = percent)]
    pub udp: f64,

    /// The time from one position to the next, in seconds; the devices' clocks go on by at least
    /// one second
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub interval: f64,

    /// The positions that are sent in one write; more make more load
    #[arg(long, value_name = "COUNT", default_value = "1")]
    pub batch: u32,

    /// How long the fleet drives, in seconds
    #[arg(long = "for", value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub duration: f64,

    /// How long an answer is waited for at the end, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub patience: f64,

    /// A route, as GPX; without it, each device has its own around --around
    #[arg(long, value_name = "FILE")]
    pub track: Option<PathBuf>,

    /// The place around which devices drive: latitude and longitude in degrees
    #[arg(
        long,
        value_name = "LAT,LON",
        default_value = "52.5,13.4",
        allow_hyphen_values = true,
        value_parser = place
    )]
    pub around: (f64, f64),

    /// What goes wrong: `cuts`, `garbage=1%`, `lost=50%`, `reconnect=5%`, `slow`, `halfopen`,
    /// `random`; with commas, several
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    pub fault: Vec<Fault>,

    /// The beginning of all that is random
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    pub seed: u64,

    /// Write a log as Traccar does, with the answers, and connect to nobody
    #[arg(long, value_name = "FILE", conflicts_with = "connect")]
    pub write: Option<PathBuf>,
}

/// The text of `--help` after the options.
const MORE_HELP: &str = "\
Faults:
  cuts         every write is cut in two
  garbage=1%   bytes that belong to no frame stand before this share of the frames
  lost=50%     this share of the answers to alarms is not heard; the device sends the alarm again
  reconnect=5% before this share of the positions the device closes its connection, and connects
               again
  slow         one of ten devices reads nothing
  halfopen     one of ten devices logs in and is silent
  random       one of ten devices logs in and sends random bytes
Devices that are slow, half open or random are not checked; all others are.

Examples:
  gt02 simulate --devices 1000
  gt02 simulate --connect 127.0.0.1:5023 --mix gt06=1 --interval 1 --for 10 --udp 50
  gt02 simulate --devices 500 --for 10 --interval 0.5 --fault cuts,garbage=1%
  gt02 simulate --track drive.gpx --write drive.log, then gt02 decode --map drive.html drive.log

A JSON object with all counts goes to standard output.

Exit status: 0 if every answer came and was right; 1 if one was missing or wrong, or a connection
failed; 2 if the fleet could not start.";

/// Protocols with their shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix(Vec<(Protocol, u32)>);

impl Mix {
    /// The protocol of a device: the shares are kept in each stretch of as many devices as the
    /// shares add up to.
    fn protocol(&self, number: u32) -> Protocol {
        let sum = self
            .0
            .iter()
            .fold(0_u32, |sum, (_, share)| sum.saturating_add(*share));
        let mut rest = number.checked_rem(sum).unwrap_or(0);
        for (protocol, share) in &self.0 {
            match rest.checked_sub(*share) {
                Some(after) => rest = after,
                None => return *protocol,
            }
        }
        Protocol::Gt06
    }
}

fn mix(text: &str) -> Result<Mix, String> {
    let mut shares = Vec::new();
    for part in text.split(',') {
        let (name, share) = part.split_once('=').unwrap_or((part, "1"));
        let protocols = [
            Protocol::Gt02,
            Protocol::Gt06,
            Protocol::Tk103,
            Protocol::V680,
            Protocol::H02,
        ];
        let protocol = protocols
            .into_iter()
            .find(|protocol| protocol.name() == name);
        let protocol = protocol.ok_or_else(|| format!("no such protocol: {name}"))?;
        let share = share.parse().map_err(|_| format!("not a share: {share}"))?;
        shares.push((protocol, share));
    }
    if shares.iter().all(|(_, share)| *share == 0) {
        return Err("all shares are 0".to_owned());
    }
    Ok(Mix(shares))
}

fn percent(text: &str) -> Result<f64, String> {
    let value: f64 = text
        .trim_end_matches('%')
        .parse()
        .map_err(|_| "not a number".to_owned())?;
    if (0.0..=100.0).contains(&value) {
        Ok(value)
    } else {
        Err("not from 0 to 100".to_owned())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.001..=1e8).contains(&value) {
        Ok(value)
    } else {
        Err("not from 0.001 to 100000000".to_owned())
    }
}

fn place(text: &str) -> Result<(f64, f64), String> {
    let error = || "not a latitude and a longitude, such as 52.5,13.4".to_owned();
    let (latitude, longitude) = text.split_once(',').ok_or_else(error)?;
    let latitude: f64 = latitude.trim().parse().map_err(|_| error())?;
    let longitude: f64 = longitude.trim().parse().map_err(|_| error())?;
    if latitude.abs() <= 85.0 && longitude.abs() <= 180.0 {
        Ok((latitude, longitude))
    } else {
        Err(error())
    }
}

/// Runs the command.
pub fn main(options: &Options) -> ExitCode {
    let result = match &options.write {
        Some(path) => capture::write(options, path),
        None => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build();
            runtime.and_then(|runtime| runtime.block_on(run(options, None)))
        }
    };
    match result {
        Ok(tally) => {
            println!("{}", tally.json());
            if tally.is_right() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            }
        }
        Err(error) => {
            eprintln!("gt02: {error}");
            ExitCode::from(2)
        }
    }
}

/// Lets the fleet drive, and counts what came of it. Everything that was sent goes to `journal`.
///
/// # Errors
/// If the route cannot be read.
pub async fn run(
    options: &Options,
    journal: Option<mpsc::UnboundedSender<Sent>>,
) -> io::Result<Tally> {
    let options = Arc::new(options.clone());
    let mut tasks = tokio::task::JoinSet::new();
    for (number, vehicle) in (0..).zip(fleet(&options)?) {
        tasks.spawn(drive::drive(
            Arc::clone(&options),
            number,
            vehicle,
            journal.clone(),
        ));
    }
    let mut all = Tally::default();
    while let Some(tally) = tasks.join_next().await {
        all.add(&tally.map_err(io::Error::other)?);
    }
    Ok(all)
}

/// The vehicles of the fleet.
fn fleet(options: &Options) -> io::Result<impl Iterator<Item = Vehicle>> {
    let route = match &options.track {
        Some(path) => Some(Arc::new(Route::read(path)?)),
        None => None,
    };
    let start = DateTime::try_from(SystemTime::now()).map_err(io::Error::other)?;
    let start = start.to_unix(UtcOffset::default()).unwrap_or_default();
    let tick = options.interval.max(1.0);
    let vehicles = (0..options.devices).filter_map(move |number| {
        let protocol = options.mix.protocol(number);
        let seed = options
            .seed
            .wrapping_mul(1_000_003)
            .wrapping_add(number.into());
        let route = route.clone();
        Vehicle::new(protocol, number, seed, route, options.around, start, tick)
    });
    Ok(vehicles)
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let mix = mix("gt02=1,gt06=5,h02=2").unwrap();
        let count = |protocol| (0..80).filter(|n| mix.protocol(*n) == protocol).count();
        assert_eq!(count(Protocol::Gt02), 10);
        assert_eq!(count(Protocol::Gt06), 50);
        assert_eq!(count(Protocol::H02), 20);
        for text in ["", "gt07=1", "gt06=x", "gt06=0", "gt06=1,"] {
            assert!(super::mix(text).is_err(), "{text}");
        }
    }
}
