//! The seam to a model.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Error, ErrorKind, Result};

/// A text's place in a model's space.
pub type Embedding = Vec<f32>;

/// Turns texts into vectors.
///
/// # Guarantees every implementation gives
/// - The same model name means the same space and the same number of dimensions, for as long as embeddings are kept.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The model's name, stored with each vector.
    fn model(&self) -> &str;

    /// How many numbers a vector has.
    fn dimensions(&self) -> usize;

    /// The vectors of `texts`, in their order.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when one of the texts is refused: it is passed over, the others are not. Every
    /// other kind is of the embedder, and all of them are tried again later.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>>;
}

#[async_trait]
impl<T: Embedder + ?Sized> Embedder for Arc<T> {
    fn model(&self) -> &str {
        (**self).model()
    }

    fn dimensions(&self) -> usize {
        (**self).dimensions()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        (**self).embed(texts).await
    }
}

/// The vectors of `texts`, held to what the embedder says of itself.
///
/// # Errors
/// The embedder's; [`ErrorKind::MalformedResponse`] when their number or their dimensions are others, or one is no
/// direction: it holds what is no finite number, or only zeros.
pub(super) async fn embedded(embedder: &dyn Embedder, texts: &[String]) -> Result<Vec<Embedding>> {
    let embeddings = embedder.embed(texts).await?;
    let (model, dimensions) = (embedder.model(), embedder.dimensions());
    let malformed = |message: String| Err(Error::new(ErrorKind::MalformedResponse, message));
    if embeddings.len() != texts.len() {
        let (got, asked) = (embeddings.len(), texts.len());
        return malformed(format!("model \"{model}\" gave {got} embeddings for {asked} texts"));
    }
    for embedding in &embeddings {
        if embedding.len() != dimensions {
            let got = embedding.len();
            return malformed(format!(
                "model \"{model}\" gave an embedding of {got} numbers where {dimensions} were said: name the dimensions it has"
            ));
        }
        let is_finite = embedding.iter().all(|number| number.is_finite());
        if !is_finite || embedding.iter().all(|number| *number == 0.0) {
            return malformed(format!(
                "model \"{model}\" gave an embedding without a direction: a number in it is not finite, or all are zero"
            ));
        }
    }
    Ok(embeddings)
}
