//! Settings that are wrong are named, all at once and without their values.

use std::collections::BTreeMap;

use server::host::Settings;

fn wrong(said: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let said: BTreeMap<String, String> =
        said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Settings::of(said).map(|_| Vec::new()).unwrap_or_else(|wrong| wrong.0)
}

#[test]
fn no_settings_are_enough() {
    assert_eq!(wrong(&[]), []);
    assert_eq!(wrong(&[("DATABASE_URL", ""), ("THEO_LISTEN", " ")]), []);
}

#[test]
fn each_that_is_wrong_is_named() {
    for (name, value) in [
        ("THEO_LISTEN", "8080"),
        ("THEO_LISTEN", "0.0.0.0:8080"),
        ("THEO_PUBLIC_URL", "host.example"),
        ("THEO_PUBLIC_URL", "ftp://calendar.example.com"),
        ("THEO_GOOGLE_URL", "no address"),
        ("THEO_EMBEDDINGS_URL", "no address"),
        ("THEO_EMBEDDINGS_DIMENSIONS", "many"),
        ("THEO_REQUESTS_PER_MINUTE", "0"),
        ("THEO_SEALING_KEY", "c0ffee"),
        ("THEO_RETIRED_SEALING_KEYS", "c0ffee,"),
        ("THEO_SESSION_KEY", "not hexadecimal"),
        ("THEO_IDENTITY_HEADER", "no header"),
        ("THEO_WEB_DIR", "/nowhere"),
    ] {
        let found = wrong(&[(name, value)]);
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [name], "{value}");
        assert!(!found[0].1.contains(value), "{found:?}");
    }
    assert_eq!(wrong(&[("THEO_LISTN", "127.0.0.1:80")])[0].0, "THEO_CONFIG");
}

#[test]
fn what_one_needs_of_another_is_named() {
    let names = |said| wrong(said).into_iter().map(|(name, _)| name).collect::<Vec<_>>();

    assert_eq!(names(&[("DATABASE_URL", "postgres://localhost/calendar")]), ["THEO_SEALING_KEY"]);
    assert_eq!(names(&[("GOOGLE_CLIENT_ID", "id")]), ["THEO_IDENTITY_HEADER"]);
    let both = [("DATABASE_URL", "postgres://localhost/calendar"), ("GOOGLE_CLIENT_ID", "id")];
    assert_eq!(names(&both), ["THEO_SEALING_KEY", "THEO_IDENTITY_HEADER"]);
}
