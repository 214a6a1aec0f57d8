//! Whether a command was carried out.
//!
//! # How this works
//! Fixed sentences come first ([`SENTENCES`]): some of them hold words that mean something else
//! elsewhere, such as `Speed:`. Then come the forms with the command's word in them:
//! `WORD=Success`, `WORDError: ...`, `WORD ok`, `WORD_OK`.
//!
//! # How to change it
//! A new sentence goes into [`SENTENCES`].

use super::words::{strip_prefix, strip_words, trim_marks, trim_marks_end};
use super::work;
use crate::types::Text;

/// An answer that says whether a command was carried out.
///
/// | text | command | outcome | detail |
/// |---|---|---|---|
/// | `Success`, `Fail`, `OK!`, `FORMAT WRONG!` | | done, refused, done, refused | |
/// | `DYD=Success!`, `HFYD=Fail!` | `DYD`, `HFYD` | done, refused | |
/// | `DYD=Unvalued Fix` | `DYD` | refused | `Unvalued Fix` |
/// | `DYD=Speed Limit, Speed 40km/h` | `DYD` | refused | `Speed Limit, Speed 40km/h` |
/// | `Already in the state of fuel supply cut off,..` | | already done | `fuel supply cut off,..` |
/// | `Cut off the fuel supply: Success!` | `RELAY,1` | done | |
/// | `GPS not fixed, Cut off the fuel supply operation delay execution!` | `RELAY,1` | deferred | |
/// | `APEXOK!`, `SERVER_OK`, `speedok!` | `APEX`, `SERVER`, `speed` | done | |
/// | `APN_OK, The terminal will restart after 30 seconds!` | `APN` | done | `The terminal ...` |
/// | `APEXError: Parameter 1 (ON/OFF)` | `APEX` | refused | `Parameter 1 (ON/OFF)` |
/// | `Command error!` | `Command` | refused | |
/// | `set time zone OK!` | `set time zone` | done | |
/// | `MOVE DEFENCE:OFF` | `MOVE DEFENCE` | done | |
///
/// All known texts are in [the manual](crate::manual::sms), "Confirmations" and "The relay".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct CommandResult<'a> {
    /// The command, as the device names it; the command's word where a sentence describes it; empty
    /// where the text names none.
    pub command: Text<'a>,
    /// What became of it.
    pub outcome: CommandOutcome,
    /// The rest of the text. Its end may be cut off.
    pub detail: Text<'a>,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandOutcome {
    /// It was carried out.
    Done,
    /// There was nothing to do.
    AlreadyDone,
    /// It was accepted, and will be carried out when there is a fix, or when the vehicle is slow.
    Deferred,
    /// It was not carried out: the device says so, or gives a reason in place of success.
    Refused,
}

impl CommandOutcome {
    /// The name in JSON: `done`, `already_done`, `deferred`, `refused`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyDone => "already_done",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
        }
    }
}

/// The longest command that a text names, in bytes; more is a sentence.
const MAX_COMMAND: usize = 32;

/// A sentence with a meaning of its own.
struct Sentence {
    /// The words that it begins with; the text after them is the detail.
    words: &'static [&'static str],
    /// The word of the command that it is about; empty if it names none.
    command: &'static str,
    outcome: CommandOutcome,
}

const fn sentence(
    words: &'static [&'static str],
    command: &'static str,
    outcome: CommandOutcome,
) -> Sentence {
    Sentence {
        words,
        command,
        outcome,
    }
}

/// The command of set J that cuts the fuel.
const CUT: &str = "RELAY,1";
/// The command of set J that restores the fuel.
const RESTORE: &str = "RELAY,0";
/// The commands of set W for a relay.
const STOP: &str = "stop";
const RESUME: &str = "resume";

#[rustfmt::skip]
static SENTENCES: [Sentence; 20] = {
    use CommandOutcome::{AlreadyDone, Deferred, Done, Refused};
    [
        sentence(&["already", "in", "the", "state", "of"], "", AlreadyDone),
        sentence(&["cut", "off", "the", "fuel", "supply:", "success"], CUT, Done),
        sentence(&["cut", "off", "the", "fuel", "supply:", "fail"], CUT, Refused),
        sentence(&["restore", "fuel", "supply:", "success"], RESTORE, Done),
        sentence(&["restore", "fuel", "supply:", "fail"], RESTORE, Refused),
        sentence(
            &["gps", "not", "fixed,", "cut", "off", "the", "fuel", "supply", "operation", "delay"],
            CUT, Deferred,
        ),
        sentence(
            &["speed", "limit,", "cut", "off", "after", "speed", "less", "than"],
            CUT, Deferred,
        ),
        sentence(
            &["it", "will", "be", "executed", "after", "speed", "less", "than"],
            STOP, Deferred,
        ),
        sentence(&["stop", "engine", "succeed"], STOP, Done),
        sentence(&["resume", "engine", "succeed"], RESUME, Done),
        sentence(&["shock", "is", "activated"], "shock", Done),
        sentence(&["the", "terminal", "will", "restart"], "", Done),
        sentence(&["user", "request:", "system", "reboot", "ok"], "", Done),
        sentence(&["begin", "fail"], "begin", Refused),
        sentence(&["format", "wrong"], "", Refused),
        sentence(&["invalid", "command"], "", Refused),
        sentence(&["password", "err"], "", Refused),
        sentence(&["password", "error"], "", Refused),
        sentence(&["指令格式错误"], "", Refused),
        sentence(&["恢复出厂值成功"], "format", Done),
    ]
};

/// Words that devices write right before `ok`, in lower case.
const GLUED: [&str; 1] = ["speed"];

impl<'a> CommandResult<'a> {
    /// Reads one of the fixed sentences, in a text without white space around it.
    pub(super) fn read_sentence(text: &'a [u8]) -> Option<Self> {
        SENTENCES.iter().find_map(|sentence| {
            let detail = strip_words(text, sentence.words)?;
            Some(Self::new(
                sentence.command.as_bytes(),
                sentence.outcome,
                trim_marks(detail),
            ))
        })
    }

    /// Reads a form with the command's word in it, in a text without white space around it.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        Self::read_defence(text)
            .or_else(|| Self::read_success(text))
            .or_else(|| Self::read_error(text))
            .or_else(|| Self::read_config(text))
            .or_else(|| Self::read_ok(text))
            .or_else(|| Self::read_ok_and_more(text))
            .filter(|result| result.outcome != CommandOutcome::Done || !is_contrary(result.detail))
    }

    const fn new(command: &'a [u8], outcome: CommandOutcome, detail: &'a [u8]) -> Self {
        Self {
            command: Text::Bytes(command),
            outcome,
            detail: Text::Bytes(detail),
        }
    }

    const fn done(command: &'a [u8]) -> Self {
        Self::new(command, CommandOutcome::Done, &[])
    }

    /// Reads `MOVE DEFENCE:OFF`.
    fn read_defence(text: &'a [u8]) -> Option<Self> {
        let [] = strip_words(text, &["move", "defence:off"])? else {
            return None;
        };
        let colon = text.iter().position(|&byte| byte == b':')?;
        Some(Self::done(text.get(..colon)?))
    }

    /// Reads `Success`, `Fail`, or a known reason, perhaps after `WORD=`; and `RELAY=0 OK`.
    fn read_success(text: &'a [u8]) -> Option<Self> {
        let (command, said) = match split_command(text, |rest| rest.first() == Some(&b'=')) {
            Some((command, [_, said @ ..])) if is_command(command) => {
                (command.trim_ascii(), said.trim_ascii())
            }
            _ => (&[][..], text),
        };
        for (word, outcome) in [
            (&b"success"[..], CommandOutcome::Done),
            (b"fail", CommandOutcome::Refused),
        ] {
            if let Some(rest) = strip_prefix(said, word) {
                // `Successful`, `Failed`.
                let letters = rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphabetic())
                    .count();
                let detail = rest.get(letters..).unwrap_or_default();
                // `fail to locate` is a sentence, and `FAIL;GSM Signal:H` are fields of a state.
                let goes_on = detail.first().is_some_and(u8::is_ascii_whitespace)
                    && !trim_marks(detail).is_empty();
                if goes_on || detail.first() == Some(&b';') {
                    return None;
                }
                return Some(Self::new(command, outcome, trim_marks(detail)));
            }
        }
        if command.is_empty() {
            return None;
        }
        if let Some((value @ [b'0' | b'1'], rest)) = said.split_at_checked(1) {
            if let Some([]) = strip_words(trim_marks_end(rest), &["ok"]) {
                return Some(Self::new(command, CommandOutcome::Done, value));
            }
        }
        let reasons: [&[&str]; 2] = [&["unvalued", "fix"], &["speed", "limit"]];
        let is_reason = reasons
            .iter()
            .any(|reason| strip_words(said, reason).is_some());
        is_reason.then(|| Self::new(command, CommandOutcome::Refused, said))
    }

    /// Reads `Error:` or `error!`, perhaps after a command.
    fn read_error(text: &'a [u8]) -> Option<Self> {
        let (command, rest) = split_command(text, |rest| strip_prefix(rest, b"error").is_some())?;
        let mark = rest.get(5..)?.trim_ascii_start();
        let ([b':', detail @ ..] | [b'!', detail @ ..]) = mark else {
            return None;
        };
        let is_error = is_separate(command, rest) && is_command_or_none(command);
        is_error.then(|| {
            let command = command.trim_ascii();
            Self::new(command, CommandOutcome::Refused, trim_marks(detail))
        })
    }

    /// Reads `FIX,CONFIG OK`.
    fn read_config(text: &'a [u8]) -> Option<Self> {
        let (command, rest) = split_command(text, |rest| rest.first() == Some(&b','))?;
        let [] = trim_marks(strip_words(rest.get(1..)?, &["config", "ok"])?) else {
            return None;
        };
        is_command(command).then(|| Self::done(command))
    }

    /// Reads `OK` or `OK!` at the end, perhaps after a command.
    fn read_ok(text: &'a [u8]) -> Option<Self> {
        let text = trim_marks_end(text);
        let (command, ok) = text.split_at_checked(text.len().checked_sub(2)?)?;
        if !ok.eq_ignore_ascii_case(b"ok") {
            return None;
        }
        let is_glued = GLUED
            .iter()
            .any(|word| command.eq_ignore_ascii_case(word.as_bytes()));
        if let Some(command) = command.strip_suffix(b"_") {
            return is_command(command).then(|| Self::done(command));
        }
        // `GPS: OK` is a state.
        if !is_glued && !is_separate(command, ok) || command.trim_ascii_end().ends_with(b":") {
            return None;
        }
        let command = trim_marks_end(command);
        is_command_or_none(command).then(|| Self::done(strip_set(command)))
    }

    /// Reads `OK` with more after it: at the start, or after `WORD_` or `... set`. Elsewhere `ok`
    /// in a sentence means nothing.
    fn read_ok_and_more(text: &'a [u8]) -> Option<Self> {
        let at = text
            .windows(3)
            .take(MAX_COMMAND)
            .position(|window| match window {
                [o, k, mark] => {
                    [*o, *k].eq_ignore_ascii_case(b"ok") && matches!(mark, b',' | b'.' | b'!')
                }
                _ => false,
            })?;
        let (command, ok) = text.split_at_checked(at)?;
        let detail = trim_marks(ok.get(2..)?);
        let command = match command.strip_suffix(b"_") {
            Some(command) if is_command(command) => command,
            Some(_) => return None,
            None => {
                let command = command.trim_ascii_end();
                let is_set = is_command(command) && is_about_setting(command);
                if !command.is_empty() && !is_set {
                    return None;
                }
                strip_set(command)
            }
        };
        Some(Self::new(command, CommandOutcome::Done, detail))
    }

    /// Returns whether no command is named: the text answers whichever was sent.
    pub(super) fn is_general(&self) -> bool {
        let command = self.command.as_bytes();
        command.is_empty() || command.eq_ignore_ascii_case(b"command")
    }

    /// Returns whether this word is one of those that name the command, or all of them without the
    /// blanks between.
    pub(super) fn names(&self, word: &str) -> bool {
        let command = self.command.as_bytes();
        let is_one = command
            .split(u8::is_ascii_whitespace)
            .any(|name| name.eq_ignore_ascii_case(word.as_bytes()));
        let glued = command.iter().filter(|byte| !byte.is_ascii_whitespace());
        let is_all = || {
            glued
                .map(u8::to_ascii_lowercase)
                .eq(word.bytes().map(|byte| byte.to_ascii_lowercase()))
        };
        is_one || is_all()
    }

    /// Returns the state of the relay that the result is about: `true` if it is about a cut.
    pub(super) fn relay_cut(&self) -> Option<bool> {
        let (command, detail) = (self.command.as_bytes(), self.detail.as_bytes());
        if command == CUT.as_bytes() || command == STOP.as_bytes() {
            return Some(true);
        }
        if command == RESTORE.as_bytes() || command == RESUME.as_bytes() {
            return Some(false);
        }
        if command.eq_ignore_ascii_case(b"relay") {
            return match detail {
                b"1" => Some(true),
                b"0" => Some(false),
                _ => None,
            };
        }
        if self.outcome != CommandOutcome::AlreadyDone {
            return None;
        }
        let holds = |words: &[u8]| {
            detail
                .windows(words.len())
                .any(|window| window.eq_ignore_ascii_case(words))
        };
        match (holds(b"cut off"), holds(b"resume")) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }
}

/// Splits a text where this first holds for the rest, if what comes before is short enough for a
/// command.
fn split_command(text: &[u8], ends: impl Fn(&[u8]) -> bool) -> Option<(&[u8], &[u8])> {
    let splits = (0..=MAX_COMMAND).map_while(|at| text.split_at_checked(at));
    let (command, rest) = splits.into_iter().find(|(_, rest)| ends(rest))?;
    work::look(command.len());
    Some((command, rest))
}

/// Words that no command has: a text with one of them is a sentence, such as `Battery is OK`, or
/// says the contrary, as `APN not ok` and `no error!` do.
const SENTENCE_WORDS: [&str; 4] = ["not", "no", "is", "are"];

/// Words after `OK` or `Success` that take it back.
const CONTRARY_WORDS: [&str; 4] = ["but", "fail", "failed", "error"];

/// Returns whether what follows `OK` takes it back: `OK, but failed`.
fn is_contrary(detail: Text<'_>) -> bool {
    let detail = detail.as_bytes();
    work::look(detail.len());
    let mut words = detail.split(|byte| !byte.is_ascii_alphanumeric());
    words.any(|word| {
        CONTRARY_WORDS
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it.as_bytes()))
    })
}

/// Returns whether a text is letters, digits and white space, and not a sentence.
fn is_command_or_none(text: &[u8]) -> bool {
    let is_sentence = |word: &[u8]| {
        SENTENCE_WORDS
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it.as_bytes()))
    };
    text.len() <= MAX_COMMAND
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace())
        && !text.split(u8::is_ascii_whitespace).any(is_sentence)
}

fn is_command(text: &[u8]) -> bool {
    !text.trim_ascii().is_empty() && is_command_or_none(text)
}

/// Returns whether `set` is the first or the last word.
fn is_about_setting(command: &[u8]) -> bool {
    let mut words = command.split(u8::is_ascii_whitespace);
    let is_set = |word: Option<&[u8]>| word.is_some_and(|word| word.eq_ignore_ascii_case(b"set"));
    is_set(words.next()) || is_set(words.next_back())
}

/// Strips the ` set` of `TIMER set OK!`: a word in capitals, and `set` in small letters.
fn strip_set(command: &[u8]) -> &[u8] {
    match command.strip_suffix(b" set") {
        Some(word) if word.iter().all(u8::is_ascii_uppercase) => word,
        _ => command,
    }
}

/// Returns whether a word stands by itself, or begins with a capital after another one, as in
/// `APEXOK` and `APEXError`.
fn is_separate(before: &[u8], word: &[u8]) -> bool {
    match (before, word) {
        ([.., last], [first, second, ..]) if last.is_ascii_alphanumeric() => {
            let is_capital = last.is_ascii_uppercase() || last.is_ascii_digit();
            is_capital
                && first.is_ascii_uppercase()
                && (word.len() > 2 || second.is_ascii_uppercase())
        }
        _ => true,
    }
}
