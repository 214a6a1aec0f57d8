//! What answers say, in words or as JSON.

use gt02::{
    sms::{Answer, CommandOutcome, CommandResult, Location, Status, Transport},
    types::CellTower,
};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Prints what each answer in the input says.
pub fn print(input: &[u8], as_json: bool, out: &mut impl Write) -> io::Result<()> {
    for text in split(input) {
        let answer = Answer::parse(&text);
        if as_json {
            serde_json::to_writer(&mut *out, &object(&answer, &text))?;
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
/// unless all of them look like the lines of one.
fn split(input: &[u8]) -> Vec<Vec<u8>> {
    let input = input
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(input)
        .trim_ascii();
    let lines = || input.split(|&byte| byte == b'\n');
    // Lines that say little without the others: labels, a link, the words of an alarm.
    let is_part = |line: &[u8]| match Answer::parse(line) {
        Answer::Location(location) => location.position.is_none() || line.starts_with(b"http"),
        Answer::CommandResult(_) => false,
        Answer::Alarm(_) => line.contains(&b'<') || !line.contains(&b','),
        _ => line.contains(&b':'),
    };
    let links = lines().filter(|line| line.starts_with(b"http")).count();
    if lines().count() > 1
        && links <= 1
        && lines().all(is_part)
        && matches!(
            Answer::parse(input),
            Answer::Location(_) | Answer::Status(_)
        )
    {
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
            let fields = location_fields(location);
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
                .filter(|(name, _)| !["latitude", "longitude"].contains(&name.as_str()));
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

/// The values of the answer, by the names that reports have in JSON.
fn object(answer: &Answer<'_>, text: &[u8]) -> Value {
    let (kind, mut fields) = match answer {
        Answer::Location(location) => ("location", location_fields(location)),
        Answer::CommandResult(result) => ("confirmation", result_fields(result)),
        Answer::Status(status) => ("status", status_fields(status)),
        Answer::Alarm(alarm) => ("alarm", known([("alarm", Some(alarm.name().into()))])),
        _ => ("text", Map::new()),
    };
    fields.insert("text".to_owned(), String::from_utf8_lossy(text).into());
    let mut object = Map::from_iter([("kind".to_owned(), kind.into())]);
    object.append(&mut fields);
    Value::Object(object)
}

/// The fields that have a value.
fn known<const N: usize>(fields: [(&str, Option<Value>); N]) -> Map<String, Value> {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn location_fields(location: &Location) -> Map<String, Value> {
    // Six decimals, as many as the texts have.
    let rounded = |micro: i32| Value::from(f64::from(micro) / 1e6);
    known([
        (
            "latitude",
            location
                .position
                .map(|position| rounded(position.latitude.micro_degrees())),
        ),
        (
            "longitude",
            location
                .position
                .map(|position| rounded(position.longitude.micro_degrees())),
        ),
        ("valid", location.fix.map(Value::from)),
        (
            "time",
            location
                .time
                .filter(|time| time.is_valid())
                .map(|time| time.to_string().into()),
        ),
        ("speed_kmh", location.speed.map(|speed| speed.kmh().into())),
        (
            "course",
            location.course.map(|course| course.degrees().into()),
        ),
        (
            "device",
            location.device.map(|device| device.to_string().into()),
        ),
        (
            "cell",
            location
                .cell
                .map(|CellTower { lac, cid, .. }| json!({"lac": lac, "cid": cid})),
        ),
        (
            "state",
            location.trigger.map(|trigger| trigger.name().into()),
        ),
        ("alarm", location.alarm.map(|alarm| alarm.name().into())),
        (
            "last_known",
            location.last_known.then_some(Value::Bool(true)),
        ),
        ("ignition", location.ignition.map(Value::from)),
        ("external_power", location.external_power.map(Value::from)),
        ("battery_percent", location.battery_percent.map(Value::from)),
        (
            "battery_voltage",
            location.battery_voltage.map(|it| it.volts().into()),
        ),
    ])
}

fn result_fields(result: &CommandResult<'_>) -> Map<String, Value> {
    let text = |text: String| (!text.is_empty()).then(|| text.into());
    known([
        ("completion", Some(result.outcome.name().into())),
        ("command", text(result.command.to_string())),
        ("detail", text(result.detail.to_string())),
    ])
}

fn status_fields(status: &Status<'_>) -> Map<String, Value> {
    let fields: Vec<Value> = status
        .fields()
        .map(|field| {
            json!({
                "label": field.label.to_string(),
                "value": field.value.to_string(),
                "whole": field.is_whole,
            })
        })
        .collect();
    let (server, intervals) = (status.server(), status.intervals());
    let sos_numbers: Vec<&str> = status.sos_numbers().collect();
    known([
        ("device", status.device().map(|it| it.to_string().into())),
        ("valid", status.fix().map(Value::from)),
        ("satellites", status.satellites().map(Value::from)),
        ("speed_kmh", status.speed().map(|it| it.kmh().into())),
        (
            "voltage",
            status.external_voltage().map(|it| it.volts().into()),
        ),
        ("external_power", status.external_power().map(Value::from)),
        (
            "battery_voltage",
            status.battery().map(|it| it.volts().into()),
        ),
        ("battery_percent", status.battery_percent().map(Value::from)),
        ("voltage_level", status.battery_level().map(Value::from)),
        ("charging", status.charging().map(Value::from)),
        ("ignition", status.ignition().map(Value::from)),
        ("armed", status.armed().map(Value::from)),
        ("relay_cut", status.relay_cut().map(Value::from)),
        ("iccid", status.iccid().map(Value::from)),
        ("apn", status.apn().map(Value::from)),
        (
            "server",
            server.map(|it| format!("{}:{}", it.host, it.port).into()),
        ),
        (
            "transport",
            server.and_then(|it| it.transport).map(|it| {
                Value::from(match it {
                    Transport::Tcp => "tcp",
                    Transport::Udp => "udp",
                })
            }),
        ),
        ("interval_seconds", intervals.map(|it| it.seconds.into())),
        (
            "parked_interval_seconds",
            intervals.and_then(|it| it.parked_seconds).map(Value::from),
        ),
        (
            "zone_minutes",
            status.time_zone().map(|it| it.minutes().into()),
        ),
        (
            "sos_numbers",
            (!sos_numbers.is_empty()).then(|| sos_numbers.into()),
        ),
        ("fields", Some(fields.into())),
    ])
}
