//! What goes wrong on purpose.

use std::str::FromStr;

/// One of this many devices is slow, half open or random.
const ONE_OF: u32 = 10;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// Every write is cut in two.
    Cuts,
    /// Bytes that belong to no frame stand before this share of the frames.
    Garbage(f64),
    /// This share of the answers to alarms is not heard: the device sends the alarm again.
    Lost(f64),
    /// Before this share of the positions the device closes its connection and opens another.
    Reconnect(f64),
    /// One of ten devices reads nothing.
    Slow,
    /// One of ten devices logs in and is silent.
    HalfOpen,
    /// One of ten devices logs in and sends random bytes.
    Random,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text.split_once('=').unwrap_or((text, "")) {
            ("cuts", "") => Self::Cuts,
            ("garbage", "") => Self::Garbage(0.01),
            ("garbage", share) => Self::Garbage(super::percent(share)? / 100.0),
            ("lost", "") => Self::Lost(0.5),
            ("lost", share) => Self::Lost(super::percent(share)? / 100.0),
            ("reconnect", "") => Self::Reconnect(0.05),
            ("reconnect", share) => Self::Reconnect(super::percent(share)? / 100.0),
            ("slow", "") => Self::Slow,
            ("halfopen", "") => Self::HalfOpen,
            ("random", "") => Self::Random,
            _ => {
                return Err(
                    "there are cuts, garbage=1%, lost=50%, reconnect=5%, slow, halfopen, random"
                        .to_owned(),
                );
            }
        })
    }
}

/// The faults of one device.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub cuts: bool,
    pub garbage: f64,
    pub lost: f64,
    pub reconnect: f64,
    /// Slow, half open or random; such a device is not checked.
    pub bad: Option<Fault>,
}

impl Faults {
    /// Those of the device with this number. Of the bad ones, each tenth device has one.
    pub fn of(faults: &[Fault], number: u32) -> Self {
        let is_bad =
            |fault: &&Fault| matches!(fault, Fault::Slow | Fault::HalfOpen | Fault::Random);
        let bad: Vec<Fault> = faults.iter().filter(is_bad).copied().collect();
        let share = |of: fn(&Fault) -> Option<f64>| faults.iter().find_map(of).unwrap_or(0.0);
        // Each ten begins one device later, so that all protocols of the mix have their turn.
        let tens = number.checked_div(ONE_OF).unwrap_or(0);
        let turn = number.wrapping_add(tens).checked_rem(ONE_OF).unwrap_or(0);
        let bad = usize::try_from(turn)
            .ok()
            .and_then(|turn| bad.get(turn).copied());
        Self {
            cuts: faults.contains(&Fault::Cuts),
            garbage: share(|fault| match fault {
                Fault::Garbage(share) => Some(*share),
                _ => None,
            }),
            lost: share(|fault| match fault {
                Fault::Lost(share) => Some(*share),
                _ => None,
            }),
            reconnect: share(|fault| match fault {
                Fault::Reconnect(share) => Some(*share),
                _ => None,
            }),
            bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_device_of_ten_has_each_bad_fault() {
        let faults = ["slow", "cuts", "garbage=2%", "random"].map(|text| text.parse().unwrap());
        let of = |number| Faults::of(&faults, number);
        let bad: Vec<_> = (0..20).filter_map(|number| of(number).bad).collect();
        assert_eq!(
            bad,
            [Fault::Slow, Fault::Random, Fault::Random, Fault::Slow]
        );
        assert!(of(5).cuts && (of(5).garbage - 0.02).abs() < 1e-9);
        assert!("garbage=200%".parse::<Fault>().is_err());
    }
}
