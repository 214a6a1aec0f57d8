//! What a peer that is no tracker speaks, as far as its first bytes tell.

/// Says what the first bytes look like, for the log.
pub fn looks_like(bytes: &[u8]) -> &'static str {
    const METHODS: [&[u8]; 7] = [
        b"GET ",
        b"POST ",
        b"HEAD ",
        b"PUT ",
        b"OPTIONS ",
        b"CONNECT ",
        b"PRI ",
    ];
    match bytes {
        _ if METHODS.iter().any(|method| bytes.starts_with(method)) => "HTTP",
        [0x16, 0x03, 0..=4, ..] => "TLS",
        [0x80, _, 0x01, ..] => "TLS of old",
        _ if bytes.starts_with(b"SSH-") => "SSH",
        [0x10, _, 0, 4 | 6, b'M', b'Q', ..] => "MQTT",
        [0x03, 0, 0, _, _, 0xE0, ..] => "Remote Desktop",
        [0x05, 1..=4, 0..=2, ..] => "SOCKS",
        [0, 0x0F, b'0'..=b'9', ..] => "Teltonika",
        [b'$', b'$', ..] => "Meitrack or another with $$",
        _ if bytes.starts_with(b"##,imei:") || bytes.starts_with(b"imei:") => "gps103",
        _ if bytes.starts_with(b"+RESP:") || bytes.starts_with(b"+ACK:") => "Queclink",
        [0x78 | 0x79, ..] => "gt06, damaged",
        _ if bytes
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t')) =>
        {
            "text"
        }
        _ => "nothing known",
    }
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn by_the_first_bytes() {
        assert_eq!(looks_like(b"GET / HTTP/1.1\r\n"), "HTTP");
        assert_eq!(looks_like(&[0x16, 3, 1, 2, 0, 1]), "TLS");
        assert_eq!(looks_like(b"SSH-2.0-OpenSSH_9.2\r\n"), "SSH");
        assert_eq!(looks_like(b"\x10\x1d\x00\x04MQTT"), "MQTT");
        assert_eq!(looks_like(b"\x00\x0f356307042441013"), "Teltonika");
        assert_eq!(looks_like(b"hello\r\n"), "text");
        assert_eq!(looks_like(&[0xFF, 0, 1]), "nothing known");
    }
}
