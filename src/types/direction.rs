/// The direction in which a frame travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Direction {
    /// From the device to the server.
    Up,
    /// From the server to the device.
    Down,
}
