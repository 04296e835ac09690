//! `PostgreSQL`, over one connection.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor, Row as _};

use super::{
    Backend, Batch, Head, Lease, Row, Storage, StorageAddress, StorageTls, Task, TlsProof,
};
use crate::error::Cause;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS madeline_session (
        session TEXT PRIMARY KEY,
        owner TEXT,
        token BIGINT NOT NULL DEFAULT 0,
        expires TIMESTAMPTZ,
        epoch TEXT,
        revision BIGINT NOT NULL DEFAULT 0,
        floor BIGINT NOT NULL DEFAULT 0,
        version BIGINT,
        writer TEXT
    );
    CREATE TABLE IF NOT EXISTS madeline_row (
        session TEXT NOT NULL,
        name TEXT NOT NULL,
        key BYTEA NOT NULL,
        value BYTEA,
        revision BIGINT NOT NULL,
        PRIMARY KEY (session, name, key)
    );
    CREATE INDEX IF NOT EXISTS madeline_row_revision ON madeline_row (session, revision);
";
/// Only one session makes the tables at a time: `IF NOT EXISTS` alone fails where two do.
const TABLES_LOCK: i64 = 0x4d64_6c50;
/// Rows that go into one statement.
const CHUNK: usize = 1000;
/// What the server answers where the database does not exist.
const NO_DATABASE: &str = "3D000";

pub(super) struct Postgres {
    storage: Storage,
    session: String,
    connection: Option<PgConnection>,
}

impl Postgres {
    pub(super) fn new(storage: Storage, session: String) -> Self {
        Self {
            storage,
            session,
            connection: None,
        }
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        let storage = &self.storage;
        let options = PgConnectOptions::new_without_pgpass()
            .database(database)
            .username(&storage.username)
            .ssl_mode(match storage.tls.as_ref().map(|tls| tls.proof) {
                None => PgSslMode::Disable,
                Some(TlsProof::Nothing) => PgSslMode::Require,
                Some(TlsProof::Name) => PgSslMode::VerifyFull,
            })
            .application_name("madelineproto")
            .disable_statement_logging();
        let options = if storage.password.is_empty() {
            options
        } else {
            options.password(&storage.password)
        };
        let options = match &storage.tls {
            Some(StorageTls {
                authorities: Some(file),
                ..
            }) => options.ssl_root_cert(file),
            _ => options,
        };
        match &storage.address {
            StorageAddress::Tcp(host, port) => options.host(host).port(*port),
            StorageAddress::Unix(path) => options.socket(path),
        }
    }

    async fn connect(&self) -> sqlx::Result<PgConnection> {
        PgConnection::connect_with(&self.options(&self.storage.database)).await
    }

    async fn connect_to_new_database(&self) -> sqlx::Result<PgConnection> {
        let mut connection = PgConnection::connect_with(&self.options("postgres")).await?;
        let name = self.storage.database.replace('"', "\"\"");
        let made = connection
            .execute(format!("CREATE DATABASE \"{name}\"").as_str())
            .await;
        let _ = connection.close().await;
        // Another session may have been faster.
        match self.connect().await {
            Err(error) => Err(made.err().unwrap_or(error)),
            connected => connected,
        }
    }

    /// Asks over the connection there is, and over a new one where that has ended meanwhile.
    async fn with<T>(
        &mut self,
        mut ask: impl AsyncFnMut(&mut PgConnection, &str) -> sqlx::Result<T>,
    ) -> Result<T, Cause> {
        if let Some(mut connection) = self.connection.take() {
            match ask(&mut connection, &self.session).await {
                Ok(answer) => {
                    self.connection = Some(connection);
                    return Ok(answer);
                }
                Err(sqlx::Error::Database(error)) if !error.message().contains("terminat") => {
                    return Err(error.into());
                }
                Err(_) => {}
            }
        }
        let mut connection = self.connect().await?;
        let answer = ask(&mut connection, &self.session).await?;
        self.connection = Some(connection);
        Ok(answer)
    }

    fn micros(&self) -> i64 {
        self.storage.lease.as_micros() as i64
    }
}

impl Backend for Postgres {
    fn prepare(&mut self) -> Task<'_, Result<(), Cause>> {
        Box::pin(async move {
            let mut connection = match self.connect().await {
                Err(sqlx::Error::Database(error))
                    if error.code().as_deref() == Some(NO_DATABASE) =>
                {
                    self.connect_to_new_database().await?
                }
                outcome => outcome?,
            };
            let mut transaction = connection.begin().await?;
            sqlx::query("SELECT pg_advisory_xact_lock($1)")
                .bind(TABLES_LOCK)
                .execute(&mut *transaction)
                .await?;
            (&mut *transaction).execute(TABLES).await?;
            transaction.commit().await?;
            self.connection = Some(connection);
            Ok(())
        })
    }

    fn acquire<'a>(&'a mut self, owner: &'a str) -> Task<'a, Result<Lease, Cause>> {
        let micros = self.micros();
        Box::pin(self.with(async move |connection, session| {
            sqlx::query("INSERT INTO madeline_session (session) VALUES ($1) ON CONFLICT DO NOTHING")
                .bind(session)
                .execute(&mut *connection)
                .await?;
            let taken = sqlx::query(
                "UPDATE madeline_session
                 SET owner = $2, token = token + 1, expires = clock_timestamp() + $3 * interval '1 microsecond'
                 WHERE session = $1 AND (owner IS NULL OR owner = $2 OR expires < clock_timestamp())
                 RETURNING token",
            )
            .bind(session)
            .bind(owner)
            .bind(micros)
            .fetch_optional(&mut *connection)
            .await?;
            if let Some(row) = taken {
                return Ok(Lease::Held(row.try_get::<i64, _>(0)? as u64));
            }
            let holder: Option<String> =
                sqlx::query_scalar("SELECT owner FROM madeline_session WHERE session = $1")
                    .bind(session)
                    .fetch_one(connection)
                    .await?;
            Ok(Lease::Taken(holder.unwrap_or_default()))
        }))
    }

    fn renew(&mut self, token: u64) -> Task<'_, Result<bool, Cause>> {
        let micros = self.micros();
        Box::pin(self.with(async move |connection, session| {
            let renewed = sqlx::query(
                "UPDATE madeline_session SET expires = clock_timestamp() + $3 * interval '1 microsecond'
                 WHERE session = $1 AND token = $2",
            )
            .bind(session)
            .bind(token as i64)
            .bind(micros)
            .execute(connection)
            .await?;
            Ok(renewed.rows_affected() == 1)
        }))
    }

    fn release(&mut self, token: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(self.with(async move |connection, session| {
            sqlx::query(
                "UPDATE madeline_session SET owner = NULL, expires = NULL WHERE session = $1 AND token = $2",
            )
            .bind(session)
            .bind(token as i64)
            .execute(connection)
            .await
            .map(drop)
        }))
    }

    fn head(&mut self) -> Task<'_, Result<Option<Head>, Cause>> {
        Box::pin(self.with(async |connection, session| {
            let row = sqlx::query(
                "SELECT epoch, revision, floor, version, writer FROM madeline_session
                 WHERE session = $1 AND epoch IS NOT NULL",
            )
            .bind(session)
            .fetch_optional(connection)
            .await?;
            row.map(|row| {
                Ok(Head {
                    epoch: row.try_get(0)?,
                    revision: row.try_get::<i64, _>(1)? as u64,
                    floor: row.try_get::<i64, _>(2)? as u64,
                    version: row.try_get(3)?,
                    writer: row.try_get(4)?,
                })
            })
            .transpose()
        }))
    }

    fn rows(&mut self, since: u64) -> Task<'_, Result<Vec<Row>, Cause>> {
        Box::pin(self.with(async move |connection, session| {
            let found = sqlx::query(
                "SELECT name, key, value FROM madeline_row WHERE session = $1 AND revision > $2",
            )
            .bind(session)
            .bind(since as i64)
            .fetch_all(connection)
            .await?;
            found
                .iter()
                .map(|row| {
                    Ok(Row {
                        table: row.try_get(0)?,
                        key: row.try_get(1)?,
                        value: row.try_get(2)?,
                    })
                })
                .collect()
        }))
    }

    fn write<'a>(
        &'a mut self,
        token: u64,
        batch: &'a Batch<'a>,
    ) -> Task<'a, Result<Option<u64>, Cause>> {
        let micros = self.micros();
        Box::pin(self.with(async move |connection, session| {
            let mut transaction = connection.begin().await?;
            if !batch.durable {
                // A commit that the server still has in memory is lost only with the server.
                (&mut *transaction)
                    .execute("SET LOCAL synchronous_commit = off")
                    .await?;
            }
            let revision: Option<i64> = sqlx::query_scalar(
                "UPDATE madeline_session
                 SET revision = revision + 1, epoch = $3, version = $4, writer = $5,
                     expires = clock_timestamp() + $6 * interval '1 microsecond'
                 WHERE session = $1 AND token = $2
                 RETURNING revision",
            )
            .bind(session)
            .bind(token as i64)
            .bind(batch.epoch)
            .bind(batch.version)
            .bind(batch.writer)
            .bind(micros)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(revision) = revision else {
                return Ok(None);
            };
            for rows in batch.rows.chunks(CHUNK) {
                let names: Vec<&str> = rows.iter().map(|row| row.table.as_str()).collect();
                let keys: Vec<&[u8]> = rows.iter().map(|row| row.key.as_slice()).collect();
                let values: Vec<Option<&[u8]>> =
                    rows.iter().map(|row| row.value.as_deref()).collect();
                sqlx::query(
                    "INSERT INTO madeline_row (session, name, key, value, revision)
                     SELECT $1, name, key, value, $2
                     FROM unnest($3::text[], $4::bytea[], $5::bytea[]) AS given (name, key, value)
                     ON CONFLICT (session, name, key)
                     DO UPDATE SET value = excluded.value, revision = excluded.revision",
                )
                .bind(session)
                .bind(revision)
                .bind(names)
                .bind(keys)
                .bind(values)
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await?;
            Ok(Some(revision as u64))
        }))
    }

    fn sweep(&mut self, token: u64, below: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(self.with(async move |connection, session| {
            let mut transaction = connection.begin().await?;
            let swept =
                sqlx::query("UPDATE madeline_session SET floor = $3 WHERE session = $1 AND token = $2")
                    .bind(session)
                    .bind(token as i64)
                    .bind(below as i64)
                    .execute(&mut *transaction)
                    .await?;
            if swept.rows_affected() == 1 {
                sqlx::query(
                    "DELETE FROM madeline_row WHERE session = $1 AND value IS NULL AND revision < $2",
                )
                .bind(session)
                .bind(below as i64)
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await
        }))
    }

    fn forget(&mut self, token: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(self.with(async move |connection, session| {
            let mut transaction = connection.begin().await?;
            let forgotten = sqlx::query(
                "UPDATE madeline_session SET epoch = NULL WHERE session = $1 AND token = $2",
            )
            .bind(session)
            .bind(token as i64)
            .execute(&mut *transaction)
            .await?;
            if forgotten.rows_affected() == 1 {
                sqlx::query("DELETE FROM madeline_row WHERE session = $1")
                    .bind(session)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        }))
    }
}
