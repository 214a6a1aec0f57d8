//! All functions of `gt02` that compute something, each compiled for unknown callers, except those
//! that format text, which is the business of `core::fmt`, and those that compute with `f64`. It is
//! linked, and never run.

#![no_std]
#![no_main]

use core::{hint::black_box, str::FromStr};
use gt02::{
    Datagram, Decoder, Frame, Report, Session,
    protocol::gt02::{Frame as Gt02Frame, Location, Message, Response, ShortLocation},
    sniff,
    types::{Course, DateTime, DeviceId, Latitude, Longitude, Text, UtcOffset},
};
// For the panic handler.
use gt02_firmware as _;

#[unsafe(no_mangle)]
fn main() -> bool {
    black_box(Decoder::<64>::decode as fn(_, _) -> _);
    black_box(Decoder::<64>::finish as fn(_) -> _);
    black_box(Decoder::<64>::pending as fn(_) -> _);
    black_box(<Datagram as Iterator>::next as fn(_) -> _);
    black_box(sniff as fn(_) -> _);

    black_box(Frame::parse as fn(_) -> _);
    black_box(Report::new as fn(_, _) -> _);
    black_box(Session::handle as fn(_, _) -> _);
    black_box(Session::observe_downlink as fn(_, _) -> _);
    black_box(Session::command as fn(_, _, _) -> _);

    black_box(Gt02Frame::parse as fn(_) -> _);
    black_box(Gt02Frame::message as fn(_) -> _);
    black_box(Gt02Frame::code as fn(_) -> _);
    black_box(Gt02Frame::device_id as fn(_) -> _);
    black_box(Gt02Frame::serial as fn(_) -> _);
    black_box(Gt02Frame::header_word as fn(_) -> _);
    black_box(Gt02Frame::body as fn(_) -> _);
    black_box(Message::parse as fn(_) -> _);
    black_box(Message::device_id as fn(_) -> _);
    black_box(Message::encoded_len as fn(_) -> _);
    black_box(Message::encode as fn(_, _) -> _);
    black_box(Location::position as fn(_) -> _);
    black_box(Location::course as fn(_) -> _);
    black_box(Location::cell as fn(_) -> _);
    black_box(ShortLocation::time as fn(_) -> _);
    black_box(ShortLocation::latitude as fn(_) -> _);
    black_box(ShortLocation::longitude as fn(_) -> _);
    black_box(ShortLocation::speed as fn(_) -> _);
    black_box(ShortLocation::course as fn(_) -> _);
    black_box(Response::text as fn(_) -> _);

    #[cfg(feature = "gt06")]
    gt06();
    #[cfg(feature = "tk103")]
    tk103();
    #[cfg(feature = "v680")]
    v680();
    #[cfg(feature = "h02")]
    h02();
    sms();

    black_box(DateTime::is_valid as fn(_) -> _);
    black_box(DateTime::to_unix as fn(_, _) -> _);
    black_box(UtcOffset::from_str as fn(_) -> _);
    black_box(UtcOffset::from_minutes as fn(_) -> _);
    black_box(DeviceId::from_str as fn(_) -> _);
    black_box(DeviceId::from_bcd as fn(_, _) -> _);
    black_box(DeviceId::as_u64 as fn(_) -> _);
    black_box(DeviceId::is_imei as fn(_) -> _);
    black_box(Latitude::from_units as fn(_) -> _);
    black_box(Latitude::from_thirty_thousandths as fn(_, _) -> _);
    black_box(Longitude::micro_degrees as fn(_) -> _);
    black_box(Course::from_ten_thousandths as fn(_) -> _);
    black_box(Text::as_str as fn(_) -> _);
    true
}

#[cfg(feature = "gt06")]
fn gt06() {
    use gt02::{
        protocol::gt06::{
            Address, CellList, Command, Frame, Gps, Info, Lbs, LoginExtension, Message, Response,
            Satellites, Sim, Status, Version,
        },
        report::Cells,
        types::{PackedDigits, Voltage},
    };

    black_box(Decoder::<64>::accept_bad_checksums as fn(_) -> _);
    black_box(Datagram::accept_bad_checksums as fn(_) -> _);
    black_box(Session::reply_to_all as fn(_) -> _);
    black_box(Session::handle_at as fn(_, _, _) -> _);
    black_box(Frame::parse as fn(_) -> _);
    black_box(Frame::parse_any_checksum as fn(_) -> _);
    black_box(Frame::crc_ok as fn(_) -> _);
    black_box(Frame::envelope as fn(_) -> _);
    black_box(Frame::body as fn(_) -> _);
    black_box(Frame::message as fn(_) -> _);
    black_box(Message::parse as fn(_) -> _);
    black_box(Message::device_id as fn(_) -> _);
    black_box(Message::envelope as fn(_) -> _);
    black_box(Message::code as fn(_) -> _);
    black_box(Message::encoded_len as fn(_) -> _);
    black_box(Message::encode as fn(_, _) -> _);
    black_box(Gps::position as fn(_) -> _);
    black_box(Lbs::cell as fn(_) -> _);
    black_box(Status::alarm as fn(_) -> _);
    black_box(LoginExtension::utc_offset as fn(_) -> _);
    black_box(Satellites::snr as fn(_) -> _);
    black_box(Response::text as fn(_) -> _);
    black_box(Command::new as fn(_) -> _);
    black_box(Address::address as fn(_) -> _);
    black_box(Version::text as fn(_) -> _);
    black_box(Sim::imsi as fn(_) -> _);
    black_box(Info::voltage as fn(_) -> _);
    black_box(CellList::serving as fn(_) -> _);
    black_box((|cells: Cells<'_>| cells.iter().count()) as fn(_) -> _);
    black_box((|digits: PackedDigits<'_>| digits.digits().count()) as fn(_) -> _);
    black_box(Voltage::from_hundredths as fn(_) -> _);
}

#[cfg(feature = "tk103")]
fn tk103() {
    use gt02::protocol::tk103::{
        Alarm, Cells, CommandWord, Firmware, Frame, Handshake, IoStatus, LocationBlock, Login,
        Message,
    };

    black_box(Frame::parse as fn(_) -> _);
    black_box(Frame::reply as fn(_, _) -> _);
    black_box(Frame::device_id as fn(_) -> _);
    black_box(Frame::probable_imei as fn(_) -> _);
    black_box(Frame::message as fn(_) -> _);
    black_box(Message::parse as fn(_) -> _);
    black_box(Message::device_id as fn(_) -> _);
    black_box(Message::encoded_len as fn(_) -> _);
    black_box(Message::encode as fn(_, _) -> _);
    black_box(LocationBlock::time as fn(_) -> _);
    black_box(LocationBlock::position as fn(_) -> _);
    black_box(LocationBlock::speed as fn(_) -> _);
    black_box(LocationBlock::course as fn(_) -> _);
    black_box(LocationBlock::ignition as fn(_) -> _);
    black_box(IoStatus::power_cut as fn(_) -> _);
    black_box(Alarm::alarm as fn(_) -> _);
    black_box(Handshake::imei as fn(_) -> _);
    black_box(Handshake::battery_voltage as fn(_) -> _);
    black_box(Login::imei as fn(_) -> _);
    black_box((|firmware: Firmware<'_>| firmware.version.as_str().is_some()) as fn(_) -> _);
    black_box((|cells: Cells<'_>| (cells.serving(), cells.neighbours().count())) as fn(_) -> _);
    black_box(CommandWord::new as fn(_) -> _);
}

#[cfg(feature = "v680")]
fn v680() {
    use gt02::protocol::v680::{Coordinate, Frame, Message, Record, Report};

    black_box(Frame::parse as fn(_) -> _);
    black_box(Frame::device_id as fn(_) -> _);
    black_box(Frame::body as fn(_) -> _);
    black_box(Frame::message_type as fn(_) -> _);
    black_box(Frame::message as fn(_) -> _);
    black_box(Message::parse as fn(_) -> _);
    black_box(Message::encoded_len as fn(_) -> _);
    black_box(Message::encode as fn(_, _) -> _);
    black_box(Report::alarm as fn(_) -> _);
    black_box((|report: Report<'_>| report.records.iter().count()) as fn(_) -> _);
    black_box(Record::time as fn(_) -> _);
    black_box(Record::position as fn(_) -> _);
    black_box(Record::speed as fn(_) -> _);
    black_box(Record::course as fn(_) -> _);
    black_box(Record::cell as fn(_) -> _);
    black_box((|record: Record<'_>| record.neighbours().count()) as fn(_) -> _);
    black_box(<Coordinate as From<Latitude>>::from as fn(_) -> _);
}

#[cfg(feature = "h02")]
fn h02() {
    use gt02::protocol::h02::{
        Fields, Frame, Gps, Location, Message, PhoneReport, Response, Status,
    };

    black_box(Session::handle_at as fn(_, _, _) -> _);
    black_box(Frame::parse as fn(_) -> _);
    black_box(Frame::reply as fn(_, _) -> _);
    black_box(Frame::device_id as fn(_) -> _);
    black_box(Frame::direction as fn(_) -> _);
    black_box(Frame::message as fn(_) -> _);
    black_box(Message::parse as fn(_) -> _);
    black_box(Message::encoded_len as fn(_) -> _);
    black_box(Message::encode as fn(_, _) -> _);
    black_box(Gps::time as fn(_) -> _);
    black_box(Gps::position as fn(_) -> _);
    black_box(Gps::speed as fn(_) -> _);
    black_box(Gps::course as fn(_) -> _);
    black_box(Location::cell as fn(_) -> _);
    black_box(Location::battery as fn(_) -> _);
    black_box(Response::mileage as fn(_) -> _);
    black_box(PhoneReport::status as fn(_) -> _);
    black_box(Location::readings as fn(_) -> _);
    black_box(Status::alarm as fn(_, _) -> _);
    black_box((|fields: Fields<'_>| fields.iter().count()) as fn(_) -> _);
}

fn sms() {
    use gt02::sms::{Answer, Command, Plan, Settings, try_likely};

    black_box(Command::to_sms as fn(_, _, _) -> _);
    black_box(Command::parse as fn(_, _) -> _);
    black_box(Command::verdict as fn(_, _, _) -> _);
    black_box(Plan::new as fn(_, _) -> _);
    black_box(Answer::parse as fn(_) -> _);
    black_box(Report::answer as fn(_) -> _);
    black_box(Report::answer_in as fn(_, _) -> _);
    black_box(Plan::listen as fn(_, _, _) -> _);
    black_box(Settings::proof as fn(_, _) -> _);
    black_box(
        (|protocol, settings: &Settings<'_>| try_likely(protocol, settings).count())
            as fn(_, _) -> _,
    );
}
