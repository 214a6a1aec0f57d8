use core::fmt;

macro_rules! alarms {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// The cause of an alarm.
        ///
        /// The names are those that the vendor documents give the codes, or public decoders where
        /// those are silent. A code without a name is [`Other`](Self::Other). The discriminants are
        /// stable: an alarm keeps its number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Alarm {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Alarm {
            /// Returns the name in JSON: lower case, words joined by `_`.
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
    /// The speed is above the configured limit.
    Overspeed = 6, "overspeed";
    /// The speed is below the configured limit.
    LowSpeed = 7, "low_speed";
    /// The vehicle moved although it should not, for example because it is towed.
    Displacement = 8, "displacement";
    /// The device's own battery is low.
    LowBattery = 9, "low_battery";
    /// The external supply is low.
    ExternalLowBattery = 10, "external_low_battery";
    /// The external supply is too low, so the device stops drawing from it.
    LowBatteryProtection = 11, "low_battery_protection";
    /// The device was switched on.
    PowerOn = 12, "power_on";
    /// The device is being switched off.
    PowerOff = 13, "power_off";
    /// The device switches itself off because its battery is empty.
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
    /// The device lost GPS reception.
    GpsLost = 23, "gps_dead_zone_enter";
    /// The device has GPS reception again.
    GpsRegained = 24, "gps_dead_zone_exit";
    /// The first fix since the device was switched on.
    FirstFix = 25, "first_fix";
    /// The SIM was changed.
    SimChanged = 26, "sim_changed";
    /// The device is in airplane mode.
    AirplaneMode = 27, "airplane_mode";
    /// Noise was heard.
    Sound = 28, "sound";
    /// A fake base station was detected.
    FakeBaseStation = 29, "fake_base_station";
    /// The device goes to sleep.
    Sleep = 30, "sleep";
    /// A charger was plugged in.
    ChargerInserted = 31, "charger_inserted";
    /// The vehicle accelerated hard.
    HarshAcceleration = 32, "harsh_acceleration";
    /// The vehicle braked hard.
    HarshBraking = 33, "harsh_braking";
    /// The vehicle turned sharply to the left.
    SharpLeft = 34, "sharp_left";
    /// The vehicle turned sharply to the right.
    SharpRight = 35, "sharp_right";
    /// The vehicle turned sharply.
    SharpTurn = 36, "sharp_turn";
    /// The vehicle changed lanes abruptly.
    LaneChange = 37, "lane_change";
    /// The vehicle is unstable.
    VehicleUnstable = 38, "stability";
    /// The angle of the device changed.
    AngleChanged = 39, "angle";
    /// The device was tilted.
    Tilt = 40, "tilt";
    /// A theft.
    Theft = 41, "theft";
    /// The vehicle was started without permission.
    IllegalStart = 42, "illegal_start";
    /// A button was pressed.
    Button = 43, "button";
    /// The line that carries the vehicle's pulses was cut.
    PulseLineCut = 44, "pulse_line_cut";
    /// A code without a name, or with different ones for different makers.
    /// [`Report::alarm_code`](crate::Report::alarm_code) has the code.
    Other = 255, "other";
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
