use super::super::{
    AccessPointListIter, ExtendedAlarmKind, ExtendedLocation, ExtendedLocationKind, Frame, Info,
    Information, ItemList, LocationKind, LteStatus, Message,
};
use crate::{
    report::{AccessPoints, Details, Iccid, Network},
    types::{AccessPoint, Decimal, Protocol, Temperature, Text},
};

/// Returns the values of the frame that few frames have.
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    let mut details = Details::default();
    match frame.message() {
        Message::Location(location) => {
            if let LocationKind::Utc(Some(utc)) = location.kind {
                details.upload_mode = Some(utc.upload_mode);
            }
            let sensors = location.tail().and_then(|tail| tail.sensors);
            details.temperature = sensors.map(|sensors| sensors.temperature());
        }
        Message::ExtendedLocation(location) => put_location(&mut details, &location),
        Message::ExtendedAlarm(alarm) => match alarm.kind {
            ExtendedAlarmKind::Card { card_id } => details.card_id = Some(card_id),
            ExtendedAlarmKind::Altitude { altitude } => details.altitude = altitude.map(i32::from),
            _ => {}
        },
        Message::ObdHeartbeat(heartbeat) => {
            details.battery_percent = percent(heartbeat.battery);
            details.temperature = heartbeat.temperature();
        }
        Message::ActivityHeartbeat(heartbeat) => {
            if let Some(activity) = heartbeat.activity {
                details.steps = Some(activity.steps);
                details.battery_percent = percent(activity.battery);
                details.motion = activity.moving();
            }
        }
        Message::ItemList(list) => put_items(&mut details, &list),
        Message::Satellites(satellites) => details.snr = Some(satellites.snr()),
        Message::Version(version) => details.firmware = Some(version.text()),
        Message::DoorEvent(event) => details.door = event.open(),
        Message::PassThrough(message) => details.temperature = message.temperature(),
        Message::Information(information) => put_information(&mut details, &information),
        _ => {}
    }
    details.access_points = AccessPoints::new(Protocol::Gt06, frame.as_bytes());
    details
}

fn put_location<'a>(details: &mut Details<'a>, location: &ExtendedLocation<'a>) {
    details.upload_mode = location.upload().map(|upload| upload.mode);
    details.battery_voltage = location.battery_voltage();
    details.ignition_seconds = location.ignition_seconds();
    details.card_id = location.card_id();
    if let Some(items) = location.items() {
        details.accuracy = items
            .accuracy()
            .and_then(|metres| Decimal::new(metres.into(), 2));
        details.battery_percent = items.battery_percent().and_then(percent);
    }
    match location.kind {
        ExtendedLocationKind::Altitude { altitude, .. } => details.altitude = Some(altitude.into()),
        ExtendedLocationKind::CellItems { mode, .. } => details.upload_mode = Some(mode),
        ExtendedLocationKind::LteStatus(LteStatus { battery, .. }) => {
            details.battery_percent = percent(battery);
        }
        ExtendedLocationKind::Climate {
            temperature,
            humidity,
            ..
        } => {
            // The highest bit is the sign.
            let magnitude = i32::from(temperature & 0x7FFF).wrapping_mul(10);
            let sign = if temperature & 0x8000 == 0 { 1 } else { -1 };
            details.temperature =
                Some(Temperature::from_millicelsius(magnitude.wrapping_mul(sign)));
            details.humidity = Decimal::new(humidity.into(), 2);
        }
        _ => {}
    }
}

fn put_items<'a>(details: &mut Details<'a>, list: &ItemList<'a>) {
    details.imsi = list.imsi();
    details.iccid = list.iccid().map(Iccid::Packed);
    details.firmware = list.firmware().map(Text::Bytes);
    details.motion = list.moving();
    details.altitude = list.fix().map(|fix| fix.altitude.into());
    details.hdop = list
        .hdop_tenths()
        .and_then(|tenths| Decimal::new(tenths.into(), 1));
    details.upload_mode = list.events().find_map(|event| event.upload_mode());
    details.temperature = list.tag_temperature();
    details.battery_voltage = list.items.battery_voltage();
    details.battery_percent = list.items.battery_percent().and_then(percent);
}

fn put_information<'a>(details: &mut Details<'a>, information: &Information<'a>) {
    let info = information.info;
    details.temperature = info.temperature();
    details.card_id = info.card_id();
    match info {
        Info::Sim(sim) => {
            details.imsi = Some(sim.imsi());
            details.iccid = Some(Iccid::Packed(sim.iccid()));
        }
        Info::Door { input, .. } => details.door = Some(input.open()),
        Info::Network(0) => details.network = Some(Network::Gsm),
        Info::Network(_) => details.network = Some(Network::Lte),
        Info::Climate { humidity, .. } => details.humidity = Decimal::new(humidity.into(), 1),
        Info::Satellites(satellites) => details.snr = Some(satellites.gps.used),
        _ => {}
    }
}

/// A charge; `None` above 100 per cent.
fn percent(byte: u8) -> Option<u8> {
    Some(byte).filter(|&percent| percent <= 100)
}

/// The access points of a frame.
#[derive(Clone)]
pub(crate) struct AccessPointIter<'a>(Option<AccessPointListIter<'a>>);

impl<'a> Iterator for AccessPointIter<'a> {
    type Item = AccessPoint<'a>;

    fn next(&mut self) -> Option<AccessPoint<'a>> {
        self.0.as_mut()?.next()
    }
}

/// Returns the access points of a frame.
pub(crate) fn access_points(frame: &[u8]) -> AccessPointIter<'_> {
    let points = match Frame::from_candidate(frame).message() {
        Message::CellScan(scan) => scan.access_points(),
        Message::WifiScan(scan) => Some(scan.access_points),
        Message::Lock(lock) => Some(lock.access_points),
        Message::ItemList(list) => list.access_points(),
        _ => None,
    };
    AccessPointIter(points.map(|points| points.iter()))
}
