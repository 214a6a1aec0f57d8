//! Frames of the text protocols at random.

use proptest::{collection::vec, prelude::*, sample::select};

/// Degrees in `width` digits, and minutes with 4 decimals.
fn minutes(limit: u32, width: usize) -> impl Strategy<Value = String> {
    (0..limit, 0..600_000_u32).prop_map(move |(degrees, minutes)| {
        format!(
            "{degrees:0width$}{:02}.{:04}",
            minutes / 10_000,
            minutes % 10_000
        )
    })
}

/// Year, month, day, hour, minute, second; two digits each.
fn date_time() -> impl Strategy<Value = [String; 6]> {
    (10..30_u8, 1..13_u8, 1..29_u8, 0..24_u8, 0..60_u8, 0..60_u8).prop_map(
        |(year, month, day, hour, minute, second)| {
            [year, month, day, hour, minute, second].map(|number| format!("{number:02}"))
        },
    )
}

fn hemispheres() -> impl Strategy<Value = (char, char)> {
    (select(vec!['N', 'S']), select(vec!['E', 'W']))
}

/// Uplink frames of `tk103` as real devices send them: `docs/protocols/tk103.md`, "A session".
pub fn tk103() -> impl Strategy<Value = Vec<u8>> {
    let block = (
        date_time(),
        minutes(90, 2),
        minutes(180, 3),
        hemispheres(),
        (any::<bool>(), 0..1800_u16, 0..36_000_u16),
        any::<[bool; 8]>(),
        any::<u32>(),
    )
        .prop_map(
            |(
                [year, month, day, hour, minute, second],
                latitude,
                longitude,
                (north, east),
                (fix, speed, course),
                io,
                mileage,
            )| {
                let io: String = io.iter().map(|&set| if set { '1' } else { '0' }).collect();
                format!(
                    "{year}{month}{day}{}{latitude}{north}{longitude}{east}\
                        {:03}.{}{hour}{minute}{second}{:03}.{:02}{io}L{mileage:08X}",
                    if fix { 'A' } else { 'V' },
                    speed / 10,
                    speed % 10,
                    course / 100,
                    course % 100
                )
            },
        );
    let id = (0..100_000_000_000_u64).prop_map(|id| format!("{id:012}"));
    (id, block, 0..10_u8).prop_map(|(id, block, kind)| {
        match kind {
            0 => format!("({id}BP00{id}HSO)"),
            1 => format!("({id}BP05{id}{block})"),
            2 => format!("({id}BO011{block})"),
            3 => format!("({id}BZ00,{{460,0,20217,49309}}\n{{460,0,20217,49310}}\n,01000000)"),
            _ => format!("({id}BR00{block})"),
        }
        .into_bytes()
    })
}

/// Frames of `v680` as real devices send them: `docs/protocols/v680.md`, "Messages".
pub fn v680() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => v680_flat(), 1 => v680_lines()]
}

/// A line of `v680`: a sentence, what stands before it, and its sum.
fn v680_line(before: &str, sentence: &str) -> String {
    let sum = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("#{before}${sentence}*{sum:02X}\r\n")
}

/// Frames of the line form of `v680`.
fn v680_lines() -> impl Strategy<Value = Vec<u8>> {
    let before = select(vec!["", "38", "3815#", "25ee0dff", "39#262,03,8CE6,A672"]);
    let line = (
        before,
        date_time(),
        minutes(90, 2),
        minutes(180, 3),
        hemispheres(),
        (0..20_000_u32, 0..36_000_u32, 0..4_u8),
    )
        .prop_map(
            |(
                before,
                [year, month, day, hour, minute, second],
                latitude,
                longitude,
                (north, east),
                (speed, course, kind),
            )| {
                let (clock, date) = (
                    format!("{hour}{minute}{second}"),
                    format!("{day}{month}{year}"),
                );
                let (speed, course) = (f64::from(speed) / 100.0, f64::from(course) / 100.0);
                let sentence = match kind {
                    0 => format!("GPRMC,{clock}.00,V,,,,,,,{date},,,A"),
                    1 => format!("WIFI,{clock}.00,A,-62,D8325A0ABADD,,,{date}"),
                    _ => format!(
                        "GPRMC,{clock}.00,A,{latitude},{north},{longitude},{east},\
                         {speed:.2},{course:.2},{date},,,A"
                    ),
                };
                v680_line(before, &sentence)
            },
        );
    let header = (
        0..1_000_000_000_000_000_u64,
        select(vec!["", "MT700", "MP90_4G"]),
        select(vec!["0000", "0000#0#0#137#41#0"]),
        select(vec!["AUTO", "AUTO", "SOS", "BLP"]),
    );
    (header, vec(line, 1..3)).prop_map(|((id, user, password, word), lines)| {
        format!(
            "#{id:015}#{user}#{password}#{word}#{}\r\n{}##\r\n",
            lines.len(),
            lines.concat()
        )
        .into_bytes()
    })
}

/// Frames of the flat form of `v680`.
fn v680_flat() -> impl Strategy<Value = Vec<u8>> {
    let record = || {
        (
            date_time(),
            minutes(90, 2),
            minutes(180, 3),
            hemispheres(),
            (0..20_000_u32, 0..36_000_u32),
            select(vec!["", "V", "24002485fed523", "0EDDD9F0"]),
        )
            .prop_map(
                |(
                    [year, month, day, hour, minute, second],
                    latitude,
                    longitude,
                    (north, east),
                    (speed, course),
                    lbs,
                )| {
                    let (speed, course) = (f64::from(speed) / 100.0, f64::from(course) / 100.0);
                    format!(
                        "#{lbs}#{longitude},{east},{latitude},{north},{speed:.2},{course:.2}\
                     #{day}{month}{year}#{hour}{minute}{second}"
                    )
                },
            )
    };
    let head = (
        0..1_000_000_000_000_000_u64,
        select(vec!["", "13001190527", "alexwatch"]),
        0..2_u8,
        select(vec!["AUT", "AUT", "AUTO", "SOS", "LPD"]),
    );
    (head, vec(record(), 1..3), 0..6_u8).prop_map(|((id, user, flag, event), records, kind)| {
        match kind {
            0 => format!("#{id:015}##"),
            1 => format!("#{id:015}#{user}#{flag}#0000#{event}#1#0EDDD9F0#,,,,,####"),
            _ => format!(
                "#{id:015}#{user}#{flag}#0000#{event}#{}{}##",
                records.len(),
                records.concat()
            ),
        }
        .into_bytes()
    })
}

/// Uplink frames of `h02` as real devices send them: `docs/protocols/h02.md`, "Messages".
pub fn h02() -> impl Strategy<Value = Vec<u8>> {
    let gps = (
        date_time(),
        minutes(90, 2),
        minutes(180, 3),
        hemispheres(),
        (any::<bool>(), 0..20_000_u32, 0..361_u16),
        any::<u32>(),
    )
        .prop_map(
            |(
                [year, month, day, hour, minute, second],
                latitude,
                longitude,
                (north, east),
                (fix, speed, course),
                status,
            )| {
                let (fix, speed) = (if fix { 'A' } else { 'V' }, f64::from(speed) / 100.0);
                format!(
                    "{hour}{minute}{second},{fix},{latitude},{north},{longitude},{east},\
                 {speed:.2},{course:03},{day}{month}{year},{status:08X}"
                )
            },
        );
    let id = prop_oneof![
        (0..10_000_000_000_u64).prop_map(|id| format!("{id:010}")),
        (0..1_000_000_000_000_000_u64).prop_map(|id| format!("{id:015}"))
    ];
    let text = (id, gps, 0..14_u8).prop_map(|(id, gps, kind)| {
        match kind {
            0 => format!("*HQ,{id},V0#"),
            1 => format!("*HQ,{id},HTBT#"),
            2 => format!("*HQ,{id},LINK,170928,31,0,100,0,0,240818,FFFFFBFF#"),
            3 => format!(
                "*HQ,{id},NBR,120156,262,03,255,2,431,17003,57,431,15070,52,201218,FFFFFBFF#"
            ),
            4 => format!("*HQ,{id},V4,S20,DONE,{gps}#"),
            5 => format!("*HQ,{id},V5,{gps},262,03,255,2#"),
            6 => format!("*HQ,{id},V5,120156,1,d076e794d03cc6,0292,201218,FFFFFBFF#"),
            7 => format!("*HQ,{id},V8,{gps},262,03,255,2,12,31,122,85#"),
            8 => format!("*HQ,{id},ICCID,89860121801609042193#"),
            9 => format!("*HQ,{id},XT,V,0,0#"),
            _ => format!("*HQ,{id},V1,{gps}#"),
        }
        .into_bytes()
    });
    prop_oneof![3 => text, 1 => h02_binary()]
}

/// Binary frames of `h02` as real devices send them: `docs/protocols/h02.md`, "Binary form".
pub fn h02_binary() -> impl Strategy<Value = Vec<u8>> {
    let place = (
        minutes(90, 2),
        minutes(180, 3),
        0..8_u8,
        0..1000_u16,
        0..361_u16,
    );
    // Of the status, the bits that real devices clear.
    let status = prop::sample::subsequence((0..32).collect::<Vec<u8>>(), 0..6);
    let tail = (
        0..32_u8,
        0..20_u8,
        0..100_000_u32,
        200..800_u16,
        any::<(u16, u16)>(),
    );
    let id = (0..10_000_000_000_u64, 0..101_u8, any::<u8>(), 0..5_u8);
    (date_time(), place, status, tail, id).prop_map(
        |(
            [year, month, day, hour, minute, second],
            (latitude, longitude, flags, speed, course),
            status,
            (csq, satellites, mileage, mcc, (lac, cell)),
            (id, battery, record, kind),
        )| {
            let status = status.iter().fold(u32::MAX, |word, bit| word & !(1 << bit));
            let core = format!(
                "{hour}{minute}{second}{day}{month}{year}{}{battery:02x}{}{:x}{speed:03}\
                 {course:03}{status:08x}",
                latitude.replace('.', ""),
                longitude.replace('.', ""),
                flags << 1,
            );
            let cell = format!("{mileage:08x}{mcc:04x}01{lac:04x}{cell:04x}");
            let frame = match kind {
                0 => format!("24{id:010}{core}ff00{record:02x}"),
                1 => format!("24{id:010}{core}0b00070000001799"),
                2 => format!("24{id:010}{core}ff00{csq:02x}35{cell}0004{record:02x}"),
                3 => format!("58{id:010}{core}ff00{record:02x}"),
                _ => format!("24{id:010}{core}ff00{csq:02x}{satellites:02x}{cell}{record:02x}"),
            };
            hex::decode(frame).expect("hex")
        },
    )
}

/// Text of these characters.
fn text(characters: &'static str) -> impl Strategy<Value = String> {
    let text = vec(select(characters.as_bytes().to_vec()), 0..60);
    text.prop_map(|text| String::from_utf8(text).expect("ASCII"))
}

/// Frames of `tk103` with any words and text in them.
pub fn any_tk103() -> impl Strategy<Value = Vec<u8>> {
    let any = (
        "[AB][A-Z][A-Z0-9]{2}",
        "[0-9A-Za-z]{10,15}",
        text("0123456789.,ABNEVSW {}L\n-:;#*H"),
    )
        .prop_map(|(word, id, body)| format!("({id}{word}{body})"));
    let known = (
        select(vec![
            "BP00", "BP01", "BP04", "BP05", "BO01", "BO02", "BR00", "BR01", "BR02", "BZ00", "AP05",
            "AR00", "AV00",
        ]),
        "[0-9]{12}",
        text("0123456789.ABNEVSWL"),
    )
        .prop_map(|(word, id, body)| format!("({id}{word}{body})"));
    prop_oneof![any, known].prop_map(String::into_bytes)
}

/// Frames of `v680` with any text in their fields.
pub fn any_v680() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => any_v680_flat(), 1 => any_v680_lines()]
}

fn any_v680_lines() -> impl Strategy<Value = Vec<u8>> {
    let header = (
        "[0-9]{9,15}",
        "[A-Z0-9]{0,8}",
        "[0-9]{1,6}(#[01]#[0-9]{1,4}#[0-9]{1,4}#[0-9]{1,4}#-?[0-9]{1,3})?",
        "[A-Z]{2,12}",
    );
    let before =
        "([0-9]{2}|[0-9a-fA-F]{8,11})?(#|#[0-9]{1,4},[0-9]{1,3},[0-9A-F]{1,6},[0-9A-F]{1,7})?";
    let line = (before, "(GPRMC,|WIFI,)[0-9.,AVLENSW-]{0,60}");
    (header, vec(line, 1..3)).prop_map(|((id, user, password, word), lines)| {
        let header = format!("#{id}#{user}#{password}#{word}#{}\r\n", lines.len());
        let lines = lines
            .iter()
            .map(|(before, sentence)| v680_line(before, sentence));
        format!("{header}{}##\r\n", lines.collect::<String>()).into_bytes()
    })
}

fn any_v680_flat() -> impl Strategy<Value = Vec<u8>> {
    let header = (
        "[0-9]{9,15}",
        "[a-z0-9]{0,8}",
        "[0-9]{1,2}",
        "[0-9]{0,6}",
        "[A-Z][A-Z0-9]{0,4}",
    );
    (
        header,
        "[0-9,]{0,20}",
        "[0-9.,ENSW]{0,30},",
        any::<[u8; 6]>(),
    )
        .prop_map(|((id, user, flag, password, event), lbs, place, time)| {
            let [a, b, c, d, e, f] = time.map(|number| number % 100);
            let time = format!("{a:02}{b:02}{c:02}#{d:02}{e:02}{f:02}");
            format!("#{id}#{user}#{flag}#{password}#{event}#1#{lbs}#{place}#{time}##").into_bytes()
        })
}

/// Frames of `h02` with any types and text in them.
pub fn any_h02() -> impl Strategy<Value = Vec<u8>> {
    let maker = select(vec!["HQ", "TH", "DC", "XY", "hq"]);
    let code = select(vec![
        "V0", "V1", "V2", "V4", "V5", "V6", "V8", "NBR", "LINK", "HTBT", "SMS", "XT", "S20", "D1",
        "R1", "V3", "ICCID", "TIME", "41", "",
    ]);
    let text = (maker, "[0-9]{0,16}", code, text("0123456789.,,,ANEVSWF-")).prop_map(
        |(maker, id, code, fields)| format!("*{maker},{id},{code},{fields}#").into_bytes(),
    );
    // Any tail.
    let binary = (h02_binary(), vec(any::<u8>(), 3..36))
        .prop_map(|(frame, tail)| [&frame[..29], &tail].concat());
    prop_oneof![4 => text, 1 => binary]
}
