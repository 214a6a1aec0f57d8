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
//! | [`Topin`](CommandSet::Topin) | Topin, "365GPS" | `DOMAIN#example.com#5023#` | none | not known |
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
//!   known, [`try_likely`] if at least its protocol is. [`Settings::proof`] compares what the
//!   device says afterwards.
//! - [`Answer`]: what the device answers, by SMS or over GPRS; [`Command::verdict`] says what it
//!   means for a command.
//!
//! Which commands a set has:
//!
//! | [`Command`] | A | B | C | J | W | S | X | Gt02d | VSun | Topin |
//! |---|---|---|---|---|---|---|---|---|---|---|
//! | [`Locate`](Command::Locate) | `DWXX` | `WHERE` | | `WHERE` | `smstext` | `669` | `g` | | `666` | `999` |
//! | [`OtherLocate`](Command::OtherLocate) | | | | `123` | | | `g..#` | | | |
//! | [`MapLink`](Command::MapLink) | | `URL` | `smslink` | `URL` | `smslink` | | | | | |
//! | [`Version`](Command::Version) | `RJBB` | | | `VERSION` | | | | | | |
//! | [`Status`](Command::Status) | | | | `STATUS` | `check` | `CXZT` | `CXZT` | | | |
//! | [`Settings`](Command::Settings) | | | | `GPRSSET` | | `RCONF` | | | | |
//! | [`Parameters`](Command::Parameters), [`Everything`](Command::Everything) | | | | `PARAM`, `CHECK` | | | | | | |
//! | [`Ask`](Command::Ask) | | | | the word alone | | | | | | |
//! | [`Imei`](Command::Imei) | | | | | `imei` | | | | | |
//! | [`Password`](Command::Password) | `XGYHMM` | `PASSWORD` | `password` | `PASSWORD` | `password` | `777` | `password` | | | |
//! | [`PasswordNeeded`](Command::PasswordNeeded) | | | | `PWDSW` | | | | | | |
//! | [`Apn`](Command::Apn) | | `APN` | `apn` | `APN` | `apn`, name only | `803` | `apn`, name only | | | `APN` |
//! | [`ApnUser`](Command::ApnUser), [`ApnPassword`](Command::ApnPassword) | | | | | `apnuser`, `apnpasswd` | | | | | |
//! | [`ApnCredentials`](Command::ApnCredentials) | | | | | `up` | | | | | |
//! | [`AutomaticApn`](Command::AutomaticApn) | | | | `ASETAPN` | | | | | | |
//! | [`Server`](Command::Server) | | `SERVER` | `IP`, TCP only | `SERVER` | `adminip`, TCP only | `804`, TCP only | | | | `DOMAIN`, TCP only |
//! | [`OtherServer`](Command::OtherServer) | | | | `SERVER,8520`, TCP only | | | | | | `SERVER`, TCP only |
//! | [`ApnAndServer`](Command::ApnAndServer) | `GPRS` | | | | | | | | | |
//! | [`Data`](Command::Data) | | | | `GPRSON` | `gprs`, `nogprs` | `710`, `700` | | | | |
//! | [`Interval`](Command::Interval) | `GPRSDS` | `TIMER` | `at` | `TIMER` | `fix` | `805` | | `730` | `4` | |
//! | [`OtherInterval`](Command::OtherInterval) | | | `AT` | | `t` | | | | | |
//! | [`UploadInterval`](Command::UploadInterval), [`SpacedInterval`](Command::SpacedInterval) | | | | | `upload`, `fix` | | | | | |
//! | [`MotionIntervals`](Command::MotionIntervals) | | | | | `ITV` | | | | | |
//! | [`IgnitionIntervals`](Command::IgnitionIntervals) | | | | `TIMER` | | | | | | |
//! | [`ParkedInterval`](Command::ParkedInterval) | | | | | | `809` | | | | |
//! | [`StaticInterval`](Command::StaticInterval) | | | | | | | | `SUP` | | |
//! | [`IntervalOff`](Command::IntervalOff) | | | `noat` | | | | | | | |
//! | [`Distance`](Command::Distance), [`Heartbeat`](Command::Heartbeat) | | | | `DISTANCE`, `HBT` | | | | | | |
//! | [`TimeZone`](Command::TimeZone) | | | `timezone` | `GMT` | `time zone` | `896` | `zone` | | | |
//! | [`AutomaticTimeZone`](Command::AutomaticTimeZone) | | | | `ASETGMT` | | | | | | |
//! | [`AuthorisePhone`](Command::AuthorisePhone) | | | `admin` | | `admin` | | `admin` | | | |
//! | [`RemovePhone`](Command::RemovePhone) | | | `noadmin` | | `noadmin` | | | | | |
//! | [`SosPhone`](Command::SosPhone), [`SosPhones`](Command::SosPhones), [`RemoveSosPhone`](Command::RemoveSosPhone) | | | | `SOS` | | | | | | |
//! | [`CentrePhone`](Command::CentrePhone), [`RemoveCentrePhone`](Command::RemoveCentrePhone) | | | | `CENTER` | | | | | | |
//! | [`NumberedPhone`](Command::NumberedPhone) | | | | | | the number | `10` | | | |
//! | [`RemoveNumberedPhone`](Command::RemoveNumberedPhone), [`NumberedPhones`](Command::NumberedPhones) | | | | | | | `D10`, `C10` | | | |
//! | [`Listen`](Command::Listen), [`Track`](Command::Track) | | | `monitor`, `tracker` | | `monitor`, `tracker` | | | | | |
//! | [`ListenBy`](Command::ListenBy) | | | | | | | | | | `monitor` |
//! | [`TwoWayCall`](Command::TwoWayCall) | | | `call` | | | | | | | |
//! | [`Overspeed`](Command::Overspeed) | | | `speed` | | `speed` | `122` | `speed` | | | |
//! | [`OverspeedAlarm`](Command::OverspeedAlarm) | | | | `SPEED` | | | | | | |
//! | [`OverspeedOff`](Command::OverspeedOff) | | | `nospeed` | `SPEED` | `nospeed` | | | | | |
//! | [`Vibration`](Command::Vibration) | | | | | `shock` | | | | | |
//! | [`VibrationAlarm`](Command::VibrationAlarm) | | | | `SENALM` | | | | | | |
//! | [`VibrationAlarmOff`](Command::VibrationAlarmOff) | | | | `SENALM` | `noshock` | | | | | |
//! | [`Relay`](Command::Relay) | `DYD`, `HFYD` | | `stopoil`, ... | `RELAY` | `stopelec`, `stop`, `RELAY`, ... | `940`, `941` | | | | |
//! | [`CutBelow`](Command::CutBelow), [`RelayPulse`](Command::RelayPulse) | | | | `RELAY`, `RELAY3` | | | | | | |
//! | [`Acc`](Command::Acc) | | | `ACC` | | `acc`, `noacc` | | | | | |
//! | [`IgnitionAlarm`](Command::IgnitionAlarm), [`IgnitionAlarmOff`](Command::IgnitionAlarmOff) | | | | `ACCALM` | | | | | | |
//! | [`PowerCut`](Command::PowerCut) | | | | | | `011` | | | | |
//! | [`PowerCutAlarm`](Command::PowerCutAlarm) | | | | `POWERALM` | | | | | | |
//! | [`PowerCutAlarmOff`](Command::PowerCutAlarmOff) | | | | `POWERALM` | | `010` | | | | |
//! | [`BatteryAlarm`](Command::BatteryAlarm), [`BatteryAlarmOff`](Command::BatteryAlarmOff) | | | | `BATALM` | | | | | | |
//! | [`SosAlarm`](Command::SosAlarm), [`SosAlarmOff`](Command::SosAlarmOff) | | | | `SOSALM` | | | | | | |
//! | [`EventCalls`](Command::EventCalls) | | | | | | `150`, `151` | `122`, `121` | | | |
//! | [`EventTexts`](Command::EventTexts) | | | | | | `712`, `713` | `125`, `126` | | | |
//! | [`MoveAlarm`](Command::MoveAlarm) | | | | | | | | | `008` | |
//! | [`MovingAlarm`](Command::MovingAlarm) | | | | `MOVING` | | | | | | |
//! | [`MovedBy`](Command::MovedBy) | | | | | `move` | | | | | |
//! | [`MoveAlarmOff`](Command::MoveAlarmOff) | | | | `MOVING` | `nomove` | | | | `009` | |
//! | [`RoundFence`](Command::RoundFence), [`SquareFence`](Command::SquareFence) | | | | `FENCE` | | | | | | |
//! | [`Stockade`](Command::Stockade) | | | | | `stockade` | | | | | |
//! | [`FenceRadius`](Command::FenceRadius), [`FenceOn`](Command::FenceOn) | | | | | | `005`, `211` | | | | |
//! | [`FenceOff`](Command::FenceOff) | | | | `FENCE` | | `210` | | | | |
//! | [`Arm`](Command::Arm), [`Disarm`](Command::Disarm) | | | | `111`, `DSRESET` | `arm`, `disarm` | | | | | |
//! | [`ArmAfter`](Command::ArmAfter) | | | | `DEFENSE` | | | | | | |
//! | [`Sleep`](Command::Sleep) | | | | | `sleep` | `SLEEP` | | | | |
//! | [`ToggleLanguage`](Command::ToggleLanguage) | | | | | | | `109` | | | |
//! | [`Restart`](Command::Restart) | | | | `RESET` | `reset` | `RESTART` | | | | |
//! | [`Reset`](Command::Reset) | | | `begin` | `FACTORY` | `begin` | | `format` | | | |
//! | [`ResetAll`](Command::ResetAll) | | | | `FACTORYALL` | | | | | | |
//! | [`GprsOverTcp`](Command::GprsOverTcp) | | | `TCP` | | | | | | | |
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

// # How texts are read
// Answers have no grammar as a whole, but their parts do: dates, angles, links. Those are nom's
// combinators over the parts in `read.rs`, so that a reader looks like what it reads. Two things
// are not:
//
// - What looks around a label, and sentences: `location/reader.rs`, `status.rs`, `result.rs` and
//   `alarm.rs` search for words of tables, wherever they stand.
// - Commands: they are fields between one separator, and a pattern such as `["SERVER", host, at]`
//   is the diagram itself. On `str` nom splits by `str::split_at`, which has a panic path.
//
// With nom the 79 answers of the corpus take 698 ns each on average, 701 ns with the same readers
// written by hand (x86-64, the least of 400 runs of each).

mod alarm;
mod answer;
mod check;
mod command;
mod error;
mod expected;
mod location;
mod plan;
mod read;
mod result;
mod set;
mod status;
mod text;
mod values;
mod words;
mod work;

pub use answer::Answer;
pub use command::{Command, ParsedCommand};
pub use error::CommandError;
pub use expected::{Expected, Verdict};
pub use location::{Location, Trigger};
pub use plan::{Attempts, NoPlan, Plan, Proof, Settings, Step, try_all, try_likely};
pub use result::{CommandOutcome, CommandResult};
pub use set::CommandSet;
pub use status::{Field, Fields, IntervalSetting, ServerSetting, SosNumbers, Status};
pub use text::Sms;
pub use values::{Apn, Circuit, Crossing, Host, Notify, Server, Setting, Sleep, Transport};
