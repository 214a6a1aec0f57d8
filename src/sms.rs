//! Configuring a tracker by SMS, and reading what it answers.
//!
//! A new tracker reports nowhere until it is told where. Several sets of commands are in use on
//! devices sold under the same names, and nothing on the label says which one a device takes:
//!
//! | [`CommandSet`] | devices | looks like | default password | answers |
//! |---|---|---|---|---|
//! | [`A`](CommandSet::A) | Concox GT02; over GPRS also GT06 | `GPRS,000000,internet,0,example.com:5023#` | `000000` | `Success`, `Fail` |
//! | [`B`](CommandSet::B) | Goome GT02A | `SERVER,666666,1,example.com,5023,0#` | `666666` | `SERVEROK!`, `SERVERError: ...` |
//! | [`C`](CommandSet::C) | CanTrack GT02; clones of TK102, TK06A, GT06 | `#IP#123456#example.com#5023#` | `123456` | `begin ok!`, `set time zone OK!` |
//! | [`J`](CommandSet::J) | Concox, Jimi and clones: GT06, GT06N, VT02S, S20, VL110 | `SERVER,1,example.com,5023,0#` | none | `OK!`, `SERVER_OK` |
//! | [`W`](CommandSet::W) | TK102, TK103 and "second generation" clones | `adminip123456 203.0.113.7 5002` | `123456` | `adminip ok` |
//! | [`S`](CommandSet::S) | SinoTrack ST-901, ST-906 and clones | `8040000 203.0.113.7 5013` | `0000` | mostly not known |
//! | [`X`](CommandSet::X) | A11, GT01, GT09: no command for the server is known | `g1234` | not known | `ok`, `admin ok` |
//! | [`Gt02d`](CommandSet::Gt02d) | GT02D: its two intervals; APN and server by set B | `730#30#` | none | not known |
//! | [`VSun`](CommandSet::VSun) | V-Sun V680, TK205: no command for the server is known | `6660000` | not known | lines, `Lat: +22.50500` |
//!
//! The `#` of sets C and Gt02d says nothing of the protocol that the device will speak: devices
//! configured so speak `gt06`, `v680` or `h02`.
//!
//! Each set's commands, all known answers and the evidence for them are in
//! [the manual](crate::manual::sms).
//!
//! - [`Command`]: a command, written for a set, and read back. Every value is checked; what a set
//!   cannot express is refused.
//! - [`Plan`]: all texts that a new tracker needs, in their order; [`try_all`] if its set is not
//!   known.
//! - [`Answer`]: what the device answers, by SMS or over GPRS; [`Command::verdict`] says what it
//!   means for a command.
//!
//! Which commands a set has:
//!
//! | [`Command`] | A | B | C | J | W | S | X | Gt02d | VSun |
//! |---|---|---|---|---|---|---|---|---|---|
//! | [`Locate`](Command::Locate) | `DWXX` | `WHERE` | | `WHERE` | `smstext` | `669` | `g` | | `666` |
//! | [`MapLink`](Command::MapLink) | | `URL` | `smslink` | `URL` | `smslink` | | | | |
//! | [`Version`](Command::Version) | `RJBB` | | | `VERSION` | | | | | |
//! | [`Status`](Command::Status) | | | | `STATUS` | `check` | `CXZT` | `CXZT` | | |
//! | [`Settings`](Command::Settings) | | | | `GPRSSET` | | `RCONF` | | | |
//! | [`Password`](Command::Password) | `XGYHMM` | `PASSWORD` | `password` | | `password` | `777` | `password` | | |
//! | [`Apn`](Command::Apn) | | `APN` | `apn` | `APN` | `apn`, name only | `803` | `apn`, name only | | |
//! | [`ApnUser`](Command::ApnUser), [`ApnPassword`](Command::ApnPassword) | | | | | `apnuser`, `apnpasswd` | | | | |
//! | [`Server`](Command::Server) | | `SERVER` | `IP`, TCP only | `SERVER` | `adminip`, TCP only | `804`, TCP only | | | |
//! | [`ApnAndServer`](Command::ApnAndServer) | `GPRS` | | | | | | | | |
//! | [`Data`](Command::Data) | | | | `GPRSON` | `gprs`, `nogprs` | `710`, `700` | | | |
//! | [`Interval`](Command::Interval) | `GPRSDS` | `TIMER` | `at` | `TIMER` | `fix` | `805` | | `730` | `4` |
//! | [`OtherInterval`](Command::OtherInterval) | | | `AT` | | `t` | | | | |
//! | [`IgnitionIntervals`](Command::IgnitionIntervals) | | | | `TIMER` | | | | | |
//! | [`ParkedInterval`](Command::ParkedInterval) | | | | | | `809` | | | |
//! | [`StaticInterval`](Command::StaticInterval) | | | | | | | | `SUP` | |
//! | [`IntervalOff`](Command::IntervalOff) | | | `noat` | | | | | | |
//! | [`Distance`](Command::Distance), [`Heartbeat`](Command::Heartbeat) | | | | `DISTANCE`, `HBT` | | | | | |
//! | [`TimeZone`](Command::TimeZone) | | | `timezone` | `GMT` | `time zone` | `896` | `zone` | | |
//! | [`AuthorisePhone`](Command::AuthorisePhone) | | | `admin` | | `admin` | | `admin` | | |
//! | [`RemovePhone`](Command::RemovePhone) | | | `noadmin` | | `noadmin` | | | | |
//! | [`SosPhone`](Command::SosPhone), [`CentrePhone`](Command::CentrePhone) | | | | `SOS`, `CENTER` | | | | | |
//! | [`NumberedPhone`](Command::NumberedPhone) | | | | | | the number | `10` | | |
//! | [`Listen`](Command::Listen), [`Track`](Command::Track) | | | `monitor`, `tracker` | | `monitor`, `tracker` | | | | |
//! | [`TwoWayCall`](Command::TwoWayCall) | | | `call` | | | | | | |
//! | [`Overspeed`](Command::Overspeed) | | | `speed` | | `speed` | `122` | `speed` | | |
//! | [`OverspeedAlarm`](Command::OverspeedAlarm) | | | | `SPEED` | | | | | |
//! | [`OverspeedOff`](Command::OverspeedOff) | | | `nospeed` | `SPEED` | `nospeed` | | | | |
//! | [`VibrationAlarm`](Command::VibrationAlarm) | | | | `SENALM` | | | | | |
//! | [`Relay`](Command::Relay) | `DYD`, `HFYD` | | `stopoil`, ... | `RELAY` | `stopelec`, `stop`, ... | `940`, `941` | | | |
//! | [`Acc`](Command::Acc) | | | `ACC` | | | | | | |
//! | [`MoveAlarm`](Command::MoveAlarm) | | | | | | | | | `008` |
//! | [`MovingAlarm`](Command::MovingAlarm) | | | | `MOVING` | | | | | |
//! | [`MoveAlarmOff`](Command::MoveAlarmOff) | | | | `MOVING` | | | | | `009` |
//! | [`Restart`](Command::Restart) | | | | `RESET` | `reset` | `RESTART` | | | |
//! | [`Reset`](Command::Reset) | | | `begin` | `FACTORY` | `begin` | | `format` | | |
//! | [`GprsOverTcp`](Command::GprsOverTcp) | | | `TCP` | | | | | | |
//!
//! ```
//! use gt02::sms::{Answer, Apn, Command, CommandSet, Plan, Server, Settings, Transport, Verdict};
//!
//! let settings = Settings {
//!     apn: Apn::new("internet"),
//!     server: Server { host: "example.com".into(), port: 5022, transport: Transport::Tcp },
//!     interval: Some(30),
//!     password: None, // the default of the set
//!     device: None,
//! };
//! let plan = Plan::new(CommandSet::B, &settings)?;
//! let texts = plan.iter().map(|step| step.text.as_str());
//! assert!(texts.eq([
//!     "WHERE,666666#",
//!     "APN,666666,internet#",
//!     "SERVER,666666,1,example.com,5022,0#",
//!     "TIMER,666666,,30#",
//! ]));
//!
//! let [_, apn, ..] = &plan[..] else { unreachable!() };
//! assert_eq!(apn.command.verdict(apn.set, &Answer::parse(b"APNOK!")), Verdict::Done);
//! # Ok::<(), gt02::sms::CommandError>(())
//! ```

mod alarm;
mod answer;
mod check;
mod command;
mod error;
mod expected;
mod location;
mod plan;
mod result;
mod set;
mod status;
mod text;
mod values;
mod words;

pub use answer::Answer;
pub use command::{Command, ParsedCommand};
pub use error::CommandError;
pub use expected::{Expected, Verdict};
pub use location::{Location, Trigger};
pub use plan::{Attempts, NoPlan, Plan, Settings, Step, try_all};
pub use result::{CommandOutcome, CommandResult};
pub use set::CommandSet;
pub use status::{Field, Fields, IntervalSetting, ServerSetting, SosNumbers, Status};
pub use text::Sms;
pub use values::{Apn, Circuit, Host, Notify, Server, Transport};
