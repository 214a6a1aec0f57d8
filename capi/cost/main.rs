//! The decoder and a session in Rust, as `main.c` has them in C: `cost FILE PASSES` handles the
//! stream in a file, in reads of 1460 bytes. `cost --write FOLDER` writes the streams.

#[path = "../../benches/support/mod.rs"]
mod support;

use gt02::{Item, Session, SliceDecoder};
use std::{env, fs, hint::black_box, io, path::Path};
use support::{
    Random, push_frame, push_gt06_frame,
    text::{push_binary_h02, push_h02, push_tk103, push_v680},
};

/// Frames in each stream.
const FRAMES: u16 = 1000;
/// A TCP read on an Ethernet path.
const READ: usize = 1460;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--write", folder] => write(folder.as_ref()),
        [file, passes] => {
            let passes = passes.parse().map_err(io::Error::other)?;
            println!("{}", decode(&fs::read(file)?, passes));
            Ok(())
        }
        _ => Err(io::Error::other(
            "usage: cost FILE PASSES | cost --write FOLDER",
        )),
    }
}

/// The items of the stream, and the bytes of replies.
fn decode(stream: &[u8], passes: usize) -> usize {
    let mut buffer = [0; 1024];
    let Some(mut decoder) = SliceDecoder::new(&mut buffer) else {
        return 0;
    };
    let mut session = Session::new();
    let mut sum = 0;
    for mut input in (0..passes).flat_map(|_| stream.chunks(READ)) {
        while let Some(item) = decoder.decode(&mut input) {
            sum += 1;
            if let Item::Frame(frame) = &item {
                let outcome = session.handle(frame);
                sum += black_box(&outcome)
                    .reply
                    .as_ref()
                    .map_or(0, |reply| reply.len());
            }
        }
    }
    sum
}

fn write(folder: &Path) -> io::Result<()> {
    type Push = fn(&mut Random, u16, &mut Vec<u8>);
    let kinds: [(&str, Push); 6] = [
        ("gt02", push_frame),
        ("gt06", push_gt06_frame),
        ("tk103", |random, _, out| _ = push_tk103(random, out)),
        ("v680", |random, _, out| _ = push_v680(random, out)),
        ("h02", |random, _, out| _ = push_h02(random, out)),
        ("binary-h02", |random, _, out| {
            _ = push_binary_h02(random, out)
        }),
    ];
    for (name, push) in kinds {
        let (mut random, mut stream) = (Random(0x6868), Vec::new());
        for serial in 0..FRAMES {
            push(&mut random, serial, &mut stream);
        }
        fs::write(folder.join(name), stream)?;
    }
    Ok(())
}
