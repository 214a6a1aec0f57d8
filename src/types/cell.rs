/// A cell of a mobile network. Parts of its identity that the device did not send are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct CellTower {
    /// Mobile country code.
    pub mcc: Option<u16>,
    /// Mobile network code.
    pub mnc: Option<u16>,
    /// Location area code.
    pub lac: Option<u32>,
    /// Cell id.
    pub cid: Option<u32>,
}

/// MCC, MNC, LAC and cell id, with a question mark for a part that was not sent.
#[cfg(feature = "defmt")]
impl defmt::Format for CellTower {
    fn format(&self, f: defmt::Formatter<'_>) {
        let parts = [
            self.mcc.map(u32::from),
            self.mnc.map(u32::from),
            self.lac,
            self.cid,
        ];
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                defmt::write!(f, "-");
            }
            match part {
                Some(part) => defmt::write!(f, "{=u32}", part),
                None => defmt::write!(f, "?"),
            }
        }
    }
}

/// A cell other than the serving one, and its signal strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct NeighbourCell {
    /// The identity of the cell.
    pub cell: CellTower,
    /// Raw signal strength, on the protocol's own scale; `None` if it was not sent.
    pub rssi: Option<i16>,
}
