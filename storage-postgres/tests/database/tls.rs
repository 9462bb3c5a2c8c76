//! Connections that must be encrypted.

use theo_calendar::ErrorKind;
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

#[tokio::test]
async fn where_the_server_has_no_tls_an_address_that_requires_it_is_refused() {
    let database = FreshDatabase::bare().await;
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{}&sslmode={mode}", database.url());

        let refused = PostgresStore::connect(&url, FreshDatabase::keys()).await;

        let refused = refused.expect_err("nothing is sent in the clear");
        assert_eq!(refused.kind(), ErrorKind::Storage, "{refused}");
        assert!(!refused.is_retryable() && !refused.is_ambiguous(), "{refused}");
        assert!(refused.to_string().contains("server does not support TLS"), "{refused}");
        assert!(refused.to_string().ends_with("or see `sslmode` in its address"), "{refused}");
    }
}
