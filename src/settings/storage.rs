//! `Settings\Database\…` as a server that keeps the session for several machines.

use ext_php_rs::types::Zval;
use madeline_client::{Storage, StorageAddress, StorageKind, StorageTls, TlsProof};

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
        tls: uri.tls,
        database,
        username,
        password: password.or(uri.password).unwrap_or_default(),
        name: name.filter(|name| !name.is_empty()),
        lease: Storage::LEASE,
    }))
}

/// Something in an address that means nothing here.
struct Unknown;

/// The parts of `tcp://user:password@host:port?parameter=value`.
struct Uri {
    address: StorageAddress,
    tls: Option<StorageTls>,
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
                format!(
                    "an address such as tcp://127.0.0.1:{}, unix:///path/of/the.sock or, with TLS, {}",
                    self.port,
                    self.with_tls()
                ),
                format!("{shown:?}"),
            )
        })
    }

    /// An address with TLS, for messages.
    fn with_tls(&self) -> &'static str {
        match self.kind {
            StorageKind::Redis => "rediss://127.0.0.1?cacert=/path/of/the.pem",
            StorageKind::Postgres => {
                "tcp://127.0.0.1?sslmode=verify-full&sslrootcert=/path/of/the.pem"
            }
            StorageKind::Mysql => {
                "tcp://127.0.0.1?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/of/the.pem"
            }
        }
    }

    /// What the parameters say of TLS, in the words of each server's own tools.
    fn tls(&self, scheme: &str, parameters: &str) -> Result<Option<StorageTls>, Unknown> {
        let (mode_name, file_name) = match self.kind {
            StorageKind::Redis => ("", "cacert"),
            StorageKind::Postgres => ("sslmode", "sslrootcert"),
            StorageKind::Mysql => ("ssl-mode", "ssl-ca"),
        };
        let (mut mode, mut authorities) = (None, None);
        for parameter in parameters.split('&').filter(|it| !it.is_empty()) {
            match parameter.split_once('=').ok_or(Unknown)? {
                (name, value) if name == mode_name && !name.is_empty() => {
                    mode = Some(value.to_ascii_lowercase());
                }
                (name, value) if name == file_name && !value.is_empty() => {
                    authorities = Some(value.into());
                }
                _ => return Err(Unknown),
            }
        }
        let proof = match mode.as_deref() {
            Some("disable" | "disabled") => None,
            Some("require" | "required") => Some(TlsProof::Nothing),
            Some("verify-full" | "verify_identity") => Some(TlsProof::Name),
            Some(_) => return Err(Unknown),
            None => (scheme == "rediss").then_some(TlsProof::Name),
        };
        // Whoever names an authority wants it to be asked.
        if authorities.is_some() && proof != Some(TlsProof::Name) {
            return Err(Unknown);
        }
        Ok(proof.map(|proof| StorageTls { proof, authorities }))
    }

    fn parse(&self, given: &str) -> Option<Uri> {
        let (scheme, rest) = given.split_once("://").unwrap_or(("tcp", given));
        let nobody = |address| Uri {
            address,
            tls: None,
            username: None,
            password: None,
        };
        if scheme == "unix" || rest.starts_with('/') {
            return (rest.len() > 1).then(|| nobody(StorageAddress::Unix(rest.into())));
        }
        let own = match self.kind {
            StorageKind::Redis => ["redis", "rediss"],
            StorageKind::Postgres => ["postgres", "postgresql"],
            StorageKind::Mysql => ["mysql", "mariadb"],
        };
        if scheme != "tcp" && !own.contains(&scheme) {
            return None;
        }
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let tls = self.tls(scheme, parameters).ok()?;
        let authority = rest.split('/').next()?;
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
            tls,
            username,
            password,
        })
    }
}
