//! The constructors and functions of the protocol.

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
