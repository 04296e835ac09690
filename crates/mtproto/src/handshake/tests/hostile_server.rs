//! What the client makes of servers that lie.

use super::*;

#[test]
fn a_server_that_only_asks_for_retries_is_given_up() {
    let mut both = Both::new();
    let (mut client, _) = both.until_set_client_dh_params();
    for retry in 0.. {
        let answer = answer_to(&client, Verdict::Retry).write();
        match client.dh_gen(&answer, &mut both.client_random) {
            Ok(Outcome::Retry(_, next)) => client = next,
            Ok(Outcome::Created(_)) => panic!("a key from dh_gen_retry"),
            Err(error) => {
                assert_eq!((error, retry), (Error::TooManyRetries, 5));
                return;
            }
        }
    }
}

#[test]
fn a_wrong_nonce_inside_of_the_encrypted_answer_is_noticed() {
    assert_eq!(
        Both::new().with_inner_data(|inner| inner.nonce[0] ^= 1),
        Error::Nonce(Step::ServerDhParams)
    );
    let error = Both::new().with_inner_data(|inner| inner.server_nonce[0] ^= 1);
    assert_eq!(error, Error::ServerNonce(Step::ServerDhParams));
}

#[test]
fn an_unknown_server_is_refused_with_both_lists() {
    let mut both = Both::new();
    let (client, answer) = both.until_res_pq();
    let known = RsaKey::telegram();
    let error = client
        .res_pq(&answer, &known, TARGET, &mut both.client_random)
        .err()
        .unwrap();
    let offered = vec![rsa().public().fingerprint()];
    assert_eq!(
        error.to_string(),
        format!(
            "the server has none of the RSA keys known here: it offers the fingerprints {:016x}, known are {:016x}, {:016x}",
            offered[0],
            known[0].fingerprint(),
            known[1].fingerprint()
        )
    );
    let known = known.iter().map(RsaKey::fingerprint).collect();
    assert_eq!(error, Error::UnknownFingerprints { offered, known });
}

#[test]
fn an_impossible_pq_is_refused() {
    for (pq, expected) in [
        (4_611_686_018_427_387_847, FactorizationError::Prime),
        (0, FactorizationError::Prime),
        (u64::MAX, FactorizationError::TooLarge),
        (3 * 5 * 7, FactorizationError::NotTwoPrimes),
    ] {
        let mut both = Both::new();
        let (client, answer) = both.until_res_pq();
        let answer = ResPq {
            pq,
            ..ResPq::read(&answer).unwrap()
        }
        .write();
        let error = client
            .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(error, Error::Factorization(expected));
    }
}

#[test]
fn a_refusal_of_the_server_counts_only_with_the_hash_of_the_secret() {
    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let params = ServerDhParams::read(&answer).unwrap();
    let hash = lower_128(&Sha1::digest(client.exchange.new_nonce.as_slice()));
    let answer = ServerDhParams {
        result: Err(hash),
        ..params
    }
    .write();
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::ServerDhParamsFail);

    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let answer = ServerDhParams {
        result: Err([7; 16]),
        ..ServerDhParams::read(&answer).unwrap()
    }
    .write();
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::NewNonceHash(Step::ServerDhParams));
}

#[test]
fn encrypted_answers_of_impossible_length_are_refused() {
    for bytes in [0, 16, 31, 33, 47] {
        let mut both = Both::new();
        let (client, answer) = both.until_dh_params();
        let encrypted = vec![0; bytes];
        let answer = ServerDhParams {
            result: Ok(&encrypted),
            ..ServerDhParams::read(&answer).unwrap()
        }
        .write();
        let error = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(
            error,
            Error::EncryptedLength {
                step: Step::ServerDhParams,
                bytes
            }
        );
    }
}

#[test]
fn a_prime_of_the_wrong_size_is_refused() {
    for (prime, bits) in [
        (vec![0xff; 255], 2040),
        (vec![0xff; 257], 2056),
        (vec![], 0),
        (vec![0; 256], 0),
    ] {
        let error = Both::new()
            .with_inner_data(|inner| inner.dh_prime = Box::leak(prime.into_boxed_slice()));
        assert_eq!(error, Error::PrimeSize { bits });
    }
}

#[test]
fn a_prime_that_is_not_safe_is_refused() {
    // 2^2048 - 1942289 is the largest prime p of 2048 bits for which (p - 1) / 2 is prime, too; these are not.
    let composite: BigUint = (BigUint::from(1u8) << 2048) - 15u8;
    let telegrams = DhGroup::telegram().prime().clone();
    for prime in [composite, &telegrams - 8u8 * 3, &telegrams + 24u8] {
        let prime = prime.to_bytes_be();
        let error = Both::new().with_inner_data(|inner| {
            inner.g = 4;
            inner.dh_prime = prime.leak();
        });
        assert_eq!(error, Error::PrimeNotSafe);
    }
}

#[test]
fn a_prime_whose_half_is_composite_is_refused() {
    // The first prime above Telegram's is not a safe one.
    let mut prime = DhGroup::telegram().prime() + 2u8;
    while !crate::prime::is_prime(&prime, &mut seeded(5)) {
        prime += 2u8;
    }
    assert_eq!(
        checks::dh_prime(&prime, &mut seeded(6)),
        Err(Error::PrimeNotSafe)
    );
}

#[test]
fn generators_outside_of_the_subgroup_are_refused() {
    // Telegram's prime is 11 modulo 24, 3 modulo 5 and 6 modulo 7.
    for (g, accepted) in [
        (i32::MIN, false),
        (-3, false),
        (0, false),
        (1, false),
        (2, false),
        (3, true),
        (4, true),
        (5, false),
        (6, false),
        (7, true),
        (8, false),
        (i32::MAX, false),
    ] {
        let expected = if accepted {
            Ok(())
        } else {
            Err(Error::Generator { g })
        };
        assert_eq!(
            checks::generator(g, DhGroup::telegram().prime()),
            expected,
            "{g}"
        );
        if !accepted {
            assert_eq!(
                Both::new().with_inner_data(|inner| inner.g = g),
                Error::Generator { g }
            );
        }
    }
}

#[test]
fn generators_are_accepted_exactly_when_they_are_quadratic_residues() {
    // Safe primes: Euler's criterion decides.
    for prime in [
        23u32, 47, 59, 83, 107, 167, 179, 227, 263, 347, 359, 383, 467, 479, 503, 563, 587, 719,
        839, 863,
    ] {
        for g in 2..=7u32 {
            let residue =
                BigUint::from(g).modpow(&BigUint::from((prime - 1) / 2), &BigUint::from(prime));
            let accepted = checks::generator(g as i32, &BigUint::from(prime)).is_ok();
            assert_eq!(
                accepted,
                residue == BigUint::from(1u8),
                "{g} modulo {prime}"
            );
        }
    }
}

#[test]
fn public_values_near_the_ends_are_refused() {
    let prime = DhGroup::telegram().prime().clone();
    let distance: BigUint = BigUint::from(1u8) << 1984;
    let zero = BigUint::ZERO;
    let refused = [
        zero.clone(),
        &zero + 1u8,
        &zero + 2u8,
        &distance - 1u8,
        &prime - &distance + 1u8,
        &prime - 2u8,
        &prime - 1u8,
        prime.clone(),
        &prime + 1u8,
        (&zero + 1u8) << 4096,
    ];
    for value in refused {
        let error = Error::PublicValue {
            step: Step::ServerDhParams,
        };
        assert_eq!(
            checks::public_value(&value, &prime, Step::ServerDhParams),
            Err(error.clone()),
            "{value:x}"
        );
        let bytes = value.to_bytes_be();
        assert_eq!(
            Both::new().with_inner_data(|inner| inner.g_a = bytes.leak()),
            error
        );
    }
    for value in [distance.clone(), &prime - &distance, &prime >> 1u8] {
        assert_eq!(
            checks::public_value(&value, &prime, Step::ServerDhParams),
            Ok(())
        );
    }
}

#[test]
fn each_verdict_counts_only_with_its_own_hash() {
    for verdict in [Verdict::Ok, Verdict::Retry, Verdict::Fail] {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let mut answer = answer_to(&client, verdict);
        answer.verdict = if verdict == Verdict::Ok {
            Verdict::Fail
        } else {
            Verdict::Ok
        };
        let error = client_error(client.dh_gen(&answer.write(), &mut both.client_random));
        assert_eq!(error, Error::NewNonceHash(Step::DhGen));

        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let mut answer = answer_to(&client, verdict);
        answer.new_nonce_hash[15] ^= 1;
        let error = client_error(client.dh_gen(&answer.write(), &mut both.client_random));
        assert_eq!(error, Error::NewNonceHash(Step::DhGen));
    }
}

#[test]
fn a_constant_source_of_randomness_is_an_error_not_a_hang() {
    let mut zeros = |bytes: &mut [u8]| bytes.fill(0);
    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let error = client.dh_params(&answer, NOW, &mut zeros).err().unwrap();
    assert_eq!(error, Error::NotRandom);
}
