//! What devices send: the seeds of the fuzz targets, for each protocol that is built.

/// A protocol, and its streams.
pub type Traffic = (&'static str, &'static [&'static [u8]]);

/// The files in `fuzz/seeds`.
macro_rules! seeds {
    ($($name:literal)*) => {
        &[$(include_bytes!(concat!("../../fuzz/seeds/", $name))),*]
    };
}

pub const ALL: &[Traffic] = &[
    (
        "gt02",
        seeds!("ack" "command" "heartbeat" "location" "response"),
    ),
    #[cfg(feature = "gt06")]
    (
        "gt06",
        seeds!(
            "gt06-login" "gt06-location" "gt06-01-time" "gt06-11-position" "gt06-16-card"
            "gt06-16-long-id" "gt06-17-card" "gt06-21-door" "gt06-22-climate" "gt06-22-vehicle"
            "gt06-25" "gt06-2c" "gt06-31" "gt06-32-alarm" "gt06-32-location" "gt06-32-lock"
            "gt06-33-lock" "gt06-36-card" "gt06-36-items" "gt06-37" "gt06-38" "gt06-61"
            "gt06-70-cell" "gt06-70-fix" "gt06-94-card" "gt06-94-thermometer" "gt06-97-wide"
            "gt06-98" "gt06-9b" "gt06-a0" "gt06-a1" "gt06-a2" "gt06-a3-alarm" "gt06-a3-heartbeat"
            "gt06-a4" "gt06-a5" "gt06-a7" "gt06-f1" "gt06-f3"
        ),
    ),
    #[cfg(feature = "tk103")]
    ("tk103", seeds!("tk103" "tk103-binary" "tk103-cells")),
    #[cfg(feature = "v680")]
    (
        "v680",
        seeds!("v680" "v680-lines" "v680-lines-numbers" "v680-lines-wifi"),
    ),
    #[cfg(feature = "h02")]
    ("h02", seeds!("h02" "h02-binary" "h02-more" "h02-sms")),
];
