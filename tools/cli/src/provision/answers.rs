//! What answers say, in words or as JSON.

use gt02::{
    sms::{Answer, CommandOutcome, CommandResult},
    types::Text,
};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// Prints what each answer in the input says.
pub fn print(input: &[u8], as_json: bool, out: &mut impl Write) -> io::Result<()> {
    for text in split(input) {
        let answer = Answer::parse(&text);
        if as_json {
            let text = Text::Bytes(&text);
            let object = Object {
                answer: &answer,
                text,
            };
            serde_json::to_writer(&mut *out, &object)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", shown(&text))?;
            let words = words(&answer);
            let width = words
                .iter()
                .map(|(name, _)| name.len())
                .max()
                .unwrap_or_default();
            for (name, value) in words {
                writeln!(out, "    {name:width$}  {value}")?;
            }
        }
    }
    Ok(())
}

/// The answers in the input: separated by blank lines. Without blank lines each line is an answer,
/// unless all of them are the lines of one.
fn split(input: &[u8]) -> Vec<Vec<u8>> {
    let input = input
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(input)
        .trim_ascii();
    let lines = || input.split(|&byte| byte == b'\n');
    if lines().count() > 1 && is_one_answer(input) {
        return vec![input.to_vec()];
    }
    let has_blank_lines = lines().any(|line| line.trim_ascii().is_empty());
    let mut answers: Vec<Vec<u8>> = vec![Vec::new()];
    for line in lines() {
        if !has_blank_lines || line.trim_ascii().is_empty() {
            answers.push(Vec::new());
        }
        if let Some(answer) = answers.last_mut() {
            answer.extend_from_slice(line);
            answer.push(b'\n');
        }
    }
    answers
        .into_iter()
        .map(|answer| answer.trim_ascii().to_vec())
        .filter(|answer| !answer.is_empty())
        .collect()
}

/// Whether the lines are those of one answer.
///
/// | the lines | such as |
/// |---|---|
/// | all say little alone | `Lat: ..` / `Long: ..`; an alarm, and its link |
/// | the ones below the first say little alone, and add to it | a position / `imei:..` |
fn is_one_answer(input: &[u8]) -> bool {
    let mut lines = input.split(|&byte| byte == b'\n');
    let links = lines.clone().filter(|line| line.starts_with(b"http"));
    let whole = Answer::parse(input);
    if links.count() > 1 || !matches!(whole, Answer::Location(_) | Answer::Status(_)) {
        return false;
    }
    if lines.clone().all(is_part) {
        return true;
    }
    let first = Answer::parse(lines.next().unwrap_or_default());
    !matches!(first, Answer::CommandResult(_)) && lines.all(is_rest) && whole != first
}

/// Whether a line says little without the others: a label, a link, the words of an alarm.
fn is_part(line: &[u8]) -> bool {
    match Answer::parse(line) {
        Answer::Location(location) => location.position.is_none() || line.starts_with(b"http"),
        Answer::CommandResult(_) => false,
        Answer::Alarm(_) => line.contains(&b'<') || !line.contains(&b','),
        _ => line.contains(&b':'),
    }
}

/// Whether a line is the rest of the answer above: one value, or the number that a line broke off.
fn is_rest(line: &[u8]) -> bool {
    let is_value = is_part(line) && !line.contains(&b';') && !line.starts_with(b"http");
    let is_number = line.first().is_some_and(u8::is_ascii_digit);
    is_value || is_number && matches!(Answer::parse(line), Answer::Text(_))
}

/// The text in one line, with control characters escaped: they come from outside.
fn shown(text: &[u8]) -> String {
    let lines: Vec<&[u8]> = text
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .collect();
    let text = String::from_utf8_lossy(&lines.join(&b" | "[..])).into_owned();
    text.chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Names and values, in words.
fn words(answer: &Answer<'_>) -> Vec<(String, String)> {
    let line = |name: &str, value: &dyn ToString| (name.to_owned(), value.to_string());
    match answer {
        Answer::Location(location) => {
            // By the names that they have in JSON.
            let Ok(Value::Object(fields)) = serde_json::to_value(answer) else {
                return Vec::new();
            };
            let mut words = vec![match location.position {
                Some(position) => line(
                    "position",
                    &format!(
                        "{:.6} {:.6}",
                        position.latitude.degrees(),
                        position.longitude.degrees()
                    ),
                ),
                None if location.fix == Some(false) => {
                    line("position", &"none: the tracker has no GPS fix")
                }
                None => line(
                    "position",
                    &"none that is whole: the text is cut, or has another form",
                ),
            }];
            let others = fields
                .into_iter()
                .filter(|(name, _)| !["kind", "latitude", "longitude"].contains(&name.as_str()));
            words.extend(others.map(|(name, value)| {
                let value = match value {
                    Value::String(text) => text,
                    value => value.to_string(),
                };
                (name, value)
            }));
            words
        }
        Answer::Alarm(alarm) => vec![line("alarm", alarm)],
        Answer::CommandResult(result) => vec![result_words(result)],
        Answer::Status(status) => {
            let name = |label: String| {
                if label.is_empty() {
                    "-".to_owned()
                } else {
                    label
                }
            };
            status
                .fields()
                .map(|field| {
                    (
                        name(shown(field.label.as_bytes())),
                        shown(field.value.as_bytes()),
                    )
                })
                .collect()
        }
        _ => vec![line(
            "text",
            &"not known: the version of the firmware, another language, or not from the tracker",
        )],
    }
}

fn result_words(result: &CommandResult<'_>) -> (String, String) {
    let command = shown(result.command.as_bytes());
    let command = if command.is_empty() {
        "the last command".to_owned()
    } else {
        command
    };
    let detail = shown(result.detail.as_bytes());
    let detail = if detail.is_empty() {
        detail
    } else {
        format!(": {detail}")
    };
    match result.outcome {
        CommandOutcome::Done => ("done".to_owned(), format!("{command}{detail}")),
        CommandOutcome::AlreadyDone => ("done".to_owned(), format!("it was so already{detail}")),
        CommandOutcome::Deferred => (
            "deferred".to_owned(),
            format!("{command}{detail} (accepted, to be done later)"),
        ),
        _ => (
            "refused".to_owned(),
            format!("{command}{detail} (a wrong password, a wrong value, or not possible now)"),
        ),
    }
}

/// The values of the answer, by the names of docs/json.md, and the text itself.
#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    answer: &'a Answer<'a>,
    text: Text<'a>,
}
