/// A cell of a mobile network, as far as a device names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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

/// A cell that is not the serving one, and how strong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct NeighbourCell {
    /// The cell.
    pub cell: CellTower,
    /// Signal strength, raw, if it was sent: each protocol has a scale of its own.
    pub rssi: Option<i16>,
}
