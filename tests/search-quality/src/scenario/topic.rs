//! Kinds of things that happen, and how they are written down.

/// A kind of thing that happens. What is labelled as wanted by a query is a topic, never a text.
pub(crate) struct Topic {
    /// What it is about; no text says it.
    pub(crate) name: &'static str,
    /// Where it is kept.
    pub(crate) calendar: Calendar,
    /// How many events it makes.
    pub(crate) made: Made,
    /// The ways in which it is written down.
    pub(crate) forms: &'static [Form],
}

/// Which of Ada's calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Her primary one.
    Work,
    /// Her own.
    Private,
    /// Shared at home.
    Family,
}

/// How many events a topic makes.
#[derive(Clone, Copy)]
pub(crate) enum Made {
    /// One of each form.
    Once,
    /// A weekly series of each form.
    Weekly,
    /// So many, each of a form by chance.
    Often(usize),
    /// So many weekly series, each of a form by chance.
    Series(usize),
}

/// One way to write an event down. `{person}`, `{project}`, `{client}`, `{ticket}` and `{friend}` are filled in.
pub(crate) struct Form {
    pub(crate) title: &'static str,
    pub(crate) place: &'static str,
    pub(crate) description: &'static str,
}

impl Topic {
    pub(crate) const fn once(name: &'static str, calendar: Calendar, forms: &'static [Form]) -> Self {
        Self { name, calendar, made: Made::Once, forms }
    }

    pub(crate) const fn weekly(name: &'static str, calendar: Calendar, forms: &'static [Form]) -> Self {
        Self { name, calendar, made: Made::Weekly, forms }
    }

    pub(crate) const fn often(
        name: &'static str,
        times: usize,
        calendar: Calendar,
        forms: &'static [Form],
    ) -> Self {
        Self { name, calendar, made: Made::Often(times), forms }
    }

    pub(crate) const fn series(
        name: &'static str,
        times: usize,
        calendar: Calendar,
        forms: &'static [Form],
    ) -> Self {
        Self { name, calendar, made: Made::Series(times), forms }
    }
}

pub(crate) const fn form(title: &'static str, place: &'static str, description: &'static str) -> Form {
    Form { title, place, description }
}
