use core::fmt;

macro_rules! alarms {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// What a device raises an alarm about.
        ///
        /// The names are those that the vendor documents give the codes; a code without a name there
        /// is [`Other`](Self::Other). The discriminants are stable: an alarm keeps its number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Alarm {
            $($(#[$doc])* $variant = $number,)*
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
    Sos = 1, "sos";
    /// The external supply, or the vehicle's battery, was cut off.
    PowerCut = 2, "power_cut";
    /// Shock or vibration.
    Vibration = 3, "vibration";
    /// A geofence was entered.
    GeofenceEnter = 4, "geofence_enter";
    /// A geofence was left.
    GeofenceExit = 5, "geofence_exit";
    /// Faster than the limit that is set.
    Overspeed = 6, "overspeed";
    /// Slower than the limit that is set.
    LowSpeed = 7, "low_speed";
    /// Moved while it should not: towed, stolen.
    Displacement = 8, "displacement";
    /// The device's own battery is low.
    LowBattery = 9, "low_battery";
    /// The external supply is low.
    ExternalLowBattery = 10, "external_low_battery";
    /// External supply too low, so the device protects it and stops drawing from it.
    LowBatteryProtection = 11, "low_battery_protection";
    /// The device was switched on.
    PowerOn = 12, "power_on";
    /// The device is being switched off.
    PowerOff = 13, "power_off";
    /// Switched off because the battery is empty.
    LowBatteryShutdown = 14, "low_battery_shutdown";
    /// A door was opened.
    DoorOpened = 15, "door";
    /// The device fell.
    Fall = 16, "fall";
    /// The vehicle had an accident.
    Crash = 17, "crash";
    /// The vehicle rolled over.
    Rollover = 18, "rollover";
    /// The ignition was switched on.
    AccOn = 19, "acc_on";
    /// The ignition was switched off.
    AccOff = 20, "acc_off";
    /// The device was taken apart, or pulled off.
    Tamper = 21, "tamper";
    /// The device's cover was opened.
    CoverOpened = 22, "cover_opened";
    /// Went where there is no GPS.
    GpsLost = 23, "gps_dead_zone_enter";
    /// Came back to where there is GPS.
    GpsRegained = 24, "gps_dead_zone_exit";
    /// The first fix since the device was switched on.
    FirstFix = 25, "first_fix";
    /// Another SIM is in the device.
    SimChanged = 26, "sim_changed";
    /// Airplane mode.
    AirplaneMode = 27, "airplane_mode";
    /// Noise was heard.
    Sound = 28, "sound";
    /// A base station that is a fake.
    FakeBaseStation = 29, "fake_base_station";
    /// The device goes to sleep.
    Sleep = 30, "sleep";
    /// A charger was plugged in.
    ChargerInserted = 31, "charger_inserted";
    /// Accelerated hard.
    HarshAcceleration = 32, "harsh_acceleration";
    /// Braked hard.
    HarshBraking = 33, "harsh_braking";
    /// A sharp turn to the left.
    SharpLeft = 34, "sharp_left";
    /// A sharp turn to the right.
    SharpRight = 35, "sharp_right";
    /// A sharp turn.
    SharpTurn = 36, "sharp_turn";
    /// Changed the lane abruptly.
    LaneChange = 37, "lane_change";
    /// The vehicle is unstable.
    VehicleUnstable = 38, "stability";
    /// The angle of the device changed.
    AngleChanged = 39, "angle";
    /// The device was tilted.
    Tilt = 40, "tilt";
    /// Theft.
    Theft = 41, "theft";
    /// Started without permission.
    IllegalStart = 42, "illegal_start";
    /// A button was pressed.
    Button = 43, "button";
    /// The line that carries the vehicle's pulses was cut.
    PulseLineCut = 44, "pulse_line_cut";
    /// A code that no document names, or not always the same; the report has the code.
    Other = 255, "other";
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
