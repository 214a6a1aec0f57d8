//! Configuration by SMS: plans, commands, and what devices answer.

use super::{
    gt02_status,
    item::protocol_of,
    memory,
    memory::plain,
    numbers::*,
    values::{Presence, e7, gt02_cell, gt02_id, gt02_slice, gt02_time, speed_e6},
};
use crate::{
    sms::{
        Answer, Apn, Command, CommandError, CommandOutcome, CommandSet, NoPlan, Plan, Server,
        Settings, Sms, Step, Transport, Verdict, try_all, try_likely,
    },
    types::{DeviceId, Text},
};
use core::ffi::c_char;

/// The settings of a new tracker. All zeros say nothing; texts end with NUL, and NULL is no text.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_settings {
    /// The access point of its SIM's network.
    pub apn: *const c_char,
    /// The access point's user.
    pub apn_user: *const c_char,
    /// The password of the access point's user.
    pub apn_password: *const c_char,
    /// Where it reports to: a name or an IPv4 address.
    pub host: *const c_char,
    /// Its password; NULL for the one that devices of the set leave the factory with.
    pub password: *const c_char,
    /// Its id, digits. Set A needs it if the server is given by its address.
    pub device: *const c_char,
    /// How often it reports, in seconds; 0 leaves that as it is.
    pub interval: u32,
    /// The port that it reports to.
    pub port: u16,
    /// 1 for UDP, 0 for TCP.
    pub udp: u8,
    /// 0.
    pub reserved: u8,
}

/// A text to send.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_step {
    /// What it is for, in English.
    pub purpose: gt02_slice,
    /// `GT02_DONE`, or why the set cannot express the settings: then there is no text.
    pub status: i32,
    /// `GT02_SET_...`.
    pub set: u8,
    /// 0.
    pub reserved: [u8; 3],
    /// The text, ended by NUL.
    pub text: [c_char; 164],
    /// The answer to wait for, in English or as the device writes it, ended by NUL.
    pub expected: [c_char; 100],
}

/// What a device says in a text. A field is 0 if its bit of `has` is not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_answer {
    /// Bits `GT02_HAS_...`, and in the upper half the flags that are known.
    pub has: u64,
    /// What the device names as the command; or nothing.
    pub command: gt02_slice,
    /// What it says besides, or the whole of a text.
    pub text: gt02_slice,
    /// The access point of a status; empty if it is not told.
    pub apn: gt02_slice,
    /// The server of a status; empty if it is not told.
    pub host: gt02_slice,
    /// Speed over ground, in units of 1e-6 km/h.
    pub speed_e6: u64,
    /// Date and time by the device's clock.
    pub time: gt02_time,
    /// The device that the text names.
    pub device: gt02_id,
    /// The serving cell.
    pub cell: gt02_cell,
    /// Latitude in units of 1e-7 degrees.
    pub latitude_e7: i32,
    /// Longitude in units of 1e-7 degrees.
    pub longitude_e7: i32,
    /// Course over ground in units of 1e-4 degrees.
    pub course_e4: u32,
    /// Bits `GT02_FLAG_...`.
    pub flags: u32,
    /// Voltage of the vehicle's supply in millivolts.
    pub voltage_mv: u32,
    /// The port of a status; 0 if it is not told.
    pub port: u16,
    /// `GT02_ANSWER_...`.
    pub kind: u8,
    /// `GT02_COMPLETION_...` of a confirmation.
    pub completion: u8,
    /// `GT02_ALARM_...`.
    pub alarm: u8,
    /// Number of satellites.
    pub satellites: u8,
    /// Raw level of the battery.
    pub voltage_level: u8,
    /// 0.
    pub reserved: u8,
}

plain! {
    gt02_settings: size_of::<gt02_settings>(),
    gt02_step: size_of::<gt02_step>(),
    gt02_answer: size_of::<gt02_answer>(),
}

/// The status of a command that cannot be written.
pub(super) const fn status_of(error: CommandError) -> gt02_status {
    match error {
        CommandError::Unsupported { .. } => GT02_ERR_UNSUPPORTED,
        CommandError::Range { .. } => GT02_ERR_RANGE,
        CommandError::BufferTooSmall { .. } => GT02_ERR_BUFFER,
        CommandError::Missing { .. }
        | CommandError::Length { .. }
        | CommandError::Character { .. }
        | CommandError::Host
        | CommandError::TooLong { .. }
        | CommandError::Syntax { .. } => GT02_ERR_SYNTAX,
    }
}

const fn set_of(number: u8) -> Option<CommandSet> {
    Some(match number {
        GT02_SET_A => CommandSet::A,
        GT02_SET_B => CommandSet::B,
        GT02_SET_C => CommandSet::C,
        GT02_SET_GT02D => CommandSet::Gt02d,
        GT02_SET_VSUN => CommandSet::VSun,
        GT02_SET_J => CommandSet::J,
        GT02_SET_W => CommandSet::W,
        GT02_SET_S => CommandSet::S,
        GT02_SET_X => CommandSet::X,
        GT02_SET_TOPIN => CommandSet::Topin,
        _ => return None,
    })
}

const fn number_of(set: CommandSet) -> u8 {
    match set {
        CommandSet::A => GT02_SET_A,
        CommandSet::B => GT02_SET_B,
        CommandSet::C => GT02_SET_C,
        CommandSet::Gt02d => GT02_SET_GT02D,
        CommandSet::VSun => GT02_SET_VSUN,
        CommandSet::J => GT02_SET_J,
        CommandSet::W => GT02_SET_W,
        CommandSet::S => GT02_SET_S,
        CommandSet::X => GT02_SET_X,
        CommandSet::Topin => GT02_SET_TOPIN,
    }
}

/// The settings of C.
///
/// # Errors
/// If the place, or a text in it, is not one.
///
/// # Safety
/// The place has `size` bytes, and its texts end with NUL.
unsafe fn settings<'a>(
    place: *const gt02_settings,
    size: usize,
) -> Result<Settings<'a>, gt02_status> {
    // SAFETY: as the caller promises.
    let given = unsafe { memory::read(place, size) }.ok_or(GT02_ERR_ARGUMENT)?;
    // SAFETY: the texts are what the caller says.
    let text = |text| unsafe { memory::text(text) }.ok_or(GT02_ERR_SYNTAX);
    let device = match text(given.device)? {
        "" => None,
        digits => Some(DeviceId::from_ascii(digits.as_bytes()).ok_or(GT02_ERR_SYNTAX)?),
    };
    Ok(Settings {
        apn: Apn {
            name: text(given.apn)?,
            user: text(given.apn_user)?,
            password: text(given.apn_password)?,
        },
        server: Server {
            host: text(given.host)?.into(),
            port: given.port,
            transport: match given.udp {
                0 => Transport::Tcp,
                1 => Transport::Udp,
                _ => return Err(GT02_ERR_ARGUMENT),
            },
        },
        interval: Some(given.interval).filter(|&seconds| seconds > 0),
        password: match given.password.is_null() {
            true => None,
            false => Some(text(given.password)?),
        },
        device,
    })
}

impl gt02_step {
    fn new(step: &Step<'_>) -> Self {
        Self::of(step.set, &step.command, &step.text)
    }

    fn of(set: CommandSet, command: &Command<'_>, sms: &Sms) -> Self {
        let (mut text, mut expected) = ([0; 164], [0; 100]);
        // SAFETY: both arrays have as much room as they have elements.
        unsafe {
            memory::write_text(text.as_mut_ptr(), text.len(), sms.as_str());
            let answer = command.expected(set);
            memory::write_text(expected.as_mut_ptr(), expected.len(), answer);
        }
        Self {
            purpose: gt02_slice::new(command.purpose().as_bytes()),
            status: GT02_DONE,
            set: number_of(set),
            reserved: [0; 3],
            text,
            expected,
        }
    }

    const fn without(no_plan: &NoPlan) -> Self {
        Self {
            purpose: gt02_slice::EMPTY,
            status: status_of(no_plan.error),
            set: number_of(no_plan.set),
            reserved: [0; 3],
            text: [0; 164],
            expected: [0; 100],
        }
    }
}

/// Writes the step `index`, counted from 0, of the plan for a set, `GT02_SET_...`. `GT02_DONE` if
/// the plan has no such step; an error if the set cannot express the settings.
///
/// # Safety
/// The pointers, if they are not NULL, point to what they say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_plan(
    set: u8,
    settings: *const gt02_settings,
    settings_size: usize,
    index: usize,
    step: *mut gt02_step,
    step_size: usize,
) -> gt02_status {
    let (Some(set), true) = (set_of(set), memory::is_place(step, step_size)) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    let settings = match unsafe { self::settings(settings, settings_size) } {
        Ok(settings) => settings,
        Err(status) => return status,
    };
    match Plan::new(set, &settings) {
        Err(error) => status_of(error),
        Ok(plan) => match plan.get(index) {
            None => GT02_DONE,
            Some(found) => {
                // SAFETY: the place is what the caller says.
                unsafe { memory::write(step, step_size, || gt02_step::new(found)) };
                GT02_ITEM
            }
        },
    }
}

/// Writes the step `index` of the texts for a device whose set is not known. `protocol` is the one
/// in which it has reported before, or 0.
///
/// # Safety
/// As [`gt02_sms_plan`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_try(
    protocol: u8,
    settings: *const gt02_settings,
    settings_size: usize,
    index: usize,
    step: *mut gt02_step,
    step_size: usize,
) -> gt02_status {
    if !memory::is_place(step, step_size) || (protocol != 0 && protocol_of(protocol).is_none()) {
        return GT02_ERR_ARGUMENT;
    }
    // SAFETY: as the caller promises.
    let settings = match unsafe { self::settings(settings, settings_size) } {
        Ok(settings) => settings,
        Err(status) => return status,
    };
    let mut attempts = match protocol_of(protocol) {
        Some(protocol) => try_likely(protocol, &settings),
        None => try_all(&settings),
    };
    let Some(attempt) = attempts.nth(index) else {
        return GT02_DONE;
    };
    let found = match &attempt {
        Ok(found) => gt02_step::new(found),
        Err(no_plan) => gt02_step::without(no_plan),
    };
    // SAFETY: the place is what the caller says.
    unsafe { memory::write(step, step_size, || found) };
    GT02_ITEM
}

/// Writes one command, `GT02_SMS_...`, in the words of a set. What it sets is in the settings, or
/// is the text.
///
/// # Safety
/// As [`gt02_sms_plan`]; `text`, if it is not NULL, ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_command(
    set: u8,
    what: u8,
    settings: *const gt02_settings,
    settings_size: usize,
    text: *const c_char,
    step: *mut gt02_step,
    step_size: usize,
) -> gt02_status {
    let (Some(set), true) = (set_of(set), memory::is_place(step, step_size)) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    let settings = match unsafe { self::settings(settings, settings_size) } {
        Ok(settings) => settings,
        Err(status) => return status,
    };
    // SAFETY: as the caller promises.
    let Some(text) = (unsafe { memory::text(text) }) else {
        return GT02_ERR_SYNTAX;
    };
    let Settings {
        apn,
        server,
        interval,
        password,
        device,
        ..
    } = settings;
    let seconds = interval.unwrap_or_default();
    let command = match what {
        GT02_SMS_LOCATE => Command::Locate,
        GT02_SMS_MAP_LINK => Command::MapLink,
        GT02_SMS_VERSION => Command::Version,
        GT02_SMS_STATUS => Command::Status,
        GT02_SMS_SETTINGS => Command::Settings,
        GT02_SMS_PARAMETERS => Command::Parameters,
        GT02_SMS_IMEI => Command::Imei,
        GT02_SMS_PASSWORD => Command::Password { new: text },
        GT02_SMS_APN => Command::Apn(apn),
        GT02_SMS_APN_USER => Command::ApnUser { user: apn.user },
        GT02_SMS_APN_PASSWORD => Command::ApnPassword {
            password: apn.password,
        },
        GT02_SMS_SERVER => Command::Server(server),
        GT02_SMS_APN_AND_SERVER => Command::ApnAndServer {
            apn,
            server,
            device,
        },
        GT02_SMS_INTERVAL => Command::Interval { seconds },
        GT02_SMS_AUTHORISE_PHONE => Command::AuthorisePhone { phone: text },
        GT02_SMS_REMOVE_PHONE => Command::RemovePhone { phone: text },
        GT02_SMS_SOS_PHONE => Command::SosPhone { phone: text },
        GT02_SMS_REMOVE_SOS_PHONE => Command::RemoveSosPhone { phone: text },
        GT02_SMS_CENTRE_PHONE => Command::CentrePhone { phone: text },
        GT02_SMS_REMOVE_CENTRE_PHONE => Command::RemoveCentrePhone,
        GT02_SMS_DATA_ON => Command::Data { on: true },
        GT02_SMS_DATA_OFF => Command::Data { on: false },
        GT02_SMS_ARM => Command::Arm,
        GT02_SMS_DISARM => Command::Disarm,
        GT02_SMS_RESTART => Command::Restart,
        GT02_SMS_RESET => Command::Reset,
        _ => return GT02_ERR_ARGUMENT,
    };
    let password = password.or(set.default_password()).unwrap_or_default();
    match command.to_sms(set, password) {
        Err(error) => status_of(error),
        Ok(sms) => {
            // SAFETY: the place is what the caller says.
            unsafe { memory::write(step, step_size, || gt02_step::of(set, &command, &sms)) };
            GT02_DONE
        }
    }
}

/// Reads a text that a device sent, by SMS or as the response to a command.
///
/// # Safety
/// As [`gt02_sms_plan`]; slices of the answer point into the text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_read(
    text: *const u8,
    len: usize,
    answer: *mut gt02_answer,
    answer_size: usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let text = unsafe { memory::bytes(text, len) };
    let (Some(text), true) = (text, memory::is_place(answer, answer_size)) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: the place is what the caller says.
    unsafe { memory::write(answer, answer_size, || (&Answer::parse(text)).into()) };
    GT02_DONE
}

impl From<&Answer<'_>> for gt02_answer {
    fn from(answer: &Answer<'_>) -> Self {
        let mut out = Self {
            has: 0,
            command: gt02_slice::EMPTY,
            text: gt02_slice::EMPTY,
            apn: gt02_slice::EMPTY,
            host: gt02_slice::EMPTY,
            speed_e6: 0,
            time: gt02_time::default(),
            device: gt02_id::default(),
            cell: gt02_cell::default(),
            latitude_e7: 0,
            longitude_e7: 0,
            course_e4: 0,
            flags: 0,
            voltage_mv: 0,
            port: 0,
            kind: 0,
            completion: 0,
            alarm: 0,
            satellites: 0,
            voltage_level: 0,
            reserved: 0,
        };
        let slice = |text: Text<'_>| gt02_slice::new(text.as_bytes());
        let mut has = Presence(0);
        match answer {
            Answer::Location(it) => {
                out.kind = GT02_ANSWER_LOCATION;
                has.note(GT02_HAS_POSITION, it.position.is_some());
                (out.latitude_e7, out.longitude_e7) = e7(it.position);
                let time = it.time.filter(|time| time.is_valid());
                out.time = has.take(GT02_HAS_TIME, time.map(gt02_time::from));
                out.speed_e6 = has.take(GT02_HAS_SPEED, it.speed.map(speed_e6));
                let course = it.course.map(|course| course.ten_thousandths());
                out.course_e4 = has.take(GT02_HAS_COURSE, course);
                let cell = it.cell.map(gt02_cell::from);
                out.cell = has.take(GT02_HAS_CELL, cell);
                out.alarm = has.take(GT02_HAS_ALARM, it.alarm.map(|alarm| alarm as u8));
                out.device = has.take(GT02_HAS_DEVICE, it.device.map(gt02_id::from));
                out.flags = has.flag(GT02_FLAG_VALID, it.fix)
                    | has.flag(GT02_FLAG_IGNITION, it.ignition)
                    | has.flag(GT02_FLAG_EXTERNAL_POWER, it.external_power)
                    | has.flag(GT02_FLAG_LAST_KNOWN, Some(it.last_known));
            }
            Answer::CommandResult(it) => {
                out.kind = GT02_ANSWER_CONFIRMATION;
                out.completion = match it.outcome {
                    CommandOutcome::Done => GT02_COMPLETION_DONE,
                    CommandOutcome::AlreadyDone => GT02_COMPLETION_ALREADY_DONE,
                    CommandOutcome::Deferred => GT02_COMPLETION_DEFERRED,
                    CommandOutcome::Refused => GT02_COMPLETION_REFUSED,
                };
                (out.command, out.text) = (slice(it.command), slice(it.detail));
            }
            Answer::Status(it) => {
                out.kind = GT02_ANSWER_STATUS;
                out.text = slice(it.text());
                out.device = has.take(GT02_HAS_DEVICE, it.device().map(gt02_id::from));
                out.satellites = has.take(GT02_HAS_SATELLITES, it.satellites());
                out.speed_e6 = has.take(GT02_HAS_SPEED, it.speed().map(speed_e6));
                let voltage = it.external_voltage().map(|it| it.millivolts());
                out.voltage_mv = has.take(GT02_HAS_VOLTAGE, voltage);
                out.voltage_level = has.take(GT02_HAS_VOLTAGE_LEVEL, it.battery_level());
                out.apn = gt02_slice::new(it.apn().unwrap_or_default().as_bytes());
                if let Some(server) = it.server() {
                    out.host = gt02_slice::new(server.host.as_bytes());
                    out.port = server.port;
                }
                out.flags = has.flag(GT02_FLAG_VALID, it.fix())
                    | has.flag(GT02_FLAG_CHARGING, it.charging())
                    | has.flag(GT02_FLAG_IGNITION, it.ignition())
                    | has.flag(GT02_FLAG_RELAY_CUT, it.relay_cut())
                    | has.flag(GT02_FLAG_ARMED, it.armed())
                    | has.flag(GT02_FLAG_EXTERNAL_POWER, it.external_power());
            }
            Answer::Alarm(alarm) => {
                out.kind = GT02_ANSWER_ALARM;
                out.alarm = has.take(GT02_HAS_ALARM, Some(*alarm as u8));
            }
            Answer::Text(text) => {
                out.kind = GT02_ANSWER_TEXT;
                out.text = slice(*text);
            }
        }
        out.has = has.0;
        out
    }
}

/// What an answer means for a command, both as texts, of a device of a set: `GT02_VERDICT_...`.
/// `GT02_ERR_SYNTAX` if the set has no such command.
///
/// # Safety
/// As [`gt02_sms_plan`]; `command` ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_verdict(
    set: u8,
    command: *const c_char,
    answer: *const u8,
    answer_len: usize,
) -> i32 {
    // SAFETY: as the caller promises.
    let (command, answer) = unsafe { (memory::text(command), memory::bytes(answer, answer_len)) };
    let (Some(set), Some(answer)) = (set_of(set), answer) else {
        return GT02_ERR_ARGUMENT;
    };
    let Some(parsed) = command.and_then(|command| Command::parse(set, command).ok()) else {
        return GT02_ERR_SYNTAX;
    };
    match parsed.command.verdict(set, &Answer::parse(answer)) {
        Verdict::Done => GT02_VERDICT_DONE,
        Verdict::Deferred => GT02_VERDICT_DEFERRED,
        Verdict::Refused => GT02_VERDICT_REFUSED,
        Verdict::Unclear => GT02_VERDICT_UNCLEAR,
        Verdict::Unrelated => GT02_VERDICT_UNRELATED,
    }
}

/// What an answer shows of the settings of a plan: `GT02_VERDICT_DONE` if they were taken,
/// `GT02_VERDICT_REFUSED` if they are others, `GT02_VERDICT_UNCLEAR` if it does not say.
///
/// # Safety
/// As [`gt02_sms_plan`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_sms_proof(
    settings: *const gt02_settings,
    settings_size: usize,
    answer: *const u8,
    answer_len: usize,
) -> i32 {
    // SAFETY: as the caller promises.
    let settings = match unsafe { self::settings(settings, settings_size) } {
        Ok(settings) => settings,
        Err(status) => return status,
    };
    // SAFETY: the answer is what the caller says.
    let Some(answer) = (unsafe { memory::bytes(answer, answer_len) }) else {
        return GT02_ERR_ARGUMENT;
    };
    match settings.proof(&Answer::parse(answer)).verdict() {
        Verdict::Done => GT02_VERDICT_DONE,
        Verdict::Refused => GT02_VERDICT_REFUSED,
        _ => GT02_VERDICT_UNCLEAR,
    }
}
