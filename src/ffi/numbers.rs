//! Every constant of the header, and the names that go with numbers.
//!
//! The numbers are literals, because `cbindgen` reads them; those that Rust has too are asserted to
//! be the same.

use super::gt02_status;
use crate::{
    report::{Kind, Network},
    scan::NoiseReason,
    types::{Alarm, Protocol},
};
use core::ffi::c_char;

// Statuses.

/// Done; there is no further item.
pub const GT02_DONE: gt02_status = 0;
/// Something was written, and there may be more: call again.
pub const GT02_ITEM: gt02_status = 1;
/// A pointer is NULL or misaligned, a size is too small, an offset is past the end, or a number is
/// not one that is defined.
pub const GT02_ERR_ARGUMENT: gt02_status = -1;
/// The room for the output is too small. The length that is enough was written.
pub const GT02_ERR_BUFFER: gt02_status = -2;
/// The protocol or the set of commands has nothing of the kind.
pub const GT02_ERR_UNSUPPORTED: gt02_status = -3;
/// The device has sent nothing yet, so its protocol is not known.
pub const GT02_ERR_NO_PROTOCOL: gt02_status = -4;
/// It needs the time, and none was given.
pub const GT02_ERR_NO_TIME: gt02_status = -5;
/// A value is outside the range that can be sent or written.
pub const GT02_ERR_RANGE: gt02_status = -6;
/// A text is missing, or has a length or a character that it cannot have.
pub const GT02_ERR_SYNTAX: gt02_status = -7;

// Items.

/// A whole frame.
pub const GT02_FRAME: u8 = 1;
/// Bytes that belong to no frame.
pub const GT02_NOISE: u8 = 2;
/// The device has sent no frame for longer than `overdue_ms`. It comes once after each frame.
pub const GT02_OVERDUE: u8 = 3;
/// No frame has named a device for `login_ms`: close the connection. It comes once.
pub const GT02_NAMELESS: u8 = 4;
/// No frame came for `dead_ms`: close the connection. It comes once after each frame.
pub const GT02_DEAD: u8 = 5;

// Directions.

/// From the device.
pub const GT02_UP: u8 = 0;
/// From the server.
pub const GT02_DOWN: u8 = 1;

// Who sent a frame.

/// No frame of its protocol has named a device yet.
pub const GT02_IDENTITY_UNKNOWN: u8 = 1;
/// The frame is the first of its protocol to name a device.
pub const GT02_IDENTITY_FIRST: u8 = 2;
/// The frame names the known device, or none.
pub const GT02_IDENTITY_SAME: u8 = 3;
/// The frame names another device than earlier frames of its protocol.
pub const GT02_IDENTITY_CHANGED: u8 = 4;

/// The name of a number of an enum of the crate, with a NUL at its end. All variants are listed.
macro_rules! name_of {
    ($given:ident: $enum:ident { $($variant:ident = $number:ident,)* }) => {{
        $(const _: () = assert!($enum::$variant as u8 == $number);)*

        /// A variant that is new does not compile before it has a number here.
        const _: fn($enum) -> u8 = |value| match value {
            $($enum::$variant => $number,)*
            #[allow(unreachable_patterns, reason = "a protocol that is new in the list")]
            _ => 0,
        };

        match $given {
            $($number => {
                const NAME: &str = $enum::$variant.name();
                static TERMINATED: [u8; NAME.len() + 1] = terminated(NAME);
                TERMINATED.as_ptr().cast()
            })*
            _ => c"unknown".as_ptr(),
        }
    }};
}

/// The variant of a number, `None` if there is none.
macro_rules! variant_of {
    ($given:ident: $enum:ident { $($variant:ident = $number:ident,)* }) => {
        match $given {
            $($number => Some($enum::$variant),)*
            _ => None,
        }
    };
}

/// Gives all alarms to one of the macros above.
macro_rules! alarms {
    ($macro:ident $given:ident:) => {
        $macro!($given: Alarm {
          Sos = GT02_ALARM_SOS,
          PowerCut = GT02_ALARM_POWER_CUT,
          Vibration = GT02_ALARM_VIBRATION,
          GeofenceEnter = GT02_ALARM_GEOFENCE_ENTER,
          GeofenceExit = GT02_ALARM_GEOFENCE_EXIT,
          Overspeed = GT02_ALARM_OVERSPEED,
          LowSpeed = GT02_ALARM_LOW_SPEED,
          Displacement = GT02_ALARM_DISPLACEMENT,
          LowBattery = GT02_ALARM_LOW_BATTERY,
          ExternalLowBattery = GT02_ALARM_EXTERNAL_LOW_BATTERY,
          LowBatteryProtection = GT02_ALARM_LOW_BATTERY_PROTECTION,
          PowerOn = GT02_ALARM_POWER_ON,
          PowerOff = GT02_ALARM_POWER_OFF,
          LowBatteryShutdown = GT02_ALARM_LOW_BATTERY_SHUTDOWN,
          DoorOpened = GT02_ALARM_DOOR_OPENED,
          Fall = GT02_ALARM_FALL,
          Crash = GT02_ALARM_CRASH,
          Rollover = GT02_ALARM_ROLLOVER,
          AccOn = GT02_ALARM_ACC_ON,
          AccOff = GT02_ALARM_ACC_OFF,
          Tamper = GT02_ALARM_TAMPER,
          CoverOpened = GT02_ALARM_COVER_OPENED,
          GpsLost = GT02_ALARM_GPS_LOST,
          GpsRegained = GT02_ALARM_GPS_REGAINED,
          FirstFix = GT02_ALARM_FIRST_FIX,
          SimChanged = GT02_ALARM_SIM_CHANGED,
          AirplaneMode = GT02_ALARM_AIRPLANE_MODE,
          Sound = GT02_ALARM_SOUND,
          FakeBaseStation = GT02_ALARM_FAKE_BASE_STATION,
          Sleep = GT02_ALARM_SLEEP,
          ChargerInserted = GT02_ALARM_CHARGER_INSERTED,
          HarshAcceleration = GT02_ALARM_HARSH_ACCELERATION,
          HarshBraking = GT02_ALARM_HARSH_BRAKING,
          SharpLeft = GT02_ALARM_SHARP_LEFT,
          SharpRight = GT02_ALARM_SHARP_RIGHT,
          SharpTurn = GT02_ALARM_SHARP_TURN,
          LaneChange = GT02_ALARM_LANE_CHANGE,
          VehicleUnstable = GT02_ALARM_VEHICLE_UNSTABLE,
          AngleChanged = GT02_ALARM_ANGLE_CHANGED,
          Tilt = GT02_ALARM_TILT,
          Theft = GT02_ALARM_THEFT,
          IllegalStart = GT02_ALARM_ILLEGAL_START,
          Button = GT02_ALARM_BUTTON,
          PulseLineCut = GT02_ALARM_PULSE_LINE_CUT,
          Other = GT02_ALARM_OTHER,
        })
    };
}
pub(super) use {alarms, variant_of};

// Protocols.

/// [`Protocol::Gt02`].
pub const GT02_PROTOCOL_GT02: u8 = 1;
/// [`Protocol::Gt06`].
pub const GT02_PROTOCOL_GT06: u8 = 2;
/// [`Protocol::Tk103`].
pub const GT02_PROTOCOL_TK103: u8 = 3;
/// [`Protocol::V680`].
pub const GT02_PROTOCOL_V680: u8 = 4;
/// [`Protocol::H02`].
pub const GT02_PROTOCOL_H02: u8 = 5;

/// The name of a protocol, as in JSON: `gt06`; `unknown` for another number.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_protocol_name(number: u8) -> *const c_char {
    name_of!(number: Protocol {
        Gt02 = GT02_PROTOCOL_GT02,
        Gt06 = GT02_PROTOCOL_GT06,
        Tk103 = GT02_PROTOCOL_TK103,
        V680 = GT02_PROTOCOL_V680,
        H02 = GT02_PROTOCOL_H02,
    })
}

// Kinds of frames.

/// [`Kind::Login`].
pub const GT02_KIND_LOGIN: u8 = 1;
/// [`Kind::Location`].
pub const GT02_KIND_LOCATION: u8 = 2;
/// [`Kind::Heartbeat`].
pub const GT02_KIND_HEARTBEAT: u8 = 3;
/// [`Kind::Alarm`].
pub const GT02_KIND_ALARM: u8 = 4;
/// [`Kind::Response`].
pub const GT02_KIND_RESPONSE: u8 = 5;
/// [`Kind::Cell`].
pub const GT02_KIND_CELL: u8 = 6;
/// [`Kind::Info`].
pub const GT02_KIND_INFO: u8 = 7;
/// [`Kind::TimeRequest`].
pub const GT02_KIND_TIME_REQUEST: u8 = 8;
/// [`Kind::AddressRequest`].
pub const GT02_KIND_ADDRESS_REQUEST: u8 = 9;
/// [`Kind::Command`].
pub const GT02_KIND_COMMAND: u8 = 10;
/// [`Kind::Ack`].
pub const GT02_KIND_ACK: u8 = 11;
/// [`Kind::Unknown`].
pub const GT02_KIND_UNKNOWN: u8 = 255;

/// The name of a kind, as in JSON: `location`; `unknown` for another number.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_kind_name(number: u8) -> *const c_char {
    name_of!(number: Kind {
        Login = GT02_KIND_LOGIN,
        Location = GT02_KIND_LOCATION,
        Heartbeat = GT02_KIND_HEARTBEAT,
        Alarm = GT02_KIND_ALARM,
        Response = GT02_KIND_RESPONSE,
        Cell = GT02_KIND_CELL,
        Info = GT02_KIND_INFO,
        TimeRequest = GT02_KIND_TIME_REQUEST,
        AddressRequest = GT02_KIND_ADDRESS_REQUEST,
        Command = GT02_KIND_COMMAND,
        Ack = GT02_KIND_ACK,
        Unknown = GT02_KIND_UNKNOWN,
    })
}

// Reasons of noise.

/// [`NoiseReason::Garbage`].
pub const GT02_REASON_GARBAGE: u8 = 1;
/// [`NoiseReason::Truncated`].
pub const GT02_REASON_TRUNCATED: u8 = 2;
/// [`NoiseReason::Checksum`].
pub const GT02_REASON_CHECKSUM: u8 = 3;
/// [`NoiseReason::Oversize`].
pub const GT02_REASON_OVERSIZE: u8 = 4;

/// The name of a reason, as in JSON: `garbage`; `unknown` for another number.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_reason_name(number: u8) -> *const c_char {
    name_of!(number: NoiseReason {
        Garbage = GT02_REASON_GARBAGE,
        Truncated = GT02_REASON_TRUNCATED,
        Checksum = GT02_REASON_CHECKSUM,
        Oversize = GT02_REASON_OVERSIZE,
    })
}

// Alarms.

/// [`Alarm::Sos`].
pub const GT02_ALARM_SOS: u8 = 1;
/// [`Alarm::PowerCut`].
pub const GT02_ALARM_POWER_CUT: u8 = 2;
/// [`Alarm::Vibration`].
pub const GT02_ALARM_VIBRATION: u8 = 3;
/// [`Alarm::GeofenceEnter`].
pub const GT02_ALARM_GEOFENCE_ENTER: u8 = 4;
/// [`Alarm::GeofenceExit`].
pub const GT02_ALARM_GEOFENCE_EXIT: u8 = 5;
/// [`Alarm::Overspeed`].
pub const GT02_ALARM_OVERSPEED: u8 = 6;
/// [`Alarm::LowSpeed`].
pub const GT02_ALARM_LOW_SPEED: u8 = 7;
/// [`Alarm::Displacement`].
pub const GT02_ALARM_DISPLACEMENT: u8 = 8;
/// [`Alarm::LowBattery`].
pub const GT02_ALARM_LOW_BATTERY: u8 = 9;
/// [`Alarm::ExternalLowBattery`].
pub const GT02_ALARM_EXTERNAL_LOW_BATTERY: u8 = 10;
/// [`Alarm::LowBatteryProtection`].
pub const GT02_ALARM_LOW_BATTERY_PROTECTION: u8 = 11;
/// [`Alarm::PowerOn`].
pub const GT02_ALARM_POWER_ON: u8 = 12;
/// [`Alarm::PowerOff`].
pub const GT02_ALARM_POWER_OFF: u8 = 13;
/// [`Alarm::LowBatteryShutdown`].
pub const GT02_ALARM_LOW_BATTERY_SHUTDOWN: u8 = 14;
/// [`Alarm::DoorOpened`].
pub const GT02_ALARM_DOOR_OPENED: u8 = 15;
/// [`Alarm::Fall`].
pub const GT02_ALARM_FALL: u8 = 16;
/// [`Alarm::Crash`].
pub const GT02_ALARM_CRASH: u8 = 17;
/// [`Alarm::Rollover`].
pub const GT02_ALARM_ROLLOVER: u8 = 18;
/// [`Alarm::AccOn`].
pub const GT02_ALARM_ACC_ON: u8 = 19;
/// [`Alarm::AccOff`].
pub const GT02_ALARM_ACC_OFF: u8 = 20;
/// [`Alarm::Tamper`].
pub const GT02_ALARM_TAMPER: u8 = 21;
/// [`Alarm::CoverOpened`].
pub const GT02_ALARM_COVER_OPENED: u8 = 22;
/// [`Alarm::GpsLost`].
pub const GT02_ALARM_GPS_LOST: u8 = 23;
/// [`Alarm::GpsRegained`].
pub const GT02_ALARM_GPS_REGAINED: u8 = 24;
/// [`Alarm::FirstFix`].
pub const GT02_ALARM_FIRST_FIX: u8 = 25;
/// [`Alarm::SimChanged`].
pub const GT02_ALARM_SIM_CHANGED: u8 = 26;
/// [`Alarm::AirplaneMode`].
pub const GT02_ALARM_AIRPLANE_MODE: u8 = 27;
/// [`Alarm::Sound`].
pub const GT02_ALARM_SOUND: u8 = 28;
/// [`Alarm::FakeBaseStation`].
pub const GT02_ALARM_FAKE_BASE_STATION: u8 = 29;
/// [`Alarm::Sleep`].
pub const GT02_ALARM_SLEEP: u8 = 30;
/// [`Alarm::ChargerInserted`].
pub const GT02_ALARM_CHARGER_INSERTED: u8 = 31;
/// [`Alarm::HarshAcceleration`].
pub const GT02_ALARM_HARSH_ACCELERATION: u8 = 32;
/// [`Alarm::HarshBraking`].
pub const GT02_ALARM_HARSH_BRAKING: u8 = 33;
/// [`Alarm::SharpLeft`].
pub const GT02_ALARM_SHARP_LEFT: u8 = 34;
/// [`Alarm::SharpRight`].
pub const GT02_ALARM_SHARP_RIGHT: u8 = 35;
/// [`Alarm::SharpTurn`].
pub const GT02_ALARM_SHARP_TURN: u8 = 36;
/// [`Alarm::LaneChange`].
pub const GT02_ALARM_LANE_CHANGE: u8 = 37;
/// [`Alarm::VehicleUnstable`].
pub const GT02_ALARM_VEHICLE_UNSTABLE: u8 = 38;
/// [`Alarm::AngleChanged`].
pub const GT02_ALARM_ANGLE_CHANGED: u8 = 39;
/// [`Alarm::Tilt`].
pub const GT02_ALARM_TILT: u8 = 40;
/// [`Alarm::Theft`].
pub const GT02_ALARM_THEFT: u8 = 41;
/// [`Alarm::IllegalStart`].
pub const GT02_ALARM_ILLEGAL_START: u8 = 42;
/// [`Alarm::Button`].
pub const GT02_ALARM_BUTTON: u8 = 43;
/// [`Alarm::PulseLineCut`].
pub const GT02_ALARM_PULSE_LINE_CUT: u8 = 44;
/// [`Alarm::Other`].
pub const GT02_ALARM_OTHER: u8 = 255;

/// The name of an alarm, as in JSON: `power_cut`; `unknown` for another number.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_alarm_name(number: u8) -> *const c_char {
    alarms!(name_of number:)
}

// Generations of mobile networks.

/// [`Network::Gsm`].
pub const GT02_NETWORK_GSM: u8 = 2;
/// [`Network::Lte`].
pub const GT02_NETWORK_LTE: u8 = 4;

/// The name of a generation, as in JSON: `4G`; `unknown` for another number.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_network_name(number: u8) -> *const c_char {
    name_of!(number: Network {
        Gsm = GT02_NETWORK_GSM,
        Lte = GT02_NETWORK_LTE,
    })
}

// What is there of an item, a record or an answer.

/// `device`.
pub const GT02_HAS_DEVICE: u64 = 0x1;
/// `imei`.
pub const GT02_HAS_IMEI: u64 = 0x2;
/// `serial`.
pub const GT02_HAS_SERIAL: u64 = 0x4;
/// `time`.
pub const GT02_HAS_TIME: u64 = 0x8;
/// `latitude_e7` and `longitude_e7`.
pub const GT02_HAS_POSITION: u64 = 0x10;
/// `speed_e6`.
pub const GT02_HAS_SPEED: u64 = 0x20;
/// `course_e4`.
pub const GT02_HAS_COURSE: u64 = 0x40;
/// `satellites`.
pub const GT02_HAS_SATELLITES: u64 = 0x80;
/// `cell`.
pub const GT02_HAS_CELL: u64 = 0x100;
/// `alarm`.
pub const GT02_HAS_ALARM: u64 = 0x200;
/// `alarm_code`.
pub const GT02_HAS_ALARM_CODE: u64 = 0x400;
/// `voltage_level`.
pub const GT02_HAS_VOLTAGE_LEVEL: u64 = 0x800;
/// `gsm_level`.
pub const GT02_HAS_GSM_LEVEL: u64 = 0x1000;
/// `voltage_mv`.
pub const GT02_HAS_VOLTAGE: u64 = 0x2000;
/// `odometer`.
pub const GT02_HAS_ODOMETER: u64 = 0x4000;
/// `GT02_STRING_CODE`.
pub const GT02_HAS_CODE: u64 = 0x8000;
/// `GT02_STRING_TEXT`.
pub const GT02_HAS_TEXT: u64 = 0x10000;
/// Neighbour cells.
pub const GT02_HAS_CELLS: u64 = 0x20000;
/// Several positions.
pub const GT02_HAS_RECORDS: u64 = 0x40000;

// Yes or no: bits of `flags`. Bit n is known if bit 32 + n of `has` is set.

/// The device has a fix.
pub const GT02_FLAG_VALID: u32 = 0x1;
/// It is charging, or has external power.
pub const GT02_FLAG_CHARGING: u32 = 0x2;
/// The ignition is on.
pub const GT02_FLAG_IGNITION: u32 = 0x4;
/// The relay cuts fuel or electricity off.
pub const GT02_FLAG_RELAY_CUT: u32 = 0x8;
/// It is armed.
pub const GT02_FLAG_ARMED: u32 = 0x10;
/// It tracks by GPS.
pub const GT02_FLAG_GPS_TRACKING: u32 = 0x20;
/// It stored the message, and sends it late.
pub const GT02_FLAG_RESENT: u32 = 0x40;
/// The checksum is wrong, and accepted.
pub const GT02_FLAG_BAD_CHECKSUM: u32 = 0x80;
/// A door is open.
pub const GT02_FLAG_DOOR: u32 = 0x100;
/// It moves, by its own judgement.
pub const GT02_FLAG_MOTION: u32 = 0x200;
/// The vehicle's supply is there.
pub const GT02_FLAG_EXTERNAL_POWER: u32 = 0x400;
/// The position is the last one known.
pub const GT02_FLAG_LAST_KNOWN: u32 = 0x800;

// What is there of the details.

/// `snr`.
pub const GT02_DETAIL_SNR: u64 = 0x1;
/// `hdop`.
pub const GT02_DETAIL_HDOP: u64 = 0x2;
/// `accuracy`.
pub const GT02_DETAIL_ACCURACY: u64 = 0x4;
/// `altitude_m`.
pub const GT02_DETAIL_ALTITUDE: u64 = 0x8;
/// Access points; there may be none in sight.
pub const GT02_DETAIL_ACCESS_POINTS: u64 = 0x10;
/// `csq`.
pub const GT02_DETAIL_CSQ: u64 = 0x20;
/// `network`.
pub const GT02_DETAIL_NETWORK: u64 = 0x40;
/// `battery_percent`.
pub const GT02_DETAIL_BATTERY_PERCENT: u64 = 0x80;
/// `battery_mv`.
pub const GT02_DETAIL_BATTERY_VOLTAGE: u64 = 0x100;
/// `temperature_e3`.
pub const GT02_DETAIL_TEMPERATURE: u64 = 0x200;
/// `humidity`.
pub const GT02_DETAIL_HUMIDITY: u64 = 0x400;
/// `fuel`.
pub const GT02_DETAIL_FUEL: u64 = 0x800;
/// `steps`.
pub const GT02_DETAIL_STEPS: u64 = 0x1000;
/// `ignition_seconds`.
pub const GT02_DETAIL_IGNITION_SECONDS: u64 = 0x2000;
/// `upload_mode`.
pub const GT02_DETAIL_UPLOAD_MODE: u64 = 0x4000;
/// `card_id`.
pub const GT02_DETAIL_CARD_ID: u64 = 0x8000;
/// `GT02_STRING_IMSI`.
pub const GT02_DETAIL_IMSI: u64 = 0x10000;
/// `GT02_STRING_ICCID`.
pub const GT02_DETAIL_ICCID: u64 = 0x20000;
/// `GT02_STRING_FIRMWARE`.
pub const GT02_DETAIL_FIRMWARE: u64 = 0x40000;

// What is there of a cell.

/// `mcc`.
pub const GT02_CELL_MCC: u8 = 0x1;
/// `mnc`.
pub const GT02_CELL_MNC: u8 = 0x2;
/// `lac`.
pub const GT02_CELL_LAC: u8 = 0x4;
/// `cid`.
pub const GT02_CELL_CID: u8 = 0x8;
/// `rssi`.
pub const GT02_CELL_RSSI: u8 = 0x10;

// What is there of an access point.

/// `rssi`.
pub const GT02_AP_RSSI: u8 = 0x1;
/// `ssid`.
pub const GT02_AP_SSID: u8 = 0x2;

// Texts of an item.

/// The type of the message as its protocol writes it.
pub const GT02_STRING_CODE: u8 = 1;
/// The text of a response or a command.
pub const GT02_STRING_TEXT: u8 = 2;
/// IMSI of the SIM.
pub const GT02_STRING_IMSI: u8 = 3;
/// ICCID of the SIM.
pub const GT02_STRING_ICCID: u8 = 4;
/// Version of the firmware.
pub const GT02_STRING_FIRMWARE: u8 = 5;

// Options of a connection.

/// Frames with a wrong checksum are frames.
pub const GT02_OPTION_BAD_CHECKSUMS: u32 = 0x1;
/// Every frame of gt06 and h02 gets a reply.
pub const GT02_OPTION_REPLY_TO_ALL: u32 = 0x2;
/// The bytes come from the server.
pub const GT02_OPTION_DOWN: u32 = 0x4;

// The verdict of sniffing; a protocol is its number.

/// The bytes are too few to tell.
pub const GT02_SNIFF_MORE: i32 = 0;
/// No protocol that the library has.
pub const GT02_SNIFF_FOREIGN: i32 = -8;

// Commands to a device.

/// `text`, in the device's own words.
pub const GT02_COMMAND_TEXT: u8 = 1;
/// Cuts fuel or electricity off.
pub const GT02_COMMAND_CUT_RELAY: u8 = 2;
/// Restores fuel or electricity.
pub const GT02_COMMAND_RESTORE_RELAY: u8 = 3;
/// Asks for the position.
pub const GT02_COMMAND_LOCATE: u8 = 4;
/// Reports every `number` seconds.
pub const GT02_COMMAND_INTERVAL: u8 = 5;
/// Clears the alarms.
pub const GT02_COMMAND_CLEAR_ALARMS: u8 = 6;

// Structures, for gt02_sizeof().

/// `gt02_slice`.
pub const GT02_SIZEOF_SLICE: u32 = 1;
/// `gt02_time`.
pub const GT02_SIZEOF_TIME: u32 = 2;
/// `gt02_decimal`.
pub const GT02_SIZEOF_DECIMAL: u32 = 3;
/// `gt02_cell`.
pub const GT02_SIZEOF_CELL: u32 = 4;
/// `gt02_item`.
pub const GT02_SIZEOF_ITEM: u32 = 5;
/// `gt02_details`.
pub const GT02_SIZEOF_DETAILS: u32 = 6;
/// `gt02_record`.
pub const GT02_SIZEOF_RECORD: u32 = 7;
/// `gt02_access_point`.
pub const GT02_SIZEOF_ACCESS_POINT: u32 = 8;
/// `gt02_command`.
pub const GT02_SIZEOF_COMMAND: u32 = 9;
/// `gt02_device`.
pub const GT02_SIZEOF_DEVICE: u32 = 10;
/// `gt02_uplink`.
pub const GT02_SIZEOF_UPLINK: u32 = 11;
/// `gt02_settings`.
pub const GT02_SIZEOF_SETTINGS: u32 = 12;
/// `gt02_step`.
pub const GT02_SIZEOF_STEP: u32 = 13;
/// `gt02_answer`.
pub const GT02_SIZEOF_ANSWER: u32 = 14;
/// `gt02_id`.
pub const GT02_SIZEOF_ID: u32 = 15;
/// `gt02_limits`.
pub const GT02_SIZEOF_LIMITS: u32 = 16;

/// A limit that is never reached.
pub const GT02_NEVER: u32 = u32::MAX;

// Sets of SMS commands.

/// `A`.
pub const GT02_SET_A: u8 = 1;
/// `B`.
pub const GT02_SET_B: u8 = 2;
/// `C`.
pub const GT02_SET_C: u8 = 3;
/// `Gt02d`.
pub const GT02_SET_GT02D: u8 = 4;
/// `VSun`.
pub const GT02_SET_VSUN: u8 = 5;
/// `J`.
pub const GT02_SET_J: u8 = 6;
/// `W`.
pub const GT02_SET_W: u8 = 7;
/// `S`.
pub const GT02_SET_S: u8 = 8;
/// `X`.
pub const GT02_SET_X: u8 = 9;
/// `Topin`.
pub const GT02_SET_TOPIN: u8 = 10;

// Answers by SMS.

// Commands by SMS.

/// Asks for the position.
pub const GT02_SMS_LOCATE: u8 = 1;
/// Asks for the position as a link to a map.
pub const GT02_SMS_MAP_LINK: u8 = 2;
/// Asks for the firmware version.
pub const GT02_SMS_VERSION: u8 = 3;
/// Asks for battery, network and fix.
pub const GT02_SMS_STATUS: u8 = 4;
/// Asks for access point and server.
pub const GT02_SMS_SETTINGS: u8 = 5;
/// Asks for intervals, SOS numbers and time zone.
pub const GT02_SMS_PARAMETERS: u8 = 6;
/// Asks for the device's own id.
pub const GT02_SMS_IMEI: u8 = 7;
/// Changes the password to the text.
pub const GT02_SMS_PASSWORD: u8 = 8;
/// Sets the access point.
pub const GT02_SMS_APN: u8 = 9;
/// Sets the access point's user.
pub const GT02_SMS_APN_USER: u8 = 10;
/// Sets the user's password.
pub const GT02_SMS_APN_PASSWORD: u8 = 11;
/// Sets where to report to.
pub const GT02_SMS_SERVER: u8 = 12;
/// Sets access point and server in one.
pub const GT02_SMS_APN_AND_SERVER: u8 = 13;
/// Sets how often to report.
pub const GT02_SMS_INTERVAL: u8 = 14;
/// Lets the phone of the text give commands.
pub const GT02_SMS_AUTHORISE_PHONE: u8 = 15;
/// Lets that phone no longer give commands.
pub const GT02_SMS_REMOVE_PHONE: u8 = 16;
/// Adds the phone of the text to the SOS numbers.
pub const GT02_SMS_SOS_PHONE: u8 = 17;
/// Removes that phone from them.
pub const GT02_SMS_REMOVE_SOS_PHONE: u8 = 18;
/// Sets the centre number to the text.
pub const GT02_SMS_CENTRE_PHONE: u8 = 19;
/// Removes the centre number.
pub const GT02_SMS_REMOVE_CENTRE_PHONE: u8 = 20;
/// Switches reports over the network on.
pub const GT02_SMS_DATA_ON: u8 = 21;
/// Switches them off.
pub const GT02_SMS_DATA_OFF: u8 = 22;
/// Arms the device.
pub const GT02_SMS_ARM: u8 = 23;
/// Disarms the device.
pub const GT02_SMS_DISARM: u8 = 24;
/// Restarts the device.
pub const GT02_SMS_RESTART: u8 = 25;
/// Restores the factory state.
pub const GT02_SMS_RESET: u8 = 26;

/// A position.
pub const GT02_ANSWER_LOCATION: u8 = 1;
/// Whether a command was carried out.
pub const GT02_ANSWER_CONFIRMATION: u8 = 2;
/// State or settings.
pub const GT02_ANSWER_STATUS: u8 = 3;
/// An alarm without a position.
pub const GT02_ANSWER_ALARM: u8 = 4;
/// Anything else.
pub const GT02_ANSWER_TEXT: u8 = 5;

// Outcomes of a command, of a confirmation.

/// Done.
pub const GT02_COMPLETION_DONE: u8 = 1;
/// There was nothing to do.
pub const GT02_COMPLETION_ALREADY_DONE: u8 = 2;
/// To be done later.
pub const GT02_COMPLETION_DEFERRED: u8 = 3;
/// Refused, or failed.
pub const GT02_COMPLETION_REFUSED: u8 = 4;

// What an answer means for a command.

/// Done, or answered.
pub const GT02_VERDICT_DONE: i32 = 1;
/// Accepted, to be done later.
pub const GT02_VERDICT_DEFERRED: i32 = 2;
/// Refused, or failed.
pub const GT02_VERDICT_REFUSED: i32 = 3;
/// The text does not say.
pub const GT02_VERDICT_UNCLEAR: i32 = 4;
/// An answer to another command.
pub const GT02_VERDICT_UNRELATED: i32 = 5;

/// A name with a NUL at its end.
const fn terminated<const N: usize>(name: &str) -> [u8; N] {
    let mut out = [0; N];
    let mut from = name.as_bytes();
    let mut to: &mut [u8] = &mut out;
    while let ([byte, rest @ ..], [place, more @ ..]) = (from, to) {
        *place = *byte;
        from = rest;
        to = more;
    }
    out
}

/// A sentence in English for a status. It is never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_strerror(status: gt02_status) -> *const c_char {
    let text = match status {
        GT02_DONE => c"done",
        GT02_ITEM => c"an item was written",
        GT02_ERR_ARGUMENT => {
            c"an argument is NULL, misaligned, too small, past the end, or not defined"
        }
        GT02_ERR_BUFFER => c"the room for the output is too small",
        GT02_ERR_UNSUPPORTED => c"the protocol or the set of commands has nothing of the kind",
        GT02_ERR_NO_PROTOCOL => c"the device has sent nothing yet, so its protocol is not known",
        GT02_ERR_NO_TIME => c"it needs the time, and none was given",
        GT02_ERR_RANGE => c"a value is outside the range that can be sent or written",
        GT02_ERR_SYNTAX => c"a text is missing, or has a length or a character that it cannot have",
        _ => c"not a status",
    };
    text.as_ptr()
}

/// The version of the library: `0.1.0`.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_version() -> *const c_char {
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    static TERMINATED: [u8; VERSION.len() + 1] = terminated(VERSION);
    TERMINATED.as_ptr().cast()
}

/// The version as a number: a million for each major version, a thousand for each minor one.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_version_number() -> u32 {
    const NUMBER: u32 = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
        + number(env!("CARGO_PKG_VERSION_MINOR")) * 1000
        + number(env!("CARGO_PKG_VERSION_PATCH"));
    NUMBER
}

/// The number that the digits spell.
const fn number(digits: &str) -> u32 {
    let (mut number, mut rest) = (0_u32, digits.as_bytes());
    while let [digit, after @ ..] = rest {
        number = number
            .wrapping_mul(10)
            .wrapping_add(digit.wrapping_sub(b'0') as u32);
        rest = after;
    }
    number
}
