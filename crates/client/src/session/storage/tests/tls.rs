//! Connections with TLS, to servers whose authority nobody knows but who is told of it.

use std::path::PathBuf;
use std::time::Duration;

use super::{DC, Machines, setting};
use crate::Error;
use crate::session::storage::servers::{certificates, with_tls};
use crate::session::{Session, Storage, StorageAddress, StorageKind, StorageTls, TlsProof};

async fn share(machines: &Machines, machine: &str, storage: &Storage) -> Result<Session, Error> {
    let directory = machines.parent.path().join(machine);
    let session = Session::open(&directory, DC, Duration::ZERO).await?;
    session.share(storage, Duration::ZERO).await?;
    Ok(session)
}

fn with(machines: &Machines, proof: TlsProof, authorities: Option<&str>) -> Storage {
    let file = |name| certificates().unwrap().join(name);
    let authorities: Option<PathBuf> = authorities.map(file);
    with_tls(&machines.storage, StorageTls { proof, authorities })
}

#[tokio::test]
async fn a_session_goes_over_tls_to_a_server_that_the_given_authority_vouches_for() {
    for machines in Machines::each().filter(|_| certificates().is_some()) {
        let storage = with(&machines, TlsProof::Name, Some("ca.pem"));
        let first = share(&machines, "first", &storage).await.unwrap();
        first.set_setting("name", Some(b"1")).unwrap();
        drop(first);
        let second = share(&machines, "second", &storage).await.unwrap();
        assert_eq!(setting(&second, "name").as_deref(), Some("1"), "{storage}");
        drop(second);
        // The same without TLS, where the server has both.
        let third = machines.open("third").await.unwrap();
        assert_eq!(setting(&third, "name").as_deref(), Some("1"), "{storage}");
    }
}

#[tokio::test]
async fn a_server_of_another_authority_is_refused() {
    for machines in Machines::each().filter(|_| certificates().is_some()) {
        for authorities in [Some("other.pem"), None] {
            let storage = with(&machines, TlsProof::Name, authorities);
            let error = share(&machines, "first", &storage).await.map(drop);
            let error = error.unwrap_err();
            assert!(matches!(&error, Error::Storage { .. }), "{error:?}");
            let said = error.to_string();
            assert!(said.contains("certificate"), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
        let missing = with(&machines, TlsProof::Name, Some("missing.pem"));
        let error = share(&machines, "first", &missing).await.map(drop);
        let said = error.unwrap_err().to_string();
        assert!(said.contains("No such file"), "{said}");
    }
}

#[tokio::test]
async fn the_name_counts_where_it_is_to_be_proven() {
    for machines in Machines::each().filter(|_| certificates().is_some()) {
        for (proof, fits) in [(TlsProof::Name, false), (TlsProof::Nothing, true)] {
            let mut storage = with(&machines, proof, Some("ca.pem"));
            // The certificate has the address alone.
            if let StorageAddress::Tcp(host, _) = &mut storage.address {
                *host = "localhost".to_owned();
            }
            let fits = fits && storage.kind != StorageKind::Redis;
            let outcome = share(&machines, "first", &storage).await.map(drop);
            assert_eq!(outcome.is_ok(), fits, "{storage} {proof:?} {outcome:?}");
        }
    }
}
