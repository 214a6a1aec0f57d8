/// A cell of a mobile network. Parts of its identity that the device did not send are `None`.
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
