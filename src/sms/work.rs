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

    /// A text of this length that repeats a piece.
    fn text(piece: &str, len: usize) -> String {
        piece.chars().cycle().take(len).collect()
    }

    /// The bytes looked at to read a text.
    fn looked_to_parse(text: &str) -> usize {
        LOOKED.set(0);
        let _ = Answer::parse(text.as_bytes());
        LOOKED.get()
    }

    /// The bytes looked at to read a text, and all that it says.
    fn looked(text: &str) -> usize {
        LOOKED.set(0);
        let answer = Answer::parse(text.as_bytes());
        if let Answer::Status(status) = &answer {
            ask(status);
        }
        let _ = Command::Locate.verdict(CommandSet::J, &answer);
        LOOKED.get()
    }

    /// Pieces of all that a reader looks for.
    const PIECES: [&str; 33] = [
        "\t",
        "\x0C",
        "\nh",
        "t:",
        "sos: ",
        "net: ",
        "id:1 ",
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

    /// The most bytes that [`Answer::parse`] looks at for one byte of text: one pass for a
    /// position, one for a state, and few bytes more at each label.
    const TO_PARSE: usize = 10;

    /// The most bytes with all getters of a state, too. Each getter is a pass.
    const TO_ASK: usize = 400;

    #[test]
    fn grows_with_the_text_alone() {
        let check = |piece: &str, len: usize| {
            let text = text(piece, len);
            let (parsed, looked) = (looked_to_parse(&text), looked(&text));
            assert!(parsed <= TO_PARSE * len, "{parsed} of {len}, {piece:?}");
            assert!(looked <= TO_ASK * len, "{looked} of {len}, {piece:?}");
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
        assert!(looked(&text(":", 1000)) >= 1000, "work is counted");
    }

    /// Every piece of up to five characters of these, repeated.
    #[test]
    fn no_text_of_few_characters_takes_more() {
        let mut worst = (0, String::new());
        for alphabet in ["\n:aA ", ": 1;A", "=q1,\n", "<\r\n:t", ";\x0C:a", ": \tid"] {
            let letters: std::vec::Vec<char> = alphabet.chars().collect();
            for number in 1..letters.len().pow(5) {
                let mut piece = String::new();
                let mut rest = number;
                while rest > 0 {
                    piece.push(letters[rest % letters.len()]);
                    rest /= letters.len();
                }
                let looked = looked_to_parse(&text(&piece, 200));
                worst = worst.max((looked, piece));
            }
        }
        assert!(worst.0 <= TO_PARSE * 200, "{worst:?}");
    }
}
