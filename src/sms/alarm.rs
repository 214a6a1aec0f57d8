//! Texts that raise an alarm.

use super::words::{strip_words, strip_words_only, trim_marks};
use crate::types::Alarm;

/// How an alarm begins.
struct Opening {
    words: &'static [&'static str],
    after: After,
    alarm: Alarm,
}

/// What must follow, so that the words are not part of a sentence.
enum After {
    /// `!`.
    Mark,
    /// `!`, a line end, or the end of the text; and no line ends within the words.
    MarkOrLine,
    /// Anything.
    Any,
}

const fn opening(words: &'static [&'static str], after: After, alarm: Alarm) -> Opening {
    Opening {
        words,
        after,
        alarm,
    }
}

/// Alarms after `Attention!` or `Warning!`.
#[rustfmt::skip]
static WARNINGS: [Opening; 4] = [
    opening(&["battery", "too", "low"], After::Any, Alarm::LowBattery),
    opening(&["battery", "is", "low"], After::Any, Alarm::LowBattery),
    opening(&["battery", "is", "too", "low"], After::Any, Alarm::LowBattery),
    opening(&["the", "vehicle", "is", "moved"], After::Any, Alarm::Displacement),
];

/// Alarms at the start of a text. `acc alarm` and `stockade` do not say which way.
#[rustfmt::skip]
static OPENINGS: [Opening; 18] = [
    opening(&["sos", "alarm"], After::Mark, Alarm::Sos),
    opening(&["help", "me"], After::Mark, Alarm::Sos),
    opening(&["cut", "power", "alert"], After::Mark, Alarm::PowerCut),
    opening(&["cut", "power"], After::Mark, Alarm::PowerCut),
    opening(&["power", "alarm"], After::Mark, Alarm::PowerCut),
    opening(&["sensor", "alarm"], After::Mark, Alarm::Vibration),
    opening(&["shock", "alarm"], After::MarkOrLine, Alarm::Vibration),
    opening(&["low", "battery"], After::Mark, Alarm::LowBattery),
    opening(&["battery", "low"], After::Mark, Alarm::LowBattery),
    opening(&["door", "alarm"], After::Mark, Alarm::DoorOpened),
    opening(&["speed", "alarm"], After::Mark, Alarm::Overspeed),
    opening(&["move"], After::Mark, Alarm::Displacement),
    opening(&["accident"], After::Mark, Alarm::Crash),
    opening(&["no", "gps"], After::MarkOrLine, Alarm::GpsLost),
    opening(&["acc", "alarm"], After::Mark, Alarm::Other),
    opening(&["stockade"], After::Mark, Alarm::Other),
    opening(&["acc", "!!"], After::Any, Alarm::AccOn),
    opening(&["您的设备掉主电报警"], After::Any, Alarm::PowerCut),
];

/// Reads the alarm that a text begins with.
pub(super) fn read(text: &[u8]) -> Option<Alarm> {
    let warned = ["attention", "warning"]
        .iter()
        .find_map(|word| strip_words(text, &[word]));
    if let Some(warning) = warned.filter(|rest| rest.first() == Some(&b'!')) {
        return find(&WARNINGS, trim_marks(warning));
    }
    find(&OPENINGS, text)
        .or_else(|| read_speed(text))
        .or_else(|| is_list(text).then_some(Alarm::Sos))
}

fn find(openings: &[Opening], text: &[u8]) -> Option<Alarm> {
    openings.iter().find_map(|opening| {
        let rest = strip_words_only(text, opening.words)?;
        let is_marked = rest.trim_ascii_start().first() == Some(&b'!');
        let is_line = matches!(rest, [] | [b'\r' | b'\n', ..]);
        let is_alarm = match opening.after {
            After::Mark => is_marked,
            After::MarkOrLine => (is_marked || is_line) && is_one_line(text, rest),
            After::Any => true,
        };
        is_alarm.then_some(opening.alarm)
    })
}

/// Returns whether a text begins with `SOS,` and six digits, a date.
fn is_list(text: &[u8]) -> bool {
    let date = text.strip_prefix(b"SOS,").and_then(|rest| rest.get(..6));
    date.is_some_and(|date| date.iter().all(u8::is_ascii_digit))
}

/// Returns whether a text up to `rest`, its end, is in one line.
fn is_one_line(text: &[u8], rest: &[u8]) -> bool {
    let words = text.get(..text.len().saturating_sub(rest.len()));
    words.is_some_and(|words| words.iter().all(|&byte| byte != b'\n'))
}

/// Reads `speed 080!`, with the limit.
fn read_speed(text: &[u8]) -> Option<Alarm> {
    let rest = strip_words(text, &["speed"])?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match (digits, rest.get(digits..)) {
        (1..=3, Some([b'!', ..])) => Some(Alarm::Overspeed),
        _ => None,
    }
}

/// Returns whether a later line of a position is `help me`, as the TK203 writes it.
pub(super) fn is_help_line(line: &[u8]) -> bool {
    strip_words(line, &["help", "me", "imei:"]).is_some()
}
