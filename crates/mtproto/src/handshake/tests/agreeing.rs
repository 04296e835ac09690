//! Exchanges between a client and a server that both do as they should.

use super::*;

#[test]
fn both_sides_agree_on_key_and_salt() {
    let mut both = Both::new();
    let (client, reply) = both.until_dh_gen();
    let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
    let theirs = reply.created.unwrap();
    assert_eq!(ours.key, theirs.key);
    assert_eq!(ours.first_salt, theirs.first_salt);
    assert_eq!(ours.time_offset, 7);
    assert_eq!((theirs.dc, theirs.expires_in), (Some(2), None));
}

#[test]
fn the_same_random_bytes_give_the_same_key() {
    let run = || {
        let mut both = Both::new();
        let (client, reply) = both.until_dh_gen();
        created(client.dh_gen(&reply.body, &mut both.client_random)).key
    };
    assert_eq!(run(), run());
}

#[test]
fn temporary_keys_carry_their_lifetime() {
    let mut both = Both::new();
    let (client, answer) = both.until_res_pq();
    let target = Target {
        dc: -10_004,
        expires_in: Some(86_400),
    };
    let (request, client) = client
        .res_pq(&answer, &keys(), target, &mut both.client_random)
        .unwrap();
    let answer = both.ask(&request).unwrap().body;
    let (request, _) = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .unwrap();
    let created = both.ask(&request).unwrap().created.unwrap();
    assert_eq!(
        (created.dc, created.expires_in),
        (Some(-10_004), Some(86_400))
    );
}

#[test]
fn a_taken_key_is_replaced_and_the_refused_one_named() {
    let mut both = Both::new();
    let (client, request) = both.until_set_client_dh_params();
    let reply = both.ask_when(&request, &|_| true).unwrap();
    assert!(reply.created.is_none());
    let Outcome::Retry(request, client) =
        client.dh_gen(&reply.body, &mut both.client_random).unwrap()
    else {
        panic!("no retry")
    };
    let reply = both.ask(&request).unwrap();
    let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
    assert_eq!(ours.key, reply.created.unwrap().key);
}

#[test]
fn a_server_whose_keys_are_all_taken_fails_at_last() {
    let mut both = Both::new();
    let (mut client, mut request) = both.until_set_client_dh_params();
    for _ in 0..5 {
        let reply = both.ask_when(&request, &|_| true).unwrap();
        let Outcome::Retry(again, next) =
            client.dh_gen(&reply.body, &mut both.client_random).unwrap()
        else {
            panic!("no retry")
        };
        (request, client) = (again, next);
    }
    let reply = both.ask_when(&request, &|_| true).unwrap();
    assert_eq!(
        client_error(client.dh_gen(&reply.body, &mut both.client_random)),
        Error::DhGenFail
    );
}

#[test]
fn another_safe_prime_is_accepted() {
    // RFC 3526, group 14.
    let prime = BigUint::parse_bytes(
        include_bytes!("../../../tests/data/modp-2048.hex").trim_ascii(),
        16,
    )
    .unwrap();
    for _ in 0..2 {
        let group = DhGroup::new(2, &prime.to_bytes_be(), &mut seeded(7)).unwrap();
        let mut both = Both::with_group(group);
        let (client, reply) = both.until_dh_gen();
        let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
        assert_eq!(ours.key, reply.created.unwrap().key);
    }
}

#[test]
fn messages_out_of_turn_are_refused_and_a_new_exchange_may_begin() {
    let mut both = Both::new();
    let (_, request) = both.until_set_client_dh_params();
    assert!(both.ask(&request).unwrap().created.is_some());
    let error = both.ask(&request).unwrap_err();
    assert_eq!(
        error,
        Error::Unexpected {
            step: Step::ReqPq,
            constructor: Some(crate::service::id::SET_CLIENT_DH_PARAMS)
        }
    );
    let (client, reply) = both.until_dh_gen();
    created(client.dh_gen(&reply.body, &mut both.client_random));
}

#[test]
fn a_recorded_exchange_is_reproduced() {
    // The vectors of grammers-mtproto's own test: an exchange with a server of Telegram.
    let lines: Vec<_> = include_str!("../../../tests/data/exchange.hex")
        .lines()
        .map(grammers_crypto::hex::from_hex)
        .collect();
    let [
        nonce,
        res_pq,
        new_nonce,
        dh_params,
        random,
        request,
        dh_gen,
        key,
    ] = &lines[..]
    else {
        panic!("the file has eight lines")
    };
    let (_, client) = client::start(&mut |bytes: &mut [u8]| bytes.copy_from_slice(nonce));
    let mut rest = seeded(3);
    let mut is_first = true;
    let mut draw = |bytes: &mut [u8]| {
        if std::mem::take(&mut is_first) {
            bytes.copy_from_slice(new_nonce);
        } else {
            rest.fill(bytes);
        }
    };
    let (_, client) = client
        .res_pq(res_pq, &RsaKey::telegram(), TARGET, &mut draw)
        .unwrap();
    let mut draw = |bytes: &mut [u8]| match bytes.len() {
        256 => bytes.copy_from_slice(&random[..256]),
        16 => bytes.copy_from_slice(&random[256..]),
        _ => bytes.fill(0),
    };
    let (got, client) = client
        .dh_params(dh_params, Duration::from_secs(1_693_436_740), &mut draw)
        .unwrap();
    assert_eq!(&got, request);
    let got = created(client.dh_gen(dh_gen, &mut seeded(4)));
    assert_eq!(got.key.as_bytes().as_slice(), key);
    assert_eq!(
        (got.first_salt, got.time_offset),
        (4_459_407_212_920_268_508, 0)
    );
}
