//! The sets of commands, one module each.
//!
//! # How a set is laid out
//! | function | what it does |
//! |---|---|
//! | `word` | the word that the command begins with; `None` if the set lacks the command |
//! | `write` | writes the command, and checks its values |
//! | `read` | reads a text as a command of the set; values are checked when it is written again |
//! | `expected` | the answer to wait for |
//!
//! # What a firmware pays for
//! The functions of a set are reached through its [`Syntax`] alone. What a public function does
//! with a set is inlined up to the choice of the syntax, and the rest is given the syntax: so a
//! firmware that names one set links that one. `.ci/embedded` shows it.
//!
//! # How to add a set
//! Add the variant to [`CommandSet`], its names and defaults below, a module with these four
//! functions, and an arm to each `match` on the set. The compiler names them.

use super::{Command, CommandError, Expected, ParsedCommand, text::Draft};
use crate::types::Protocol;
use core::fmt;

mod a;
mod b;
mod c;
mod gt02d;
mod j;
mod s;
mod split;
mod topin;
mod vsun;
mod w;
mod x;

/// The functions of a set.
pub(super) struct Syntax {
    pub(super) set: CommandSet,
    pub(super) word: fn(&Command<'_>) -> Option<&'static str>,
    pub(super) write: Write,
    pub(super) read: for<'a> fn(&'a str) -> Option<ParsedCommand<'a>>,
}

/// Writes a command that begins with the word, with the password.
type Write = fn(&Command<'_>, word: &str, password: &str, &mut Draft) -> Result<(), CommandError>;

macro_rules! syntax {
    ($set:ident, $module:ident) => {{
        static SYNTAX: Syntax = Syntax {
            set: CommandSet::$set,
            word: $module::word,
            write: $module::write,
            read: $module::read,
        };
        &SYNTAX
    }};
}

/// The sets of commands. Their names are not the makers'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandSet {
    /// Concox GT02: `WORD,password,...#`. GT06 units take these words over GPRS.
    A,
    /// Goome GT02A: `WORD,password,...#`, with other words.
    B,
    /// CanTrack GT02, and the clones of TK102, TK06A and GT06: `#word#password#...#`.
    C,
    /// GT02D: `730#...#` and `SUP#...#` for the intervals. It takes APN and server from set B.
    Gt02d,
    /// V-Sun V680 and TK205: digits, and a password of 4 digits.
    VSun,
    /// Concox, Jimi and their clones: `WORD,...#` without a password.
    J,
    /// TK102, TK103 and "second generation" clones: `word123456 ...`.
    W,
    /// SinoTrack ST-901, ST-906 and clones: `8040000 ...`, with a password of 4 digits.
    S,
    /// A11, GT01, GT09, GT08B and ST-901 clones: words and digits. No command for the server is
    /// known.
    X,
    /// Topin, "365GPS": `WORD#...#` without a password. Their data is `78 78` without a checksum.
    Topin,
}

impl CommandSet {
    /// The name in lower case: `a`, `gt02d`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::Gt02d => "gt02d",
            Self::VSun => "vsun",
            Self::J => "j",
            Self::W => "w",
            Self::S => "s",
            Self::X => "x",
            Self::Topin => "topin",
        }
    }

    /// Returns the functions of the set.
    #[inline(always)]
    pub(super) fn syntax(self) -> &'static Syntax {
        match self {
            Self::A => syntax!(A, a),
            Self::B => syntax!(B, b),
            Self::C => syntax!(C, c),
            Self::Gt02d => syntax!(Gt02d, gt02d),
            Self::VSun => syntax!(VSun, vsun),
            Self::J => syntax!(J, j),
            Self::W => syntax!(W, w),
            Self::S => syntax!(S, s),
            Self::X => syntax!(X, x),
            Self::Topin => syntax!(Topin, topin),
        }
    }

    /// Returns the answer to wait for.
    #[inline(always)]
    pub(super) const fn expected(self, command: &Command<'_>) -> Expected {
        match self {
            Self::A => a::expected(command),
            Self::B => b::expected(command),
            Self::C => c::expected(command),
            Self::Gt02d => gt02d::expected(command),
            Self::VSun => vsun::expected(command),
            Self::J => j::expected(command),
            Self::W => w::expected(command),
            Self::S => s::expected(command),
            Self::X => x::expected(command),
            Self::Topin => topin::expected(command),
        }
    }

    /// The password that devices leave the factory with.
    ///
    /// `None` for [`Gt02d`](Self::Gt02d), [`J`](Self::J) and [`Topin`](Self::Topin), whose commands
    /// have no password, and for [`VSun`](Self::VSun) and [`X`](Self::X), whose documents name
    /// none.
    #[must_use]
    pub const fn default_password(self) -> Option<&'static str> {
        match self {
            Self::A => Some("000000"),
            Self::B => Some("666666"),
            Self::C | Self::W => Some("123456"),
            Self::S => Some("0000"),
            Self::Gt02d | Self::VSun | Self::J | Self::X | Self::Topin => None,
        }
    }

    /// The sets that devices of a protocol take, the most likely first. A hint and no proof: an
    /// LV-12 speaks `gt06` and takes set W.
    ///
    /// ```
    /// use gt02::{Protocol, sms::CommandSet};
    /// assert_eq!(CommandSet::likely(Protocol::Tk103), [CommandSet::W]);
    /// ```
    #[must_use]
    pub const fn likely(protocol: Protocol) -> &'static [Self] {
        match protocol {
            Protocol::Gt02 => &[Self::A, Self::B],
            Protocol::Gt06 => &[Self::J, Self::A, Self::C],
            Protocol::Tk103 => &[Self::W],
            Protocol::V680 => &[Self::VSun, Self::C],
            Protocol::H02 => &[Self::S, Self::X, Self::C],
            #[allow(unreachable_patterns, reason = "a protocol that is new in the list")]
            _ => &[],
        }
    }

    /// The question by which to find out whether a device understands the set: it changes nothing.
    /// `None` where the set has no question.
    ///
    /// Questions for settings, state and version need no fix. A question for the position does, or
    /// it may be answered late or with less.
    #[must_use]
    pub const fn question(self) -> Option<Command<'static>> {
        match self {
            Self::A => Some(Command::Version),
            Self::B | Self::VSun | Self::Topin => Some(Command::Locate),
            Self::C => Some(Command::MapLink),
            Self::J | Self::S => Some(Command::Settings),
            Self::W | Self::X => Some(Command::Status),
            Self::Gt02d => None,
        }
    }
}

/// With the maker in whose documents the set stands: `A (Concox)`.
impl fmt::Display for CommandSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A (Concox)",
            Self::B => "B (Goome)",
            Self::C => "C (CanTrack)",
            Self::Gt02d => "GT02D",
            Self::VSun => "V-Sun",
            Self::J => "J (Concox, Jimi)",
            Self::W => "W (TK102, TK103)",
            Self::S => "S (SinoTrack)",
            Self::X => "X (A11, GT09)",
            Self::Topin => "Topin",
        })
    }
}
