//! Connections that a library keeps to itself: nobody but it knows the descriptors, so a child finds them by the address that
//! they lead to.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::os::fd::{BorrowedFd, RawFd};
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU64, Ordering};

use rustix::fs::{Mode, OFlags, RawDir};

use crate::process;

/// How many connections are known at most. Those beyond are inherited, as they would be anyway.
const SLOTS: usize = 64;
const FREE: u8 = 0;
const WRITTEN: u8 = 1;
const TAKEN: u8 = 2;

static KNOWN: [Slot; SLOTS] = [const { Slot::free() }; SLOTS];

/// Says that connections to an address are this process's alone, until this is dropped; that has to be after they are closed.
#[derive(Debug)]
pub(crate) struct OwnPeer {
    slot: Option<&'static Slot>,
    owner: u32,
}

impl OwnPeer {
    pub(crate) fn new(address: SocketAddr) -> OwnPeer {
        super::install();
        OwnPeer {
            slot: KNOWN.iter().find(|slot| slot.take(address)),
            owner: process::id(),
        }
    }
}

impl Drop for OwnPeer {
    fn drop(&mut self) {
        // In a child the slots are the child's own.
        if let Some(slot) = self.slot
            && self.owner == process::id()
        {
            slot.state.store(FREE, Ordering::Release);
        }
    }
}

/// An address that can be read after a fork, whatever other threads were doing.
#[derive(Debug)]
struct Slot {
    state: AtomicU8,
    ip: [AtomicU64; 2],
    port: AtomicU16,
}

impl Slot {
    const fn free() -> Slot {
        Slot {
            state: AtomicU8::new(FREE),
            ip: [const { AtomicU64::new(0) }; 2],
            port: AtomicU16::new(0),
        }
    }

    fn take(&self, address: SocketAddr) -> bool {
        let change =
            self.state
                .compare_exchange(FREE, WRITTEN, Ordering::AcqRel, Ordering::Relaxed);
        if change.is_err() {
            return false;
        }
        for (place, half) in self.ip.iter().zip(halves(address.ip())) {
            place.store(half, Ordering::Relaxed);
        }
        self.port.store(address.port(), Ordering::Relaxed);
        self.state.store(TAKEN, Ordering::Release);
        true
    }

    fn is(&self, address: SocketAddr) -> bool {
        let ip = self.ip.iter().map(|half| half.load(Ordering::Relaxed));
        self.state.load(Ordering::Acquire) == TAKEN
            && ip.eq(halves(address.ip()))
            && self.port.load(Ordering::Relaxed) == address.port()
    }
}

fn halves(ip: IpAddr) -> [u64; 2] {
    let bits = match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    };
    let bits = Ipv6Addr::to_bits(bits);
    [(bits >> 64) as u64, bits as u64]
}

/// Calls `replace` for each descriptor that leads to an address that is known, and forgets the addresses. In a child: nothing
/// here takes memory or locks.
pub(super) fn each(replace: impl Fn(RawFd)) {
    const TABLE: &CStr = c"/proc/self/fd";
    let is_taken = |slot: &Slot| slot.state.load(Ordering::Acquire) != FREE;
    if !KNOWN.iter().any(is_taken) {
        return;
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    if let Ok(table) = rustix::fs::open(TABLE, flags, Mode::empty()) {
        let mut room = [MaybeUninit::uninit(); 1024];
        let mut entries = RawDir::new(&table, &mut room);
        while let Some(Ok(entry)) = entries.next() {
            if let Some(number) = number(entry.file_name())
                && leads_away(number)
            {
                replace(number);
            }
        }
    }
    for slot in &KNOWN {
        slot.state.store(FREE, Ordering::Release);
    }
}

fn number(name: &CStr) -> Option<RawFd> {
    name.to_str().ok()?.parse().ok()
}

fn leads_away(number: RawFd) -> bool {
    // SAFETY: the table has just named it, and no other thread is there that could close it.
    let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
    let Ok(Some(peer)) = rustix::net::getpeername(descriptor) else {
        return false;
    };
    SocketAddr::try_from(peer).is_ok_and(|peer| KNOWN.iter().any(|slot| slot.is(peer)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsRawFd;

    use super::super::tests::targets_in_a_child;
    use super::OwnPeer;

    #[test]
    fn a_child_has_no_connection_to_an_address_that_is_its_parents_alone() {
        for loopback in ["127.0.0.1:0", "[::1]:0"] {
            let listen = || TcpListener::bind(loopback);
            // A machine without this kind of addresses has nothing to lose.
            let (Ok(own), Ok(other)) = (listen(), listen()) else {
                continue;
            };
            let address = own.local_addr().unwrap();
            let former = OwnPeer::new(other.local_addr().unwrap());
            let peer = OwnPeer::new(address);
            let connected = TcpStream::connect(address).unwrap();
            let elsewhere = TcpStream::connect(other.local_addr().unwrap()).unwrap();
            drop(former);
            let numbers = [
                connected.as_raw_fd(),
                elsewhere.as_raw_fd(),
                own.as_raw_fd(),
            ];
            let targets = targets_in_a_child(&numbers);
            let is_socket: Vec<_> = targets
                .iter()
                .map(|target| target.starts_with("socket:"))
                .collect();
            assert_eq!(is_socket, [false, true, true], "{targets:?}");
            assert_eq!(targets.first().unwrap(), "/dev/null");
            drop(peer);
            // Nothing is left of it.
            let targets = targets_in_a_child(&numbers);
            assert!(targets.iter().all(|target| target.starts_with("socket:")));
        }
    }
}
