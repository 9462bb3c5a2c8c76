//! The web page at the root, and what visitors of the demonstration find.

use std::{collections::BTreeMap, fs, time::Duration};

use reqwest::{Client, StatusCode};
use serde_json::Value;
use server::host::{Server, Settings};

async fn server(said: &[(&str, &str)]) -> Server {
    let said = said.iter().chain(&[("THEO_LISTEN", "127.0.0.1:0")]);
    let said: BTreeMap<_, _> = said.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Server::start(Settings::of(said).unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_page_runs_nothing_but_its_own_files_and_its_assets_are_kept() {
    let directory = std::env::temp_dir().join(format!("theo-page-{}", std::process::id()));
    fs::create_dir_all(directory.join("assets")).unwrap();
    fs::write(directory.join("index.html"), "<!doctype html>").unwrap();
    fs::write(directory.join("assets/page-1.js"), "0").unwrap();
    fs::write(directory.join("secret"), "0").unwrap();
    let server = server(&[("THEO_WEB_DIR", directory.to_str().unwrap())]).await;
    let client = Client::new();
    let get = |path: &str| client.get(format!("{}{path}", server.url())).send();

    let page = get("/").await.unwrap();
    let asset = get("/assets/page-1.js").await.unwrap();

    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("inline"), "{policy}");
    assert_eq!(page.headers()["cache-control"], "no-cache");
    assert_eq!(page.text().await.unwrap(), "<!doctype html>");
    assert!(asset.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(get("/api/integrations/calendar/health").await.unwrap().status(), StatusCode::OK);
    for none in ["/secret", "/assets/..%2fsecret", "/assets/none.js"] {
        assert_eq!(get(none).await.unwrap().status(), StatusCode::NOT_FOUND, "{none}");
    }
    server.stop().await.unwrap();
    fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn a_visitor_finds_a_calendar_and_an_agent_that_asks_to_end_a_clash() {
    let server = server(&[]).await;
    let client = Client::builder().cookie_store(true).build().unwrap();
    let get = async |path: &str| -> Value {
        let answer = client.get(format!("{}{path}", server.url())).send().await.unwrap();
        answer.json().await.unwrap()
    };
    let sign_in = get("/dev").await["signIn"].as_str().unwrap().to_owned();

    get(&sign_in).await;
    let found = async {
        loop {
            let found = get("/api/integrations/calendar/approvals").await;
            match found["approvals"].as_array().unwrap().first() {
                Some(asked) => break asked.clone(),
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let asked = tokio::time::timeout(Duration::from_secs(60), found).await.unwrap();

    assert_eq!((&asked["status"], &asked["requestedBy"]["agent"]), (&"pending".into(), &"theo".into()));
    assert_eq!(asked["preview"]["conflictsSolved"][0]["severity"], "high", "{asked}");
    assert_eq!(asked["preview"]["conflictsCaused"], Value::Array(Vec::new()), "{asked}");
    server.stop().await.unwrap();
}
