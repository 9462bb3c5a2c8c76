//! Enumerations of our own, each with the word that programs outside Rust see.

/// Makes closed enumerations, each with its list and its words. What else they derive is the caller's.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// Every one that this version knows, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word for it outside Rust, in snake case.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }
    )*};
}

pub(crate) use codes;
