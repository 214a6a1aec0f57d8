//! Plans in words.

use super::{Listening, StepOrError, explain};
use gt02::sms::{Command, CommandSet, Expected, Host, Plan, Settings, Step, Transport};
use std::io::{self, Write};

/// Prints the plan for a set that is known.
pub fn print_one(plan: &Plan<'_>, settings: &Settings<'_>, out: &mut impl Write) -> io::Result<()> {
    begin(settings, out)?;
    let Some((question, steps)) = plan.split_first() else {
        return Ok(());
    };
    writeln!(out, "Does it understand set {}?", question.set)?;
    writeln!(
        out,
        "  This question changes nothing. Its answer says that number, SIM{} are right.\n",
        if question.set.default_password().is_some() {
            ", set and password"
        } else {
            " and set"
        }
    )?;
    print_step(
        1,
        question,
        Some(settings),
        Some("go on with step 2; if nothing comes, see below, and go on all the same"),
        out,
    )?;
    writeln!(out, "Configure it")?;
    writeln!(out)?;
    for (number, step) in (2_usize..).zip(steps) {
        print_step(number, step, Some(settings), proof(step), out)?;
    }
    print_end(&[question.set], settings, out)
}

/// Prints the plan for a set that is not known.
pub fn print_all(
    steps: &[StepOrError<'_>],
    settings: &Settings<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    begin(settings, out)?;
    // The set of each text, and its number; an error has none.
    let mut number = 0_usize;
    let numbered: Vec<(usize, CommandSet, &StepOrError<'_>)> = steps
        .iter()
        .map(|step| match step {
            Ok(text) => {
                number = number.saturating_add(1);
                (number, text.set, step)
            }
            Err(no_plan) => (0, no_plan.set, step),
        })
        .collect();
    // The questions come first; some sets ask again at the end of their plan.
    let questions = steps
        .iter()
        .take_while(|step| step.as_ref().is_ok_and(|step| step.command.is_question()))
        .count();
    let (questions, rest) = numbered.split_at(questions);

    writeln!(out, "Which commands does it understand?")?;
    writeln!(
        out,
        "  Nothing on the label says that. These questions change nothing. Send them one after the other,\n  \
         until one is answered.\n"
    )?;
    for (number, set, step) in questions {
        let Ok(step) = step else { continue };
        let first = rest.iter().find(|(_, of, _)| of == set);
        let then = match first {
            Some((first @ 1.., ..)) => {
                format!("it is set {set}: go on with step {first}, and leave out the other sets")
            }
            _ => format!("it is set {set}: see there"),
        };
        print_step(*number, step, Some(settings), Some(&then), out)?;
    }
    writeln!(
        out,
        "  None was answered as expected? Then see the end of this plan. If all of that is in order, the\n  \
         tracker may be silent for want of a GPS fix: send the texts of all sets, in their order. A\n  \
         tracker of another set takes them for unknown commands.\n"
    )?;
    let mut sets = Vec::new();
    for (number, set, step) in rest {
        if !sets.contains(set) {
            sets.push(*set);
            writeln!(out, "Set {set}\n")?;
        }
        match step {
            Ok(step) => print_step(*number, step, Some(settings), proof(step), out)?,
            Err(no_plan) => {
                let why = explain(no_plan.error);
                writeln!(out, "      No texts for this set: {why}.\n")?
            }
        }
    }
    print_end(&sets, settings, out)
}

/// Prints the texts for a phone that listens in.
pub fn print_listening(
    first: usize,
    listening: &[Listening<'_>],
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "To listen in")?;
    writeln!(
        out,
        "  Whoever gives the tracker this number gives the microphone away. Ask whoever may be heard.\n"
    )?;
    let mut number = first;
    for (set, plan) in listening {
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => {
                writeln!(out, "Set {set}: {}.\n", explain(*error))?;
                continue;
            }
        };
        writeln!(out, "Set {set}\n")?;
        for step in plan {
            let then = match step.command {
                Command::Listen => Some("call the tracker: it takes the call silently"),
                Command::SosPhone { .. } => {
                    Some("call the tracker, and let it ring for more than 10 seconds")
                }
                Command::ListenBy { .. } => Some("wait for its call"),
                _ => None,
            };
            print_step(number, step, None, then, out)?;
            number = number.saturating_add(1);
        }
    }
    Ok(())
}

/// Prints the one text for a GT02D.
pub fn print_interval_only(text: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "A GT02D takes APN and server from set b; its answers are not known. Its interval is set so:\n"
    )?;
    writeln!(out, "   1. Send     {text}\n")?;
    writeln!(out, "For APN and server: --set b.")
}

fn begin(settings: &Settings<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "The tracker is to report to {}, through the access point {:?}.\n",
        server(settings),
        settings.apn.name
    )?;
    writeln!(out, "Before you begin")?;
    writeln!(
        out,
        "  - The SIM must not ask for its PIN, and must have credit for SMS and for data. Many of these\n    trackers know 2G networks only."
    )?;
    writeln!(
        out,
        "  - Put it into the tracker, power the tracker, and leave it for some minutes where it sees the \
         sky."
    )?;
    writeln!(
        out,
        "  - Send each text as an SMS to the number of that SIM, exactly as it stands here, capitals too,\n    nothing after it."
    )?;
    writeln!(
        out,
        "  - Wait for its answer, up to 3 minutes, before you send the next one.\n"
    )
}

fn server(settings: &Settings<'_>) -> String {
    let over = match settings.server.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    };
    let port = settings.server.port;
    match settings.server.host {
        Host::Name(name) => format!("{name}, port {port}, over {over}"),
        Host::Address(address) => format!("{address}, port {port}, over {over}"),
    }
}

/// What to do with the answer to a question at the end of a plan.
fn proof(step: &Step<'_>) -> Option<&'static str> {
    step.command
        .is_question()
        .then_some("compare what it says of APN, server and interval with this plan")
}

/// Prints the text, its purpose, and the answer to wait for.
fn print_step(
    number: usize,
    step: &Step<'_>,
    settings: Option<&Settings<'_>>,
    then: Option<&str>,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{number:4}. Send     {}", step.text)?;
    let detail = if matches!(step.command, Command::TimeZone(_)) {
        " to UTC"
    } else {
        ""
    };
    writeln!(out, "      To       {}{detail}", step.command.purpose())?;
    let expected = step.command.expected(step.set);
    writeln!(out, "      Expect   {expected}")?;
    match (step.command, expected) {
        (Command::GprsOverTcp, _) => writeln!(
            out,
            "      Else     it may show its settings: compare them; if it says nothing, go on"
        )?,
        (Command::Interval { seconds }, _) if step.set == CommandSet::C => {
            let password = settings
                .and_then(|settings| settings.password)
                .or(step.set.default_password())
                .unwrap_or_default();
            if let Ok(other) = (Command::OtherInterval { seconds }).to_sms(step.set, password) {
                writeln!(
                    out,
                    "      Else     if nothing comes, send {other}: some trackers take that in its place"
                )?;
            }
        }
        (_, Expected::Undocumented) => writeln!(
            out,
            "      Else     if nothing comes, go on: not every tracker answers this"
        )?,
        _ => {}
    }
    if let Some(then) = then {
        writeln!(out, "      Then     {then}")?;
    }
    writeln!(out)
}

/// Prints what other answers mean, and how to see that all is well.
fn print_end(sets: &[CommandSet], settings: &Settings<'_>, out: &mut impl Write) -> io::Result<()> {
    let refusals: Vec<&str> = [
        (CommandSet::A, "Fail"),
        (CommandSet::B, "...Error: ..."),
        (CommandSet::J, "Error!"),
        (CommandSet::W, "password err"),
    ]
    .into_iter()
    .filter_map(|(set, text)| sets.contains(&set).then_some(text))
    .collect();
    let has_password = sets.iter().any(|set| set.default_password().is_some());
    writeln!(out, "If another answer comes")?;
    writeln!(
        out,
        "  - The same in other words, with ok in it: all is well. Capitals and marks vary."
    )?;
    if !refusals.is_empty() {
        let refusals = refusals.join(", ");
        if has_password {
            writeln!(
                out,
                "  - {refusals}: the set is right, but the password, or a value, is not. If \
                 the password\n    was changed, give it with --password."
            )?;
        } else {
            writeln!(out, "  - {refusals}: the set is right, but a value is not.")?;
        }
    }
    writeln!(
        out,
        "  - Command error!, Invalid command, FORMAT WRONG!: the tracker does not know the text. \
         It takes\n    another set, or its firmware lacks the command."
    )?;
    writeln!(
        out,
        "  - A position without a fix, or an error about GPS: the tracker understood. It does not need a\n    fix to be configured."
    )?;
    writeln!(
        out,
        "  - Anything else: another set, or not the tracker. `gt02 provision --answers` reads answers."
    )?;
    writeln!(
        out,
        "  - Nothing: call the number. If it does not ring, it is the SIM, its PIN, the network or the\n    \
         power. If it rings, it is the set{} or the credit for SMS; some trackers answer\n    \
         only phones that they were told of.\n",
        if has_password { ", the password," } else { "" }
    )?;
    writeln!(out, "Done")?;
    writeln!(
        out,
        "  The tracker reports to {} within a few minutes. If it does not, although all was",
        server(settings)
    )?;
    writeln!(
        out,
        "  answered, look at the APN first, then whether the server can be reached from the internet."
    )
}
