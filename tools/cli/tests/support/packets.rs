//! Captured packets, made of what they say: pcap and pcapng, with all kinds of links.

use etherparse::{PacketBuilder, TcpHeader};
use std::net::SocketAddr;

/// 2026-05-04 06:00:00 UTC, when every capture begins.
const BEGIN: u32 = 1_777_874_400;

/// What lies before the IP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Ethernet,
    Vlan,
    Cooked,
    Cooked2,
    Raw,
    Null,
    Loop,
}

impl Link {
    pub const ALL: [Self; 7] = [
        Self::Ethernet,
        Self::Vlan,
        Self::Cooked,
        Self::Cooked2,
        Self::Raw,
        Self::Null,
        Self::Loop,
    ];

    /// The number of the link in a file.
    pub fn number(self) -> u16 {
        match self {
            Self::Null => 0,
            Self::Ethernet | Self::Vlan => 1,
            Self::Raw => 101,
            Self::Loop => 108,
            Self::Cooked => 113,
            Self::Cooked2 => 276,
        }
    }

    fn header(self, is_v6: bool) -> Vec<u8> {
        let ether_type: [u8; 2] = if is_v6 { [0x86, 0xDD] } else { [0x08, 0x00] };
        let family = if is_v6 { 30_u32 } else { 2 };
        let addresses = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        match self {
            Self::Ethernet => [&addresses[..], &ether_type].concat(),
            Self::Vlan => [&addresses[..], &[0x81, 0, 0, 42], &ether_type].concat(),
            Self::Cooked => [&[0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0][..], &ether_type].concat(),
            Self::Cooked2 => [
                &ether_type[..],
                &[0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0],
            ]
            .concat(),
            Self::Raw => Vec::new(),
            Self::Null => family.to_le_bytes().to_vec(),
            Self::Loop => family.to_be_bytes().to_vec(),
        }
    }
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Pcap,
    PcapBigEndian,
    PcapNanoseconds,
    Pcapng,
    PcapngBigEndian,
}

impl Form {
    pub const ALL: [Self; 5] = [
        Self::Pcap,
        Self::PcapBigEndian,
        Self::PcapNanoseconds,
        Self::Pcapng,
        Self::PcapngBigEndian,
    ];

    fn is_big_endian(self) -> bool {
        matches!(self, Self::PcapBigEndian | Self::PcapngBigEndian)
    }

    fn u16(self, number: u16) -> [u8; 2] {
        if self.is_big_endian() {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn u32(self, number: u32) -> [u8; 4] {
        if self.is_big_endian() {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn block(self, kind: u32, content: &[u8]) -> Vec<u8> {
        let padded = [content, &vec![0; content.len().wrapping_neg() % 4]].concat();
        let len = self.u32(u32::try_from(padded.len() + 12).unwrap());
        [&self.u32(kind)[..], &len, &padded, &len].concat()
    }
}

/// A capture that grows packet by packet, one each second.
pub struct Capture {
    pub file: Vec<u8>,
    form: Form,
    link: Link,
    seconds: u32,
}

impl Capture {
    pub fn new(form: Form, link: Link) -> Self {
        let number = link.number();
        let file = match form {
            Form::Pcapng | Form::PcapngBigEndian => {
                let section = [
                    &form.u32(0x1A2B_3C4D)[..],
                    &form.u16(1),
                    &form.u16(0),
                    &[0xFF; 8],
                ]
                .concat();
                let interface = [&form.u16(number)[..], &[0; 2], &form.u32(0)].concat();
                [form.block(0x0A0D_0D0A, &section), form.block(1, &interface)].concat()
            }
            _ => {
                let magic = if form == Form::PcapNanoseconds {
                    0xA1B2_3C4D
                } else {
                    0xA1B2_C3D4
                };
                [
                    &form.u32(magic)[..],
                    &form.u16(2),
                    &form.u16(4),
                    &[0; 8],
                    &form.u32(262_144),
                    &form.u32(number.into()),
                ]
                .concat()
            }
        };
        Self {
            file,
            form,
            link,
            seconds: 0,
        }
    }

    /// Adds a packet of IP.
    pub fn packet(&mut self, ip: &[u8]) {
        self.cut_packet(ip, usize::MAX);
    }

    /// Adds a packet of IP without its end, at most `most` bytes of it.
    pub fn cut_packet(&mut self, ip: &[u8], most: usize) {
        let is_v6 = ip[0] >> 4 == 6;
        let whole = [self.link.header(is_v6), ip.to_vec()].concat();
        let data = &whole[..whole.len() - ip.len() + ip.len().min(most)];
        let form = self.form;
        let len = |bytes: &[u8]| form.u32(u32::try_from(bytes.len()).unwrap());
        let time = BEGIN + self.seconds;
        self.seconds += 1;
        let record = match form {
            Form::Pcapng | Form::PcapngBigEndian => {
                let time = u64::from(time) * 1_000_000;
                let content = [
                    &form.u32(0)[..],
                    &form.u32(u32::try_from(time >> 32).unwrap()),
                    &form.u32(u32::try_from(time & 0xFFFF_FFFF).unwrap()),
                    &len(data),
                    &len(&whole),
                    data,
                ]
                .concat();
                form.block(6, &content)
            }
            _ => [
                &form.u32(time)[..],
                &form.u32(5),
                &len(data),
                &len(&whole),
                data,
            ]
            .concat(),
        };
        self.file.extend(record);
    }

    pub fn udp(&mut self, from: SocketAddr, to: SocketAddr, payload: &[u8]) {
        self.packet(&udp(from, to, payload));
    }
}

fn builder(
    from: SocketAddr,
    to: SocketAddr,
) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    match (from, to) {
        (SocketAddr::V4(from), SocketAddr::V4(to)) => {
            PacketBuilder::ipv4(from.ip().octets(), to.ip().octets(), 64)
        }
        (SocketAddr::V6(from), SocketAddr::V6(to)) => {
            PacketBuilder::ipv6(from.ip().octets(), to.ip().octets(), 64)
        }
        _ => panic!("IPv4 and IPv6 in one packet"),
    }
}

pub fn udp(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    builder(from, to)
        .udp(from.port(), to.port())
        .write(&mut packet, payload)
        .unwrap();
    packet
}

pub fn tcp(from: SocketAddr, to: SocketAddr, header: TcpHeader, payload: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    builder(from, to)
        .tcp_header(header)
        .write(&mut packet, payload)
        .unwrap();
    packet
}

/// The next packets of a connection of TCP. The device opens it.
pub struct Tcp {
    pub device: SocketAddr,
    pub server: SocketAddr,
    /// The sequence numbers of what the device and the server send next.
    pub up: u32,
    pub down: u32,
}

impl Tcp {
    fn header(from: SocketAddr, to: SocketAddr, sequence: u32, acknowledged: u32) -> TcpHeader {
        let mut header = TcpHeader::new(from.port(), to.port(), sequence, 8192);
        header.ack = true;
        header.acknowledgment_number = acknowledged;
        header
    }

    /// The three packets that open it.
    pub fn open(&mut self) -> [Vec<u8>; 3] {
        let mut syn = Self::header(self.device, self.server, self.up, 0);
        (syn.syn, syn.ack) = (true, false);
        self.up = self.up.wrapping_add(1);
        let mut answer = Self::header(self.server, self.device, self.down, self.up);
        answer.syn = true;
        self.down = self.down.wrapping_add(1);
        [
            tcp(self.device, self.server, syn, b""),
            tcp(self.server, self.device, answer, b""),
            self.device_sends(b""),
        ]
    }

    pub fn device_sends(&mut self, payload: &[u8]) -> Vec<u8> {
        let header = Self::header(self.device, self.server, self.up, self.down);
        self.up = self.up.wrapping_add(u32::try_from(payload.len()).unwrap());
        tcp(self.device, self.server, header, payload)
    }

    pub fn server_sends(&mut self, payload: &[u8]) -> Vec<u8> {
        let header = Self::header(self.server, self.device, self.down, self.up);
        self.down = self
            .down
            .wrapping_add(u32::try_from(payload.len()).unwrap());
        tcp(self.server, self.device, header, payload)
    }

    /// The packets that close it from both ends.
    pub fn close(&mut self) -> [Vec<u8>; 2] {
        let mut up = Self::header(self.device, self.server, self.up, self.down);
        up.fin = true;
        self.up = self.up.wrapping_add(1);
        let mut down = Self::header(self.server, self.device, self.down, self.up);
        down.fin = true;
        self.down = self.down.wrapping_add(1);
        [
            tcp(self.device, self.server, up, b""),
            tcp(self.server, self.device, down, b""),
        ]
    }

    pub fn reset(&mut self) -> Vec<u8> {
        let mut header = Self::header(self.device, self.server, self.up, self.down);
        header.rst = true;
        tcp(self.device, self.server, header, b"")
    }
}
