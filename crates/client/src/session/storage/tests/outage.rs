//! A server that cannot be reached for a while.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{DC, Machines, WHILE, key, setting};
use crate::Error;
use crate::session::{Session, Storage, StorageAddress};

/// A way to a server that can be cut.
struct Way {
    port: u16,
    is_cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    fn to(storage: &Storage) -> Way {
        let StorageAddress::Tcp(host, port) = storage.address.clone() else {
            panic!("tests use TCP")
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let way = Way {
            port: listener.local_addr().unwrap().port(),
            is_cut: Arc::default(),
            open: Arc::default(),
        };
        let (is_cut, open) = (Arc::clone(&way.is_cut), Arc::clone(&way.open));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let far = TcpStream::connect((host.as_str(), port)).unwrap();
                for stream in [&near, &far] {
                    stream.set_nodelay(true).unwrap();
                    open.lock().unwrap().push(stream.try_clone().unwrap());
                }
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || carry(from, to));
                }
            }
        });
        way
    }

    fn cut(&self, is_cut: bool) {
        self.is_cut.store(is_cut, Ordering::SeqCst);
        if is_cut {
            for stream in self.open.lock().unwrap().drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[tokio::test]
async fn an_outage_of_the_server_loses_nothing_if_it_is_short_and_ends_the_use_if_it_is_long() {
    for machines in Machines::each() {
        let way = Way::to(&machines.storage);
        let mut storage = machines.storage.clone();
        storage.address = StorageAddress::Tcp("127.0.0.1".to_owned(), way.port);
        let directory = machines.parent.path().join("first");
        let session = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
        session.share(&storage, Duration::ZERO).await.unwrap();
        session.set_setting("before", Some(b"1")).unwrap();
        way.cut(true);
        session.set_setting("during", Some(b"1")).unwrap();
        let error = session.set_auth_key(DC, false, &key(1)).unwrap_err();
        assert!(matches!(error, Error::Storage { .. }), "{error:?}");
        way.cut(false);
        session.set_auth_key(DC, false, &key(2)).unwrap();
        let mut loss = session.loss().unwrap();
        way.cut(true);
        session.set_setting("late", Some(b"1")).unwrap();
        loss.wait_for(|lost| *lost).await.unwrap();
        assert!(matches!(
            session.setting("late"),
            Err(Error::SessionClosed { .. })
        ));
        let second = machines.open_within("second", WHILE).await.unwrap();
        assert_eq!(
            setting(&second, "before").as_deref(),
            Some("1"),
            "{}",
            machines.what()
        );
        assert_eq!(setting(&second, "during").as_deref(), Some("1"));
        assert_eq!(setting(&second, "late"), None);
        assert_eq!(second.auth_key(DC, false).unwrap(), Some(key(2)));
    }
}
