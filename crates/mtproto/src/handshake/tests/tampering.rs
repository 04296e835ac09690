//! Messages that were changed on their way, and clients that lie.

use super::*;

#[test]
fn a_wrong_nonce_is_noticed_at_every_step() {
    for (index, error) in [
        (4, Error::Nonce as fn(Step) -> Error),
        (20, Error::ServerNonce),
    ] {
        let mut both = Both::new();
        let (client, mut answer) = both.until_dh_params();
        answer[index] ^= 1;
        let got = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(got, error(Step::ServerDhParams));

        let mut both = Both::new();
        let (client, mut reply) = both.until_dh_gen();
        reply.body[index] ^= 1;
        assert_eq!(
            client_error(client.dh_gen(&reply.body, &mut both.client_random)),
            error(Step::DhGen)
        );

        let mut both = Both::new();
        let (_, mut request) = both.until_req_dh_params();
        request[index] ^= 1;
        assert_eq!(both.ask(&request).unwrap_err(), error(Step::ReqDhParams));

        let mut both = Both::new();
        let (_, mut request) = both.until_set_client_dh_params();
        request[index] ^= 1;
        assert_eq!(
            both.ask(&request).unwrap_err(),
            error(Step::SetClientDhParams)
        );
    }
    let mut both = Both::new();
    let (client, mut answer) = both.until_res_pq();
    answer[4] ^= 1;
    let got = client
        .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(got, Error::Nonce(Step::ResPq));
}

#[test]
fn a_server_nonce_changed_in_res_pq_is_noticed_by_the_server() {
    let mut both = Both::new();
    let (client, mut answer) = both.until_res_pq();
    answer[20] ^= 1;
    let (request, _) = client
        .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
        .unwrap();
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::ServerNonce(Step::ReqDhParams)
    );
}

#[test]
fn a_changed_encrypted_answer_is_noticed() {
    let mut both = Both::new();
    let (client, mut answer) = both.until_dh_params();
    answer[100] ^= 1;
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::DataHash(Step::ServerDhParams));

    let mut both = Both::new();
    let (_, mut request) = both.until_set_client_dh_params();
    request[100] ^= 1;
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::DataHash(Step::SetClientDhParams)
    );
}

#[test]
fn a_public_value_out_of_range_makes_the_server_fail_the_exchange() {
    for g_b in [
        BigUint::from(1u8),
        DhGroup::telegram().prime() - 1u8,
        BigUint::from(1u8) << 2100,
    ] {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let request = request_of(&client, &g_b, 0, &mut both.client_random);
        let reply = both.ask(&request).unwrap();
        assert!(reply.created.is_none());
        assert_eq!(DhGen::read(&reply.body).unwrap().verdict, Verdict::Fail);
    }
}

#[test]
fn a_wrong_retry_id_is_refused() {
    let mut both = Both::new();
    let (client, _) = both.until_set_client_dh_params();
    let g_b = DhGroup::telegram().prime() >> 1u8;
    let request = request_of(&client, &g_b, 5, &mut both.client_random);
    assert_eq!(both.ask(&request).unwrap_err(), Error::RetryId);
}

#[test]
fn the_server_checks_the_proof_of_work_and_the_key() {
    for (index, change) in [(40, 1u8), (48, 1)] {
        let mut both = Both::new();
        let (_, mut request) = both.until_req_dh_params();
        request[index] ^= change;
        assert_eq!(
            both.ask(&request).unwrap_err(),
            Error::Factors,
            "byte {index}"
        );
    }
    let mut both = Both::new();
    let (_, mut request) = both.until_req_dh_params();
    request[52] ^= 1;
    assert!(matches!(
        both.ask(&request).unwrap_err(),
        Error::UnknownFingerprint { .. }
    ));
    let mut both = Both::new();
    let (_, mut request) = both.until_req_dh_params();
    request[100] ^= 1;
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::Rsa(crate::rsa::Error::Decryption)
    );
}

#[test]
fn the_server_refuses_clients_of_another_dc() {
    for (expected, dc, accepted) in [
        (2, 2, true),
        (2, 10_002, true),
        (-2, -2, true),
        (-2, -10_002, true),
        (2, -2, false),
        (2, -10_002, false),
        (-2, 2, false),
        (2, 4, false),
        (2, 10_004, false),
    ] {
        let mut both = Both::new();
        both.server =
            Handshake::new(Arc::new([rsa()]), Arc::new(DhGroup::telegram())).with_dc(expected);
        let (client, answer) = both.until_res_pq();
        let target = Target {
            dc,
            expires_in: None,
        };
        let (request, _) = client
            .res_pq(&answer, &keys(), target, &mut both.client_random)
            .unwrap();
        let error = both.ask(&request).err();
        assert_eq!(
            error,
            (!accepted).then_some(Error::WrongDc { got: dc, expected })
        );
    }
}

#[test]
fn truncated_and_longer_answers_are_refused_at_every_step() {
    let mut both = Both::new();
    let (_, whole) = both.until_res_pq();
    for answer in damaged(&whole) {
        let mut both = Both::new();
        let (client, _) = both.until_res_pq();
        let error = client
            .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
            .err()
            .unwrap();
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::ResPq,
                    ..
                }
            ),
            "{error}"
        );
    }
    let mut both = Both::new();
    let (_, whole) = both.until_dh_params();
    for answer in damaged(&whole).into_iter().step_by(20) {
        let mut both = Both::new();
        let (client, _) = both.until_dh_params();
        let error = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::ServerDhParams,
                    ..
                }
            ),
            "{error}"
        );
    }
    let mut both = Both::new();
    let (_, reply) = both.until_dh_gen();
    for answer in damaged(&reply.body).into_iter().step_by(5) {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let error = client_error(client.dh_gen(&answer, &mut both.client_random));
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::DhGen,
                    ..
                }
            ),
            "{error}"
        );
    }
}

/// All beginnings of a message, and the message with a word behind it.
fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let mut damaged: Vec<Vec<u8>> = (0..whole.len()).map(|len| whole[..len].to_vec()).collect();
    damaged.push([whole, &[0; 4]].concat());
    damaged.reverse();
    damaged
}
