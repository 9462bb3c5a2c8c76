//! What pages of other origins send.

use reqwest::Method;

use crate::{
    document::operations,
    world::{Stores, World},
};

#[tokio::test]
async fn no_page_of_another_origin_changes_anything() {
    let world = World::new(Stores::Memory).await;
    let ada = world.ada().await;
    let before = ada.get("/audit").await;

    for operation in operations(&ada).await {
        if operation.method == Method::GET {
            continue;
        }
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let request = ada.to(operation.method.clone(), &operation.path).header(name, value).body("{}");
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 403, "{} {}", operation.method, operation.path);
            assert!(answer.text().await.unwrap().contains("cross_origin"));
        }
    }

    assert_eq!(ada.get("/audit").await, before);
}

#[tokio::test]
async fn its_own_pages_and_programs_may() {
    let world = World::new(Stores::Memory).await;
    let ada = world.ada().await;

    let own = world.server.url().to_owned();
    for (name, value) in [("origin", own.as_str()), ("sec-fetch-site", "same-origin")] {
        let request = ada.to(Method::POST, "/sync").header(name, value);
        assert_eq!(request.json(&serde_json::json!({})).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_cookie_that_was_changed_signs_nobody_in() {
    let world = World::new(Stores::Memory).await;
    let signed = world.stranger().at(Method::GET, "/dev/sign-in?user=ada").send().await.unwrap();
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let get = |cookie: String| {
        let stranger = world.stranger();
        async move { stranger.to(Method::GET, "/sync").header("cookie", cookie).send().await.unwrap().status() }
    };

    assert_eq!(get(cookie.to_owned()).await, 200);
    for at in (cookie.len() - 60..cookie.len()).step_by(7) {
        let mut changed = cookie.to_owned();
        let other = if changed.as_bytes()[at] == b'A' { "B" } else { "A" };
        changed.replace_range(at..=at, other);
        assert_eq!(get(changed).await, 401);
    }
}
