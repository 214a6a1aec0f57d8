//! Whether a command was carried out.

use crate::types::Text;

/// An answer that says whether a command was carried out.
///
/// | text | command | outcome | detail |
/// |---|---|---|---|
/// | `Success`, `Fail` | | done, refused | |
/// | `DYD=Success!`, `HFYD=Fail!` | `DYD`, `HFYD` | done, refused | |
/// | `DYD=Unvalued Fix` | `DYD` | refused | `Unvalued Fix` |
/// | `DYD=Speed Limit, Speed 40km/h` | `DYD` | refused | `Speed Limit, Speed 40km/h` |
/// | `Already in the state of fuel supply cut off,...` | | already done | `fuel supply cut off,...` |
/// | `APEXOK!` | `APEX` | done | |
/// | `APEXError: Parameter 1 (ON/OFF)` | `APEX` | refused | `Parameter 1 (ON/OFF)` |
/// | `Command error!` | `Command` | refused | |
/// | `set time zone OK!` | `set time zone` | done | |
/// | `MOVE DEFENCE:OFF` | `MOVE DEFENCE` | done | |
///
/// Sources: spec sms; spec gt06, section 4.6; spec v680, section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct CommandResult<'a> {
    /// What the device names as the command; empty if nothing.
    pub command: Text<'a>,
    /// What became of it.
    pub outcome: CommandOutcome,
    /// What the device says besides. The end of it may be cut off.
    pub detail: Text<'a>,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum CommandOutcome {
    /// It was carried out.
    Done,
    /// There was nothing to do.
    AlreadyDone,
    /// It was not carried out: the device says so, or gives a reason in place of success.
    Refused,
}

/// Bytes that what is named as the command has at most; more is a sentence.
const MAX_COMMAND: usize = 32;

impl<'a> CommandResult<'a> {
    /// Reads a text without white space around it.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        if let Some(detail) = strip_words(text, &["already", "in", "the", "state", "of"]) {
            return Some(Self::new(&[], CommandOutcome::AlreadyDone, detail));
        }
        if let Some([]) = strip_words(text, &["move", "defence:off"]) {
            let command = text
                .iter()
                .position(|&byte| byte == b':')
                .and_then(|colon| text.get(..colon));
            return Some(Self::new(
                command.unwrap_or_default(),
                CommandOutcome::Done,
                &[],
            ));
        }
        Self::read_success(text)
            .or_else(|| Self::read_error(text))
            .or_else(|| Self::read_ok(text))
    }

    const fn new(command: &'a [u8], outcome: CommandOutcome, detail: &'a [u8]) -> Self {
        Self {
            command: Text::Bytes(command),
            outcome,
            detail: Text::Bytes(detail),
        }
    }

    /// `Success`, `Fail`, or a known reason, perhaps behind `WORD=`.
    fn read_success(text: &'a [u8]) -> Option<Self> {
        let mut parts = text.splitn(2, |&byte| byte == b'=');
        let (command, said) = match (parts.next(), parts.next()) {
            (Some(command), Some(said)) if is_command(command) => {
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
                return Some(Self::new(
                    command,
                    outcome,
                    trim_marks(rest.get(letters..).unwrap_or_default()),
                ));
            }
        }
        let reasons: [&[&str]; 2] = [&["unvalued", "fix"], &["speed", "limit"]];
        let is_reason = !command.is_empty()
            && reasons
                .iter()
                .any(|reason| strip_words(said, reason).is_some());
        is_reason.then(|| Self::new(command, CommandOutcome::Refused, said))
    }

    /// `Error:` or `error!`, behind a command.
    fn read_error(text: &'a [u8]) -> Option<Self> {
        let at = text
            .windows(5)
            .position(|window| window.eq_ignore_ascii_case(b"error"))?;
        let (command, rest) = text.split_at_checked(at)?;
        let mark = rest.get(5..)?.trim_ascii_start();
        let ([b':', detail @ ..] | [b'!', detail @ ..]) = mark else {
            return None;
        };
        (is_separate(command, rest) && is_command_or_none(command)).then(|| {
            Self::new(
                command.trim_ascii(),
                CommandOutcome::Refused,
                trim_marks(detail),
            )
        })
    }

    /// `OK` or `OK!` at the end, behind a command.
    fn read_ok(text: &'a [u8]) -> Option<Self> {
        let text = trim_marks_end(text);
        let (command, ok) = text.split_at_checked(text.len().checked_sub(2)?)?;
        if !ok.eq_ignore_ascii_case(b"ok") || !is_separate(command, ok) {
            return None;
        }
        let command = trim_marks_end(command);
        is_command_or_none(command).then(|| Self::new(command, CommandOutcome::Done, &[]))
    }

    /// Whether no command is named: it is an answer to whichever was sent.
    pub(super) fn is_general(&self) -> bool {
        let command = self.command.as_bytes();
        command.is_empty() || command.eq_ignore_ascii_case(b"command")
    }

    /// Whether this word is one of those that the command is named with.
    pub(super) fn names(&self, word: &str) -> bool {
        self.command
            .as_bytes()
            .split(u8::is_ascii_whitespace)
            .any(|name| name.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether the state that the device is in already is that the relay is cut.
    pub(super) fn is_cut(&self) -> Option<bool> {
        let detail = self.detail.as_bytes();
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

/// Letters, digits and white space, and not a sentence.
fn is_command_or_none(text: &[u8]) -> bool {
    text.len() <= MAX_COMMAND
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace())
}

fn is_command(text: &[u8]) -> bool {
    !text.trim_ascii().is_empty() && is_command_or_none(text)
}

/// Whether a word stands by itself, or its first letter is a capital, as in `APEXOK` and `APEXError`, behind another.
fn is_separate(front: &[u8], word: &[u8]) -> bool {
    match (front, word) {
        ([.., last], [first, second, ..]) if last.is_ascii_alphanumeric() => {
            let is_capital = last.is_ascii_uppercase() || last.is_ascii_digit();
            is_capital
                && first.is_ascii_uppercase()
                && (word.len() > 2 || second.is_ascii_uppercase())
        }
        _ => true,
    }
}

fn strip_prefix<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (front, rest) = text.split_at_checked(prefix.len())?;
    front.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// What stands behind these words, of which any white space may be in front.
pub(super) fn strip_words<'a>(mut text: &'a [u8], words: &[&str]) -> Option<&'a [u8]> {
    for word in words {
        text = strip_prefix(text.trim_ascii_start(), word.as_bytes())?;
        if text.first().is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
    }
    Some(text.trim_ascii_start())
}

const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'!' | b'.' | b':' | b',' | b'=') || byte.is_ascii_whitespace()
}

fn trim_marks_end(mut text: &[u8]) -> &[u8] {
    while let [front @ .., last] = text {
        if !is_mark(*last) {
            break;
        }
        text = front;
    }
    text
}

fn trim_marks(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_mark(*first) {
            break;
        }
        text = rest;
    }
    text.trim_ascii_end()
}
