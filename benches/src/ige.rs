//! AES-IGE and envelopes. The measure is AES-256-CBC as OpenSSL encrypts it: each block has to wait for the one before, as
//! in IGE, so that no program encrypts a single message much faster. Several messages at once are another matter.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use grammers_crypto::aes::{ige_decrypt, ige_encrypt};
use madeline_mtproto::envelope::{self, Header, Sealed, Side};
use madeline_mtproto::ige::{self, Block, Job};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::{AuthKey, MsgId};

use crate::Failure;
use crate::report::{Goal, Report, median};

const ROUNDS: usize = 7;
/// How long a figure is measured in each round.
const AT_LEAST: Duration = Duration::from_millis(100);
/// A part of a file.
const LARGE: usize = 512 << 10;
/// An ordinary answer.
const SMALL: usize = 2 << 10;
/// Messages at once.
const MANY: usize = 16;

const AES_KEY: [u8; 32] = [7; 32];
const AES_IV: [u8; 32] = [9; 32];

pub(crate) fn measure(report: &mut Report) -> Result<(), Failure> {
    let rounds = (0..ROUNDS)
        .map(|_| Round::new())
        .collect::<Result<Vec<_>, _>>()?;
    let mut add = |key: &str, unit, goal, figure: fn(&Round) -> f64| {
        report.add(key, median(rounds.iter().map(figure).collect()), unit, goal);
    };
    add("ige.one_vs_cbc", "x", Goal::AtLeast(0.85), |round| {
        round.one.encrypt / round.cbc
    });
    add("ige.interleaved_vs_cbc", "x", Goal::AtLeast(3.0), |round| {
        round.many.encrypt / round.cbc
    });
    add("ige.small_one_vs_cbc", "x", Goal::Context, |round| {
        round.small_one.encrypt / round.cbc
    });
    add(
        "ige.small_interleaved_vs_cbc",
        "x",
        Goal::Context,
        |round| round.small_many.encrypt / round.cbc,
    );
    add("ige.one_vs_grammers", "x", Goal::Context, |round| {
        round.one.encrypt / round.grammers.encrypt
    });
    add("ige.cbc", "GB/s", Goal::Context, |round| round.cbc);
    let speeds: [(&str, OfRound); 7] = [
        ("ige.one", |round| &round.one),
        ("ige.interleaved", |round| &round.many),
        ("ige.small_one", |round| &round.small_one),
        ("ige.small_interleaved", |round| &round.small_many),
        ("ige.grammers", |round| &round.grammers),
        ("envelope.one", |round| &round.envelope),
        ("envelope.all", |round| &round.envelopes),
    ];
    for (name, speed) in speeds {
        let of = |figure: fn(&Speed) -> f64| {
            median(rounds.iter().map(|round| figure(speed(round))).collect())
        };
        let (encrypt, decrypt) = (of(|speed| speed.encrypt), of(|speed| speed.decrypt));
        report.add(&format!("{name}_encrypt"), encrypt, "GB/s", Goal::Context);
        report.add(&format!("{name}_decrypt"), decrypt, "GB/s", Goal::Context);
    }
    Ok(())
}

type OfRound = fn(&Round) -> &Speed;

/// Gigabytes a second.
struct Speed {
    encrypt: f64,
    decrypt: f64,
}

struct Round {
    cbc: f64,
    one: Speed,
    many: Speed,
    small_one: Speed,
    small_many: Speed,
    grammers: Speed,
    envelope: Speed,
    envelopes: Speed,
}

impl Round {
    fn new() -> Result<Self, Failure> {
        Ok(Self {
            one: ige_of(LARGE, 1),
            cbc: openssl_cbc()?,
            many: ige_of(LARGE, MANY),
            small_one: ige_of(SMALL, 1),
            small_many: ige_of(SMALL, MANY),
            grammers: grammers(),
            envelope: one_envelope(),
            envelopes: several_envelopes(),
        })
    }
}

fn openssl_cbc() -> Result<f64, Failure> {
    let output = Command::new("openssl")
        .args(["speed", "-mr", "-seconds", "1", "-evp", "aes-256-cbc"])
        .args(["-bytes", &LARGE.to_string()])
        .output()
        .map_err(|error| format!("openssl can't be run: {error}"))?;
    // +F:25:AES-256-CBC:862745031.11
    let bytes_per_second: f64 = String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("+F:")?.rsplit(':').next()?.parse().ok())
        .ok_or("openssl speed said nothing that is known here")?;
    Ok(bytes_per_second / 1e9)
}

fn ige_of(bytes: usize, messages: usize) -> Speed {
    let mut data = vec![vec![Block::default(); bytes / size_of::<Block>()]; messages];
    let mut time = |work: fn(&mut [Job<'_>])| {
        gigabytes_per_second(
            (bytes * messages) as u32,
            || (),
            |()| {
                let mut jobs: Vec<Job<'_>> = black_box(&mut data)
                    .iter_mut()
                    .map(|blocks| Job {
                        blocks,
                        key: &AES_KEY,
                        iv: &AES_IV,
                    })
                    .collect();
                work(&mut jobs);
            },
        )
    };
    Speed {
        encrypt: time(ige::encrypt_many),
        decrypt: time(ige::decrypt_many),
    }
}

fn grammers() -> Speed {
    let mut data = vec![0; LARGE];
    let mut time = |work: fn(&mut [u8], &[u8; 32], &[u8; 32])| {
        gigabytes_per_second(
            LARGE as u32,
            || (),
            |()| work(black_box(&mut data), &AES_KEY, &AES_IV),
        )
    };
    Speed {
        encrypt: time(ige_encrypt),
        decrypt: time(ige_decrypt),
    }
}

fn one_envelope() -> Speed {
    let (key, body) = (auth_key(), vec![1; LARGE]);
    let seal = || envelope::encrypt(&key, Side::Client, HEADER, &body, &mut OsRandom).bytes;
    let frame = seal();
    Speed {
        encrypt: gigabytes_per_second(LARGE as u32, || (), |()| drop(black_box(seal()))),
        decrypt: gigabytes_per_second(
            LARGE as u32,
            || frame.clone(),
            |frame| {
                let opened = envelope::decrypt_in_place(&key, Side::Client, frame);
                drop(black_box(opened));
            },
        ),
    }
}

fn several_envelopes() -> Speed {
    let (key, bodies) = (auth_key(), vec![(HEADER, vec![1; LARGE]); MANY]);
    let seal = || envelope::encrypt_all(&key, Side::Client, &bodies, &mut OsRandom);
    let sealed = seal();
    // Each time in memory of its own, which is decrypted in place.
    let frames = || -> Vec<Bytes> {
        let copy = |sealed: &Sealed| Bytes::copy_from_slice(&sealed.bytes);
        sealed.iter().map(copy).collect()
    };
    Speed {
        encrypt: gigabytes_per_second((LARGE * MANY) as u32, || (), |()| drop(black_box(seal()))),
        decrypt: gigabytes_per_second((LARGE * MANY) as u32, frames, |frames| {
            let opened = envelope::decrypt_all(&key, Side::Client, frames);
            drop(black_box(opened));
        }),
    }
}

const HEADER: Header = Header {
    salt: 1,
    session_id: 2,
    msg_id: MsgId(4),
    seq_no: 1,
};

fn auth_key() -> AuthKey {
    AuthKey::from_bytes([0x42; 256])
}

/// Repeats the work, which is for that many bytes. What it needs is prepared outside of the measured time.
fn gigabytes_per_second<T>(
    bytes: u32,
    mut prepare: impl FnMut() -> T,
    mut work: impl FnMut(T),
) -> f64 {
    work(prepare());
    let (mut repetitions, mut taken) = (0_u32, Duration::ZERO);
    while taken < AT_LEAST {
        let prepared = prepare();
        let before = Instant::now();
        work(prepared);
        taken += before.elapsed();
        repetitions += 1;
    }
    f64::from(repetitions) * f64::from(bytes) / taken.as_secs_f64() / 1e9
}
