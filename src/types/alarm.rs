use core::fmt;

macro_rules! alarms {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// What a device raises an alarm about.
        ///
        /// The names are those that the makers' documents give the codes; a code that has none there is [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Alarm {
            $($(#[$doc])* $variant,)*
        }

        impl Alarm {
            /// The name in JSON: lower case, words joined by `_`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

alarms! {
    /// Somebody pressed the SOS button.
    Sos "sos",
    /// The external supply, or the vehicle's battery, was cut off.
    PowerCut "power_cut",
    /// Shock or vibration.
    Vibration "vibration",
    /// A geofence was entered.
    GeofenceEnter "geofence_enter",
    /// A geofence was left.
    GeofenceExit "geofence_exit",
    /// Faster than the limit that is set.
    Overspeed "overspeed",
    /// Slower than the limit that is set.
    LowSpeed "low_speed",
    /// Moved while it should not: towed, stolen.
    Displacement "displacement",
    /// The device's own battery is low.
    LowBattery "low_battery",
    /// The external supply is low.
    ExternalLowBattery "external_low_battery",
    /// External supply too low, so the device protects it and stops drawing from it.
    LowBatteryProtection "low_battery_protection",
    /// The device was switched on.
    PowerOn "power_on",
    /// The device is being switched off.
    PowerOff "power_off",
    /// Switched off because the battery is empty.
    LowBatteryShutdown "low_battery_shutdown",
    /// A door was opened.
    DoorOpened "door",
    /// The device fell.
    Fall "fall",
    /// The vehicle had an accident.
    Crash "crash",
    /// The vehicle rolled over.
    Rollover "rollover",
    /// The ignition was switched on.
    AccOn "acc_on",
    /// The ignition was switched off.
    AccOff "acc_off",
    /// The device was taken apart, or pulled off.
    Tamper "tamper",
    /// The device's cover was opened.
    CoverOpened "cover_opened",
    /// Went where there is no GPS.
    GpsLost "gps_dead_zone_enter",
    /// Came back to where there is GPS.
    GpsRegained "gps_dead_zone_exit",
    /// The first fix since the device was switched on.
    FirstFix "first_fix",
    /// Another SIM is in the device.
    SimChanged "sim_changed",
    /// Airplane mode.
    AirplaneMode "airplane_mode",
    /// Noise was heard.
    Sound "sound",
    /// A base station that is a fake.
    FakeBaseStation "fake_base_station",
    /// The device goes to sleep.
    Sleep "sleep",
    /// A charger was plugged in.
    ChargerInserted "charger_inserted",
    /// Accelerated hard.
    HarshAcceleration "harsh_acceleration",
    /// Braked hard.
    HarshBraking "harsh_braking",
    /// A sharp turn to the left.
    SharpLeft "sharp_left",
    /// A sharp turn to the right.
    SharpRight "sharp_right",
    /// A sharp turn.
    SharpTurn "sharp_turn",
    /// Changed the lane abruptly.
    LaneChange "lane_change",
    /// The vehicle is unstable.
    VehicleUnstable "stability",
    /// The angle of the device changed.
    AngleChanged "angle",
    /// The device was tilted.
    Tilt "tilt",
    /// Theft.
    Theft "theft",
    /// Started without permission.
    IllegalStart "illegal_start",
    /// A button was pressed.
    Button "button",
    /// The line that carries the vehicle's pulses was cut.
    PulseLineCut "pulse_line_cut",
    /// A code that no document names, or not always the same; the report has the code.
    Other "other",
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
