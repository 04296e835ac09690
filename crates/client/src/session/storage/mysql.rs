//! `MySQL` and `MariaDB`, over one connection.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{ConnectOptions, Connection, Executor, MySql, QueryBuilder, Row as _};

use super::{
    Backend, Batch, Head, Lease, Row, Storage, StorageAddress, StorageTls, Task, TlsProof,
};
use crate::error::Cause;

const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS madeline_session (
        session VARBINARY(190) PRIMARY KEY,
        owner TEXT,
        token BIGINT NOT NULL DEFAULT 0,
        expires DATETIME(6),
        epoch VARCHAR(64),
        revision BIGINT NOT NULL DEFAULT 0,
        swept BIGINT NOT NULL DEFAULT 0,
        version BIGINT,
        writer TEXT
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    "CREATE TABLE IF NOT EXISTS madeline_row (
        session VARBINARY(190) NOT NULL,
        name VARBINARY(64) NOT NULL,
        k VARBINARY(500) NOT NULL,
        value LONGBLOB,
        revision BIGINT NOT NULL,
        PRIMARY KEY (session, name, k),
        INDEX madeline_row_revision (session, revision)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
];
/// How much goes into one statement: rows, and bytes where that is less. Servers take 16 MiB.
const CHUNK: usize = 500;
const CHUNK_BYTES: usize = 4 << 20;
/// What the server answers where the database does not exist.
const NO_DATABASE: &str = "42000";

pub(super) struct Mysql {
    storage: Storage,
    session: String,
    connection: Option<MySqlConnection>,
}

impl Mysql {
    pub(super) fn new(storage: Storage, session: String) -> Self {
        Self {
            storage,
            session,
            connection: None,
        }
    }

    fn options(&self) -> MySqlConnectOptions {
        let storage = &self.storage;
        let options = MySqlConnectOptions::new()
            .username(&storage.username)
            .ssl_mode(match storage.tls.as_ref().map(|tls| tls.proof) {
                None => MySqlSslMode::Disabled,
                Some(TlsProof::Nothing) => MySqlSslMode::Required,
                Some(TlsProof::Name) => MySqlSslMode::VerifyIdentity,
            })
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
            }) => options.ssl_ca(file),
            _ => options,
        };
        match &storage.address {
            StorageAddress::Tcp(host, port) => options.host(host).port(*port),
            StorageAddress::Unix(path) => options.socket(path),
        }
    }

    async fn connect(&self) -> sqlx::Result<MySqlConnection> {
        let options = self.options().database(&self.storage.database);
        MySqlConnection::connect_with(&options).await
    }

    async fn connect_to_new_database(&self) -> sqlx::Result<MySqlConnection> {
        let mut connection = MySqlConnection::connect_with(&self.options()).await?;
        let name = self.storage.database.replace('`', "``");
        connection
            .execute(format!("CREATE DATABASE IF NOT EXISTS `{name}`").as_str())
            .await?;
        let _ = connection.close().await;
        self.connect().await
    }

    /// Asks over the connection there is, and over a new one where that has ended meanwhile.
    async fn with<T>(
        &mut self,
        mut ask: impl AsyncFnMut(&mut MySqlConnection, &[u8]) -> sqlx::Result<T>,
    ) -> Result<T, Cause> {
        let session = self.session.clone().into_bytes();
        if let Some(mut connection) = self.connection.take() {
            match ask(&mut connection, &session).await {
                Ok(answer) => {
                    self.connection = Some(connection);
                    return Ok(answer);
                }
                Err(error @ sqlx::Error::Database(_)) => return Err(error.into()),
                Err(_) => {}
            }
        }
        let mut connection = self.connect().await?;
        let answer = ask(&mut connection, &session).await?;
        self.connection = Some(connection);
        Ok(answer)
    }

    fn micros(&self) -> i64 {
        self.storage.lease.as_micros() as i64
    }
}

impl Backend for Mysql {
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
            for table in TABLES {
                connection.execute(*table).await?;
            }
            self.connection = Some(connection);
            Ok(())
        })
    }

    fn acquire<'a>(&'a mut self, owner: &'a str) -> Task<'a, Result<Lease, Cause>> {
        let micros = self.micros();
        Box::pin(self.with(async move |connection, session| {
            sqlx::query("INSERT IGNORE INTO madeline_session (session) VALUES (?)")
                .bind(session)
                .execute(&mut *connection)
                .await?;
            let mut transaction = connection.begin().await?;
            let row = sqlx::query(
                "SELECT token, owner, owner IS NULL OR owner = ? OR expires < UTC_TIMESTAMP(6)
                 FROM madeline_session WHERE session = ? FOR UPDATE",
            )
            .bind(owner)
            .bind(session)
            .fetch_one(&mut *transaction)
            .await?;
            if row.try_get::<i64, _>(2)? == 0 {
                return Ok(Lease::Taken(row.try_get(1)?));
            }
            let token = row.try_get::<i64, _>(0)? + 1;
            sqlx::query(
                "UPDATE madeline_session
                 SET owner = ?, token = ?, expires = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND WHERE session = ?",
            )
            .bind(owner)
            .bind(token)
            .bind(micros)
            .bind(session)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(Lease::Held(token as u64))
        }))
    }

    fn renew(&mut self, token: u64) -> Task<'_, Result<bool, Cause>> {
        let micros = self.micros();
        Box::pin(self.with(async move |connection, session| {
            // Rows that were found count, whether they changed or not.
            let renewed = sqlx::query(
                "UPDATE madeline_session SET expires = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
                 WHERE session = ? AND token = ?",
            )
            .bind(micros)
            .bind(session)
            .bind(token as i64)
            .execute(connection)
            .await?;
            Ok(renewed.rows_affected() == 1)
        }))
    }

    fn release(&mut self, token: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(self.with(async move |connection, session| {
            sqlx::query(
                "UPDATE madeline_session SET owner = NULL, expires = NULL WHERE session = ? AND token = ?",
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
                "SELECT epoch, revision, swept, version, writer FROM madeline_session
                 WHERE session = ? AND epoch IS NOT NULL",
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
                "SELECT name, k, value FROM madeline_row WHERE session = ? AND revision > ?",
            )
            .bind(session)
            .bind(since as i64)
            .fetch_all(connection)
            .await?;
            found
                .iter()
                .map(|row| {
                    let name: Vec<u8> = row.try_get(0)?;
                    Ok(Row {
                        table: String::from_utf8_lossy(&name).into_owned(),
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
            let counted = sqlx::query(
                "UPDATE madeline_session
                 SET revision = revision + 1, epoch = ?, version = ?, writer = ?,
                     expires = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
                 WHERE session = ? AND token = ?",
            )
            .bind(batch.epoch)
            .bind(batch.version)
            .bind(batch.writer)
            .bind(micros)
            .bind(session)
            .bind(token as i64)
            .execute(&mut *transaction)
            .await?;
            if counted.rows_affected() != 1 {
                return Ok(None);
            }
            let revision: i64 =
                sqlx::query_scalar("SELECT revision FROM madeline_session WHERE session = ?")
                    .bind(session)
                    .fetch_one(&mut *transaction)
                    .await?;
            for rows in chunks(batch.rows) {
                let mut query = QueryBuilder::<MySql>::new(
                    "INSERT INTO madeline_row (session, name, k, value, revision) ",
                );
                query.push_values(rows, |mut values, row| {
                    values
                        .push_bind(session)
                        .push_bind(row.table.as_bytes())
                        .push_bind(row.key.as_slice())
                        .push_bind(row.value.as_deref())
                        .push_bind(revision);
                });
                query.push(
                    " ON DUPLICATE KEY UPDATE value = VALUES(value), revision = VALUES(revision)",
                );
                // Each number of rows is another statement: none is worth keeping.
                query
                    .build()
                    .persistent(false)
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
            let swept = sqlx::query(
                "UPDATE madeline_session SET swept = ? WHERE session = ? AND token = ?",
            )
            .bind(below as i64)
            .bind(session)
            .bind(token as i64)
            .execute(&mut *transaction)
            .await?;
            if swept.rows_affected() == 1 {
                sqlx::query(
                    "DELETE FROM madeline_row WHERE session = ? AND value IS NULL AND revision < ?",
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
                "UPDATE madeline_session SET epoch = NULL WHERE session = ? AND token = ?",
            )
            .bind(session)
            .bind(token as i64)
            .execute(&mut *transaction)
            .await?;
            if forgotten.rows_affected() == 1 {
                sqlx::query("DELETE FROM madeline_row WHERE session = ?")
                    .bind(session)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        }))
    }
}

/// Rows in portions that a server takes.
fn chunks(mut rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = rows.iter().take(CHUNK).take_while(|row| {
            bytes += row.key.len() + row.value.as_ref().map_or(0, Vec::len);
            bytes <= CHUNK_BYTES
        });
        let count = fitting.count().max(1).min(rows.len());
        let (chunk, rest) = rows.split_at_checked(count)?;
        rows = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}
