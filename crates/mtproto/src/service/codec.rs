//! The messages as bytes and back.

use super::{Body, FutureSalt, Service, id};
use crate::wire::{Malformed, ReadLongs, Reader, Write};

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

    #[expect(clippy::too_many_lines, reason = "one arm for each constructor")]
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
    #[expect(clippy::too_many_lines, reason = "one arm for each constructor")]
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
                put_longs(out, id::RPC_DROP_ANSWER, [*req_msg_id]);
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
                put_longs(out, id::DESTROY_SESSION, [*session_id]);
            }
            Self::DestroySessionOk { session_id } => {
                put_longs(out, id::DESTROY_SESSION_OK, [*session_id]);
            }
            Self::DestroySessionNone { session_id } => {
                put_longs(out, id::DESTROY_SESSION_NONE, [*session_id]);
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
