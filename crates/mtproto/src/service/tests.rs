#![allow(clippy::indexing_slicing, reason = "tests")]

use super::*;

fn one_of_each() -> Vec<Service<'static>> {
    let msg_ids = vec![1, -2, 3];
    vec![
        Service::RpcResult {
            req_msg_id: 4,
            result: &[1, 2, 3, 4],
        },
        Service::RpcError {
            error_code: 420,
            error_message: b"FLOOD_WAIT_3",
        },
        Service::RpcDropAnswer { req_msg_id: 4 },
        Service::RpcAnswerUnknown,
        Service::RpcAnswerDroppedRunning,
        Service::RpcAnswerDropped {
            msg_id: 5,
            seq_no: 3,
            bytes: 100,
        },
        Service::GzipPacked {
            packed_data: &[9; 300],
        },
        Service::MsgsAck {
            msg_ids: msg_ids.clone(),
        },
        Service::BadMsgNotification {
            bad_msg_id: 4,
            bad_msg_seqno: 1,
            error_code: 16,
        },
        Service::BadServerSalt {
            bad_msg_id: 4,
            bad_msg_seqno: 1,
            error_code: 48,
            new_server_salt: -9,
        },
        Service::MsgsStateReq {
            msg_ids: msg_ids.clone(),
        },
        Service::MsgsStateInfo {
            req_msg_id: 4,
            info: &[1, 4, 12],
        },
        Service::MsgsAllInfo {
            msg_ids: msg_ids.clone(),
            info: &[1, 4, 12],
        },
        Service::MsgDetailedInfo {
            msg_id: 4,
            answer_msg_id: 5,
            bytes: 100,
            status: 0,
        },
        Service::MsgNewDetailedInfo {
            answer_msg_id: 5,
            bytes: 100,
            status: 0,
        },
        Service::MsgResendReq {
            msg_ids: msg_ids.clone(),
        },
        Service::MsgResendAnsReq { msg_ids },
        Service::GetFutureSalts { num: 3 },
        Service::FutureSalts {
            req_msg_id: 4,
            now: 1_700_000_000,
            salts: vec![
                FutureSalt {
                    valid_since: 1,
                    valid_until: 2,
                    salt: 3
                };
                2
            ],
        },
        Service::Ping { ping_id: 6 },
        Service::PingDelayDisconnect {
            ping_id: 6,
            disconnect_delay: 75,
        },
        Service::Pong {
            msg_id: 4,
            ping_id: 6,
        },
        Service::NewSessionCreated {
            first_msg_id: 4,
            unique_id: 7,
            server_salt: -9,
        },
        Service::DestroySession { session_id: 8 },
        Service::DestroySessionOk { session_id: 8 },
        Service::DestroySessionNone { session_id: 8 },
        Service::HttpWait {
            max_delay: 1,
            wait_after: 2,
            max_wait: 3,
        },
    ]
}

#[test]
fn constructor_numbers_are_those_of_the_schema() {
    // Telegram's file has these only as comments, because a schema can't express them.
    let commented = [
        ("msg_container", 0x73f1_f8dc),
        ("gzip_packed", 0x3072_cfa1),
        ("rpc_result", 0xf35c_6d01),
    ];
    let schema = madeline_tl::Schema::mtproto();
    for &(name, id) in CONSTRUCTORS {
        let definition = schema.constructor(name).or_else(|| schema.method(name));
        match definition {
            Some(definition) => assert_eq!(definition.id(), id, "{name}"),
            None => assert!(commented.contains(&(name, id)), "{name}"),
        }
    }
}

#[test]
fn messages_are_those_that_the_schema_describes() {
    let schema = madeline_tl::Schema::mtproto();
    for service in one_of_each() {
        let bytes = service.to_bytes();
        let id = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if schema.constructor_by_id(id).is_some() {
            assert!(
                madeline_tl::boxed_from_bytes(schema, &bytes).is_ok(),
                "{service:?}"
            );
        } else if schema.method_by_id(id).is_some() {
            assert!(
                madeline_tl::method_from_bytes(schema, &bytes).is_ok(),
                "{service:?}"
            );
        }
    }
}

#[test]
fn every_message_is_read_as_written() {
    for service in one_of_each() {
        assert_eq!(Service::read(&service.to_bytes()), Body::Service(service));
    }
}

#[test]
fn truncated_and_longer_messages_are_malformed() {
    for service in one_of_each() {
        let bytes = service.to_bytes();
        let free_length = matches!(service, Service::RpcResult { .. });
        for len in 0..bytes.len() {
            if !(free_length && len >= 12) {
                assert_eq!(
                    Service::read(&bytes[..len]),
                    Body::Malformed,
                    "{len} bytes of {service:?}"
                );
            }
        }
        let mut longer = bytes;
        longer.extend([0; 4]);
        if !free_length {
            assert_eq!(
                Service::read(&longer),
                Body::Malformed,
                "4 bytes more than {service:?}"
            );
        }
    }
}

#[test]
fn counts_are_checked_before_they_are_believed() {
    for service in [
        Service::MsgsAck { msg_ids: vec![1] },
        Service::FutureSalts {
            req_msg_id: 1,
            now: 1,
            salts: Vec::new(),
        },
    ] {
        let mut bytes = service.to_bytes();
        let count_at = if matches!(service, Service::MsgsAck { .. }) {
            8
        } else {
            16
        };
        for count in [-1, 2, i32::MAX] {
            bytes[count_at..count_at + 4].copy_from_slice(&i32::to_le_bytes(count));
            assert_eq!(Service::read(&bytes), Body::Malformed);
        }
    }
}

#[test]
fn other_constructors_are_left_to_the_layer_above() {
    let body = 0xc4f9_186bu32.to_le_bytes();
    assert_eq!(Service::read(&body), Body::Other(&body));
}
