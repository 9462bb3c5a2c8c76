//! The HTTP seam over reqwest, against a socket of this machine.
#![cfg(feature = "reqwest")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpListener,
    thread,
};

use bytes::Bytes;
use theo_calendar::http::{HttpClient, HttpError, ReqwestClient};

/// `{"id": "lunch"}`, packed.
const PACKED: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 76, 81, 178, 82, 80, 202, 41, 205, 75, 206, 80, 170, 5, 0,
    117, 125, 106, 206, 15, 0, 0, 0,
];

/// The address of a server that reads one request, answers it with `answer` and hangs up.
fn server(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).unwrap();
        socket.write_all(&answer).unwrap();
    });
    address
}

fn packed(body: &[u8], length: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

async fn get(address: &str) -> Result<http::Response<Bytes>, HttpError> {
    let request =
        http::Request::get(address).header("authorization", "Bearer canary").body(Bytes::new()).unwrap();
    ReqwestClient::new().unwrap().send(request).await
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    let response = get(&server(packed(PACKED, PACKED.len()))).await.unwrap();

    assert_eq!(response.body(), r#"{"id": "lunch"}"#);
}

#[tokio::test]
async fn any_status_is_an_answer_and_a_redirect_is_not_followed() {
    let answer = "HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:9/elsewhere\r\ncontent-length: 0\r\n\r\n";

    let response = get(&server(answer.into())).await.unwrap();

    assert_eq!(response.status(), 307);
}

#[tokio::test]
async fn no_redirect_takes_the_token_anywhere() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let there = elsewhere.local_addr().unwrap();
        let answer =
            format!("HTTP/1.1 {status} Go\r\nlocation: http://{there}/thief\r\ncontent-length: 0\r\n\r\n");

        let response = get(&server(answer.into())).await.unwrap();

        assert_eq!(response.status(), status);
        assert_eq!(elsewhere.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "{status} was followed");
    }
}

#[tokio::test]
async fn a_body_cut_short_is_an_error_that_leaves_doubt() {
    let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".to_vec();
    let half = PACKED.get(..PACKED.len() / 2).unwrap();
    let no_end = PACKED.get(..PACKED.len() - 4).unwrap();
    for answer in [plain, packed(half, PACKED.len()), packed(half, half.len()), packed(no_end, no_end.len())]
    {
        let error = get(&server(answer)).await.unwrap_err();

        assert!(error.may_have_been_sent());
        assert!(error.to_string().contains("was cut short"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_leaves_doubt_and_one_that_is_not_there_leaves_none() {
    let error = get(&server(Vec::new())).await.unwrap_err();
    assert!(error.may_have_been_sent(), "{error}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = get(&format!("http://{closed}/calendar?q=secret")).await.unwrap_err();
    assert!(!error.may_have_been_sent());
    assert!(error.to_string().starts_with(&format!("{closed} cannot be reached: ")), "{error}");
    assert!(
        !format!("{error:?}").contains("secret") && !format!("{error:?}").contains("canary"),
        "{error:?}"
    );
}
