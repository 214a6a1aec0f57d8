//! How many bytes reading an answer looks at. It is counted in tests, and costs nothing elsewhere.

/// Counts bytes that are looked at.
#[inline(always)]
pub(super) fn look(_bytes: usize) {
    #[cfg(test)]
    tests::LOOKED.with(|looked| looked.set(looked.get().wrapping_add(_bytes)));
}

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::sms::{Answer, Command, CommandSet, Status};
    use std::{cell::Cell, string::String};

    std::thread_local! {
        pub(super) static LOOKED: Cell<usize> = const { Cell::new(0) };
    }

    /// All that can be asked of a state.
    fn ask(status: &Status<'_>) {
        let _ = (status.battery(), status.battery_percent(), status.fix());
        let _ = (status.external_voltage(), status.external_power());
        let _ = (status.charging(), status.satellites(), status.ignition());
        let _ = (status.armed(), status.relay_cut(), status.speed());
        let _ = (status.device(), status.iccid(), status.apn());
        let _ = (status.server(), status.intervals(), status.time_zone());
        let _ = status.sos_numbers().count();
    }

    /// The bytes looked at for a text of this length that repeats a piece.
    fn looked(piece: &str, len: usize) -> usize {
        let text: String = piece.chars().cycle().take(len).collect();
        LOOKED.set(0);
        let answer = Answer::parse(text.as_bytes());
        if let Answer::Status(status) = &answer {
            ask(status);
        }
        let _ = Command::Locate.verdict(CommandSet::J, &answer);
        LOOKED.get()
    }

    /// Pieces of all that a reader looks for.
    const PIECES: [&str; 26] = [
        ":",
        "=",
        "q=1",
        "q=1.5,",
        " ",
        "\n",
        "\r\n",
        ";",
        ",",
        "1",
        "a",
        "a ",
        "a b:",
        "\nA",
        "\nA: b",
        "lat:1.5,",
        "Longitude Latitude:1:1",
        "speed=1,",
        "Battery:4.1V;",
        "ACC:ON ",
        "error",
        "ok",
        "OK!",
        "IMEI:353686009002030N",
        "<2023-08-27 12:43:43>",
        "SOS NUM:1,",
    ];

    /// The most bytes that are looked at for one byte of text: the getters of a state go over it
    /// about 40 times, and look at each label a few times.
    const BOUND: usize = 400;

    #[test]
    fn grows_with_the_text_alone() {
        let check = |piece: &str, len: usize| {
            let looked = looked(piece, len);
            assert!(looked <= BOUND * len, "{looked} of {len}, {piece:?}");
            looked
        };
        for one in PIECES {
            check(one, 100_000);
            for other in PIECES {
                let piece = std::format!("{one}{other}");
                let (half, whole) = (check(&piece, 1000), check(&piece, 2000));
                assert!(whole <= half * 5 / 2 + 1000, "{half} {whole} {piece:?}");
                // A long run before what looks back at it.
                check(&std::format!("{}{other}", one.repeat(2000)), 4000);
            }
        }
        assert!(looked(":", 1000) >= 1000, "work is counted");
    }
}
