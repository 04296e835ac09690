//! A sandbox that speaks the layer of a TL file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::fmt::Write;

use madeline_tl::{Definition, Param, ParamKind};
use support::{Client, Schema, TOWN, Value, error, init_connection, message, object, start_with};

/// The compiled-in schema as text, without one method.
fn text(layer: i32, without: &str) -> String {
    let api = Schema::api();
    let mut text = format!("// LAYER {layer}\n---types---\n");
    for definition in api.constructors() {
        writeln!(text, "{}", line(definition)).unwrap();
    }
    text.push_str("---functions---\n");
    for definition in api.methods().filter(|method| method.name() != without) {
        writeln!(text, "{}", line(definition)).unwrap();
    }
    text
}

fn line(definition: Definition<'_>) -> String {
    let api = Schema::api();
    let mut line = format!("{}#{:x}", definition.name(), definition.id());
    let is_generic = |param: &Param<'_>| api.spell(param.ty()).to_string() == "Object";
    if definition.is_method() && definition.params().any(|param| is_generic(&param)) {
        line.push_str(" {X:Type}");
    }
    let names: Vec<&str> = definition.params().map(Param::name).collect();
    for param in definition.params() {
        let spelling = match api.spell(param.ty()).to_string().as_str() {
            "Object" if definition.is_method() => "!X".to_owned(),
            other => other.to_owned(),
        };
        let condition = match param.kind() {
            ParamKind::Optional { word, bit } => {
                let mut flags = names.iter().filter(|name| name.starts_with("flags"));
                format!("{}.{bit}?", flags.nth(usize::from(word)).unwrap())
            }
            _ => String::new(),
        };
        write!(line, " {}:{condition}{spelling}", param.name()).unwrap();
    }
    let ty = api.spell(definition.ty()).to_string();
    let ty = if ty == "Object" && definition.is_method() {
        "X"
    } else {
        &ty
    };
    format!("{line} = {ty};")
}

fn with_layer(layer: i32, query: Value) -> Value {
    object!("invokeWithLayer", layer: layer, query: init_connection(query))
}

#[tokio::test]
async fn the_layer_and_the_methods_are_those_of_the_file() {
    let schema = Schema::parse(&text(190, "help.getSupport"), None).unwrap();
    let sandbox = start_with(TOWN, Box::leak(Box::new(schema))).await;
    let mut client = Client::connect(&sandbox, 2).await;
    let newest = with_layer(Schema::api().layer(), object!("help.getConfig"));
    assert_eq!(
        client.call_bare(&newest).await,
        error(400, "INPUT_LAYER_INVALID")
    );
    let config = with_layer(190, object!("help.getConfig"));
    assert_eq!(
        client.call_bare(&config).await.unwrap().int("this_dc"),
        Ok(2)
    );
    let missing = object!("help.getSupport");
    let id = Schema::api().method("help.getSupport").unwrap().id();
    assert_eq!(
        client.call_bare(&missing).await,
        error(400, &format!("INPUT_METHOD_INVALID_{id}"))
    );
    // The world lives on in it.
    let sent = client
        .call_bare(&support::send_code("9996612001"))
        .await
        .unwrap();
    let hash = sent.text("phone_code_hash").unwrap();
    let sign_in = object!("auth.signIn",
        phone_number: "9996612001", phone_code_hash: hash, phone_code: "12345");
    client.call_bare(&sign_in).await.unwrap();
    let said = client
        .call_bare(&message(&object!("inputPeerSelf"), "old"))
        .await
        .unwrap();
    assert_eq!(said.name(), "updates");
}
