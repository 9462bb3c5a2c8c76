//! The one way a Google object is read and written: known fields typed, the others kept as they came.

/// Declares a struct for a Google object: each field `Option`, plus `unknown` for fields Google adds later.
///
/// A hand-made visitor instead of serde's `flatten`, which would buffer every value twice.
macro_rules! google_object {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident {
            $(required {
                $($(#[$required_doc:meta])* $required_json:literal => $required:ident: $required_type:ty,)*
            })?
            $($(#[$field_doc:meta])* $json:literal => $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name {
            $($($(#[$required_doc])* pub $required: $required_type,)*)?
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// Fields this version does not know, as they came.
            pub unknown: $crate::model::Unknown,
        }

        const _: () = {
            use std::fmt;
            use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

            #[allow(non_camel_case_types)]
            enum Key {
                $($($required,)*)?
                $($field,)*
                Other(Box<str>),
            }

            #[allow(non_upper_case_globals)]
            mod tags {
                use $crate::model::tag;
                $($(pub(super) const $required: u32 = tag($required_json);)*)?
                $(pub(super) const $field: u32 = tag($json);)*
            }

            impl<'de> Deserialize<'de> for Key {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct KeyVisitor;
                    impl de::Visitor<'_> for KeyVisitor {
                        type Value = Key;
                        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                            f.write_str("a field name")
                        }
                        fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
                            Ok(match $crate::model::tag(name) {
                                $($(tags::$required if name == $required_json => Key::$required,)*)?
                                $(tags::$field if name == $json => Key::$field,)*
                                _ => Key::Other(name.into()),
                            })
                        }
                    }
                    deserializer.deserialize_identifier(KeyVisitor)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct ObjectVisitor;
                    impl<'de> de::Visitor<'de> for ObjectVisitor {
                        type Value = $name;
                        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                            f.write_str(concat!("a Google ", stringify!($name)))
                        }
                        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                            $($(let mut $required: Option<$required_type> = None;)*)?
                            $(let mut $field: Option<$type> = None;)*
                            let mut unknown = $crate::model::Unknown::default();
                            while let Some(found) = map.next_key::<Key>()? {
                                match found {
                                    $($(Key::$required => $required = Some(map.next_value()?),)*)?
                                    $(Key::$field => $field = map.next_value()?,)*
                                    Key::Other(other) => unknown.push(other, map.next_value()?),
                                }
                            }
                            Ok($name {
                                $($($required: $required.ok_or_else(|| de::Error::missing_field($required_json))?,)*)?
                                $($field,)*
                                unknown,
                            })
                        }
                    }
                    deserializer.deserialize_map(ObjectVisitor)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut map = serializer.serialize_map(None)?;
                    $($(map.serialize_entry($required_json, &self.$required)?;)*)?
                    $(if let Some(value) = &self.$field {
                        map.serialize_entry($json, value)?;
                    })*
                    self.unknown.serialize_into(&mut map)?;
                    map.end()
                }
            }
        };

        $crate::model::empty_object! { $name [$($($required)*)?] [$($field)*] }
    };
}

/// `Default` for the objects that have no required field.
macro_rules! empty_object {
    ($name:ident [] [$($field:ident)*]) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $($field: None,)* unknown: $crate::model::Unknown::default() }
            }
        }
    };
    ($name:ident [$($required:ident)+] $fields:tt) => {};
}

/// A number that few names share, so that a field is found by a jump instead of by comparing it with all. In a browser,
/// where size counts before speed, all share one.
pub(crate) const fn tag(name: &str) -> u32 {
    match name.as_bytes() {
        _ if cfg!(target_family = "wasm") => 0,
        [] => 0,
        bytes @ [first, .., last] => {
            u32::from_le_bytes([*first, bytes[bytes.len() / 2], *last, bytes.len() as u8])
        }
        [only] => *only as u32,
    }
}

pub(crate) use {empty_object, google_object};
