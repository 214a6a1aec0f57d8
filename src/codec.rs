//! The decoder as a codec of `tokio_util`.

use crate::{
    decoder::{self, Wait},
    owned::OwnedItem,
    session::Reply,
};
use std::io;
use tokio_util::{
    bytes::{Buf, BytesMut},
    codec,
};

/// A codec of `tokio_util`: [`OwnedItem`]s are read; replies, and bytes such as those of commands,
/// are written. `N` is the size of the [decoder](crate::Decoder)'s buffer, in bytes.
///
/// It suits gateways and tools. `Framed` keeps 8 KiB of buffers for each connection, where a
/// [`Connection`](crate::Connection) keeps its own buffer alone and copies no frame; and `Framed`
/// knows no silence: at a timeout call [`finish`](Self::finish) by `Framed::codec_mut`.
///
/// ```
/// use gt02::codec::Codec;
/// use tokio_util::{bytes::BytesMut, codec::{Decoder, Encoder}};
///
/// let mut codec = Codec::<1024>::new();
/// let mut read = BytesMut::from(&b"\x54\x68\x1a\x0d\x0a\xff"[..]);
/// assert_eq!(codec.decode(&mut read)?.unwrap().as_bytes(), b"\x54\x68\x1a\x0d\x0a");
/// assert_eq!(codec.decode_eof(&mut read)?.unwrap().as_bytes(), b"\xff");
/// assert_eq!(codec.decode_eof(&mut read)?, None);
///
/// let mut write = BytesMut::new();
/// codec.encode(&b"\x54\x68\x1a\x0d\x0a"[..], &mut write)?;
/// assert_eq!(write, &b"\x54\x68\x1a\x0d\x0a"[..]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Codec<const N: usize> {
    decoder: decoder::Decoder<N>,
}

impl<const N: usize> Codec<N> {
    /// Creates a codec at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            decoder: decoder::Decoder::new(),
        }
    }

    /// Returns what the pending bytes wait for: see [`Decoder::wait`](crate::Decoder::wait).
    #[must_use]
    pub fn wait(&self) -> Wait {
        self.decoder.wait()
    }

    /// Returns the next item in the pending bytes if no byte follows: see
    /// [`Decoder::finish`](crate::Decoder::finish).
    #[must_use = "an item that is dropped is lost"]
    pub fn finish(&mut self) -> Option<OwnedItem> {
        self.decoder.finish().map(OwnedItem::from)
    }
}

/// Of a decoder, it never fails: bytes that belong to no frame are items, too.
impl<const N: usize> codec::Decoder for Codec<N> {
    type Item = OwnedItem;
    type Error = io::Error;

    fn decode(&mut self, read: &mut BytesMut) -> io::Result<Option<OwnedItem>> {
        let mut input: &[u8] = read;
        let item = self.decoder.decode(&mut input).map(OwnedItem::from);
        let used = read.len().saturating_sub(input.len());
        read.advance(used);
        Ok(item)
    }

    fn decode_eof(&mut self, read: &mut BytesMut) -> io::Result<Option<OwnedItem>> {
        match self.decode(read)? {
            None => Ok(self.finish()),
            item => Ok(item),
        }
    }
}

impl<const N: usize> codec::Encoder<Reply> for Codec<N> {
    type Error = io::Error;

    fn encode(&mut self, reply: Reply, write: &mut BytesMut) -> io::Result<()> {
        self.encode(&*reply, write)
    }
}

impl<const N: usize> codec::Encoder<&[u8]> for Codec<N> {
    type Error = io::Error;

    fn encode(&mut self, bytes: &[u8], write: &mut BytesMut) -> io::Result<()> {
        write.extend_from_slice(bytes);
        Ok(())
    }
}
