//! The messages of the protocol itself: acknowledgements, pings, salts, the states of messages, results.
//!
//! <https://core.telegram.org/mtproto/service_messages>. Hand-written, because they frame everything else and because
//! results and packed objects are not parsed here but passed on as they are. Field names are those of the schema.

use crate::wire::{Malformed, ReadLongs, Reader, Write};

macro_rules! constructors {
    ($($name:ident = $tl:literal, $id:literal;)*) => {
        /// Constructor numbers.
        #[allow(missing_docs, reason = "each is named after its constructor")]
        pub mod id {
            $(pub const $name: u32 = $id;)*
        }

        /// Name and number of each constructor and function this crate knows.
        pub const CONSTRUCTORS: &[(&str, u32)] = &[$(($tl, $id)),*];
    };
}

constructors! {
    // The key exchange.
    REQ_PQ = "req_pq", 0x6046_9778;
    REQ_PQ_MULTI = "req_pq_multi", 0xbe7e_8ef1;
    RES_PQ = "resPQ", 0x0516_2463;
    P_Q_INNER_DATA = "p_q_inner_data", 0x83c9_5aec;
    P_Q_INNER_DATA_DC = "p_q_inner_data_dc", 0xa9f5_5f95;
    P_Q_INNER_DATA_TEMP = "p_q_inner_data_temp", 0x3c6a_84d4;
    P_Q_INNER_DATA_TEMP_DC = "p_q_inner_data_temp_dc", 0x56fd_df88;
    REQ_DH_PARAMS = "req_DH_params", 0xd712_e4be;
    SERVER_DH_PARAMS_FAIL = "server_DH_params_fail", 0x79cb_045d;
    SERVER_DH_PARAMS_OK = "server_DH_params_ok", 0xd0e8_075c;
    SERVER_DH_INNER_DATA = "server_DH_inner_data", 0xb589_0dba;
    CLIENT_DH_INNER_DATA = "client_DH_inner_data", 0x6643_b654;
    SET_CLIENT_DH_PARAMS = "set_client_DH_params", 0xf504_5f1f;
    DH_GEN_OK = "dh_gen_ok", 0x3bcb_f734;
    DH_GEN_RETRY = "dh_gen_retry", 0x46dc_1fb9;
    DH_GEN_FAIL = "dh_gen_fail", 0xa69d_ae02;
    // Encrypted sessions.
    MSG_CONTAINER = "msg_container", 0x73f1_f8dc;
    GZIP_PACKED = "gzip_packed", 0x3072_cfa1;
    RPC_RESULT = "rpc_result", 0xf35c_6d01;
    RPC_ERROR = "rpc_error", 0x2144_ca19;
    RPC_DROP_ANSWER = "rpc_drop_answer", 0x58e4_a740;
    RPC_ANSWER_UNKNOWN = "rpc_answer_unknown", 0x5e2a_d36e;
    RPC_ANSWER_DROPPED_RUNNING = "rpc_answer_dropped_running", 0xcd78_e586;
    RPC_ANSWER_DROPPED = "rpc_answer_dropped", 0xa43a_d8b7;
    MSGS_ACK = "msgs_ack", 0x62d6_b459;
    BAD_MSG_NOTIFICATION = "bad_msg_notification", 0xa7ef_f811;
    BAD_SERVER_SALT = "bad_server_salt", 0xedab_447b;
    MSGS_STATE_REQ = "msgs_state_req", 0xda69_fb52;
    MSGS_STATE_INFO = "msgs_state_info", 0x04de_b57d;
    MSGS_ALL_INFO = "msgs_all_info", 0x8cc0_d131;
    MSG_DETAILED_INFO = "msg_detailed_info", 0x276d_3ec6;
    MSG_NEW_DETAILED_INFO = "msg_new_detailed_info", 0x809d_b6df;
    MSG_RESEND_REQ = "msg_resend_req", 0x7d86_1a08;
    MSG_RESEND_ANS_REQ = "msg_resend_ans_req", 0x8610_baeb;
    GET_FUTURE_SALTS = "get_future_salts", 0xb921_bd04;
    FUTURE_SALT = "future_salt", 0x0949_d9dc;
    FUTURE_SALTS = "future_salts", 0xae50_0895;
    PING = "ping", 0x7abe_77ec;
    PING_DELAY_DISCONNECT = "ping_delay_disconnect", 0xf342_7b8c;
    PONG = "pong", 0x3477_73c5;
    NEW_SESSION_CREATED = "new_session_created", 0x9ec2_0908;
    DESTROY_SESSION = "destroy_session", 0xe751_2126;
    DESTROY_SESSION_OK = "destroy_session_ok", 0xe220_45fc;
    DESTROY_SESSION_NONE = "destroy_session_none", 0x62d3_50c9;
    HTTP_WAIT = "http_wait", 0x9299_359f;
}

/// The codes of `bad_msg_notification` and `bad_server_salt`.
pub mod bad_msg {
    /// The identifier says a time too long ago.
    pub const ID_TOO_LOW: i32 = 16;
    /// The identifier says a time in the future.
    pub const ID_TOO_HIGH: i32 = 17;
    /// The two low bits of the identifier are not those of a client.
    pub const ID_LOW_BITS: i32 = 18;
    /// A container with the identifier of an earlier message.
    pub const CONTAINER_ID_SEEN: i32 = 19;
    /// The message is so old that the server no longer knows whether it has seen it.
    pub const TOO_OLD: i32 = 20;
    /// The sequence number is lower than that of an earlier message.
    pub const SEQ_NO_TOO_LOW: i32 = 32;
    /// The sequence number is higher than that of a later message.
    pub const SEQ_NO_TOO_HIGH: i32 = 33;
    /// An odd sequence number where an even one is due: the message is not content-related.
    pub const SEQ_NO_EVEN_EXPECTED: i32 = 34;
    /// An even sequence number where an odd one is due: the message is content-related.
    pub const SEQ_NO_ODD_EXPECTED: i32 = 35;
    /// The salt is not in force; `bad_server_salt` tells the one that is.
    pub const SALT: i32 = 48;
    /// The container is malformed.
    pub const CONTAINER: i32 = 64;
}

/// A salt and when it is accepted, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FutureSalt {
    /// First second.
    pub valid_since: i32,
    /// Last second.
    pub valid_until: i32,
    /// The salt.
    pub salt: i64,
}

/// A message of the protocol itself. Fields are documented at the page above, under the constructor's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the schema's")]
pub enum Service<'a> {
    /// `result` is whatever object answers the request, also a [`Service::RpcError`] or [`Service::GzipPacked`].
    RpcResult {
        req_msg_id: i64,
        result: &'a [u8],
    },
    RpcError {
        error_code: i32,
        error_message: &'a [u8],
    },
    RpcDropAnswer {
        req_msg_id: i64,
    },
    RpcAnswerUnknown,
    RpcAnswerDroppedRunning,
    RpcAnswerDropped {
        msg_id: i64,
        seq_no: i32,
        bytes: i32,
    },
    GzipPacked {
        packed_data: &'a [u8],
    },
    MsgsAck {
        msg_ids: Vec<i64>,
    },
    BadMsgNotification {
        bad_msg_id: i64,
        bad_msg_seqno: i32,
        error_code: i32,
    },
    BadServerSalt {
        bad_msg_id: i64,
        bad_msg_seqno: i32,
        error_code: i32,
        new_server_salt: i64,
    },
    MsgsStateReq {
        msg_ids: Vec<i64>,
    },
    MsgsStateInfo {
        req_msg_id: i64,
        info: &'a [u8],
    },
    MsgsAllInfo {
        msg_ids: Vec<i64>,
        info: &'a [u8],
    },
    MsgDetailedInfo {
        msg_id: i64,
        answer_msg_id: i64,
        bytes: i32,
        status: i32,
    },
    MsgNewDetailedInfo {
        answer_msg_id: i64,
        bytes: i32,
        status: i32,
    },
    MsgResendReq {
        msg_ids: Vec<i64>,
    },
    MsgResendAnsReq {
        msg_ids: Vec<i64>,
    },
    GetFutureSalts {
        num: i32,
    },
    FutureSalts {
        req_msg_id: i64,
        now: i32,
        salts: Vec<FutureSalt>,
    },
    Ping {
        ping_id: i64,
    },
    PingDelayDisconnect {
        ping_id: i64,
        disconnect_delay: i32,
    },
    Pong {
        msg_id: i64,
        ping_id: i64,
    },
    NewSessionCreated {
        first_msg_id: i64,
        unique_id: i64,
        server_salt: i64,
    },
    DestroySession {
        session_id: i64,
    },
    DestroySessionOk {
        session_id: i64,
    },
    DestroySessionNone {
        session_id: i64,
    },
    HttpWait {
        max_delay: i32,
        wait_after: i32,
        max_wait: i32,
    },
}

/// What a body turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// A message of the protocol itself.
    Service(Service<'a>),
    /// Something for the layer above: a function, an object.
    Other(&'a [u8]),
    /// Too short for a constructor number, or a message of the protocol with too few or too many bytes.
    Malformed,
}

impl<'a> Service<'a> {
    /// Looks at a body that is no container.
    pub fn read(body: &'a [u8]) -> Body<'a> {
        let mut reader = Reader::new(body);
        match Self::read_fields(&mut reader) {
            Ok(Some(service)) if reader.rest().is_empty() => Body::Service(service),
            Ok(None) => Body::Other(body),
            Ok(Some(_)) | Err(Malformed) => Body::Malformed,
        }
    }

    fn read_fields(reader: &mut Reader<'a>) -> Result<Option<Self>, Malformed> {
        let service = match reader.id()? {
            id::RPC_RESULT => Self::RpcResult {
                req_msg_id: reader.long()?,
                result: rest(reader)?,
            },
            id::RPC_ERROR => Self::RpcError {
                error_code: reader.int()?,
                error_message: reader.bytes()?,
            },
            id::RPC_DROP_ANSWER => Self::RpcDropAnswer {
                req_msg_id: reader.long()?,
            },
            id::RPC_ANSWER_UNKNOWN => Self::RpcAnswerUnknown,
            id::RPC_ANSWER_DROPPED_RUNNING => Self::RpcAnswerDroppedRunning,
            id::RPC_ANSWER_DROPPED => Self::RpcAnswerDropped {
                msg_id: reader.long()?,
                seq_no: reader.int()?,
                bytes: reader.int()?,
            },
            id::GZIP_PACKED => Self::GzipPacked {
                packed_data: reader.bytes()?,
            },
            id::MSGS_ACK => Self::MsgsAck {
                msg_ids: reader.longs()?,
            },
            id::BAD_MSG_NOTIFICATION => Self::BadMsgNotification {
                bad_msg_id: reader.long()?,
                bad_msg_seqno: reader.int()?,
                error_code: reader.int()?,
            },
            id::BAD_SERVER_SALT => Self::BadServerSalt {
                bad_msg_id: reader.long()?,
                bad_msg_seqno: reader.int()?,
                error_code: reader.int()?,
                new_server_salt: reader.long()?,
            },
            id::MSGS_STATE_REQ => Self::MsgsStateReq {
                msg_ids: reader.longs()?,
            },
            id::MSGS_STATE_INFO => Self::MsgsStateInfo {
                req_msg_id: reader.long()?,
                info: reader.bytes()?,
            },
            id::MSGS_ALL_INFO => Self::MsgsAllInfo {
                msg_ids: reader.longs()?,
                info: reader.bytes()?,
            },
            id::MSG_DETAILED_INFO => Self::MsgDetailedInfo {
                msg_id: reader.long()?,
                answer_msg_id: reader.long()?,
                bytes: reader.int()?,
                status: reader.int()?,
            },
            id::MSG_NEW_DETAILED_INFO => Self::MsgNewDetailedInfo {
                answer_msg_id: reader.long()?,
                bytes: reader.int()?,
                status: reader.int()?,
            },
            id::MSG_RESEND_REQ => Self::MsgResendReq {
                msg_ids: reader.longs()?,
            },
            id::MSG_RESEND_ANS_REQ => Self::MsgResendAnsReq {
                msg_ids: reader.longs()?,
            },
            id::GET_FUTURE_SALTS => Self::GetFutureSalts { num: reader.int()? },
            id::FUTURE_SALTS => Self::FutureSalts {
                req_msg_id: reader.long()?,
                now: reader.int()?,
                salts: read_salts(reader)?,
            },
            id::PING => Self::Ping {
                ping_id: reader.long()?,
            },
            id::PING_DELAY_DISCONNECT => Self::PingDelayDisconnect {
                ping_id: reader.long()?,
                disconnect_delay: reader.int()?,
            },
            id::PONG => Self::Pong {
                msg_id: reader.long()?,
                ping_id: reader.long()?,
            },
            id::NEW_SESSION_CREATED => Self::NewSessionCreated {
                first_msg_id: reader.long()?,
                unique_id: reader.long()?,
                server_salt: reader.long()?,
            },
            id::DESTROY_SESSION => Self::DestroySession {
                session_id: reader.long()?,
            },
            id::DESTROY_SESSION_OK => Self::DestroySessionOk {
                session_id: reader.long()?,
            },
            id::DESTROY_SESSION_NONE => Self::DestroySessionNone {
                session_id: reader.long()?,
            },
            id::HTTP_WAIT => Self::HttpWait {
                max_delay: reader.int()?,
                wait_after: reader.int()?,
                max_wait: reader.int()?,
            },
            _ => return Ok(None),
        };
        Ok(Some(service))
    }

    /// Appends the message.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::RpcResult { req_msg_id, result } => {
                out.id(id::RPC_RESULT);
                out.long(*req_msg_id);
                out.raw(result);
            }
            Self::RpcError {
                error_code,
                error_message,
            } => {
                out.id(id::RPC_ERROR);
                out.int(*error_code);
                out.bytes(error_message);
            }
            Self::RpcDropAnswer { req_msg_id } => {
                put_longs(out, id::RPC_DROP_ANSWER, [*req_msg_id])
            }
            Self::RpcAnswerUnknown => out.id(id::RPC_ANSWER_UNKNOWN),
            Self::RpcAnswerDroppedRunning => out.id(id::RPC_ANSWER_DROPPED_RUNNING),
            Self::RpcAnswerDropped {
                msg_id,
                seq_no,
                bytes,
            } => {
                put_longs(out, id::RPC_ANSWER_DROPPED, [*msg_id]);
                put_ints(out, [*seq_no, *bytes]);
            }
            Self::GzipPacked { packed_data } => {
                out.id(id::GZIP_PACKED);
                out.bytes(packed_data);
            }
            Self::MsgsAck { msg_ids } => put_vector(out, id::MSGS_ACK, msg_ids),
            Self::BadMsgNotification {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
            } => {
                put_longs(out, id::BAD_MSG_NOTIFICATION, [*bad_msg_id]);
                put_ints(out, [*bad_msg_seqno, *error_code]);
            }
            Self::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                new_server_salt,
            } => {
                put_longs(out, id::BAD_SERVER_SALT, [*bad_msg_id]);
                put_ints(out, [*bad_msg_seqno, *error_code]);
                out.long(*new_server_salt);
            }
            Self::MsgsStateReq { msg_ids } => put_vector(out, id::MSGS_STATE_REQ, msg_ids),
            Self::MsgsStateInfo { req_msg_id, info } => {
                put_longs(out, id::MSGS_STATE_INFO, [*req_msg_id]);
                out.bytes(info);
            }
            Self::MsgsAllInfo { msg_ids, info } => {
                put_vector(out, id::MSGS_ALL_INFO, msg_ids);
                out.bytes(info);
            }
            Self::MsgDetailedInfo {
                msg_id,
                answer_msg_id,
                bytes,
                status,
            } => {
                put_longs(out, id::MSG_DETAILED_INFO, [*msg_id, *answer_msg_id]);
                put_ints(out, [*bytes, *status]);
            }
            Self::MsgNewDetailedInfo {
                answer_msg_id,
                bytes,
                status,
            } => {
                put_longs(out, id::MSG_NEW_DETAILED_INFO, [*answer_msg_id]);
                put_ints(out, [*bytes, *status]);
            }
            Self::MsgResendReq { msg_ids } => put_vector(out, id::MSG_RESEND_REQ, msg_ids),
            Self::MsgResendAnsReq { msg_ids } => put_vector(out, id::MSG_RESEND_ANS_REQ, msg_ids),
            Self::GetFutureSalts { num } => {
                out.id(id::GET_FUTURE_SALTS);
                out.int(*num);
            }
            Self::FutureSalts {
                req_msg_id,
                now,
                salts,
            } => {
                put_longs(out, id::FUTURE_SALTS, [*req_msg_id]);
                put_ints(out, [*now, salts.len() as i32]);
                for salt in salts {
                    put_ints(out, [salt.valid_since, salt.valid_until]);
                    out.long(salt.salt);
                }
            }
            Self::Ping { ping_id } => put_longs(out, id::PING, [*ping_id]),
            Self::PingDelayDisconnect {
                ping_id,
                disconnect_delay,
            } => {
                put_longs(out, id::PING_DELAY_DISCONNECT, [*ping_id]);
                out.int(*disconnect_delay);
            }
            Self::Pong { msg_id, ping_id } => put_longs(out, id::PONG, [*msg_id, *ping_id]),
            Self::NewSessionCreated {
                first_msg_id,
                unique_id,
                server_salt,
            } => {
                put_longs(
                    out,
                    id::NEW_SESSION_CREATED,
                    [*first_msg_id, *unique_id, *server_salt],
                );
            }
            Self::DestroySession { session_id } => {
                put_longs(out, id::DESTROY_SESSION, [*session_id])
            }
            Self::DestroySessionOk { session_id } => {
                put_longs(out, id::DESTROY_SESSION_OK, [*session_id])
            }
            Self::DestroySessionNone { session_id } => {
                put_longs(out, id::DESTROY_SESSION_NONE, [*session_id])
            }
            Self::HttpWait {
                max_delay,
                wait_after,
                max_wait,
            } => {
                out.id(id::HTTP_WAIT);
                put_ints(out, [*max_delay, *wait_after, *max_wait]);
            }
        }
    }

    /// The message as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }
}

fn rest<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    Ok(reader.raw(reader.rest().len())?)
}

/// Salts are bare: a count, then for each the three fields without a constructor number.
fn read_salts(reader: &mut Reader<'_>) -> Result<Vec<FutureSalt>, Malformed> {
    let count = reader.count(16)?;
    (0..count)
        .map(|_| {
            Ok(FutureSalt {
                valid_since: reader.int()?,
                valid_until: reader.int()?,
                salt: reader.long()?,
            })
        })
        .collect()
}

fn put_longs<const N: usize>(out: &mut Vec<u8>, constructor: u32, values: [i64; N]) {
    out.id(constructor);
    for value in values {
        out.long(value);
    }
}

fn put_ints<const N: usize>(out: &mut Vec<u8>, values: [i32; N]) {
    for value in values {
        out.int(value);
    }
}

fn put_vector(out: &mut Vec<u8>, constructor: u32, values: &[i64]) {
    out.id(constructor);
    out.longs(values);
}

#[cfg(test)]
mod tests {
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
}
