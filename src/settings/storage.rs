//! `Settings\Database\…` as a server that keeps the session for several machines.

use ext_php_rs::types::Zval;
use madeline_client::{Storage, StorageAddress, StorageKind};

use super::database::{DRIVER, MYSQL, POSTGRES, REDIS, SQL};
use super::{Invalid, part};
use crate::class::{Class, Object};
use crate::exceptions::Thrown;

/// What a server's settings are called in messages, and where it listens when the settings do not say.
struct Server {
    kind: StorageKind,
    name: &'static str,
    port: u16,
}

/// The server that the settings name; `None` where the session is this machine's.
pub(super) fn storage(settings: &Object) -> Result<Option<Storage>, Thrown> {
    let database = part(settings, "db")?;
    let Some(object) = database.object().map(Object::of) else {
        return Ok(None);
    };
    let (server, class): (Server, &'static Class) = if MYSQL.is_class_of(object) {
        (Server::new(StorageKind::Mysql, "Mysql", 3306), &SQL)
    } else if POSTGRES.is_class_of(object) {
        (Server::new(StorageKind::Postgres, "Postgres", 5432), &SQL)
    } else if REDIS.is_class_of(object) {
        (Server::new(StorageKind::Redis, "Redis", 6379), &REDIS)
    } else {
        return Ok(None);
    };
    let text = |class: &'static Class, property: &str| {
        class.read(object, property).string().unwrap_or_default()
    };
    let uri = server.uri(&text(class, "uri"))?;
    let database = class.read(object, "database");
    let (database, username) = if server.kind == StorageKind::Redis {
        let number = database.long().unwrap_or_default();
        (number.to_string(), uri.username.unwrap_or_default())
    } else {
        (server.name(&database)?, text(class, "username"))
    };
    let password = Some(text(&DRIVER, "password")).filter(|password| !password.is_empty());
    let name = DRIVER.read(object, "ephemeralFilesystemPrefix").string();
    Ok(Some(Storage {
        kind: server.kind,
        address: uri.address,
        database,
        username,
        password: password.or(uri.password).unwrap_or_default(),
        name: name.filter(|name| !name.is_empty()),
        lease: Storage::LEASE,
    }))
}

/// The parts of `tcp://user:password@host:port`.
struct Uri {
    address: StorageAddress,
    username: Option<String>,
    password: Option<String>,
}

impl Server {
    fn new(kind: StorageKind, name: &'static str, port: u16) -> Self {
        Self { kind, name, port }
    }

    fn name(&self, database: &Zval) -> Result<String, Invalid> {
        let name = database.string().unwrap_or_default();
        if name.is_empty() || name.contains('\0') {
            let key = format!("Database\\{}::setDatabase()", self.name);
            return Err(Invalid::new(
                key,
                "the name of a database",
                format!("{name:?}"),
            ));
        }
        Ok(name)
    }

    fn uri(&self, given: &str) -> Result<Uri, Invalid> {
        self.parse(given).ok_or_else(|| {
            // Without what may be a password.
            let shown = match given.rsplit_once('@') {
                Some((_, behind)) => format!("…@{behind}"),
                None => given.to_owned(),
            };
            Invalid::new(
                format!("Database\\{}::setUri()", self.name),
                format!("an address such as tcp://127.0.0.1:{} or unix:///path/of/the.sock, without TLS", self.port),
                format!("{shown:?}"),
            )
        })
    }

    fn parse(&self, given: &str) -> Option<Uri> {
        let (scheme, rest) = given.split_once("://").unwrap_or(("tcp", given));
        let nobody = |address| Uri {
            address,
            username: None,
            password: None,
        };
        if scheme == "unix" || rest.starts_with('/') {
            return (rest.len() > 1).then(|| nobody(StorageAddress::Unix(rest.into())));
        }
        let own = match self.kind {
            StorageKind::Redis => ["redis", "redis"],
            StorageKind::Postgres => ["postgres", "postgresql"],
            StorageKind::Mysql => ["mysql", "mariadb"],
        };
        if scheme != "tcp" && !own.contains(&scheme) {
            return None;
        }
        let authority = rest.split(['/', '?']).next()?;
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let (host, port) = if let Some(behind) = place.strip_prefix('[') {
            let (host, port) = behind.split_once(']')?;
            (
                host,
                port.strip_prefix(':').or(port.is_empty().then_some(""))?,
            )
        } else {
            place.split_once(':').unwrap_or((place, ""))
        };
        let port = if port.is_empty() {
            self.port
        } else {
            port.parse().ok().filter(|port| *port > 0)?
        };
        if host.is_empty() {
            return None;
        }
        let (username, password) = match user {
            Some(user) => {
                let (name, password) = user.split_once(':').unwrap_or((user, ""));
                let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                (filled(name), filled(password))
            }
            None => (None, None),
        };
        Some(Uri {
            address: StorageAddress::Tcp(host.to_owned(), port),
            username,
            password,
        })
    }
}
