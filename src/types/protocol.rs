use core::fmt;

macro_rules! protocol {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// The wire protocols of devices sold as GT02, by the names that Traccar made common.
        ///
        /// Every build has all of the variants; [`is_enabled`](Self::is_enabled) says whose frames
        /// it finds. The discriminants are stable: a protocol keeps its number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Protocol {
            $($(#[$doc])* $name = $number,)*
        }

        impl Protocol {
            /// Returns the name in JSON and in logs, which is that of the module: `gt02`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($module),)*
                }
            }

            /// Returns `true` if the crate is built to find frames of the protocol: `gt02` always
            /// is, the others with the cargo feature of the protocol's name.
            ///
            /// ```
            /// use gt02::Protocol;
            /// assert!(Protocol::Gt02.is_enabled());
            /// assert_eq!(Protocol::Gt06.is_enabled(), cfg!(feature = "gt06"));
            /// ```
            #[must_use]
            pub const fn is_enabled(self) -> bool {
                match self {
                    $(Self::$name => $enabled,)*
                }
            }
        }
    };
}

for_each_protocol!(protocol);

#[cfg(feature = "defmt")]
impl defmt::Format for Protocol {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.name());
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
