//! Search by meaning.

use async_trait::async_trait;

use crate::Result;

/// A text's place in a model's space.
pub type Embedding = Vec<f32>;

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The model's name, stored with each vector.
    fn model(&self) -> &str;

    /// How many numbers a vector has.
    fn dimensions(&self) -> usize;

    /// The vectors of `texts`, in their order.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) when the model cannot be reached.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>>;
}
