//! Configuring a tracker by SMS, and reading what it answers.
//!
//! A new tracker reports nowhere until it is told where. Several sets of commands are in use on devices sold as GT02, and nothing on the label says
//! which one a device takes:
//!
//! | [`CommandSet`] | devices | looks like | default password | answers \[D\] |
//! |---|---|---|---|---|
//! | [`A`](CommandSet::A) | Concox GT02; over GPRS also GT06 | `GPRS,000000,internet,0,example.com:5023#` | `000000` | `Success`, `Fail` |
//! | [`B`](CommandSet::B) | Goome GT02A | `SERVER,666666,1,example.com,5023,0#` | `666666` | `SERVEROK!`, `SERVERError: ...` |
//! | [`C`](CommandSet::C) | CanTrack GT02; clones of TK102, TK06A, GT06 | `#IP#123456#example.com#5023#` | `123456` | `begin ok!`, `set time zone OK!` |
//! | [`Gt02d`](CommandSet::Gt02d) | GT02D: the two intervals are all that is known | `730#30#` | none | not known |
//! | [`VSun`](CommandSet::VSun) | V-Sun V680, TK205: no command for the server is known | `6660000` | not known | lines, `Lat: +22.50500` |
//!
//! What a set has a command for:
//!
//! | [`Command`] | A | B | C | Gt02d | VSun |
//! |---|---|---|---|---|---|
//! | [`Locate`](Command::Locate) | `DWXX` | `WHERE` | | | `666` |
//! | [`MapLink`](Command::MapLink) | | `URL` | `smslink` | | |
//! | [`Version`](Command::Version) | `RJBB` | | | | |
//! | [`Password`](Command::Password) | `XGYHMM` | `PASSWORD` | `password` | | |
//! | [`Apn`](Command::Apn) | | `APN` | `apn` | | |
//! | [`Server`](Command::Server) | | `SERVER` | `IP`, TCP only | | |
//! | [`ApnAndServer`](Command::ApnAndServer) | `GPRS` | | | | |
//! | [`Interval`](Command::Interval), seconds | `GPRSDS`, 5 to 18000 | `TIMER`, 10 to 18000 | `at` | `730` | `4`, minutes or hours |
//! | [`OtherInterval`](Command::OtherInterval) | | | `AT` | | |
//! | [`StaticInterval`](Command::StaticInterval), minutes | | | | `SUP` | |
//! | [`TimeZone`](Command::TimeZone) | | | `timezone` | | |
//! | [`AuthorisePhone`](Command::AuthorisePhone), [`RemovePhone`](Command::RemovePhone) | | | `admin`, `noadmin` | | |
//! | [`Overspeed`](Command::Overspeed) | | | `speed` | | |
//! | [`Relay`](Command::Relay) | `DYD`, `HFYD` | | `stopoil`, ... | | |
//! | [`Acc`](Command::Acc) | | | `ACC` | | |
//! | [`MoveAlarm`](Command::MoveAlarm), [`MoveAlarmOff`](Command::MoveAlarmOff) | | | | | `008`, `009` |
//! | [`Reset`](Command::Reset) | | | `begin` | | |
//! | [`GprsOverTcp`](Command::GprsOverTcp) | | | `TCP` | | |
//!
//! The commands are those of the makers' documents and manuals \[D\] (spec sms; spec v680, section 3; spec gt06, section 4.6). The `#` of sets C and
//! Gt02d says nothing of the protocol that the device will speak: devices configured so speak `gt06`, `v680` or `h02`.
//!
//! - [`Command`]: a command, written for a set, and read back. Every value is checked; what a set cannot express is refused.
//! - [`Plan`]: all texts that a new tracker needs, in their order; [`try_all`] if its set is not known.
//! - [`Answer`]: what the device answers, over SMS or, in the same words, over GPRS; [`Command::verdict`] says what it means for a command.
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
//! assert!(texts.eq(["WHERE,666666#", "APN,666666,internet#", "SERVER,666666,1,example.com,5022,0#", "TIMER,666666,,30#"]));
//!
//! let [_, apn, ..] = &plan[..] else { unreachable!() };
//! assert_eq!(apn.command.verdict(apn.set, &Answer::parse(b"APNOK!")), Verdict::Done);
//! # Ok::<(), gt02::sms::CommandError>(())
//! ```

mod answer;
mod command;
mod error;
mod expected;
mod location;
mod parse;
mod plan;
mod result;
mod status;
mod text;

pub use answer::Answer;
pub use command::{Apn, Circuit, Command, CommandSet, Host, Server, Transport};
pub use error::CommandError;
pub use expected::{Expected, Verdict};
pub use location::{Location, Trigger};
pub use plan::{Plan, Settings, Step, try_all};
pub use result::{CommandOutcome, CommandResult};
pub use status::{Field, Fields, Status};
pub use text::Sms;
