//! Texts of real devices and of vendor documents, with what they say. Phone numbers, IMEIs, hosts
//! and places are invented. docs/protocols/sms.md explains each of them.

/// A text and what it says, by the names that `values` has: voltages in millivolts, places in
/// millionths of a degree, speeds in metres per hour, courses in ten-thousandths of a degree.
pub struct Text {
    pub text: &'static str,
    pub kind: &'static str,
    pub says: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
pub const TEXTS: [Text; 78] = [
    Text {
        text: "Current position! Lat:S12.345678,Lon:W98.765432,Course:263.28,Speed:0.00Km/h\
            ,DateTime:2021-10-29 11:11:43",
        kind: "location",
        says: &[
            ("latitude", "-12345678"),
            ("longitude", "-98765432"),
            ("course", "2632800"),
            ("speed", "0"),
            ("time", "2021-10-29T11:11:43"),
        ],
    },
    Text {
        text: "Current Position!Lat: N12.34570,Lon: E98.76543,Course: 355,Speed: 2Km/h,DateTime: \
            2020-04-23 11: 00: 48",
        kind: "location",
        says: &[
            ("latitude", "12345700"),
            ("longitude", "98765430"),
            ("course", "3550000"),
            ("speed", "2000"),
            ("time", "2020-04-23T11:00:48"),
        ],
    },
    Text {
        text: "<2023-08-27 12:43:43>http://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("time", "2023-08-27T12:43:43"),
        ],
    },
    Text {
        text: "<DateTime:10-11-23 23:42:51>http://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("time", "2010-11-23T23:42:51"),
        ],
    },
    Text {
        text: "Lat:N12.571285,Lon:E98.877115,Course:42.20,Speed:0.0740,DateTime:10-11-23\n22:28:51",
        kind: "location",
        says: &[
            ("latitude", "12571285"),
            ("longitude", "98877115"),
            ("course", "422000"),
            ("speed", "74"),
            ("time", "2010-11-23T22:28:51"),
        ],
    },
    Text {
        text: "当前位置：DateTime: 2023-08-27 13:47:23 \
            ,http://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("time", "2023-08-27T13:47:23"),
        ],
    },
    Text {
        text: "GPS fail to locate, no data, please try again!",
        kind: "location",
        says: &[("valid", "false")],
    },
    Text {
        text: "SOS Alarm! <DateTime:11-06-17 14:53:06> \
            ,\nhttp://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "sos"),
            ("time", "2011-06-17T14:53:06"),
        ],
    },
    Text {
        text: "Cut Power !<Date Time:11-06-17 14:53:06> \
            ,\nhttp://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "power_cut"),
            ("time", "2011-06-17T14:53:06"),
        ],
    },
    Text {
        text: "Sensor Alarm !<Date Time:11-06-17 14:53:06> \
            ,\nhttp://maps.google.com/maps?q=N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "vibration"),
            ("time", "2011-06-17T14:53:06"),
        ],
    },
    Text {
        text: "(353686009002030)<LocalTime:2017-03-15 \
            11:40:04>http://maps.google.com/maps?q=12.34567,98.76543",
        kind: "location",
        says: &[
            ("latitude", "12345670"),
            ("longitude", "98765430"),
            ("device", "353686009002030"),
            ("time", "2017-03-15T11:40:04"),
        ],
    },
    Text {
        text: "Attention!!!battery too low, please charge.",
        kind: "alarm",
        says: &[("alarm", "low_battery")],
    },
    Text {
        text: "Warning! Battery is too low, power off automatically.",
        kind: "alarm",
        says: &[("alarm", "low_battery")],
    },
    Text {
        text: "Battery:3.41V,Battery too low! Warning; GPRS:Link Up; GSM Signal Level:Strong; \
            GPS:Successful positioning, SVS Used in fix:10(11), GPS Signal \
            Level:32,31,32,31,28,29,29,36,32,33; ACC:OFF; Defense:OFF",
        kind: "status",
        says: &[
            ("battery_voltage", "3410"),
            ("valid", "true"),
            ("satellites", "10"),
            ("ignition", "false"),
            ("armed", "false"),
        ],
    },
    Text {
        text: "Battery:2.97V,NORMAL; GPRS:Link Up GSM Signal Level:Strong; GPS:Successful \
            positioning; SVS Used in fix:12(12); , GPS Signal \
            Level:31,31,27,33,38,31,30,36,34,24,31,18  Defense:OFF;",
        kind: "status",
        says: &[
            ("battery_voltage", "2970"),
            ("valid", "true"),
            ("satellites", "12"),
            ("armed", "false"),
        ],
    },
    Text {
        text: "Charging;GPRS:Link Down;NW Signal \
            Level:strong;PPP_STATE:1;GPS:OFF;Defense:OFF;PWRMD:8;",
        kind: "status",
        says: &[("charging", "true"), ("valid", "false"), ("armed", "false")],
    },
    Text {
        text: "IMEI:353686009002030;VERSION:NT31;MCU_VERSION:1;SERVER:gps.example.com,21100;GET \
            IP:203.0.113.7;APN:internet,1;CSQ:25;GPRS:1;GPS:1,7,33,31,29,28,27,26\
            ,25;BAT:4.02;POWER:12.61;TIMER:10,60;SOS NUM:,,;CENTER:;",
        kind: "status",
        says: &[
            ("device", "353686009002030"),
            ("valid", "true"),
            ("satellites", "7"),
            ("battery_voltage", "4020"),
            ("voltage", "12610"),
        ],
    },
    Text {
        text: "IMEI:353686009002030;IMSI:001010000000001;TIMER:10,10;SENDS:3;HBT:3,3;SOS:,\
            ,;CENTER:;Sensorset:10,2,3,1;Defense time:10;TimeZone:E,8,0; ",
        kind: "status",
        says: &[
            ("device", "353686009002030"),
            ("interval_seconds", "10"),
            ("zone_minutes", "480"),
        ],
    },
    Text {
        text: "GPRS: ON; Currently use APN:internet.example,user,pass; \
            Server:1,gps.example.com,21100,0; URL:http://maps.google.com/maps?q=;",
        kind: "status",
        says: &[
            ("apn", "internet.example"),
            ("server", "gps.example.com:21100"),
            ("transport", "tcp"),
        ],
    },
    Text {
        text: "ICCID:8943000000000000000",
        kind: "status",
        says: &[("iccid", "8943000000000000000")],
    },
    Text {
        text: "EXT-POWER:12.14V;BATTERY:84%;GPRS;FAIL;GSM Signal:H;GPS:FIXED;GPS \
            Signal:L;ACC:off;PowerMode:Normal;",
        kind: "status",
        says: &[
            ("voltage", "12140"),
            ("battery_percent", "84"),
            ("valid", "true"),
            ("ignition", "false"),
        ],
    },
    Text {
        text: "Version: S20_4G_LA_V01_Oct 22 2022_13:49:35",
        kind: "text",
        says: &[],
    },
    Text {
        text: "OK!",
        kind: "confirmation",
        says: &[("completion", "done")],
    },
    Text {
        text: "SERVER_OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "SERVER")],
    },
    Text {
        text: "UNLOCKIP_OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "UNLOCKIP")],
    },
    Text {
        text: "APN_OK, The terminal will restart after 30 seconds!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "APN")],
    },
    Text {
        text: "The terminal will restart after 20 second!",
        kind: "confirmation",
        says: &[("completion", "done")],
    },
    Text {
        text: "RELAY=0 OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "RELAY")],
    },
    Text {
        text: "FORMAT WRONG!",
        kind: "confirmation",
        says: &[("completion", "refused")],
    },
    Text {
        text: "Error: Number of parameters error!",
        kind: "confirmation",
        says: &[("completion", "refused")],
    },
    Text {
        text: "Cut off the fuel supply: Success!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "RELAY,1")],
    },
    Text {
        text: "Restore fuel supply: Success!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "RELAY,0")],
    },
    Text {
        text: "Cut off the fuel supply: Fail!",
        kind: "confirmation",
        says: &[("completion", "refused"), ("command", "RELAY,1")],
    },
    Text {
        text: "Already in the state of  fuel supply cut off, the command is not running!",
        kind: "confirmation",
        says: &[("completion", "already_done")],
    },
    Text {
        text: "Speed Limit, cut off after speed less than 20km/h",
        kind: "confirmation",
        says: &[("completion", "deferred"), ("command", "RELAY,1")],
    },
    Text {
        text: "OK, The terminal will restart after 20 seconds!",
        kind: "confirmation",
        says: &[("completion", "done")],
    },
    Text {
        text: "TIMER set ok. Now data upload period is 20 seconds. ",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "TIMER")],
    },
    Text {
        text: "RESET OK!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "RESET")],
    },
    Text {
        text: "speedok!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "speed")],
    },
    Text {
        text: "supply oil ok!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "supply oil")],
    },
    Text {
        text: "supply electcity ok!\r",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "supply electcity")],
    },
    Text {
        text: "ACC OFF OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "ACC OFF")],
    },
    Text {
        text: "http:/maps.google.com/maps?q=N0.000000,E0.000\r\n000 speed:000.0km/h \
            Time:19:08:12\r\nDate:16/10/04 IMEI:353686009002030",
        kind: "location",
        says: &[
            ("valid", "false"),
            ("speed", "0"),
            ("time", "2016-10-04T19:08:12"),
            ("device", "353686009002030"),
        ],
    },
    Text {
        text: "ACC !!!IMEI:353686009002030N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "acc_on"),
            ("device", "353686009002030"),
        ],
    },
    Text {
        text: "SOS alarm!IMEI:353686009002030N12.345678,E98.765432",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "sos"),
            ("device", "353686009002030"),
        ],
    },
    Text {
        text: "FIX,CONFIG OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "FIX")],
    },
    Text {
        text: "BEGIN OK!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "BEGIN")],
    },
    Text {
        text: "tracker ok!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "tracker")],
    },
    Text {
        text: "APN ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "APN")],
    },
    Text {
        text: "time ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "time")],
    },
    Text {
        text: "noshock ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "noshock")],
    },
    Text {
        text: "low battery! ok!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "low battery")],
    },
    Text {
        text: "Resume engine Succeed",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "resume")],
    },
    Text {
        text: "it will be executed after speed less than 20KM/H",
        kind: "confirmation",
        says: &[("completion", "deferred"), ("command", "stop")],
    },
    Text {
        text: "begin fail",
        kind: "confirmation",
        says: &[("completion", "refused"), ("command", "begin")],
    },
    Text {
        text: "set server ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "set server")],
    },
    Text {
        text: "lat: 12.345678 long: 098.765432 speed: 000.0 05/02/14 10:17 \n\tbat:F signal:F \
            imei:353686009002030",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("speed", "0"),
            ("battery_percent", "100"),
            ("valid", "true"),
            ("device", "353686009002030"),
        ],
    },
    Text {
        text: "lat: 12.345678 long: 98.765432 speed:0.00 28/10/09 03:33 L:3.68V,0, \
            Signal:F\nimei:353686009002030 05 41.9",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "low_battery"),
            ("speed", "0"),
            ("battery_voltage", "3680"),
            ("valid", "true"),
            ("device", "353686009002030"),
        ],
    },
    Text {
        text: "Lac:1234 AB01\nspeed:0.0\nT:17/02/26 \
            19:12\nhttp://maps.google.com/maps?f=q&q=-12.345678,1.506225&z=16\nPwr: ON Door: \
            OFF ACC: OFF\n",
        kind: "location",
        says: &[
            ("latitude", "-12345678"),
            ("longitude", "1506225"),
            ("speed", "0"),
            ("valid", "false"),
            ("last_known", "true"),
            ("lac", "4660"),
            ("cid", "43777"),
            ("ignition", "false"),
            ("external_power", "true"),
            ("time", "2017-02-26T19:12:00"),
        ],
    },
    Text {
        text: "speed 080!\nlat:12.345678\nlong:98.765432\nspeed:85.6\nT:17/02/26 19:12\n",
        kind: "location",
        says: &[
            ("latitude", "12345678"),
            ("longitude", "98765432"),
            ("alarm", "overspeed"),
            ("speed", "85600"),
            ("time", "2017-02-26T19:12:00"),
        ],
    },
    Text {
        text: "battery low!\n",
        kind: "alarm",
        says: &[("alarm", "low_battery")],
    },
    Text {
        text: "Power:ON\nBat:100%\nGPRS:OFF\nGPS:ON\nACC:OFF\nDoor:OFF\nGSM:14\nOil:0.00%\nAPN:inte\
            rnet.example\nIp:203.0.113.7",
        kind: "status",
        says: &[
            ("external_power", "true"),
            ("battery_percent", "100"),
            ("ignition", "false"),
            ("apn", "internet.example"),
        ],
    },
    Text {
        text: "GSM: 100% GPS: OK GPRS: OFF BATTERY: 100%",
        kind: "status",
        says: &[("battery_percent", "100"), ("valid", "true")],
    },
    Text {
        text: "http://maps.google.cn/maps?q=N12.34567%2cW098.76543\nID:9170000001\nACC:OFF\nGPS:A\n\
            Speed:38.00KM/H\n19-12-30 03:20:08",
        kind: "location",
        says: &[
            ("latitude", "12345670"),
            ("longitude", "-98765430"),
            ("device", "9170000001"),
            ("ignition", "false"),
            ("valid", "true"),
            ("speed", "38000"),
            ("time", "2019-12-30T03:20:08"),
        ],
    },
    Text {
        text: "XM_GT09_SW_33.0 2019/08/08\nID:9170000001\nIP:gps.example.com \
            8185\nBAT:5\nAPN:internet\nGPS:V-13-9\nGSM:22\nICCID:89351060000000000000",
        kind: "status",
        says: &[
            ("device", "9170000001"),
            ("valid", "false"),
            ("voltage_level", "5"),
            ("server", "gps.example.com:8185"),
            ("apn", "internet"),
        ],
    },
    Text {
        text: "XM_GT08B_SW_3.0 2016/03/22 19:30 ID:8160000001 IP:203.0.113.7 8185 BAT:6 APN:CMNET \
            GPS:A-11-09 GSM:25",
        kind: "status",
        says: &[("device", "8160000001"), ("valid", "true"), ("voltage_level", "6")],
    },
    Text {
        text: "admin ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "admin")],
    },
    Text {
        text: "speed ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "speed")],
    },
    Text {
        text: "恢复出厂值成功，请从新绑定车主号码!",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "format")],
    },
    Text {
        text: "您的设备掉主电报警，请关注!",
        kind: "alarm",
        says: &[("alarm", "power_cut")],
    },
    Text {
        text: "TIME ZONE SET OK, CURRENT: E08.",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "TIME ZONE SET")],
    },
    Text {
        text: "acc sms alarm set ok",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "acc sms alarm set")],
    },
    Text {
        text: "Lat:+12.34567\nLong:+98.76543\nSpeed:0.00KM/H\nDirection:315.00\nDate:2008-04-25\nTi\
            me:16:39:45\nBS:25ee0dff\nFix:A\nID:353686009002030\nSTATE:LOW POWER\n",
        kind: "location",
        says: &[
            ("latitude", "12345670"),
            ("longitude", "98765430"),
            ("speed", "0"),
            ("course", "3150000"),
            ("lac", "9710"),
            ("cid", "3583"),
            ("alarm", "low_battery"),
            ("valid", "true"),
            ("device", "353686009002030"),
            ("time", "2008-04-25T16:39:45"),
        ],
    },
    Text {
        text: "SET USER NUMBER 1 OK",
        kind: "confirmation",
        says: &[("completion", "done"), ("command", "SET USER NUMBER 1")],
    },
    Text {
        text: "Longitude Latitude: 12.34567:98.76543, Course: 0, speed: 0.05 Km/h, Date: \
            2018-05-04, Time: 21:56:19",
        kind: "location",
        says: &[
            ("latitude", "12345670"),
            ("longitude", "98765430"),
            ("course", "0"),
            ("speed", "50"),
            ("time", "2018-05-04T21:56:19"),
        ],
    },
    Text {
        text: "GPS: Fixed; GPS Signal: L; ACC: OFF; Fuel Supply: OFF;",
        kind: "status",
        says: &[("valid", "true"), ("ignition", "false"), ("relay_cut", "true")],
    },
    Text {
        text: "BATTERY: 85%\nINTERNET: SUCCESS\nNET: HIGH\nGPS: FIXED,9\nSPEED:30KM/H\nACC: \
            ON\nPOWER: CONNECTED,12.5V\nSENSOR: ON,LEVEL: 3\nFORTIFIED STATE: ARM",
        kind: "status",
        says: &[
            ("battery_percent", "85"),
            ("valid", "true"),
            ("satellites", "9"),
            ("speed", "30000"),
            ("ignition", "true"),
            ("voltage", "12500"),
            ("armed", "true"),
        ],
    },
    Text {
        text: "Latitude = 12 22 32.63N Longitude = 98 04 57.37E, Speed = 2.6854Km/h, \
            2008-12-24,01:50",
        kind: "location",
        says: &[
            ("latitude", "12375731"),
            ("longitude", "98082603"),
            ("speed", "2685"),
            ("time", "2008-12-24T01:50:00"),
        ],
    },
];
