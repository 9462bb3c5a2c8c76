//! JSON as Google writes it, read at a glance: strings and indentation sixteen bytes at a time.
//!
//! It does not know all of JSON, and need not: what it does not expect it refuses, and serde_json has the last word.
//! Escapes and values of any shape are serde_json's from the start. So what it accepts is what serde_json would read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, Visitor},
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;
use wide::u8x16;

/// `json` as a `T`, or `None` where serde_json should look at it.
pub(super) fn read<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    let text = simdutf8::basic::from_utf8(json).ok()?;
    let mut reader = Reader { text, at: token(text, 0), depth: 0 };
    let value = T::deserialize(&mut reader).ok()?;
    (reader.depth == 0 && token(text, reader.at) == text.len()).then_some(value)
}

/// Something is not as it expects.
#[derive(Debug)]
struct Refused;

type Result<T> = std::result::Result<T, Refused>;

/// It stands at the first byte of a value, or right behind one.
struct Reader<'de> {
    text: &'de str,
    at: usize,
    /// Objects and arrays that are open: one that was not read to its end stays so.
    depth: usize,
}

/// What stands between two quotes, or, where there are escapes, the whole with its quotes.
enum Text<'de> {
    Plain(&'de str),
    Escaped(&'de str),
}

impl<'de> Reader<'de> {
    fn rest(&self) -> &'de str {
        &self.text[self.at..]
    }

    /// Whether `word` stands here; it is passed if so.
    fn passes(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// What stands between `open` and `close`.
    fn entries(&mut self, [open, close]: [u8; 2]) -> Result<Entries<'_, 'de>> {
        self.at = past(self.text, self.at, open)?;
        self.depth += 1;
        Ok(Entries { reader: self, close, is_first: true })
    }
}

/// Where the first token at or after `at` begins.
#[inline(always)]
fn token(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        match bytes.get(at) {
            Some(b'\n') => at += 1 + run(&bytes[at + 1..], |bytes| bytes.simd_eq(u8x16::splat(b' '))),
            Some(b' ' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// Behind `byte`, if it is at `at`.
#[inline(always)]
fn past(text: &str, at: usize, byte: u8) -> Result<usize> {
    if text.as_bytes().get(at) == Some(&byte) { Ok(at + 1) } else { Err(Refused) }
}

/// The string at `at`, and what is behind it.
#[inline(always)]
fn string(text: &str, at: usize) -> Result<(Text<'_>, usize)> {
    let start = past(text, at, b'"')?;
    let end = start + run(&text.as_bytes()[start..], is_plain);
    match text.as_bytes().get(end) {
        Some(b'"') => Ok((Text::Plain(&text[start..end]), end + 1)),
        Some(b'\\') => escaped(text, at, end),
        _ => Err(Refused),
    }
}

/// The string at `at`, whose first escape is at `end`.
fn escaped(text: &str, at: usize, mut end: usize) -> Result<(Text<'_>, usize)> {
    let bytes = text.as_bytes();
    while let Some(b'\\') = bytes.get(end) {
        end += 2;
        end += run(bytes.get(end..).ok_or(Refused)?, is_plain);
    }
    end = past(text, end, b'"')?;
    Ok((Text::Escaped(&text[at..end]), end))
}

/// Which bytes are a string's own: no quote, no backslash, no control character.
#[inline(always)]
fn is_plain(bytes: u8x16) -> u8x16 {
    let quote_or_escape = bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'));
    !quote_or_escape & bytes.max(u8x16::splat(b' ')).simd_eq(bytes)
}

/// How many bytes at the beginning are all `good`, a byte of ones each.
#[inline(always)]
fn run(bytes: &[u8], good: impl Fn(u8x16) -> u8x16) -> usize {
    let (chunks, rest) = bytes.as_chunks();
    for (at, chunk) in chunks.iter().enumerate() {
        let good = good(u8x16::new(*chunk)).to_bitmask();
        if good != 0xffff {
            return at * 16 + good.trailing_ones() as usize;
        }
    }
    // A zero is good nowhere.
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    chunks.len() * 16 + good(u8x16::new(last)).to_bitmask().trailing_ones() as usize
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Refused;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Self::Plain(text) => visitor.visit_borrowed_str(text),
            Self::Escaped(quoted) => {
                serde_json::Deserializer::from_str(quoted).deserialize_str(visitor).map_err(|_| Refused)
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Refused;

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (text, at) = string(self.text, self.at)?;
        self.at = at;
        text.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let is_true = self.passes("true");
        if is_true || self.passes("false") { visitor.visit_bool(is_true) } else { Err(Refused) }
    }

    /// Without a sign and of up to nine digits, as Google's are.
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_padded = length > 1 && rest.starts_with('0');
        if length > 9 || is_padded || rest[length..].starts_with(['.', 'e', 'E']) {
            return Err(Refused);
        }
        self.at += length;
        visitor.visit_i32(rest[..length].parse().map_err(|_| Refused)?)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.text.as_bytes().get(self.at) {
            Some(b'n') if self.passes("null") => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_map(self.entries(*b"{}")?)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self.entries(*b"[]")?)
    }

    /// A value of any shape, kept as it is: serde_json knows how.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<&RawValue>();
        let raw = values.next().ok_or(Refused)?.map_err(|_| Refused)?;
        self.at += values.byte_offset();
        serde_json::Deserializer::from_str(raw.get())
            .deserialize_newtype_struct(name, visitor)
            .map_err(|_| Refused)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Refused)
    }

    forward_to_deserialize_any! {
        i8 i16 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct struct enum
        identifier ignored_any
    }
}

/// The fields of an object, or the items of an array.
struct Entries<'a, 'de> {
    reader: &'a mut Reader<'de>,
    close: u8,
    is_first: bool,
}

impl Entries<'_, '_> {
    /// Where the next one begins, or `None` behind the last.
    #[inline(always)]
    fn next(&mut self) -> Result<Option<usize>> {
        let text = self.reader.text;
        let mut at = token(text, self.reader.at);
        if let Ok(end) = past(text, at, self.close) {
            self.reader.at = end;
            self.reader.depth -= 1;
            return Ok(None);
        }
        if !self.is_first {
            at = token(text, past(text, at, b',')?);
        }
        self.is_first = false;
        Ok(Some(at))
    }
}

impl<'de> de::MapAccess<'de> for Entries<'_, 'de> {
    type Error = Refused;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(at) = self.next()? else { return Ok(None) };
        let text = self.reader.text;
        let (name, at) = string(text, at)?;
        self.reader.at = token(text, past(text, token(text, at), b':')?);
        seed.deserialize(name).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> de::SeqAccess<'de> for Entries<'_, 'de> {
    type Error = Refused;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(at) = self.next()? else { return Ok(None) };
        self.reader.at = at;
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not as Google writes it")
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}
