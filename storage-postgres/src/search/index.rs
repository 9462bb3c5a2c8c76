//! The approximate index over the embeddings of people who have very many.

use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use theo_calendar::{Error, ErrorKind, Result};

use crate::{PostgresStore, error::failed, migrate::WITHOUT_TIMEOUTS};

/// pgvector indexes no longer `halfvec`.
pub(super) const MOST_DIMENSIONS: usize = 4_000;

impl PostgresStore {
    /// Builds the approximate index over the embeddings by `model`, of `dimensions` numbers; does nothing where there
    /// is one.
    ///
    /// For the tables' owner, like [`migrate`](Self::migrate), and only where people have more than 20,000 embedded
    /// events: up to there each is compared, exactly. The index (HNSW over half precision) holds the embeddings of those
    /// people alone. It is built beside running work; without it search compares, which only takes longer.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for 0 or more than 4,000 dimensions; [`ErrorKind::Storage`] when the role may not.
    pub async fn index_embeddings(&self, model: &str, dimensions: usize) -> Result<()> {
        if !(1..=MOST_DIMENSIONS).contains(&dimensions) {
            let message =
                format!("an index holds embeddings of 1 to {MOST_DIMENSIONS} numbers, not {dimensions}");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let connection = self.pool.acquire().await.map_err(failed("connecting"))?;
        // Taken out of the pool: its settings go with it.
        let mut connection = connection.detach();
        let name = name(model, dimensions);
        let broken = sqlx::query_scalar(IS_BROKEN).bind(&name);
        let is_broken: bool =
            broken.fetch_one(&mut connection).await.map_err(failed("looking for an index"))?;
        sqlx::query(WITHOUT_TIMEOUTS).execute(&mut connection).await.map_err(failed("preparing an index"))?;
        if is_broken {
            let drop = AssertSqlSafe(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"));
            sqlx::raw_sql(drop).execute(&mut connection).await.map_err(failed("dropping a broken index"))?;
        }
        let model = literal(model);
        let create = format!(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON embeddings
             USING hnsw ((embedding::halfvec({dimensions})) halfvec_ip_ops)
             WHERE is_indexed AND model = {model}"
        );
        sqlx::raw_sql(AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .map_err(failed("building an index"))?;
        Ok(())
    }
}

/// Whether a build that was cut short left it unusable.
const IS_BROKEN: &str = "
    SELECT EXISTS (
        SELECT
        FROM pg_index
        JOIN pg_class ON pg_class.oid = pg_index.indexrelid
        WHERE pg_class.relname = $1
          AND pg_table_is_visible(pg_class.oid)
          AND NOT pg_index.indisvalid
    )";

fn name(model: &str, dimensions: usize) -> String {
    let digest = Sha256::digest(model);
    let short = digest.iter().take(8).fold(String::new(), |name, byte| format!("{name}{byte:02x}"));
    format!("embeddings_near_{short}_{dimensions}")
}

/// A text as SQL writes it, backslashes included.
pub(super) fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\0', "").replace('\\', "\\\\").replace('\'', "''"))
}
