//! Guarantees 1, 4 and 6: every byte comes out again, in order; no panic; every frame can be
//! reported and answered.

#![no_main]

mod sealed;

use gt02::{Datagram, Decoder, Item, Session, sniff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = &sealed::sealed(data)[..];
    let _ = sniff(data);
    let mut rest = data;
    let mut take = |item: Item<'_>| {
        let len = item.as_bytes().len();
        assert!(len > 0);
        assert_eq!(item.as_bytes(), &rest[..len]);
        rest = &rest[len..];
    };

    let mut session = Session::new().reply_to_all();
    let mut decoder = Decoder::<260>::new().accept_bad_checksums();
    let mut input = data;
    while let Some(item) = decoder.decode(&mut input) {
        if let Item::Frame(frame) = &item {
            let outcome = session.handle(frame);
            let _ = (
                format!("{outcome:?} {:?}", outcome.report.details()),
                outcome.report.time.map(|time| time.to_string()),
            );
        }
        take(item);
    }
    assert!(input.is_empty());
    while let Some(item) = decoder.finish() {
        take(item);
    }
    assert!(rest.is_empty());

    let seen: Vec<u8> = Datagram::new(data)
        .flat_map(|item| item.as_bytes().to_vec())
        .collect();
    assert_eq!(seen, data);
});
