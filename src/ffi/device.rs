//! The device's side: plain values to frames.

use super::{
    gt02_status,
    item::{gt02_item, protocol_of},
    memory,
    memory::plain,
    numbers::*,
    status_of,
    values::{gt02_cell, gt02_slice, gt02_time},
};
use crate::{
    device::{Device, ExpectedReply, Fix, Status, Uplink, UplinkError},
    types::{Alarm, Course, DeviceId, Position, Speed},
};
use core::ffi::c_char;

/// A device: its id, its protocol, the serial of its next frame, and the reply that it waits for.
/// It may be copied.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_device {
    /// For the library alone.
    pub opaque: [u64; 16],
}

/// What is in a [`gt02_device`].
#[derive(Clone, Copy)]
struct State {
    /// [`MARK`], once it was set up.
    mark: u32,
    device: Device,
    expects: Option<ExpectedReply>,
}

/// `dev!`.
const MARK: u32 = 0x6465_7621;

const _: () = assert!(size_of::<State>() <= size_of::<gt02_device>());
const _: () = assert!(align_of::<State>() <= align_of::<gt02_device>());

/// What a device says. All zeros are nothing; fields mean the same as those of `gt02_item`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_uplink {
    /// Which of `satellites`, `voltage_level` and `gsm_level` are known: bits `GT02_HAS_...`; and
    /// in the upper half which flags are.
    pub has: u64,
    /// The text of a response, printable ASCII.
    pub text: gt02_slice,
    /// Speed over ground, in units of 1e-6 km/h.
    pub speed_e6: u64,
    /// Date and time, UTC.
    pub time: gt02_time,
    /// The serving cell; none if its `has` is 0.
    pub cell: gt02_cell,
    /// Latitude in units of 1e-7 degrees.
    pub latitude_e7: i32,
    /// Longitude in units of 1e-7 degrees.
    pub longitude_e7: i32,
    /// Course over ground in units of 1e-4 degrees.
    pub course_e4: u32,
    /// Bits `GT02_FLAG_...`. A fix is valid if that is not known.
    pub flags: u32,
    /// `GT02_KIND_LOGIN`, `_HEARTBEAT`, `_LOCATION`, `_ALARM` or `_RESPONSE`.
    pub kind: u8,
    /// `GT02_ALARM_...` of an alarm.
    pub alarm: u8,
    /// Number of satellites.
    pub satellites: u8,
    /// Raw level of the battery or supply.
    pub voltage_level: u8,
    /// Raw level of the mobile network's signal.
    pub gsm_level: u8,
    /// 0.
    pub reserved: [u8; 3],
}

plain! {
    gt02_device: size_of::<gt02_device>(),
    gt02_uplink: size_of::<gt02_uplink>(),
}

impl gt02_uplink {
    fn flag(&self, flag: u32) -> Option<bool> {
        let is_known = self.has & u64::from(flag) << 32 != 0;
        is_known.then_some(self.flags & flag != 0)
    }

    fn value(&self, bit: u64, value: u8) -> Option<u8> {
        (self.has & bit != 0).then_some(value)
    }

    fn status(&self) -> Status {
        let mut status = Status::new();
        status.voltage_level = self.value(GT02_HAS_VOLTAGE_LEVEL, self.voltage_level);
        status.gsm_level = self.value(GT02_HAS_GSM_LEVEL, self.gsm_level);
        status.charging = self.flag(GT02_FLAG_CHARGING);
        status.ignition = self.flag(GT02_FLAG_IGNITION);
        status.relay_cut = self.flag(GT02_FLAG_RELAY_CUT);
        status.armed = self.flag(GT02_FLAG_ARMED);
        status.valid = self.flag(GT02_FLAG_VALID);
        status
    }

    /// The fix; `None` if a value of it does not exist.
    fn fix(&self) -> Option<Fix> {
        let position = Position::from_e7(self.latitude_e7, self.longitude_e7)?;
        let mut fix = Fix::new(self.time.get()?, position);
        fix.speed = Some(speed_of(self.speed_e6)?);
        fix.course = Some(Course::from_ten_thousandths(self.course_e4)?);
        fix.satellites = self.value(GT02_HAS_SATELLITES, self.satellites);
        fix.valid = self.flag(GT02_FLAG_VALID).unwrap_or(true);
        fix.resent = self.flag(GT02_FLAG_RESENT).unwrap_or(false);
        fix.cell = self.cell.get();
        fix.ignition = self.flag(GT02_FLAG_IGNITION);
        Some(fix)
    }
}

/// The speed that is nearest to this many 1e-6 km/h, in the unit in which it is whole.
fn speed_of(speed_e6: u64) -> Option<Speed> {
    if !speed_e6.is_multiple_of(1000) && speed_e6.is_multiple_of(1852) {
        return (speed_e6 / 1852).try_into().ok().map(Speed::MilliKnots);
    }
    let metres = speed_e6.checked_add(500)? / 1000;
    metres.try_into().ok().map(Speed::MetresPerHour)
}

/// The state of a device that was set up.
///
/// # Safety
/// A pointer that is not NULL points to a `gt02_device`.
unsafe fn state(device: *const gt02_device) -> Option<State> {
    if device.is_null() || !device.is_aligned() {
        return None;
    }
    // SAFETY: `opaque` has room for it, and is aligned for it. Only the mark is read before it is
    // known to be one.
    let state = unsafe {
        let place = device.cast::<State>();
        if (&raw const (*place).mark).read() != MARK {
            return None;
        }
        place.read()
    };
    Some(state)
}

/// Sets a device up that speaks a protocol, `GT02_PROTOCOL_...`, and has this id: 1 to 16 digits.
/// `GT02_ERR_SYNTAX` for another text.
///
/// # Safety
/// `device`, if it is not NULL, has `size` bytes; `id`, if it is not NULL, ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_device_init(
    device: *mut gt02_device,
    size: usize,
    protocol: u8,
    id: *const c_char,
) -> gt02_status {
    let (true, Some(protocol)) = (memory::is_place(device, size), protocol_of(protocol)) else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: as the caller promises.
    let id = unsafe { memory::text(id) };
    let Some(id) = id.and_then(|id| DeviceId::from_ascii(id.as_bytes())) else {
        return GT02_ERR_SYNTAX;
    };
    let state = State {
        mark: MARK,
        device: Device::new(protocol, id),
        expects: None,
    };
    // SAFETY: the place has room for the state, and is aligned for it.
    unsafe {
        device.write(gt02_device { opaque: [0; 16] });
        device.cast::<State>().write(state);
    }
    GT02_DONE
}

/// Writes what a device says as one frame, and increments its serial. `*written` is the length of
/// the frame.
///
/// # Safety
/// The pointers, if they are not NULL, point to what they say; `device` was set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_device_encode(
    device: *mut gt02_device,
    uplink: *const gt02_uplink,
    uplink_size: usize,
    out: *mut u8,
    room: usize,
    written: *mut usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let (state, uplink, out) = unsafe {
        (
            state(device),
            memory::read(uplink, uplink_size),
            memory::room(out, room),
        )
    };
    let (Some(mut state), Some(uplink), Some(out), false) = (state, uplink, out, written.is_null())
    else {
        return GT02_ERR_ARGUMENT;
    };
    // SAFETY: the text is what the caller says, too.
    let Some(text) = (unsafe { memory::bytes(uplink.text.ptr, uplink.text.len) }) else {
        return GT02_ERR_ARGUMENT;
    };
    let said = match (uplink.kind, uplink.fix()) {
        (GT02_KIND_LOGIN, _) => Uplink::Login,
        (GT02_KIND_HEARTBEAT, _) => Uplink::Heartbeat(uplink.status()),
        (GT02_KIND_LOCATION, Some(fix)) => Uplink::Location(fix),
        (GT02_KIND_ALARM, Some(fix)) => match alarm_of(uplink.alarm) {
            Some(alarm) => Uplink::Alarm {
                alarm,
                fix,
                status: uplink.status(),
            },
            None => return GT02_ERR_ARGUMENT,
        },
        (GT02_KIND_LOCATION | GT02_KIND_ALARM, None) => return GT02_ERR_RANGE,
        (GT02_KIND_RESPONSE, _) => match core::str::from_utf8(text) {
            Ok(text) => Uplink::Response(text),
            Err(_) => return GT02_ERR_SYNTAX,
        },
        _ => return GT02_ERR_ARGUMENT,
    };
    let mut len = 0;
    let status = match state.device.encode(&said, out) {
        Ok(sent) => {
            len = sent.len;
            state.expects = sent.expects;
            // SAFETY: `state` was read from there.
            unsafe { device.cast::<State>().write(state) };
            GT02_DONE
        }
        // `encode` does not wait.
        Err(UplinkError::Unsupported { .. } | UplinkError::Waiting) => GT02_ERR_UNSUPPORTED,
        Err(UplinkError::InvalidTime) => GT02_ERR_RANGE,
        Err(UplinkError::Encode(error)) => status_of(error, &mut len),
    };
    // SAFETY: it is not NULL; the caller promises the rest.
    unsafe { written.write_unaligned(len) };
    status
}

/// Whether the server owes a reply to the last frame: 1 or 0; `GT02_ERR_ARGUMENT` if the device
/// was not set up.
///
/// # Safety
/// As [`gt02_device_encode`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_device_waits(device: *const gt02_device) -> i32 {
    // SAFETY: as the caller promises.
    match unsafe { state(device) } {
        Some(state) => i32::from(state.expects.is_some()),
        None => GT02_ERR_ARGUMENT,
    }
}

/// Whether an item that came from the server is the reply that the device waits for: 1 or 0;
/// `GT02_ERR_ARGUMENT` if the device was not set up.
///
/// # Safety
/// As [`gt02_device_encode`]; `item`, if it is not NULL, was written by the library, and its bytes
/// are still there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_device_is_answer(
    device: *const gt02_device,
    item: *const gt02_item,
) -> i32 {
    // SAFETY: as the caller promises.
    let (state, frame) = unsafe { (state(device), gt02_item::frame_at(item)) };
    let Some(state) = state else {
        return GT02_ERR_ARGUMENT;
    };
    let answers = state.expects.zip(frame);
    i32::from(answers.is_some_and(|(expected, frame)| expected.is_met_by(&frame)))
}

/// The alarm of a number.
fn alarm_of(number: u8) -> Option<Alarm> {
    alarms!(variant_of number:)
}
