//! The compiled-in schema is the one that grammers-tl-types ships.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use madeline_tl::{KeyId, ParamKind, Schema, Ty};

#[test]
fn the_layer_is_that_of_grammers_tl_types() {
    assert_eq!(Schema::api().layer(), grammers_tl_types::LAYER);
}

#[test]
fn every_definition_is_found_by_name_and_by_id() {
    for schema in [Schema::api(), Schema::mtproto()] {
        assert!(schema.constructors().len() > 10 && schema.methods().len() > 3);
        for definition in schema.constructors() {
            assert_eq!(schema.constructor(definition.name()), Some(definition));
            assert_eq!(schema.constructor_by_id(definition.id()), Some(definition));
            assert_eq!(schema.method_by_id(definition.id()), None);
            assert_eq!(schema.definition(definition.number()), Some(definition));
        }
        for definition in schema.methods() {
            assert_eq!(schema.method(definition.name()), Some(definition));
            assert_eq!(schema.method_by_id(definition.id()), Some(definition));
            assert_eq!(schema.constructor_by_id(definition.id()), None);
            assert_eq!(schema.definition(definition.number()), Some(definition));
        }
    }
    assert_eq!(Schema::api().constructor("noSuchConstructor"), None);
    assert_eq!(Schema::api().method("inputPeerSelf"), None);
    assert_eq!(Schema::api().by_id(0x1234_5678), None);
}

#[test]
fn keys_are_numbered_in_order() {
    let schema = Schema::api();
    for (index, name) in schema.keys().enumerate() {
        let key = KeyId(u16::try_from(index).unwrap());
        assert_eq!(schema.key(key), name);
        assert_eq!(schema.find_key(name), Some(key), "{name}");
    }
    assert_eq!(schema.key(KeyId::CONSTRUCTOR), "_");
    assert_eq!(schema.key(KeyId::INFLATED), "inflated");
    assert_eq!(schema.key(KeyId::TO_ID), "to_id");
    assert_eq!(schema.find_key("no_such_key"), None);
}

#[test]
fn the_namespaces_are_those_of_methods() {
    let namespaces: Vec<&str> = Schema::api().namespaces().collect();
    assert!(namespaces.is_sorted());
    assert!(namespaces.contains(&"messages") && namespaces.contains(&"auth"));
    // Types of this namespace exist, methods don't.
    assert!(!namespaces.contains(&"storage"));
}

#[test]
fn types_are_found_by_their_spelling() {
    let schema = Schema::api();
    for spelling in [
        "int",
        "bytes",
        "Bool",
        "InputPeer",
        "messages.Messages",
        "Vector<long>",
        "Vector<InputUser>",
    ] {
        let ty = schema.ty(spelling).unwrap();
        assert_eq!(schema.spell(ty).to_string(), spelling);
    }
    let Some(Ty::Boxed(id)) = schema.ty("InputPeer") else {
        panic!()
    };
    assert_eq!(schema.constructors_of(id).count(), 7);
    assert!(
        schema
            .constructors_of(id)
            .all(|constructor| constructor.ty() == Ty::Boxed(id))
    );
    for spelling in ["", "Nonsense", "Vector<Nonsense>", "Vector<int", "nonsense"] {
        assert_eq!(schema.ty(spelling), None, "{spelling}");
    }
    assert_eq!(
        Schema::mtproto()
            .ty("vector<future_salt>")
            .map(|ty| Schema::mtproto().spell(ty).to_string()),
        Some("vector<future_salt>".to_owned())
    );
}

#[test]
fn parameters_know_their_flags() {
    let method = Schema::api()
        .method("messages.getBotCallbackAnswer")
        .unwrap();
    assert_eq!(method.namespace(), Some("messages"));
    assert_eq!(method.short_name(), "getBotCallbackAnswer");
    let kinds: Vec<_> = method
        .params()
        .map(|param| (param.name(), param.ty(), param.kind()))
        .collect();
    let input_peer = Schema::api().ty("InputPeer").unwrap();
    let password = Schema::api().ty("InputCheckPasswordSRP").unwrap();
    assert_eq!(
        kinds,
        [
            ("flags", Ty::Flags, ParamKind::Flags { word: 0 }),
            ("game", Ty::True, ParamKind::Optional { word: 0, bit: 1 }),
            ("peer", input_peer, ParamKind::Mandatory),
            ("msg_id", Ty::Int, ParamKind::Mandatory),
            ("data", Ty::Bytes, ParamKind::Optional { word: 0, bit: 0 }),
            (
                "password",
                password,
                ParamKind::Optional { word: 0, bit: 2 }
            ),
        ]
    );
}
