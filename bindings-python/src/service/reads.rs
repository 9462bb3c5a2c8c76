//! What is read from the mirror.

use std::sync::Arc;

use pyo3::{IntoPyObjectExt, prelude::*, types::PyList};
use theo_calendar::{
    id::EventKey,
    model,
    search::{self, MeaningUse},
    storage::{self, ChangePage, MirroredEvent},
};

use crate::{
    event::Event,
    value::{ToPython, values},
};

values! {
    /// An event that was found, and why it stands where it does.
    plain SearchHit(search::SearchHit) {
        /// The event.
        event,
        /// How good it is, for order alone.
        score,
        /// Its place among those found by words, from 1; `None` where it was not.
        text_rank = |it| it.parts.text.as_ref().map(|text| text.rank),
        /// Which share of the query stands in it, by rarity of its words: 0 to 1.
        text_share = |it| it.parts.text.as_ref().map(|text| text.share),
        /// Where words of the query stand in it.
        fields = |it| it.parts.text.as_ref().map(|text| text.fields.clone()).unwrap_or_default(),
        /// Its place among those found by meaning, from 1; `None` where it was not.
        meaning_rank = |it| it.parts.meaning.as_ref().map(|meaning| meaning.rank),
        /// Cosine similarity of the query and its text, -1 to 1.
        similarity = |it| it.parts.meaning.as_ref().map(|meaning| meaning.similarity),
    }

    /// What a search found: a sequence of `SearchHit`, best first. Of one series it has one.
    sequence SearchResults(search::SearchResults) of hits {
        /// The model whose embeddings were compared; `None` where meaning had no part in it.
        model = |it| match &it.meaning {
            MeaningUse::Used { model, .. } => Some(model.as_str()),
            MeaningUse::NotAsked | MeaningUse::Missing { .. } => None,
        },
        /// Whether every change of the mirror up to now was embedded; `None` where meaning had no part in it.
        is_embedded = |it| match &it.meaning {
            MeaningUse::Used { complete, .. } => Some(*complete),
            MeaningUse::NotAsked | MeaningUse::Missing { .. } => None,
        },
        /// Why meaning was asked for and could not be had, so that the hits are by words alone; else `None`.
        meaning_missing = |it| match &it.meaning {
            MeaningUse::Missing { why } => Some(why.as_str()),
            MeaningUse::NotAsked | MeaningUse::Used { .. } => None,
        },
    }

    /// A change of the mirror.
    plain Change(storage::Change) {
        /// Its place in the feed.
        cursor = |it| it.cursor.0,
        /// Which event.
        key,
        /// The event as it is now; `None` where it is gone.
        event = |it| it.event.as_ref().map(|event| Mirrored(&it.key, event)),
        /// When it was stored.
        at,
    }
}

pub(super) struct Mirrored<'e>(pub(super) &'e EventKey, pub(super) &'e Arc<model::Event>);

impl ToPython for Mirrored<'_> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let event = Event { event: self.1.clone(), zone: None, key: Some(Arc::new(self.0.clone())) };
        event.into_bound_py_any(py)
    }
}

impl ToPython for MirroredEvent {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Mirrored(&self.key, &self.event).to_python(py)
    }
}

/// A list of its own for whoever asked.
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

impl<T: ToPython> ToPython for Listed<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items: PyResult<Vec<_>> = self.0.iter().map(|item| item.to_python(py)).collect();
        Ok(PyList::new(py, items?)?.into_any())
    }
}

/// The changes of a page, and where to read on.
impl ToPython for ChangePage {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (self.changes.clone(), self.next.0).to_python(py)
    }
}
