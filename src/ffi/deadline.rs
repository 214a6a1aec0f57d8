//! Deadlines of a connection: what passes while it is quiet.

use super::{
    conn::{Parts, gt02_conn, parts},
    gt02_status,
    item::gt02_item,
    memory,
    memory::plain,
    numbers::*,
};
use crate::connection::{Deadlines, Limits};
use core::time::Duration;

/// How long a connection may be quiet, in milliseconds. 0 is the usual time; `GT02_NEVER` is no
/// limit.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct gt02_limits {
    /// How long no byte comes before a pending frame is taken to be whole; usually 300.
    pub silence_ms: u32,
    /// How long no byte comes before the beginning of a frame is taken for noise; usually 5000.
    pub rest_ms: u32,
    /// How long a device may take to say who it is; usually 60 seconds.
    pub login_ms: u32,
    /// How long no frame comes before the device is overdue; usually 10 minutes.
    pub overdue_ms: u32,
    /// How long no frame comes before the connection is dead; usually 30 minutes.
    pub dead_ms: u32,
    /// 0.
    pub reserved: u32,
}

plain! { gt02_limits: size_of::<gt02_limits>() }

impl From<gt02_limits> for Limits {
    fn from(given: gt02_limits) -> Self {
        let usual = Self::DEFAULT;
        let limit = |ms: u32, usual| match ms {
            0 => usual,
            GT02_NEVER => Duration::MAX,
            ms => Duration::from_millis(ms.into()),
        };
        Self {
            silence: limit(given.silence_ms, usual.silence),
            rest: limit(given.rest_ms, usual.rest),
            login: limit(given.login_ms, usual.login),
            overdue: match given.overdue_ms {
                0 => usual.overdue,
                GT02_NEVER => None,
                ms => Some(Duration::from_millis(ms.into())),
            },
            dead: limit(given.dead_ms, usual.dead),
        }
    }
}

/// The clock of a connection, and what it is for.
pub(super) struct Timer {
    pub(super) now: Duration,
    pub(super) deadlines: Deadlines,
    /// Whether the pending bytes are being given out, because no byte follows them.
    is_finishing: bool,
}

impl Timer {
    /// Notes that bytes came.
    pub(super) fn note_bytes(&mut self) {
        self.deadlines.note_bytes(self.now);
        self.is_finishing = false;
    }
}

/// Sets the clock of a connection, in milliseconds since any start: one that is never set back. The
/// first call says when the connection was opened; without it, there are no deadlines.
///
/// # Safety
/// As [`gt02_conn_next`](super::gt02_conn_next).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_set_clock(conn: *mut gt02_conn, ms: u64) -> gt02_status {
    // SAFETY: as the caller promises.
    let Some(Parts { conn, .. }) = (unsafe { parts(conn) }) else {
        return GT02_ERR_ARGUMENT;
    };
    let now = Duration::from_millis(ms);
    match &mut conn.timer {
        Some(timer) => timer.now = timer.now.max(now),
        None => {
            conn.timer = Some(Timer {
                now,
                deadlines: Deadlines::new(Limits::DEFAULT, now),
                is_finishing: false,
            });
        }
    }
    GT02_DONE
}

/// Sets how long a connection may be quiet. `GT02_ERR_NO_TIME` if it has no clock yet.
///
/// # Safety
/// As [`gt02_conn_next`](super::gt02_conn_next); `limits`, if it is not NULL, has `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_set_limits(
    conn: *mut gt02_conn,
    limits: *const gt02_limits,
    size: usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let (Some(Parts { conn, .. }), Some(limits)) =
        (unsafe { (parts(conn), memory::read(limits, size)) })
    else {
        return GT02_ERR_ARGUMENT;
    };
    let Some(timer) = &mut conn.timer else {
        return GT02_ERR_NO_TIME;
    };
    timer.deadlines.limits = limits.into();
    GT02_DONE
}

/// The time by which [`gt02_conn_timeout`] is to be called if no byte comes until then, on the
/// clock of the connection; -1 if nothing is left to wait for.
///
/// # Safety
/// As [`gt02_conn_next`](super::gt02_conn_next).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_deadline(conn: *mut gt02_conn) -> i64 {
    // SAFETY: as the caller promises.
    let Some(Parts { conn, buffer }) = (unsafe { parts(conn) }) else {
        return GT02_ERR_ARGUMENT.into();
    };
    let (decoder, has_device) = (&conn.decoder, conn.session.device().is_some());
    let deadline = conn.timer.as_ref().and_then(|timer| {
        let wait = || decoder.wait(buffer);
        timer.deadlines.next(wait, timer.is_finishing, has_device)
    });
    // What lies beyond the clock is never.
    let ms = deadline.and_then(|at| i64::try_from(at.as_millis()).ok());
    ms.unwrap_or(-1)
}

/// Takes what happened because no byte came until now: pending frames and noise, then deadlines
/// that have passed. It may be called too early.
///
/// # Safety
/// As [`gt02_conn_next`](super::gt02_conn_next).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gt02_conn_timeout(
    conn: *mut gt02_conn,
    item: *mut gt02_item,
    item_size: usize,
) -> gt02_status {
    // SAFETY: as the caller promises.
    let parts = unsafe { parts(conn) };
    let (Some(Parts { conn, buffer }), true) = (parts, memory::is_place(item, item_size)) else {
        return GT02_ERR_ARGUMENT;
    };
    let Some(timer) = &mut conn.timer else {
        return GT02_DONE;
    };
    if !timer.is_finishing {
        let wait = conn.decoder.wait(buffer);
        timer.is_finishing = timer.deadlines.is_finishing(wait, timer.now);
    }
    if timer.is_finishing {
        let found = conn.decoder.finish(buffer);
        if found.is_some() {
            // SAFETY: as the caller promises.
            return unsafe { conn.give(found, item, item_size) };
        }
        timer.is_finishing = false;
    }
    let has_device = conn.session.device().is_some();
    let Some(passed) = timer.deadlines.pass(has_device, timer.now) else {
        return GT02_DONE;
    };
    // SAFETY: as the caller promises.
    unsafe { memory::fill(item, item_size, |item| item.set_passed(passed)) };
    GT02_ITEM
}
