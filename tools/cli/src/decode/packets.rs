//! Packets in the files of tcpdump and Wireshark: pcap and pcapng.

use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use gt02::types::{DateTime, UtcOffset};
use pcap_parser::{
    Block, LegacyPcapReader, Linktype, PcapBlockOwned, PcapError, PcapNGReader,
    traits::{PcapNGPacketBlock, PcapReaderIterator},
};
use std::{
    fmt,
    io::{self, Cursor, Read},
    net::SocketAddr,
};

/// The size of the buffer at first, and the most that it grows to: a packet with more is an error.
const BUFFER: usize = 64 * 1024;
const LARGEST_BUFFER: usize = 16 * 1024 * 1024;

/// Link types of raw IP that BSD numbers in its own way.
const RAW_ON_BSD: [i32; 2] = [12, 14];

/// A packet of TCP or UDP.
pub struct Packet<'a> {
    pub at: Option<DateTime>,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub content: Content<'a>,
}

/// The content of a packet.
pub enum Content<'a> {
    Udp {
        payload: &'a [u8],
        /// The number of bytes at its end that were not captured.
        missing: u64,
    },
    Tcp {
        sequence: u32,
        acknowledged: Option<u32>,
        syn: bool,
        fin: bool,
        rst: bool,
        payload: &'a [u8],
    },
}

/// What the next block of the file is.
pub enum Next<'a> {
    Packet(Packet<'a>),
    /// A packet that is no concern of ours.
    Other,
    /// A part of a packet that was sent in several.
    Fragment,
    /// More has to be read, which may take a while.
    Wait,
    End,
}

/// The file cannot be read on.
pub enum PacketError {
    /// It ends in the middle of the packet that begins there, or the length of that one is wrong.
    Truncated(usize),
    /// There is no packet where one should begin, that many bytes after the beginning.
    Damaged(usize),
    /// The packets are of a link that is not known, with that number.
    Link(i32),
    Io,
}

impl fmt::Display for PacketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated(at) => write!(
                f,
                "the capture ends in the middle of the packet at byte {at}, or is damaged there; \
                 all before it is decoded"
            ),
            Self::Damaged(at) => write!(
                f,
                "the capture is damaged at byte {at}; all before it is decoded"
            ),
            Self::Link(number) => write!(
                f,
                "packets of link type {number}: Ethernet, Linux cooked, loopback and raw IP are \
                 known"
            ),
            Self::Io => f.write_str("the capture cannot be read on"),
        }
    }
}

/// What a packet of an interface needs to be understood.
#[derive(Clone, Copy)]
struct Interface {
    link: Linktype,
    /// Units of its clock in a second.
    resolution: u64,
    /// Seconds to add.
    offset: i64,
}

/// Reads packets.
pub struct PacketReader<'s> {
    reader: Box<dyn PcapReaderIterator + 's>,
    interfaces: Vec<Interface>,
    /// Bytes to pass before the next block.
    passed: usize,
    capacity: usize,
}

impl<'s> PacketReader<'s> {
    /// Reads the head of the file.
    pub fn new(mut source: impl Read + 's) -> Result<Self, PacketError> {
        // The libraries want the whole head in their first read.
        let mut head = Vec::new();
        let mut read = |head: &mut Vec<u8>, len: usize| {
            let more = len.saturating_sub(head.len()) as u64;
            source.by_ref().take(more).read_to_end(head)
        };
        let io = |_: io::Error| PacketError::Io;
        read(&mut head, 24).map_err(io)?;
        let is_pcapng = head.starts_with(b"\n\r\r\n");
        if let (true, [_, _, _, _, a, b, c, d, order, ..]) = (is_pcapng, head.as_slice()) {
            let len = [*a, *b, *c, *d];
            let len = match order {
                0x1A => u32::from_be_bytes(len),
                _ => u32::from_le_bytes(len),
            };
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            read(&mut head, len.min(BUFFER)).map_err(io)?;
        }
        let source = Cursor::new(head).chain(source);
        let error = |error| match error {
            PcapError::Incomplete(_) => PacketError::Truncated(0),
            PcapError::ReadError => PacketError::Io,
            _ => PacketError::Damaged(0),
        };
        let reader: Box<dyn PcapReaderIterator> = if is_pcapng {
            Box::new(PcapNGReader::new(BUFFER, source).map_err(error)?)
        } else {
            Box::new(LegacyPcapReader::new(BUFFER, source).map_err(error)?)
        };
        Ok(Self {
            reader,
            interfaces: Vec::new(),
            passed: 0,
            capacity: BUFFER,
        })
    }

    /// Reads the next block.
    pub fn next(&mut self) -> Result<Next<'_>, PacketError> {
        self.reader
            .consume_noshift(std::mem::take(&mut self.passed));
        let place = self.reader.consumed();
        // Whether a block is there is asked first: the packet that is returned keeps the borrow.
        match self.reader.next() {
            Ok(_) => {}
            Err(PcapError::Eof) => return Ok(Next::End),
            Err(PcapError::Incomplete(_)) => return Ok(Next::Wait),
            Err(PcapError::BufferTooSmall) if self.capacity < LARGEST_BUFFER => {
                self.capacity = self.capacity.saturating_mul(2);
                self.reader.grow(self.capacity);
                return Ok(Next::Wait);
            }
            Err(PcapError::UnexpectedEof) => return Err(PacketError::Truncated(place)),
            Err(PcapError::ReadError) => return Err(PacketError::Io),
            Err(_) => return Err(PacketError::Damaged(place)),
        }
        let Ok((len, block)) = self.reader.next() else {
            return Err(PacketError::Damaged(place));
        };
        self.passed = len;
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                self.interfaces = vec![Interface {
                    link: header.network,
                    resolution: 1,
                    offset: 0,
                }];
                Ok(Next::Other)
            }
            PcapBlockOwned::Legacy(block) => {
                let Some(interface) = self.interfaces.first() else {
                    return Ok(Next::Other);
                };
                packet(*interface, Some(block.ts_sec.into()), block.data)
            }
            PcapBlockOwned::NG(Block::SectionHeader(_)) => {
                self.interfaces.clear();
                Ok(Next::Other)
            }
            PcapBlockOwned::NG(Block::InterfaceDescription(block)) => {
                self.interfaces.push(Interface {
                    link: block.linktype,
                    resolution: resolution(block.if_tsresol),
                    offset: block.if_tsoffset,
                });
                Ok(Next::Other)
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(block)) => {
                let number = usize::try_from(block.if_id).unwrap_or(usize::MAX);
                let Some(interface) = self.interfaces.get(number) else {
                    return Err(PacketError::Damaged(place));
                };
                let time = u64::from(block.ts_high) << 32 | u64::from(block.ts_low);
                let caplen = usize::try_from(block.caplen).unwrap_or(usize::MAX);
                // Without the bytes that fill it up.
                let data = block.data.get(..caplen).unwrap_or(block.data);
                packet(*interface, Some(time), data)
            }
            PcapBlockOwned::NG(Block::SimplePacket(block)) => {
                let Some(interface) = self.interfaces.first() else {
                    return Err(PacketError::Damaged(place));
                };
                let len = usize::try_from(block.orig_len()).unwrap_or(usize::MAX);
                let data = block.data.get(..len).unwrap_or(block.data);
                packet(*interface, None, data)
            }
            PcapBlockOwned::NG(_) => Ok(Next::Other),
        }
    }

    /// Reads more bytes.
    pub fn wait(&mut self) -> Result<(), PacketError> {
        self.reader.refill().map_err(|_| PacketError::Io)
    }
}

/// Units in a second, as an interface of pcapng says: a power of 10, or, with the high bit, of 2.
fn resolution(tsresol: u8) -> u64 {
    let exponent = u32::from(tsresol & 0x7F);
    let units = match tsresol & 0x80 {
        0 => 10_u64.checked_pow(exponent),
        _ => 1_u64.checked_shl(exponent),
    };
    units.unwrap_or(u64::MAX)
}

/// Takes a packet apart.
fn packet(interface: Interface, time: Option<u64>, data: &[u8]) -> Result<Next<'_>, PacketError> {
    let at = time.and_then(|time| {
        let seconds = i64::try_from(time.checked_div(interface.resolution)?).ok()?;
        DateTime::from_unix(seconds.checked_add(interface.offset)?, UtcOffset::UTC)
    });
    let Some(packet) = sliced(interface.link, data)? else {
        return Ok(Next::Other);
    };
    let (from, to, payload) = match &packet.net {
        Some(LaxNetSlice::Ipv4(ip)) => (
            ip.header().source_addr().into(),
            ip.header().destination_addr().into(),
            ip.payload(),
        ),
        Some(LaxNetSlice::Ipv6(ip)) => (
            ip.header().source_addr().into(),
            ip.header().destination_addr().into(),
            ip.payload(),
        ),
        _ => return Ok(Next::Other),
    };
    if payload.fragmented {
        return Ok(Next::Fragment);
    }
    Ok(match packet.transport {
        Some(TransportSlice::Udp(udp)) => Next::Packet(Packet {
            at,
            from: SocketAddr::new(from, udp.source_port()),
            to: SocketAddr::new(to, udp.destination_port()),
            content: Content::Udp {
                missing: u64::from(udp.length())
                    .saturating_sub(8)
                    .saturating_sub(udp.payload().len() as u64),
                payload: udp.payload(),
            },
        }),
        Some(TransportSlice::Tcp(tcp)) => Next::Packet(Packet {
            at,
            from: SocketAddr::new(from, tcp.source_port()),
            to: SocketAddr::new(to, tcp.destination_port()),
            content: Content::Tcp {
                sequence: tcp.sequence_number(),
                acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
                syn: tcp.syn(),
                fin: tcp.fin(),
                rst: tcp.rst(),
                payload: tcp.payload(),
            },
        }),
        _ => Next::Other,
    })
}

/// The headers of a packet; `None` if it has no IP.
fn sliced(link: Linktype, data: &[u8]) -> Result<Option<LaxSlicedPacket<'_>>, PacketError> {
    // After a head of that length, whose type of protocol is at that place.
    let cooked = |place: usize, len: usize| {
        let ether_type = data.get(place..)?.first_chunk()?;
        let ether_type = EtherType(u16::from_be_bytes(*ether_type));
        Some(LaxSlicedPacket::from_ether_type(
            ether_type,
            data.get(len..)?,
        ))
    };
    Ok(match link {
        Linktype::ETHERNET => LaxSlicedPacket::from_ethernet(data).ok(),
        Linktype::LINUX_SLL => cooked(14, 16),
        Linktype::LINUX_SLL2 => cooked(0, 20),
        // The family of the addresses has 4 bytes; the packet itself says it too.
        Linktype::NULL | Linktype::LOOP => data
            .get(4..)
            .and_then(|data| LaxSlicedPacket::from_ip(data).ok()),
        Linktype::RAW | Linktype::IPV4 | Linktype::IPV6 => LaxSlicedPacket::from_ip(data).ok(),
        Linktype(number) if RAW_ON_BSD.contains(&number) => LaxSlicedPacket::from_ip(data).ok(),
        Linktype(number) => return Err(PacketError::Link(number)),
    })
}
