//! A model behind HTTP, and what can go wrong with it.

use std::time::Duration;

use secrecy::SecretString;
use theo_calendar::{
    ErrorKind, Result,
    http::HttpError,
    search::{Embedder, Embedding, HttpEmbedder},
    testing::{FakeClock, FakeTimer, ScriptedHttp},
};

const KEY: &str = "key-canary";

fn embedder(http: &ScriptedHttp, base: &str) -> Result<HttpEmbedder> {
    let clock = FakeClock::default();
    let timer = FakeTimer::new(&clock);
    let embedder = HttpEmbedder::new(http.clone(), clock, timer, &base.parse().unwrap(), "tiny", 2)?;
    Ok(embedder.with_key(SecretString::from(KEY)).with_timeout(Duration::from_secs(5)))
}

async fn two_texts(http: &ScriptedHttp) -> Result<Vec<Embedding>> {
    embedder(http, "https://models.example.com")?.embed(&["Lunch".to_owned(), "Dentist".to_owned()]).await
}

#[tokio::test]
async fn it_asks_as_openai_documents() {
    let http = ScriptedHttp::default();
    let answer = r#"{"object": "list", "model": "tiny", "data": [
        {"object": "embedding", "index": 1, "embedding": [0, 1]},
        {"object": "embedding", "index": 0, "embedding": [0.6, -0.8]}]}"#;
    http.answer(200, answer);

    let embeddings = two_texts(&http).await.unwrap();

    assert_eq!(embeddings, [[0.6, -0.8], [0.0, 1.0]], "in the order of the texts");
    let request = &http.requests()[0];
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "https://models.example.com/v1/embeddings")
    );
    assert_eq!(request.headers()["authorization"], format!("Bearer {KEY}"));
    assert!(request.headers()["authorization"].is_sensitive());
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let asked =
        serde_json::json!({"model": "tiny", "input": ["Lunch", "Dentist"], "encoding_format": "float"});
    assert_eq!(body, asked);
}

#[tokio::test]
async fn nothing_is_asked_about_nothing() {
    let http = ScriptedHttp::default();
    let nothing: Vec<Embedding> =
        embedder(&http, "https://models.example.com").unwrap().embed(&[]).await.unwrap();
    assert!(nothing.is_empty() && http.requests().is_empty());
}

#[tokio::test]
async fn the_path_of_a_base_stays() {
    for (base, asked) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/embeddings"),
        ("http://localhost:8080/", "http://localhost:8080/v1/embeddings"),
        ("https://example.com/openai/", "https://example.com/openai/v1/embeddings"),
        ("https://example.com/v1/?x=1#y", "https://example.com/v1/embeddings"),
    ] {
        let http = ScriptedHttp::default();
        let _ = embedder(&http, base).unwrap().embed(&["Lunch".to_owned()]).await;
        assert_eq!(http.requests()[0].uri().to_string(), asked);
    }
}

#[tokio::test]
async fn events_are_not_sent_in_clear_to_another_machine() {
    for base in ["http://models.example.com", "ftp://localhost", "https://ada:secret@example.com", "data:x"] {
        let refused = embedder(&ScriptedHttp::default(), base).expect_err(base);
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{refused}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_its_status_and_never_holds_the_key() {
    for (status, kind, retryable) in [
        (400, ErrorKind::InvalidRequest, false),
        (413, ErrorKind::InvalidRequest, false),
        (422, ErrorKind::InvalidRequest, false),
        (401, ErrorKind::Unauthorized, false),
        (403, ErrorKind::Forbidden, false),
        (404, ErrorKind::NotFound, false),
        (429, ErrorKind::RateLimited, true),
        (500, ErrorKind::Unavailable, true),
        (503, ErrorKind::Unavailable, true),
    ] {
        let http = ScriptedHttp::default();
        let said = match status {
            401 | 403 => format!(r#"{{"error": {{"message": "wrong key: {KEY}"}}}}"#),
            _ => r#"{"error": {"message": "what is wrong"}}"#.to_owned(),
        };
        let mut answer = http::Response::builder().status(status).body(said.into()).unwrap();
        answer.headers_mut().insert("retry-after", "7".parse().unwrap());
        http.answer_with(answer);

        let error = two_texts(&http).await.expect_err("it is refused");

        assert_eq!((error.kind(), error.is_retryable()), (kind, retryable), "{status}: {error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.to_string().contains("what is wrong"), !matches!(status, 401 | 403), "{error}");
        assert!(!format!("{error:?}").contains(KEY), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_named() {
    for (body, said) in [
        ("<html>", "not of OpenAI's form"),
        (r#"{"data": []}"#, "0 embeddings for 2 texts"),
        (r#"{"data": [{"index": 0, "embedding": [1, 0]}]}"#, "1 embeddings for 2 texts"),
        (
            r#"{"data": [{"index": 0, "embedding": [1, 0]}, {"index": 0, "embedding": [1, 0]}]}"#,
            "gave it twice",
        ),
        (r#"{"data": [{"index": 7, "embedding": [1, 0]}]}"#, "text 7 of 2"),
        (r#"{"data": [{"index": 0, "embedding": [null, 0]}]}"#, "not of OpenAI's form"),
    ] {
        let http = ScriptedHttp::default();
        http.answer(200, body);

        let error = two_texts(&http).await.expect_err(body);

        assert_eq!(error.kind(), ErrorKind::MalformedResponse);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let http = ScriptedHttp::default();
    http.hang().fail(HttpError::unreachable("connection refused"));

    let error = two_texts(&http).await.expect_err("it never answers");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("within 5 seconds"), "{error}");

    let error = two_texts(&http).await.expect_err("nobody is there");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Connection, true));
    assert!(error.to_string().contains("connection refused"), "{error}");
}

#[tokio::test]
async fn vectors_without_direction_or_of_other_dimensions_are_no_embeddings() {
    for vector in ["[0, 0]", "[1]", "[1, 0, 0]", "[]"] {
        let (home, http) = (crate::home::Home::new().await, ScriptedHttp::default());
        home.bring(vec![crate::home::one_off("a", "Lunch")]).await;
        http.always(200, format!(r#"{{"data": [{{"index": 0, "embedding": {vector}}}]}}"#));
        let embedder = embedder(&http, "https://models.example.com").unwrap();

        let tick = home.with(std::sync::Arc::new(embedder)).embed_due(10).await.unwrap();

        assert_eq!(tick.failures[0].1.kind(), ErrorKind::MalformedResponse, "{vector}");
        assert_eq!(tick.embedded, 0);
    }
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn it_works_over_a_real_socket() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let (mut request, mut part) = (String::new(), [0; 4096]);
        while !request.ends_with('}') {
            let read = socket.read(&mut part).unwrap();
            request.push_str(std::str::from_utf8(&part[..read]).unwrap());
        }
        let body = r#"{"data": [{"index": 0, "embedding": [0.5, -0.5]}]}"#;
        write!(socket, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        request
    });
    let clock = FakeClock::default();
    let timer = FakeTimer::new(&clock).never_reaching(Duration::from_secs(30));
    let http = theo_calendar::http::ReqwestClient::new().unwrap();
    let embedder = HttpEmbedder::new(http, clock, timer, &base, "tiny", 2).unwrap();

    let embeddings = embedder.embed(&["Café".to_owned()]).await.unwrap();

    assert_eq!(embeddings, [[0.5, -0.5]]);
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /v1/embeddings HTTP/1.1") && request.contains("Café"), "{request}");
    assert!(!request.to_lowercase().contains("authorization"), "no key was given");
}
