//! The command `gt02 serve` as its users run it: sockets, files, messages and exit status.
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

use browser::Browser;
use gt02::{
    Protocol,
    device::{Device, Fix, Status, Uplink},
    types::{DateTime, Position},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long something may take that comes at once on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The protocols, each with the id of a device.
const DEVICES: [(Protocol, &str); 5] = [
    (Protocol::Gt02, "356588220000001"),
    (Protocol::Gt06, "356588220000002"),
    (Protocol::Tk103, "013600000003"),
    (Protocol::V680, "356588220000004"),
    (Protocol::H02, "3565880005"),
];

/// A server that runs, with its files in a folder of its own.
struct Server {
    child: Child,
    folder: PathBuf,
    messages: mpsc::Receiver<String>,
    /// All messages so far.
    said: String,
}

impl Server {
    fn start(name: &str, args: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut child = command::command("serve")
            .args(["--listen", "127.0.0.1:0", "--json", "reports.jsonl"])
            .args(["--raw-log", "bytes.log"])
            .args(args)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            for line in stderr.lines() {
                if sender.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            folder,
            messages,
            said: String::new(),
        }
    }

    /// Waits for a message that holds `text`, and returns what follows it.
    #[track_caller]
    fn says(&mut self, text: &str) -> String {
        loop {
            let Ok(line) = self.messages.recv_timeout(PATIENCE) else {
                panic!("no message with {text:?}:\n{}", self.said);
            };
            self.said += &line;
            self.said.push('\n');
            if let Some((_, rest)) = line.split_once(text) {
                return rest.to_owned();
            }
        }
    }

    /// The address of the trackers' port.
    #[track_caller]
    fn address(&mut self) -> String {
        self.says("listening on ")
            .split(',')
            .next()
            .unwrap()
            .to_owned()
    }

    fn command(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    /// Ends the server as a service manager does, and returns its exit status and the JSON.
    fn stop(&mut self) -> (i32, Vec<Value>) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
        let status = self.child.wait().unwrap().code().unwrap();
        (status, lines(&self.folder.join("reports.jsonl")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The bytes of a message, and whether it is answered.
fn encode(device: &mut Device, uplink: &Uplink<'_>) -> Option<(Vec<u8>, bool)> {
    let mut out = [0; 512];
    let sent = device.encode(uplink, &mut out).ok()?;
    Some((out[..sent.len].to_vec(), sent.expects.is_some()))
}

/// What a device sends that has just started.
fn start_of(protocol: Protocol, id: &str) -> Vec<(Vec<u8>, bool)> {
    start_at(protocol, id, 30)
}

/// What a device sends that has just started, with a position of this minute.
fn start_at(protocol: Protocol, id: &str, minute: u8) -> Vec<(Vec<u8>, bool)> {
    let mut device = Device::new(protocol, id.parse().unwrap());
    let time = DateTime::new(2026, 5, 4, 7, minute, 0).unwrap();
    let fix = Fix::new(time, Position::from_degrees(-33.9249, 18.4241).unwrap());
    [
        Uplink::Login,
        Uplink::Heartbeat(Status::new()),
        Uplink::Location(fix),
    ]
    .iter()
    .filter_map(|uplink| encode(&mut device, uplink))
    .collect()
}

/// A login of gt06.
fn login(id: &str) -> Vec<u8> {
    let mut device = Device::new(Protocol::Gt06, id.parse().unwrap());
    encode(&mut device, &Uplink::Login).unwrap().0
}

#[test]
fn all_protocols_by_tcp_and_udp_as_decode_reads_the_log() {
    let mut server = Server::start("all", &[]);
    let address = server.address();
    let mut sent = 0;
    for (protocol, id) in DEVICES {
        let mut stream = connect(&address);
        for (frame, is_answered) in start_of(protocol, id) {
            sent += 1;
            stream.write_all(&frame).unwrap();
            if is_answered {
                assert!(stream.read(&mut [0; 100]).unwrap() > 0, "{protocol}");
            }
        }
        // All of it is read before the server ends.
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();

        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        for (frame, is_answered) in start_at(protocol, id, 31).into_iter().rev() {
            sent += 1;
            socket.send_to(&frame, &address).unwrap();
            if is_answered {
                socket.recv(&mut [0; 100]).unwrap();
            }
        }
    }
    // What a datagram brings that is not answered is awaited by one that is.
    let last = UdpSocket::bind("127.0.0.1:0").unwrap();
    last.set_read_timeout(Some(PATIENCE)).unwrap();
    last.send_to(&login("356588220000009"), &address).unwrap();
    last.recv(&mut [0; 100]).unwrap();
    let (status, reports) = server.stop();
    assert_eq!(status, 0);
    assert_eq!(reports.len(), sent + 1);
    assert!(reports.iter().all(|report| report["kind"] != "noise"));

    let run = command::run(
        "decode",
        &[
            "--json",
            "-q",
            "--log-offset",
            "+00:00",
            server.folder.join("bytes.log").to_str().unwrap(),
        ],
        "",
    );
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let decoded = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let decoded = decoded.filter(|report: &Value| report["direction"] != "down");
    assert_eq!(by_connection(decoded), by_connection(reports));
}

/// The reports of each connection, in their order, without the time at which the server took them.
fn by_connection(reports: impl IntoIterator<Item = Value>) -> BTreeMap<String, Vec<Value>> {
    let mut all = BTreeMap::<String, Vec<Value>>::new();
    for mut report in reports {
        report.as_object_mut().unwrap().remove("at");
        let connection = report["connection"].as_str().unwrap().to_owned();
        all.entry(connection).or_default().push(report);
    }
    all
}

#[test]
fn a_frame_that_only_silence_ends_is_reported_while_the_connection_is_open() {
    let mut server = Server::start("silence", &[]);
    let mut stream = connect(&server.address());
    stream.write_all(b"#356588220000004##").unwrap();
    server.says("356588220000004: new, v680");
}

#[test]
fn a_stranger_is_closed_and_named() {
    let mut server = Server::start("strangers", &[]);
    let address = server.address();
    for (bytes, name) in [
        (&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], "HTTP"),
        (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", "TLS"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH"),
    ] {
        let mut stream = connect(&address);
        stream.write_all(bytes).unwrap();
        assert_eq!(stream.read(&mut [0; 10]).unwrap(), 0);
        let rest = server.says("no tracker: it looks like ");
        assert!(rest.starts_with(name), "{rest}");
    }
    // Not one that sends a line end and garbage before its first frame.
    let mut stream = connect(&address);
    stream.write_all(b"\r\nxx").unwrap();
    stream.write_all(&login("356588220000001")).unwrap();
    assert!(stream.read(&mut [0; 100]).unwrap() > 0);
    let (status, _) = server.stop();
    assert_eq!(status, 0);
}

#[test]
fn commands_reach_devices_at_once_or_when_they_are_back() {
    let mut server = Server::start("commands", &["--commands"]);
    let address = server.address();
    let id = "356588220000002";
    let mut device = Device::new(Protocol::Gt06, id.parse().unwrap());
    let mut answer = [0; 200];

    server.command("356588220000002 cut");
    server.says("no such device has reported");
    let mut stream = connect(&address);
    stream
        .write_all(&encode(&mut device, &Uplink::Login).unwrap().0)
        .unwrap();
    assert!(stream.read(&mut answer).unwrap() > 0);
    server.command("356588220000002 text WHERE#");
    let len = stream.read(&mut answer).unwrap();
    assert!(answer[..len].windows(6).any(|part| part == b"WHERE#"));
    let response = encode(&mut device, &Uplink::Response("at home")).unwrap().0;
    stream.write_all(&response).unwrap();
    assert_eq!(server.says("to command 1: "), "at home");

    drop(stream);
    await_offline(&mut server, id);
    server.command("356588220000002 cut");
    server.says("command 2: cut, when it is back");
    let mut stream = connect(&address);
    stream
        .write_all(&encode(&mut device, &Uplink::Login).unwrap().0)
        .unwrap();
    await_bytes(&mut stream, b"DYD,");
    server.command("fly");
    server.says("neither a device nor a command");
}

/// Asks for a device until it is offline.
#[track_caller]
fn await_offline(server: &mut Server, id: &str) {
    for _ in 0..1000 {
        server.command(&format!("who {id}"));
        if server.says(&format!("{id} gt06 ")).contains("offline") {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{id} is not offline");
}

#[test]
fn a_peer_that_gives_way_to_another_one_is_offline() {
    let mut server = Server::start("giving-way", &["--commands", "--max-connections", "2"]);
    let address = server.address();
    let ids = ["356588220000011", "356588220000012", "356588220000013"];
    let sockets = ids.map(|id| {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(&login(id), &address).unwrap();
        let mut reply = [0; 64];
        assert!(socket.recv(&mut reply).unwrap() > 0);
        socket
    });
    await_offline(&mut server, ids[0]);
    server.command(&format!("who {}", ids[1]));
    assert!(!server.says("356588220000012 gt06 ").contains("offline"));
    drop(sockets);
}

#[test]
fn all_devices_of_a_gateway_go_with_its_connection() {
    let mut server = Server::start("gateway", &["--commands"]);
    let mut stream = connect(&server.address());
    let ids = ["356588220000021", "356588220000022", "356588220000023"];
    for id in ids {
        stream.write_all(&login(id)).unwrap();
        assert!(stream.read(&mut [0; 64]).unwrap() > 0);
    }
    drop(stream);
    for id in ids {
        await_offline(&mut server, id);
    }
}

#[test]
fn commands_by_the_control_socket() {
    let mut server = Server::start("control", &["--control=127.0.0.1:0"]);
    let address = server.address();
    let control = server.says("control on ");
    server.says("control: for all users of this machine, and nobody else");
    let send = |wait: &str, words: &[&str]| {
        let mut args = vec!["--control", &control, "--wait", wait];
        args.extend(words);
        command::run("send", &args, "")
    };
    let (gt06, v680) = (DEVICES[1].1, DEVICES[3].1);
    let run = send("60", &[gt06, "cut"]);
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.messages.contains("no such device has reported"));
    let run = send("60", &[gt06, "fly"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("not a command"), "{}", run.messages);

    let mut streams = Vec::new();
    for (protocol, id) in [DEVICES[1], DEVICES[3]] {
        let mut stream = connect(&address);
        for (frame, _) in start_of(protocol, id) {
            stream.write_all(&frame).unwrap();
        }
        server.says(&format!("{id}: new"));
        streams.push(stream);
    }
    let run = send("60", &[v680, "cut"]);
    assert_eq!(run.status, 1, "{}", run.messages);
    assert!(run.messages.contains("v680"), "{}", run.messages);

    // A device that answers, and one that does not.
    let mut device = Device::new(Protocol::Gt06, gt06.parse().unwrap());
    thread::scope(|scope| {
        let run = scope.spawn(|| send("60", &[gt06, "text", "WHERE#"]));
        await_bytes(&mut streams[0], b"WHERE#");
        let response = encode(&mut device, &Uplink::Response("at home")).unwrap().0;
        streams[0].write_all(&response).unwrap();
        let run = run.join().unwrap();
        assert_eq!((run.status, run.out.as_str()), (0, "at home\n"));
    });
    let run = send("1", &[gt06, "locate"]);
    assert_eq!((run.status, run.out.as_str()), (3, ""), "{}", run.messages);
    assert!(run.messages.contains("sent, and not answered"));

    // One that is away gets it when it is back.
    streams.clear();
    let mut who = String::new();
    while !who.contains("offline") {
        let mut stream = connect(&control);
        writeln!(stream, "who {gt06}").unwrap();
        who.clear();
        stream.read_to_string(&mut who).unwrap();
    }
    let run = send("1", &[gt06, "cut"]);
    assert_eq!(run.status, 3);
    assert!(run.messages.contains("not sent yet"), "{}", run.messages);
    let mut stream = connect(&address);
    stream.write_all(&login(gt06)).unwrap();
    await_bytes(&mut stream, b"DYD,");

    // What a page of another site can make a browser send: nothing of it is a command.
    let mut stream = connect(&control);
    write!(stream, "POST / HTTP/1.1\r\nHost: a\r\n\r\n{gt06} restore\n").unwrap();
    let mut told = String::new();
    let _ = stream.read_to_string(&mut told);
    assert!(told.is_empty() || told.starts_with("error "), "{told}");
    let mut stream = connect(&control);
    writeln!(stream, "who {gt06}").unwrap();
    let mut who = String::new();
    stream.read_to_string(&mut who).unwrap();
    assert!(who.contains(" 0 commands wait"), "{who}");

    let (status, _) = server.stop();
    assert_eq!(status, 0);
    let run = send("60", &[gt06, "cut"]);
    assert_eq!(run.status, 2, "{}", run.messages);
}

/// Reads until these bytes have come.
#[track_caller]
fn await_bytes(stream: &mut TcpStream, expected: &[u8]) {
    let mut received = Vec::new();
    while !received
        .windows(expected.len())
        .any(|part| part == expected)
    {
        let mut bytes = [0; 200];
        let len = stream.read(&mut bytes).unwrap();
        assert!(len > 0);
        received.extend_from_slice(&bytes[..len]);
    }
}

#[test]
fn devices_that_are_not_in_the_list() {
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("allowed.txt");
    fs::write(&list, "356588220000001 # mine\n").unwrap();
    for (unknown, expected) in [
        ("answer", Some(true)),
        ("close", Some(false)),
        ("ignore", None),
    ] {
        let allow = ["--allow", list.to_str().unwrap(), "--unknown", unknown];
        let mut server = Server::start(&format!("allow-{unknown}"), &allow);
        let address = server.address();
        let mut stranger = connect(&address);
        stranger.write_all(&login("356588220000002")).unwrap();
        server.says("356588220000002 is not in the list");
        match expected {
            Some(true) => assert!(stranger.read(&mut [0; 100]).unwrap() > 0),
            Some(false) => assert_eq!(stranger.read(&mut [0; 100]).unwrap(), 0),
            None => {}
        }
        let mut known = connect(&address);
        known.write_all(&login("356588220000001")).unwrap();
        assert!(known.read(&mut [0; 100]).unwrap() > 0);
        if expected.is_none() {
            stranger.set_nonblocking(true).unwrap();
            assert!(stranger.read(&mut [0; 100]).is_err());
        }
        let (_, reports) = server.stop();
        let devices: Vec<_> = reports.iter().map(|report| &report["device"]).collect();
        assert_eq!(devices, ["356588220000001"], "{unknown}");
    }
}

#[test]
fn what_cannot_start_says_why_and_leaves_nothing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve-not");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let json = path("reports.jsonl");
    let bad = path("bad.txt");
    fs::write(&bad, "356588220000001\nmy van\n").unwrap();
    let free = "127.0.0.1:0";
    for (args, told) in [
        (["--listen", &taken, "--login", "60"], "in use"),
        (
            ["--listen", free, "--allow", &bad],
            "bad.txt: line 2: not the id",
        ),
        (
            ["--listen", free, "--allow", "/nowhere"],
            "/nowhere: No such file",
        ),
        (["--listen", free, "--http", &taken], "in use"),
        (
            ["--listen", free, "--raw-log", "/nowhere/at/all"],
            "/nowhere/at/all: ",
        ),
    ] {
        let _ = fs::remove_file(&json);
        let mut args = args.to_vec();
        args.extend(["--json", &json]);
        let run = command::run("serve", &args, "");
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.messages);
        assert!(run.messages.contains(told), "{told}: {}", run.messages);
        // The outputs are opened last, the log after the reports.
        let len = fs::metadata(&json).map_or(0, |metadata| metadata.len());
        assert_eq!(len, 0);
        assert!(told.starts_with("/nowhere/at") || !Path::new(&json).exists());
    }
}

#[test]
fn a_full_disk_ends_the_server() {
    if !Path::new("/dev/full").exists() {
        return println!("SKIPPED: no /dev/full");
    }
    let mut child = command::command("serve")
        .args(["--listen", "127.0.0.1:0", "--json", "/dev/full"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut messages = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    messages.read_line(&mut line).unwrap();
    let address = line.split_once("listening on ").unwrap().1;
    let mut stream = connect(address.split(',').next().unwrap());
    stream.write_all(&login("356588220000001")).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let mut rest = String::new();
    messages.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("/dev/full: No space left"), "{rest}");
}

#[test]
fn the_page_in_a_browser() {
    let mut server = Server::start("page", &["--http", "127.0.0.1:0"]);
    let address = server.address();
    let page = server.says("page on ");
    let browser = match Browser::start(&server.folder.join("browser")) {
        Ok(browser) => browser,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    browser.visit(&page);
    let mut streams = Vec::new();
    for (protocol, id) in DEVICES {
        let mut stream = connect(&address);
        for (frame, _) in start_of(protocol, id) {
            stream.write_all(&frame).unwrap();
        }
        streams.push(stream);
    }
    let wait_for = |condition: &str| {
        for _ in 0..600 {
            if browser.value(condition) == true {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!(
            "never: {condition}\n{}",
            browser.value("document.body.innerText")
        );
    };
    wait_for("document.querySelectorAll('#devices tr').length === 5");
    wait_for("document.querySelectorAll('#map circle').length === 5");
    wait_for("document.querySelector('#counts').innerText.startsWith('5 devices, 5 online')");
    let text = browser.value("document.querySelector('#frames').innerText");
    assert!(text.as_str().unwrap().contains("7878"), "{text}");

    // A click on a device, and a command to it.
    browser.value("document.querySelector('tr[data-id=\"356588220000002\"]').click()");
    browser.value("document.querySelector('#line').value += 'text WHERE#'");
    browser.value("document.querySelector('#form button').click()");
    wait_for("document.querySelector('#commands').innerText.includes('text WHERE#: sent')");
    await_bytes(&mut streams[1], b"WHERE#");
    browser.value("document.querySelector('#line').value = 'nobody <b>cut</b>'");
    browser.value("document.querySelector('#form button').click()");
    wait_for("document.querySelector('#said.error').innerText.includes('neither a device')");
    streams.remove(1);
    wait_for("document.querySelector('#counts').innerText.includes('4 online')");

    // It asks nobody except the server.
    let others = format!(
        "performance.getEntriesByType('resource').filter((r) => !r.name.startsWith('{page}')).length"
    );
    assert_eq!(browser.value(&others), 0);
    let (status, _) = server.stop();
    assert_eq!(status, 0);
}
