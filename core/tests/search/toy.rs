//! A model that everybody can compute: words thrown into buckets.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use theo_calendar::{
    Error, ErrorKind, Result,
    search::{Embedder, Embedding, words},
};

/// What a toy answers with from now on.
type Fault = Option<Box<dyn Fn(&[String]) -> Option<Error> + Send>>;

/// An embedder that writes down what it was asked, and fails when told to. Clones are one.
#[derive(Clone)]
pub(crate) struct Toy {
    model: &'static str,
    dimensions: usize,
    asked: Arc<Mutex<Vec<Vec<String>>>>,
    fault: Arc<Mutex<Fault>>,
}

impl Toy {
    pub(crate) fn new(model: &'static str) -> Arc<Self> {
        Self::of(model, 64)
    }

    pub(crate) fn of(model: &'static str, dimensions: usize) -> Arc<Self> {
        Arc::new(Self { model, dimensions, asked: Arc::default(), fault: Arc::default() })
    }

    /// The texts of each call since this was asked last.
    pub(crate) fn calls(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// How many texts it was given since it was asked last.
    pub(crate) fn texts(&self) -> usize {
        self.calls().iter().map(Vec::len).sum()
    }

    /// From now on it fails where `fault` says so.
    pub(crate) fn fails(&self, fault: impl Fn(&[String]) -> Option<Error> + Send + 'static) {
        *self.fault.lock().unwrap() = Some(Box::new(fault));
    }

    pub(crate) fn is_down(&self) {
        self.fails(|_| Some(Error::new(ErrorKind::Unavailable, "the toy is down")));
    }

    pub(crate) fn refuses(&self, word: &'static str) {
        self.fails(move |texts| {
            let refused = texts.iter().any(|text| text.contains(word));
            refused.then(|| Error::new(ErrorKind::InvalidRequest, "the toy refuses a text"))
        });
    }

    pub(crate) fn works_again(&self) {
        *self.fault.lock().unwrap() = None;
    }
}

#[async_trait]
impl Embedder for Toy {
    fn model(&self) -> &str {
        self.model
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        self.asked.lock().unwrap().push(texts.to_vec());
        if let Some(error) = self.fault.lock().unwrap().as_ref().and_then(|fault| fault(texts)) {
            return Err(error);
        }
        Ok(texts.iter().map(|text| place(text, self.dimensions)).collect())
    }
}

/// The same text has the same place, and texts that share words are near to each other.
fn place(text: &str, dimensions: usize) -> Embedding {
    let mut place = vec![0.0; dimensions];
    for word in words(text) {
        let bucket = word.bytes().fold(7_usize, |hash, byte| hash * 31 % 1_000_003 + usize::from(byte));
        place[bucket % dimensions] += 1.0;
    }
    if place.iter().all(|number| *number == 0.0) {
        place[0] = 1.0;
    }
    place
}
