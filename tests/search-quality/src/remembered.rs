//! A model that is asked once for each text.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use theo_calendar::{
    Result,
    search::{Embedder, Embedding, HttpEmbedder},
};

/// Several stores are measured with the same model: each text goes over HTTP to it once, and how long that took is kept.
pub struct Remembered {
    model: HttpEmbedder,
    known: Mutex<HashMap<String, Embedding>>,
    asked: Mutex<Asked>,
}

/// What a model was asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Texts.
    pub texts: usize,
    /// How long the answers took in all.
    pub took: Duration,
}

impl Remembered {
    /// Over a model that was asked nothing yet.
    pub fn new(model: HttpEmbedder) -> Self {
        Self { model, known: Mutex::default(), asked: Mutex::default() }
    }

    /// What the model was asked since the last time.
    pub fn asked(&self) -> Asked {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn known(&self, texts: &[String]) -> Vec<Option<Embedding>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        texts.iter().map(|text| known.get(text).cloned()).collect()
    }
}

#[async_trait]
impl Embedder for Remembered {
    fn model(&self) -> &str {
        self.model.model()
    }

    fn dimensions(&self) -> usize {
        self.model.dimensions()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        let unknown: Vec<String> = texts
            .iter()
            .zip(self.known(texts))
            .filter(|(_, known)| known.is_none())
            .map(|(text, _)| text.clone())
            .collect();
        if !unknown.is_empty() {
            let start = Instant::now();
            let embeddings = self.model.embed(&unknown).await?;
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.texts += unknown.len();
            asked.took += start.elapsed();
            drop(asked);
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.extend(unknown.into_iter().zip(embeddings));
        }
        Ok(self.known(texts).into_iter().flatten().collect())
    }
}
