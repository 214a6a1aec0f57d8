//! The command `decode` on captured packets, and the order that it brings into TCP.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/command.rs"]
mod command;
#[path = "support/packets.rs"]
mod packets;
#[path = "../src/decode/tcp.rs"]
mod tcp;

use command::Run;
use packets::{Capture, Form, Link, Tcp, udp};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/packets.pcap");
const GT06_SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/gt06_drive.log");
const H02_SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/h02_drive.log");

// `docs/protocols/gt06.md`: a login, and its answer; `docs/protocols/h02.md`.
const LOGIN: &str = "78780d0103534567890123480001c5220d0a";
const ANSWER: &str = "787805010001d9dc0d0a";
const LOCATION: &str = "78781f121a0504071e00c903a3c67401fa08740010520106021a2f0051c400027f9f0d0a";
const H02: &[u8] =
    b"*HQ,865205030001111,V1,000020,A,2250.1480,N,11425.2945,E,0.00,0,010615,FFFFFBFF#";

/// Runs the command with this standard input.
fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    command::run("decode", args, input)
}

fn json(run: &Run) -> Vec<Value> {
    run.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The events of a capture, which must be whole.
#[track_caller]
fn events(capture: &Capture) -> Vec<Value> {
    let run = run(&["--json"], &capture.file);
    assert_eq!(run.status, 0, "{}", run.messages);
    json(&run)
}

/// The texts of one field.
fn texts<'a>(events: &'a [Value], field: &str) -> Vec<&'a str> {
    events
        .iter()
        .map(|event| event[field].as_str().unwrap_or("-"))
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn conversation() -> Tcp {
    Tcp {
        device: address("10.0.0.5:40000"),
        server: address("192.0.2.1:5023"),
        // They wrap around soon.
        up: 0xFFFF_FFF0,
        down: 0xFFFF_FFFE,
    }
}

/// A capture with a connection that was opened.
fn opened() -> (Capture, Tcp) {
    let (mut capture, mut tcp) = (Capture::new(Form::Pcap, Link::Ethernet), conversation());
    for packet in tcp.open() {
        capture.packet(&packet);
    }
    (capture, tcp)
}

mod files {
    use super::*;

    fn short(form: Form, link: Link, tcp: &mut Tcp) -> Capture {
        let mut capture = Capture::new(form, link);
        for packet in tcp.open() {
            capture.packet(&packet);
        }
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        capture.packet(&tcp.server_sends(&bytes(ANSWER)));
        capture.udp(tcp.device, tcp.server, H02);
        for packet in tcp.close() {
            capture.packet(&packet);
        }
        capture
    }

    #[track_caller]
    fn assert_read(capture: &Capture, name: &str) {
        let events = events(capture);
        assert_eq!(texts(&events, "kind"), ["login", "ack", "location"]);
        assert_eq!(texts(&events, "direction"), ["-", "down", "-"]);
        assert_eq!(texts(&events, "connection"), [name; 3]);
        assert_eq!(
            texts(&events, "at"),
            [
                "2026-05-04T06:00:03",
                "2026-05-04T06:00:04",
                "2026-05-04T06:00:05"
            ]
        );
        // The clock of a capture is known, so the answer with the time is too.
        assert_eq!(
            String::from_utf8(bytes(texts(&events, "reply")[2])).unwrap(),
            "*HQ,865205030001111,V4,V1,20260504060005#"
        );
    }

    #[test]
    fn every_form_and_every_link() {
        for form in Form::ALL {
            assert_read(
                &short(form, Link::Ethernet, &mut conversation()),
                "10.0.0.5:40000",
            );
        }
        for link in Link::ALL {
            assert_read(
                &short(Form::Pcap, link, &mut conversation()),
                "10.0.0.5:40000",
            );
            let mut tcp = Tcp {
                device: address("[2001:db8::5]:40000"),
                server: address("[2001:db8::1]:5023"),
                ..conversation()
            };
            assert_read(&short(Form::Pcapng, link, &mut tcp), "[2001:db8::5]:40000");
        }
    }

    #[test]
    fn cut_anywhere() {
        let whole = short(Form::Pcapng, Link::Cooked2, &mut conversation()).file;
        for form in [Form::Pcap, Form::Pcapng] {
            let capture = short(form, Link::Ethernet, &mut conversation()).file;
            let last = capture.len() - 30;
            let run = run(&["--json"], &capture[..last]);
            assert_eq!(run.status, 2);
            assert_eq!(json(&run).len(), 3, "all before it is decoded");
            assert!(
                run.messages.contains(
                    "gt02: standard input: the capture ends in the middle of the packet at byte"
                ),
                "{}",
                run.messages
            );
        }
        for len in (12..whole.len()).step_by(37) {
            let run = run(&["--json"], &whole[..len]);
            assert!([0, 2].contains(&run.status), "{len}: {}", run.messages);
            assert!(!run.messages.contains("panicked"), "{}", run.messages);
        }
    }

    /// As from `tcpdump -U -w -`: the device may be silent for long.
    #[test]
    fn live() {
        let capture = short(Form::Pcapng, Link::Cooked2, &mut conversation());
        let mut child = command::command("decode")
            .args(["--json", "-q"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        // All but the two last packets.
        let (now, later) = capture.file.split_at(capture.file.len() - 2 * 92);
        for part in now.chunks(100) {
            input.write_all(part).unwrap();
        }
        input.flush().unwrap();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for _ in 0..3 {
                sender.send(output.next().unwrap().unwrap()).unwrap();
            }
        });
        for kind in ["login", "ack", "location"] {
            let line = receiver.recv_timeout(Duration::from_secs(60)).unwrap();
            assert!(line.contains(kind), "{line}");
        }
        input.write_all(later).unwrap();
        drop(input);
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn damaged() {
        let mut capture = short(Form::Pcapng, Link::Ethernet, &mut conversation());
        let place = capture.file.len();
        capture.file.extend([6, 0, 0, 0, 13, 0, 0, 0]);
        capture.file.extend([0xEE; 64]);
        let run = run(&["--json"], &capture.file);
        assert_eq!(run.status, 2);
        assert_eq!(json(&run).len(), 3, "all before it is decoded");
        assert!(
            run.messages
                .contains(&format!("the capture is damaged at byte {place}")),
            "{}",
            run.messages
        );
    }

    #[test]
    fn links_that_are_not_known_and_other_errors() {
        let mut capture = short(Form::Pcap, Link::Ethernet, &mut conversation());
        capture.file[20] = 105;
        let run1 = run(&["--json"], &capture.file);
        assert_eq!(run1.status, 2);
        assert!(run1.messages.contains("link type 105"), "{}", run1.messages);
        let run2 = run(&[], b"\x1F\x8B\x08\0\0\0\0\0\0\x03");
        assert_eq!(run2.status, 2);
        assert!(run2.messages.contains("`gzip -dc"), "{}", run2.messages);
        let run3 = run(&["--format", "pcap"], "neither pcap nor pcapng, but text");
        assert_eq!(run3.status, 2);
        assert!(
            run3.messages.contains("damaged at byte 0"),
            "{}",
            run3.messages
        );
    }

    /// Of several interfaces, those whose link is known are read.
    #[test]
    fn beside_a_link_that_is_not_known() {
        let mut foreign = short(Form::Pcapng, Link::Ethernet, &mut conversation()).file;
        // The number of the link, in the second block.
        assert_eq!(foreign[28], 1);
        foreign[36] = 105;
        let known = short(Form::Pcapng, Link::Ethernet, &mut conversation()).file;
        let run = run(&["--json"], [foreign, known].concat());
        assert_eq!(
            (run.status, run.out.lines().count()),
            (2, 3),
            "{}",
            run.messages
        );
        assert!(run.messages.contains("link type 105"), "{}", run.messages);
    }

    /// The interfaces of one file may differ, and a second section may begin in it.
    #[test]
    fn two_sections() {
        let one = short(Form::Pcapng, Link::Ethernet, &mut conversation()).file;
        let mut tcp = Tcp {
            device: address("10.0.0.6:40001"),
            ..conversation()
        };
        let two = short(Form::PcapngBigEndian, Link::Raw, &mut tcp).file;
        let run = run(&["--json"], [one, two].concat());
        assert_eq!((run.status, json(&run).len()), (0, 6), "{}", run.messages);
    }
}

mod connections {
    use super::*;

    #[test]
    fn out_of_order_repeated_and_overlapping() {
        let (mut capture, mut tcp) = opened();
        let stream = bytes(&[LOGIN, LOCATION, LOCATION].concat());
        let mut parts: Vec<Vec<u8>> = stream
            .chunks(7)
            .map(|part| tcp.device_sends(part))
            .collect();
        let repeated = parts[3].clone();
        parts.push(repeated);
        parts.swap(2, 5);
        parts.swap(4, 9);
        // Parts of two segments at once.
        tcp.up = 0xFFFF_FFF1_u32.wrapping_add(10);
        parts.push(tcp.device_sends(&stream[10..20]));
        for part in parts {
            capture.packet(&part);
        }
        let events = events(&capture);
        assert_eq!(texts(&events, "kind"), ["login", "location", "location"]);
    }

    #[test]
    fn what_is_missing_is_told() {
        let (mut capture, mut tcp) = opened();
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        capture.packet(&tcp.device_sends(&bytes(LOCATION)[..20]));
        // Not captured, but the server has it.
        let _ = tcp.device_sends(&bytes(LOCATION)[20..]);
        let _ = tcp.device_sends(&bytes(LOCATION)[..9]);
        capture.packet(&tcp.server_sends(&bytes(ANSWER)));
        capture.packet(&tcp.device_sends(&bytes(LOCATION)[9..]));
        capture.packet(&tcp.device_sends(&bytes(LOCATION)));
        let _ = tcp.server_sends(b"12345");
        for packet in tcp.close() {
            capture.packet(&packet);
        }
        let run = run(&["--json"], &capture.file);
        assert_eq!(run.status, 0, "{}", run.messages);
        let kinds: Vec<Value> = json(&run);
        assert_eq!(
            texts(&kinds, "kind")
                .into_iter()
                .filter(|kind| *kind != "noise")
                .collect::<Vec<_>>(),
            ["login", "ack", "location"]
        );
        for told in [
            "gt02: 10.0.0.5:40000: 25 bytes from the device are not in the capture, before \
             2026-05-04T06:00:06 UTC",
            "gt02: 10.0.0.5:40000: 5 bytes to the device are not in the capture",
            "missing      30 in the capture",
        ] {
            assert!(run.messages.contains(told), "{told}:\n{}", run.messages);
        }
    }

    /// What waits for a segment until the end of the capture is shown then, and was there.
    #[test]
    fn frames_after_a_gap_at_the_end() {
        let (mut capture, mut tcp) = opened();
        let _ = tcp.device_sends(b"gone");
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        let run = run(&["--json"], &capture.file);
        assert_eq!(texts(&json(&run), "kind"), ["login"]);
        assert!(!run.messages.contains("no frame"), "{}", run.messages);
        assert!(run.messages.contains("missing      4"), "{}", run.messages);
    }

    /// A frame over two files of a rotated capture: there is something of both, but not of a third.
    #[test]
    fn a_frame_over_two_captures() {
        let (mut first, mut tcp) = opened();
        first.packet(&tcp.device_sends(&bytes(LOGIN)[..9]));
        let mut second = Capture::new(Form::Pcap, Link::Ethernet);
        second.packet(&tcp.device_sends(&bytes(LOGIN)[9..]));
        let mut foreign = Capture::new(Form::Pcap, Link::Ethernet);
        foreign.udp(address("10.0.0.7:53"), address("192.0.2.1:53"), b"no frame");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = |name: &str, capture: &Capture| {
            let path = folder.join(name);
            fs::write(&path, &capture.file).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (first, second) = (file("first.pcap", &first), file("second.pcap", &second));
        let foreign = file("foreign.pcap", &foreign);
        let both = run(&["--json", &first, &second], "");
        assert_eq!(texts(&json(&both), "kind"), ["login"]);
        let three = run(&["--json", &first, &foreign, &second], "");
        assert_eq!((three.status, &three.out), (2, &both.out));
        let told: Vec<&str> = three
            .messages
            .lines()
            .filter(|line| line.contains("no frame"))
            .collect();
        assert!(
            matches!(told[..], [line] if line.contains("foreign.pcap")),
            "{told:?}"
        );
    }

    /// A segment that keeps a connection alive has the number before the next byte: no byte is
    /// missing if a capture begins with one.
    #[test]
    fn kept_alive_before_it_begins() {
        let mut capture = Capture::new(Form::Pcap, Link::Ethernet);
        let mut tcp = conversation();
        for (up, down) in [(true, false), (false, true)] {
            tcp.up = tcp.up.wrapping_sub(up.into());
            tcp.down = tcp.down.wrapping_sub(down.into());
            let packet = if up {
                tcp.device_sends(b"")
            } else {
                tcp.server_sends(b"")
            };
            capture.packet(&packet);
            tcp.up = tcp.up.wrapping_add(up.into());
            tcp.down = tcp.down.wrapping_add(down.into());
        }
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        capture.packet(&tcp.server_sends(&bytes(ANSWER)));
        let run = run(&["--json"], &capture.file);
        assert_eq!(texts(&json(&run), "kind"), ["login", "ack"]);
        assert!(!run.messages.contains("missing"), "{}", run.messages);
    }

    /// Two halves of frames do not make one.
    #[test]
    fn no_frame_goes_over_a_gap() {
        let (mut capture, mut tcp) = opened();
        capture.packet(&tcp.device_sends(&bytes(LOCATION)[..20]));
        let _ = tcp.device_sends(b"gone");
        capture.packet(&tcp.device_sends(&bytes(LOCATION)[20..]));
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        let run = run(&["--json"], &capture.file);
        assert_eq!(
            texts(&json(&run), "kind")
                .into_iter()
                .filter(|kind| *kind != "noise")
                .collect::<Vec<_>>(),
            ["login"]
        );
    }

    #[test]
    fn without_its_beginning() {
        let other_way = |tcp: &Tcp| Tcp {
            device: tcp.server,
            server: tcp.device,
            ..conversation()
        };
        // The server, with the higher port, sends first; a frame tells.
        let mut tcp = Tcp {
            device: address("10.0.0.5:1024"),
            ..conversation()
        };
        let mut capture = Capture::new(Form::Pcap, Link::Ethernet);
        capture.packet(&tcp.server_sends(&bytes(ANSWER)));
        capture.packet(&tcp.device_sends(&bytes(LOCATION)));
        assert_eq!(texts(&events(&capture), "connection"), ["10.0.0.5:1024"; 2]);
        assert_eq!(texts(&events(&capture), "direction"), ["down", "-"]);
        // Nothing but the port tells.
        let mut tcp = other_way(&conversation());
        let mut capture = Capture::new(Form::Pcap, Link::Ethernet);
        capture.packet(&tcp.device_sends(b"what is it"));
        for (port, connection, direction) in [
            ("5023", "10.0.0.5:40000", "down"),
            ("40000", "192.0.2.1:5023", "-"),
        ] {
            let run = run(&["--json", "--port", port], &capture.file);
            assert_eq!(texts(&json(&run), "connection")[0], connection);
            assert_eq!(texts(&json(&run), "direction")[0], direction, "{port}");
        }
    }

    #[test]
    fn only_some_ports() {
        let mut capture = Capture::new(Form::Pcap, Link::Ethernet);
        let server = |port| SocketAddr::new([192, 0, 2, 1].into(), port);
        for (number, port) in [(1, 5013), (2, 5023), (3, 53)] {
            let device = SocketAddr::new([10, 0, 0, number].into(), 40_000);
            capture.udp(device, server(port), H02);
        }
        for (ports, count) in [("5013", 1), ("5013,5023", 2), ("53", 1), ("40000", 3)] {
            let run = run(&["--json", "--port", ports], &capture.file);
            assert_eq!((run.status, json(&run).len()), (0, count), "{ports}");
        }
        let run = run(&["--port", "1"], &capture.file);
        assert_eq!(run.status, 2);
        assert!(run.messages.contains("that port"), "{}", run.messages);
    }

    #[test]
    fn others_are_left_out_and_counted() {
        let (mut capture, mut tcp) = opened();
        capture.udp(
            address("10.0.0.9:5353"),
            address("192.0.2.1:53"),
            b"a question",
        );
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        let mut web = Tcp {
            device: address("10.0.0.7:50000"),
            server: address("192.0.2.1:80"),
            ..conversation()
        };
        for _ in 0..20 {
            capture.packet(&web.device_sends(&[b'x'; 1000]));
        }
        let found = run(&["--json"], &capture.file);
        assert_eq!(texts(&json(&found), "kind"), ["login"]);
        assert!(
            found
                .messages
                .contains("left out     20010 without a frame: connections 2"),
            "{}",
            found.messages
        );
        let port = run(&["--json", "-q", "--port", "53"], &capture.file);
        assert_eq!(texts(&json(&port), "kind"), ["noise"], "if it is asked for");
        let mut capture = Capture::new(Form::Pcap, Link::Ethernet);
        capture.udp(
            address("10.0.0.9:5353"),
            address("192.0.2.1:53"),
            b"a question",
        );
        let none = run(&[], &capture.file);
        assert_eq!(none.status, 2);
        assert!(
            none.messages.contains("no frame of a tracker"),
            "{}",
            none.messages
        );
    }

    /// Thousands of others do not end a tracker's connection.
    #[test]
    fn many_others() {
        let (mut capture, mut tcp) = opened();
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        for number in 0..5000 {
            let other = SocketAddr::new([10, 1, 0, 1].into(), 10_000 + number);
            capture.udp(other, address("192.0.2.1:53"), b"a question");
        }
        capture.packet(&tcp.device_sends(&bytes(LOCATION)));
        let events = events(&capture);
        assert_eq!(texts(&events, "device"), ["353456789012348"; 2]);
    }

    /// A port is used again: what was pending is not continued.
    #[test]
    fn ends_and_beginnings() {
        for reset in [false, true] {
            let (mut capture, mut tcp) = opened();
            capture.packet(&tcp.device_sends(&bytes(LOGIN)));
            capture.packet(&tcp.device_sends(&bytes(LOCATION)[..9]));
            if reset {
                capture.packet(&tcp.reset());
            }
            let mut again = Tcp {
                up: 77,
                ..conversation()
            };
            for packet in again.open() {
                capture.packet(&packet);
            }
            capture.packet(&again.device_sends(&bytes(LOCATION)));
            let events = events(&capture);
            assert_eq!(texts(&events, "kind"), ["login", "noise", "location"]);
            assert_eq!(events[2].get("device"), None, "it did not log in");
        }
    }

    /// Packets were cut when they were captured (`tcpdump -s`), or by the network.
    #[test]
    fn parts_of_packets() {
        let (mut capture, mut tcp) = opened();
        capture.packet(&tcp.device_sends(&bytes(LOGIN)));
        let cut = tcp.device_sends(&bytes(LOCATION));
        capture.cut_packet(&cut, cut.len() - 10);
        capture.packet(&tcp.device_sends(&bytes(LOCATION)));
        let datagram = udp(tcp.device, tcp.server, H02);
        capture.cut_packet(&datagram, datagram.len() - 3);
        let mut fragment = udp(tcp.device, tcp.server, H02);
        fragment[6] |= 0x20;
        capture.packet(&fragment);
        let run = run(&["--json", "--port", "5023"], &capture.file);
        for told in [
            "10 bytes from the device",
            "3 bytes from the device",
            "parts of larger ones: 1",
            "missing      13",
        ] {
            assert!(run.messages.contains(told), "{told}:\n{}", run.messages);
        }
        assert_eq!(run.status, 0);
    }
}

/// The capture that ships with the crate.
mod sample {
    use super::*;

    /// The first reads of a log, with their direction.
    fn reads(log: &str, count: usize) -> Vec<(bool, Vec<u8>)> {
        fs::read_to_string(log)
            .unwrap()
            .lines()
            .take(count)
            .map(|line| {
                (
                    line.contains(" < "),
                    bytes(line.rsplit(' ').next().unwrap()),
                )
            })
            .collect()
    }

    /// A `gt06` device over TCP, with a segment out of order, one that was sent twice, and one that
    /// is missing; and an `h02` device over UDP.
    fn capture() -> Vec<u8> {
        let (mut capture, mut tcp) = opened();
        let mut packets = Vec::new();
        for (from_device, read) in reads(GT06_SAMPLE, 24) {
            packets.push(if from_device {
                tcp.device_sends(&read)
            } else {
                tcp.server_sends(&read)
            });
        }
        packets.swap(5, 6);
        packets.insert(9, packets[8].clone());
        packets.remove(15);
        packets.extend(tcp.close());
        let mut datagrams = reads(H02_SAMPLE, 12).into_iter();
        for packet in packets.chunks(2) {
            packet.iter().for_each(|packet| capture.packet(packet));
            if let Some((_, datagram)) = datagrams.next() {
                let device = address("10.0.0.12:1088");
                capture.udp(device, address("192.0.2.1:5013"), &datagram);
            }
        }
        capture.file
    }

    #[test]
    fn is_what_this_makes() {
        assert!(
            fs::read(SAMPLE).is_ok_and(|sample| sample == capture()),
            "run `cargo test -p gt02-cli --test decode_packets -- --ignored`"
        );
    }

    #[test]
    #[ignore = "writes examples/packets.pcap"]
    fn write() {
        fs::write(Path::new(SAMPLE), capture()).unwrap();
    }

    /// Names of connections are longer than those in logs.
    #[test]
    fn as_table() {
        let table = run(&["-q", SAMPLE], "").out;
        let place = table.find("dir ").unwrap();
        for line in table.lines().skip(1) {
            let direction = line.split_whitespace().nth(2).unwrap();
            assert!(line[place..].starts_with(direction), "{line}");
        }
    }

    #[test]
    fn decodes() {
        let run = run(&["--json", SAMPLE], "");
        assert_eq!(run.status, 0, "{}", run.messages);
        let events = json(&run);
        let of = |name: &str| {
            events
                .iter()
                .filter(|event| event["connection"] == name)
                .cloned()
                .collect::<Vec<_>>()
        };
        let (gt06, h02) = (of("10.0.0.5:40000"), of("10.0.0.12:1088"));
        assert_eq!((gt06.len(), h02.len(), events.len()), (23, 12, 35));
        assert!(texts(&events, "kind").iter().all(|kind| *kind != "noise"));
        assert!(
            texts(&gt06, "device")
                .iter()
                .all(|id| *id == "353456789012348")
        );
        assert!(
            run.messages.contains("36 bytes from the device"),
            "{}",
            run.messages
        );
    }
}

/// Segments in any order.
mod order {
    use super::tcp::{Piece, Segment, Stream};
    use proptest::prelude::*;

    /// A segment: where it begins, and how many bytes it has.
    type Place = (usize, usize);

    fn segment(stream: &[u8], first: u32, (start, len): Place) -> Segment<'_> {
        let end = (start + len).min(stream.len());
        Segment {
            at: None,
            sequence: first.wrapping_add(u32::try_from(start).unwrap()),
            syn: false,
            fin: end == stream.len(),
            payload: &stream[start.min(end)..end],
        }
    }

    /// The bytes of each piece, `None` for one that is missing.
    fn take(stream: &mut Stream, out: &mut Vec<Option<u8>>) {
        while let Some(piece) = stream.pop() {
            match piece {
                Piece::Bytes(_, bytes) => out.extend(bytes.into_iter().map(Some)),
                Piece::Missing(count) => {
                    out.extend(std::iter::repeat_n(None, usize::try_from(count).unwrap()));
                }
            }
        }
    }

    proptest! {
        /// Whatever comes, in whatever order: each byte that came is there once, at its place.
        #[test]
        fn each_byte_at_its_place(
            first: u32,
            len in 1_usize..400,
            places in prop::collection::vec((0_usize..400, 0_usize..60), 0..40),
        ) {
            let bytes: Vec<u8> = (0..len).map(|number| (number % 251) as u8).collect();
            let places: Vec<Place> = places.into_iter().filter(|place| place.0 < len).collect();
            let mut stream = Stream::default();
            stream.push(Segment {
                at: None,
                sequence: first.wrapping_sub(1),
                syn: true,
                fin: false,
                payload: &[],
            });
            let mut out = Vec::new();
            for place in &places {
                stream.push(segment(&bytes, first, *place));
                take(&mut stream, &mut out);
                prop_assert!(out.iter().all(Option::is_some), "none was given up yet");
            }
            stream.finish();
            take(&mut stream, &mut out);
            let came = |at: usize| places.iter().any(|(start, len)| (*start..start + len).contains(&at));
            let expected: Vec<Option<u8>> =
                bytes.iter().enumerate().map(|(at, byte)| came(at).then_some(*byte)).collect();
            let ended = places.iter().any(|(start, len)| start + len >= bytes.len());
            let last = if ended { len } else { expected.iter().rposition(Option::is_some).map_or(0, |last| last + 1) };
            prop_assert_eq!(&out[..], &expected[..last]);
            prop_assert_eq!(stream.has_ended(), ended);
        }
    }

    #[test]
    fn gives_up_when_the_receiver_has_it_or_too_much_follows() {
        let mut stream = Stream::default();
        let payload = [7; 1000];
        let at = |sequence| Segment {
            at: None,
            sequence,
            syn: false,
            fin: false,
            payload: &payload,
        };
        stream.push(at(0));
        stream.push(at(2000));
        assert!(matches!(stream.pop(), Some(Piece::Bytes(_, bytes)) if bytes.len() == 1000));
        assert_eq!(stream.pop(), None, "it may come");
        stream.acknowledge(1500);
        assert_eq!(stream.pop(), None, "it may come");
        stream.acknowledge(2000);
        assert_eq!(stream.pop(), Some(Piece::Missing(1000)), "it was received");
        assert!(matches!(stream.pop(), Some(Piece::Bytes(_, bytes)) if bytes.len() == 1000));
        // Late all the same: it is left out.
        stream.push(at(1000));
        assert_eq!(stream.pop(), None);
        for number in 0..66 {
            assert_eq!(stream.pop(), None, "{number}");
            stream.push(at(3500 + number * 1000));
        }
        assert_eq!(stream.pop(), Some(Piece::Missing(500)), "too much followed");
    }

    #[test]
    fn the_end_may_be_missing() {
        let segment = Segment {
            at: None,
            sequence: 10,
            syn: false,
            fin: false,
            payload: b"abc",
        };
        // What was acknowledged last: nothing more, the end, or bytes.
        for (acknowledged, missing) in [(13, None), (14, None), (20, Some(Piece::Missing(7)))] {
            let mut stream = Stream::default();
            stream.push(segment);
            stream.acknowledge(acknowledged);
            assert!(matches!(stream.pop(), Some(Piece::Bytes(..))));
            stream.finish();
            assert_eq!(stream.pop(), missing);
        }
    }
}
