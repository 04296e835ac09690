//! `Settings\Database\…`: a server that keeps the session for several machines (`storage.rs`), or none.

use super::SETTINGS_ABSTRACT;
use super::accessors::{get, set};
use super::parts::part;
use crate::class::{Base, Class, Frame, Literal, Method, Param, Property, Type, c_str};

const SELF: Type = Type::class(c"self");

part! {
    /// What all backends have.
    DATABASE "DatabaseAbstract": &SETTINGS_ABSTRACT, Class::ABSTRACT;
    "enableFileReferenceDb" "EnableFileReferenceDb" BOOL Literal::Bool(true);
    "enableMinDb" "EnableMinDb" BOOL Literal::Bool(true);
    "enableUsernameDb" "EnableUsernameDb" BOOL Literal::Bool(true);
    "enableFullPeerDb" "EnableFullPeerDb" BOOL Literal::Bool(true);
    "enablePeerInfoDb" "EnablePeerInfoDb" BOOL Literal::Bool(true);
}

part! {
    /// The default.
    MEMORY "Database\\Memory": &DATABASE, Class::FINAL;
}

part! {
    /// What all servers have.
    DRIVER "Database\\DriverDatabaseAbstract": &DATABASE, Class::ABSTRACT;
    "password" "Password" STRING Literal::Text("");
    "cacheTtl" "CacheTtl" INT Literal::Int(300);
    [properties:
        Property::new(c"serializer", Type::MIXED, Literal::Null).protected(),
        Property::new(c"ephemeralFilesystemPrefix", Type::STRING.nullable(), Literal::Null).protected(),
    ]
    [methods:
        Method::new(c"getSerializer", |frame: &mut Frame<'_>| get(&DRIVER, "serializer", frame)).returns(Type::MIXED),
        Method::new(c"setSerializer", |frame: &mut Frame<'_>| set(&DRIVER, "serializer", frame))
            .params(&[Param::required(c"serializer", Type::MIXED)]).returns(SELF),
        Method::new(c"getEphemeralFilesystemPrefix", |frame: &mut Frame<'_>| {
            get(&DRIVER, "ephemeralFilesystemPrefix", frame)
        }).returns(Type::STRING.nullable()),
        Method::new(c"setEphemeralFilesystemPrefix", |frame: &mut Frame<'_>| {
            set(&DRIVER, "ephemeralFilesystemPrefix", frame)
        }).params(&[Param::required(c"ephemeralFilesystemPrefix", Type::STRING.nullable())]).returns(SELF),
    ]
}

part! {
    /// What SQL servers have.
    SQL "Database\\SqlAbstract": &DRIVER, Class::ABSTRACT;
    "uri" "Uri" STRING Literal::Text("tcp://127.0.0.1");
    "database" "Database" STRING Literal::Text("MadelineProto");
    "username" "Username" STRING Literal::Text("root");
    "maxConnections" "MaxConnections" INT Literal::Int(100);
    "idleTimeout" "IdleTimeout" INT Literal::Int(60);
}

part! {
    /// `MySQL` and `MariaDB`.
    MYSQL "Database\\Mysql": &SQL, Class::FINAL;
    [properties: Property::new(c"optimizeIfWastedGtMb", Type::INT.nullable(), Literal::Null).protected()]
    [methods:
        Method::new(c"getOptimizeIfWastedGtMb", |frame: &mut Frame<'_>| get(&MYSQL, "optimizeIfWastedGtMb", frame))
            .returns(Type::INT.nullable()),
        Method::new(c"setOptimizeIfWastedGtMb", |frame: &mut Frame<'_>| set(&MYSQL, "optimizeIfWastedGtMb", frame))
            .params(&[Param::required(c"optimizeIfWastedGtMb", Type::INT.nullable())]).returns(SELF),
    ]
}

part! {
    /// `PostgreSQL`.
    POSTGRES "Database\\Postgres": &SQL, Class::FINAL;
}

part! {
    /// Redis.
    REDIS "Database\\Redis": &DRIVER, Class::FINAL;
    "uri" "Uri" STRING Literal::Text("redis://127.0.0.1");
    "database" "Database" INT Literal::Int(0);
}
