use crate::{
    device::{Device, Sent, Uplink, UplinkError},
    types::Protocol,
};

/// Writes `uplink` of this device as one frame to the front of `out`.
pub(crate) const fn uplink(
    _uplink: &Uplink<'_>,
    _device: &Device,
    _out: &mut [u8],
) -> Result<Sent, UplinkError> {
    Err(UplinkError::Unsupported {
        protocol: Protocol::Gt06,
    })
}
