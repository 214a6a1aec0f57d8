//! The views of the command `decode` for other programs: CSV, and the map for a browser.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/command.rs"]
mod command;

use command::Run;
use serde_json::{Value, json};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Two drives in a log of Traccar, with a stop and alarms.
const DRIVES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/two_drives.log");

/// Runs the command with this standard input.
fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    command::run("decode", args, input)
}

/// What makes the drives.
mod drives {
    use super::*;

    /// A leg: the direction to the east and the north in thousandths, km/h, reports, and the status
    /// word of the last of them.
    type Leg = (i64, i64, i64, usize, &'static str);

    const NONE: &str = "FFFFFFFF";
    const SOS: &str = "FFFFFFFD";
    const OVERSPEED: &str = "FFFFFFFB";

    const FIRST: [Leg; 15] = [
        (0, 1000, 18, 4, NONE),
        (500, 866, 42, 8, NONE),
        (966, 259, 48, 10, NONE),
        (985, -174, 64, 12, NONE),
        (819, -574, 82, 10, NONE),
        (259, -966, 105, 8, OVERSPEED),
        (-87, -996, 71, 8, NONE),
        (-643, -766, 33, 6, NONE),
        (0, 0, 0, 30, NONE),
        (-999, -35, 28, 6, NONE),
        (-940, 342, 52, 10, NONE),
        (-766, 643, 14, 5, SOS),
        (-643, 766, 46, 8, NONE),
        (-174, 985, 55, 10, NONE),
        (174, 985, 12, 3, NONE),
    ];
    const SECOND: [Leg; 7] = [
        (1000, 0, 15, 4, NONE),
        (940, 342, 38, 10, NONE),
        (643, 766, 58, 14, NONE),
        (985, 174, 76, 14, NONE),
        (985, -174, 96, 12, NONE),
        (866, -500, 44, 8, NONE),
        (500, -866, 9, 3, NONE),
    ];

    fn two(number: usize) -> String {
        format!("{number:02}")
    }

    /// Adds the lines of one device, one each 10 seconds from that second of the day on.
    fn drive(
        lines: &mut Vec<(usize, String)>,
        legs: &[Leg],
        id: &str,
        connection: &str,
        mut second: usize,
        (mut north, mut east): (i64, i64),
    ) {
        for (to_east, to_north, kmh, count, last) in legs {
            for number in 1..=*count {
                // In 10 seconds, in ten thousandths of a minute, at 47 degrees.
                north += to_north * kmh * 15 / 1000;
                east += to_east * kmh * 22 / 1000;
                let clock = [second / 3600, second / 60 % 60, second % 60].map(two);
                let status = if number == *count { last } else { NONE };
                let course =
                    (90.0 - (*to_north as f64).atan2(*to_east as f64).to_degrees()).round();
                let course = (course as i64).rem_euclid(360);
                let knots = kmh * 1000 / 1852;
                let mut line = String::new();
                write!(
                    line,
                    "2026-05-04 {}  INFO: [{connection}: h02 < 10.20.0.21] *HQ,{id},V1,{},A,47{:02}.{:04},N,008{:02}.{:04},E,{knots:03}.00,{course:03},040526,{status}#\\r\\n",
                    clock.join(":"),
                    clock.concat(),
                    north / 10_000,
                    north % 10_000,
                    east / 10_000,
                    east % 10_000,
                )
                .unwrap();
                lines.push((second, line));
                second += 10;
            }
        }
    }

    pub fn log() -> String {
        let mut lines = Vec::new();
        let hour = 3600;
        let (first, second) = ((221_000, 320_000), (226_500, 318_000));
        drive(
            &mut lines,
            &FIRST,
            "4209951201",
            "T1c7be001",
            8 * hour,
            first,
        );
        drive(
            &mut lines,
            &SECOND,
            "4209951202",
            "T1c7be002",
            8 * hour + 125,
            second,
        );
        lines.sort();
        lines.into_iter().map(|(_, line)| line + "\n").collect()
    }

    #[test]
    fn are_what_this_makes() {
        assert!(
            fs::read_to_string(DRIVES).is_ok_and(|sample| sample == log()),
            "run `cargo test -p gt02-cli --test decode_views -- --ignored`"
        );
    }

    #[test]
    #[ignore = "writes examples/two_drives.log"]
    fn write() {
        fs::write(DRIVES, log()).unwrap();
    }
}

mod csv {
    use super::*;
    use ::csv::{Reader, StringRecord};
    use std::collections::BTreeMap;

    /// The rows, with the cells that are not empty.
    #[track_caller]
    fn rows(args: &[&str], input: impl AsRef<[u8]>) -> Vec<BTreeMap<String, String>> {
        let run = run(&[&["--csv", "-q"], args].concat(), input);
        assert_eq!((run.status, run.messages.as_str()), (0, ""));
        let mut reader = Reader::from_reader(run.out.as_bytes());
        let header = reader.headers().unwrap().clone();
        let cells = |row: StringRecord| {
            assert_eq!(row.len(), header.len());
            let cells = header.iter().zip(&row);
            cells
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                .collect()
        };
        reader.records().map(|row| cells(row.unwrap())).collect()
    }

    /// The header is a promise: columns may be added before the last one, and none goes.
    #[test]
    fn header() {
        let run = run(&["--csv", "-q", DRIVES], "");
        assert_eq!(
            run.out.lines().next().unwrap(),
            "received,connection,direction,protocol,kind,code,device,imei,serial,time,record,\
             latitude,longitude,valid,speed_kmh,course,satellites,hdop,altitude,alarm,alarm_code,\
             ignition,charging,armed,relay_cut,gps_tracking,door,motion,voltage,voltage_level,\
             battery_percent,battery_voltage,gsm_level,csq,temperature,humidity,fuel,odometer,\
             resent,mcc,mnc,lac,cid,imsi,iccid,firmware,text,reason,crc_ok,reply,raw,other"
        );
    }

    /// Each value of the JSON is in a column, or in the last one.
    #[test]
    fn has_what_json_has() {
        for log in ["gt02", "gt06", "tk103", "v680", "h02"] {
            let log = format!(
                "{}/../../examples/{log}_drive.log",
                env!("CARGO_MANIFEST_DIR")
            );
            let rows = rows(&[&log], "");
            let json = run(&["--json", "-q", &log], "").out;
            assert_eq!(rows.len(), json.lines().count());
            for (mut row, line) in rows.into_iter().zip(json.lines()) {
                let expected: Value = serde_json::from_str(line).unwrap();
                let other = row.remove("other").unwrap_or("{}".to_owned());
                let mut fields: Value = serde_json::from_str(&other).unwrap();
                for (name, cell) in row {
                    let value = match serde_json::from_str(&cell) {
                        Ok(Value::Number(number)) if !expected[&name].is_string() => json!(number),
                        Ok(Value::Bool(value)) => json!(value),
                        _ => json!(cell),
                    };
                    match name.as_str() {
                        "direction" if value == "up" => {}
                        "received" => fields["at"] = value,
                        "mcc" | "mnc" | "lac" | "cid" => fields["cell"][name] = value,
                        _ => fields[name] = value,
                    }
                }
                assert_eq!(fields, expected);
            }
        }
    }

    #[test]
    fn a_row_for_each_position() {
        const RECORDS: &str = "#356823031166908#13001190527#0#0000#AUT#2#\
            V#07136.0000,W,1041.0000,N,010.00,257#280813#142846\
            #66830FFB#07136.4070,W,1040.0575,N,000.35,#280813#142836##";
        let rows = rows(&[], RECORDS);
        let cells = |name: &str| -> Vec<String> {
            rows.iter()
                .map(|row| row.get(name).cloned().unwrap_or_default())
                .collect()
        };
        assert_eq!(cells("record"), ["1", "2"]);
        assert_eq!(
            cells("time"),
            ["2013-08-28T14:28:46", "2013-08-28T14:28:36"]
        );
        assert_eq!(cells("course"), ["257", ""]);
        assert_eq!(cells("kind"), ["location"; 2]);
        assert_eq!(cells("device"), ["356823031166908"; 2]);
        assert_eq!(cells("raw"), [hex::encode(RECORDS), String::new()]);
        assert_eq!(cells("other"), [""; 2]);
    }

    /// What a device sends is no formula, and stays in its cell.
    #[test]
    fn texts_from_outside() {
        for (text, cell) in [
            ("=1+2", "'=1+2"),
            ("@a\",\"b\\nc", "'@a\",\"b\nc"),
            ("plain, text", "plain, text"),
        ] {
            let rows = rows(&[], format!("*HQ,11223344,SMS,{text}#\n"));
            assert_eq!(rows[0]["text"], cell);
        }
    }

    #[test]
    fn noise_has_a_row() {
        let rows = rows(&["--format", "raw"], "what is it");
        assert_eq!(rows[0]["kind"], "noise");
        assert_eq!(rows[0]["reason"], "garbage");
        assert_eq!(rows[0]["direction"], "up");
    }
}

mod map {
    use super::*;
    use browser::Browser;

    /// Writes the map of this input, and returns where it is and its text.
    fn page(name: &str, args: &[&str], input: &str) -> (PathBuf, String) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let run = run(&[&["--map", path.to_str().unwrap()], args].concat(), input);
        assert_eq!((run.status, run.out.as_str()), (0, ""), "{}", run.messages);
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    }

    /// The data of a page.
    fn tracks(page: &str) -> Vec<Value> {
        let (_, data) = page
            .split_once("<script type=\"application/json\" id=\"data\">")
            .unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        let data: Value = serde_json::from_str(data).unwrap();
        data["tracks"].as_array().unwrap().clone()
    }

    #[test]
    fn has_the_drives_and_nothing_from_elsewhere() {
        let (_, page) = page("drives.html", &[DRIVES], "");
        let tracks = tracks(&page);
        assert_eq!(tracks[0]["name"], "4209951201");
        assert_eq!(tracks[1]["name"], "4209951202");
        let points = tracks[0]["points"].as_array().unwrap();
        assert_eq!(points.len(), 138);
        let alarms: Vec<&Value> = points
            .iter()
            .map(|point| &point[4])
            .filter(|alarm| !alarm.is_null())
            .collect();
        assert_eq!(alarms, ["overspeed", "sos"]);
        let [stop] = tracks[0]["stops"].as_array().unwrap().as_slice() else {
            panic!("{}", tracks[0]["stops"])
        };
        // From the last report before it to the first one that is 60 m away.
        assert_eq!(stop["minutes"], 5);
        assert_eq!(tracks[1]["stops"], json!([]));
        for (word, count) in [
            ("http:", 0),
            ("https:", 0),
            ("src=", 0),
            ("url(", 0),
            ("<script", 2),
        ] {
            assert_eq!(page.matches(word).count(), count, "{word}");
        }
    }

    #[test]
    fn times_and_order() {
        let frame = |clock: &str, minutes: &str| {
            format!(
                "*HQ,4209951201,V1,{clock},A,47{minutes},N,00832.0000,E,0.00,0,040526,FFFFFFFF#\n"
            )
        };
        // Late, repeated, and by a clock that is ahead.
        let input = [
            frame("080010", "22.2000"),
            frame("080000", "22.1000"),
            frame("080010", "22.2000"),
        ]
        .concat();
        let times = |args: &[&str]| -> Vec<String> {
            let (_, page) = page("order.html", args, &input);
            let points = tracks(&page)[0]["points"].as_array().unwrap().clone();
            points
                .iter()
                .map(|point| point[2].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(times(&[]), ["2026-05-04T08:00:00", "2026-05-04T08:00:10"]);
        assert_eq!(
            times(&["--utc-offset", "+01:00"]),
            ["2026-05-04T07:00:00Z", "2026-05-04T07:00:10Z"]
        );
    }

    /// Texts from devices that would leave the data, and do something.
    fn evil() -> String {
        let mut input = String::new();
        for (second, text) in [
            "</script><script>window.harm=1</script>",
            "<img src=x onerror=window.harm=1>",
            "<!--<script>",
            "]]>&lt;",
        ]
        .into_iter()
        .enumerate()
        {
            writeln!(
                input,
                "*HQ,865205030001111,V4,{text},130305,05031{second},A,2250.1480,N,11425.2945,E,0.00,0,010615,FFFFFFFD#"
            )
            .unwrap();
        }
        input
    }

    #[test]
    fn texts_from_outside_stay_data() {
        let (_, page) = page("evil.html", &[], &evil());
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</script>").count(), 2);
        assert_eq!(page.matches("<img").count(), 0);
        let points = tracks(&page)[0]["points"].as_array().unwrap().clone();
        assert_eq!(
            points[0][5]["code"], "</script><script>window.harm=1</script>",
            "it is shown all the same"
        );
    }

    fn place(value: &Value) -> (f64, f64) {
        (value[0].as_f64().unwrap(), value[1].as_f64().unwrap())
    }

    /// The page in a browser, if there is one: it shows the drives, a click shows a report, it can
    /// be moved, and it asks nobody for anything.
    #[test]
    fn in_a_browser() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let _ = fs::remove_dir_all(&folder);
        let browser = match Browser::start(&folder) {
            Ok(browser) => browser,
            Err(reason) => return println!("SKIPPED: {reason}"),
        };
        let (path, _) = page("shown.html", &[DRIVES], "");
        browser.open(&path);
        let count =
            |what: &str| browser.value(&format!("document.querySelectorAll('{what}').length"));
        let text =
            |what: &str| browser.value(&format!("document.querySelector('{what}').innerText"));
        assert_eq!(count("#devices li"), 2);
        assert_eq!(count("#alarms li"), 2);
        assert_eq!(count("#stops li"), 1);
        // Metres for each pixel, as the scale bar says.
        let scale = || {
            let text = text("#scale");
            let (number, unit) = text.as_str().unwrap().split_once(' ').unwrap();
            let metres = number.parse::<f64>().unwrap() * if unit == "km" { 1000.0 } else { 1.0 };
            let bar =
                browser.value("document.querySelector('#scale div').getBoundingClientRect().width");
            metres / bar.as_f64().unwrap()
        };

        // The colours of slow and fast are there, in the middle of the reports.
        let colour = |track: usize, point: usize| {
            browser.value(&format!(
                "(() => {{ paint(); const [x, y] = placeOf({track}, {point}), ratio = devicePixelRatio; \
                 return [...pen.getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3).join() }})()"
            ))
        };
        assert_eq!(colour(0, 45), "208,52,44", "105 km/h");
        assert_eq!(colour(1, 8), "20,144,138", "38 km/h");

        let at = |track: usize, point: usize| {
            place(&browser.value(&format!("placeOf({track}, {point})")))
        };
        let (begin, end) = (at(0, 0), at(0, 3));
        let metres = (end.0 - begin.0).hypot(end.1 - begin.1) * scale();
        assert!(
            (metres - 150.0).abs() < 3.0,
            "3 times 10 seconds at 18 km/h: {metres} m"
        );

        browser.click(at(0, 45));
        let report = text("#report");
        let report = report.as_str().unwrap();
        for told in [
            "46 of 138",
            "4209951201",
            "2026-05-04T08:07:30",
            "speed_kmh",
        ] {
            assert!(report.contains(told), "{told}:\n{report}");
        }
        browser.value("document.querySelector('#steps button:last-child').click()");
        assert!(text("#report").as_str().unwrap().contains("47 of 138"));

        // Moved by hand, and nearer.
        let before = at(0, 45);
        browser.drag(&[(300.0, 300.0), (340.0, 320.0), (400.0, 350.0)]);
        let after = at(0, 45);
        assert!(
            (after.0 - before.0 - 100.0).abs() < 1.5 && (after.1 - before.1 - 50.0).abs() < 1.5
        );
        let before = scale();
        browser.value("document.querySelector('#in').click()");
        browser.value("paint()");
        assert!((before / scale() - 1.6).abs() < 0.05);
        browser.value("document.querySelector('#stops button').click()");
        assert!(text("#report").as_str().unwrap().contains("speed_kmh\t0"));

        // Without one device, and in the dark.
        browser.value("document.querySelectorAll('#devices input')[1].click()");
        browser.value("document.querySelector('#shade').click()");
        browser.value("fit()");
        assert_eq!(colour(0, 45), "251,113,133", "105 km/h");
        assert_ne!(colour(1, 8), "45,212,191", "not shown");

        assert_eq!(
            browser.value("performance.getEntriesByType('resource').length"),
            0
        );
        assert_eq!(browser.log(), [Value::Null; 0]);

        let (path, _) = page("evil-shown.html", &[], &evil());
        browser.open(&path);
        assert_eq!(browser.value("tracks[0].points.length"), 4);
        browser.click(at(0, 0));
        assert!(text("#report").as_str().unwrap().contains("</script>"));
        assert_eq!(browser.value("typeof window.harm"), "undefined");
        assert_eq!(browser.log(), [Value::Null; 0]);

        let (path, _) = page("nothing.html", &[], "(027042411793BP00HSO)\n");
        browser.open(&path);
        assert!(text("#report").as_str().unwrap().contains("no position"));
        assert_eq!(browser.log(), [Value::Null; 0]);
    }
}
