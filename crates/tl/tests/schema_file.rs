//! TL files made to schemas at run time: what is accepted, and where the first mistake is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use std::fmt::Write;

use madeline_tl::{Definition, Param, Schema, SchemaError};

/// The error of a file that begins with a comment line, as `line:column what`.
fn error(text: &str) -> String {
    let SchemaError { line, column, what } =
        Schema::parse(&format!("// LAYER 5\n{text}"), None).unwrap_err();
    format!("{line}:{column} {what}")
}

fn accepts(text: &str) {
    Schema::parse(&format!("// LAYER 5\n{text}"), None).unwrap();
}

#[test]
fn the_layer_is_the_files_or_the_given_one() {
    assert_eq!(
        Schema::parse("a#1 = A;\n// LAYER 190\n", None)
            .unwrap()
            .layer(),
        190
    );
    assert_eq!(
        Schema::parse("a#1 = A;\n// LAYER 190\n", Some(66))
            .unwrap()
            .layer(),
        66
    );
    assert_eq!(Schema::parse("a#1 = A;", Some(66)).unwrap().layer(), 66);
    let error = Schema::parse("a#1 = A;", None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1, column 1: expected a comment // LAYER n, or a layer given beside the file"
    );
}

#[test]
fn sections_and_layout_are_free() {
    let text = "// LAYER 5\r\n---functions---\r\nask#1 a:A = A;;\n---types---\nb#2\n  x:int // why\n  = A; c#3 = A ;";
    let schema = Schema::parse(text, None).unwrap();
    let names: Vec<&str> = schema
        .constructors()
        .chain(schema.methods())
        .map(Definition::name)
        .collect();
    assert_eq!(names, ["b", "c", "ask"]);
    assert_eq!(
        error("a#1 = A;\n---constructors---"),
        "3:1 expected ---types--- or ---functions---, found ---constructors---"
    );
}

#[test]
fn text_that_is_not_ascii_is_an_error_with_its_column() {
    accepts("a#1 = A; // Привет, мир — 🙂");
    assert_eq!(
        error("a#1 = A; бета#2 = A;"),
        "2:10 expected a name of letters, digits and _, found бета"
    );
    assert_eq!(
        error("a#1 = A;  é:int"),
        "2:11 expected a semicolon after the definition that begins with é:int"
    );
}

#[test]
fn a_definition_ends_with_a_semicolon() {
    accepts("a#1 = A;");
    assert_eq!(
        error("a#1 = A;\nb#2 = A"),
        "3:1 expected a semicolon after the definition that begins with b#2"
    );
    assert_eq!(
        error("b#2 = A\n---functions---"),
        "2:1 expected a semicolon after the definition that begins with b#2"
    );
}

#[test]
fn a_definition_has_one_type() {
    assert_eq!(error("a#1 x:int;"), "2:5 expected = and a type after x:int");
    assert_eq!(
        error("a#1 = A B;"),
        "2:9 expected one type after = in the definition of a"
    );
    assert_eq!(
        error("a#1 = ;"),
        "2:1 expected one type after = in the definition of a"
    );
    assert_eq!(
        error("a#1 = a;"),
        "2:7 expected the name of a boxed type, found a"
    );
    assert_eq!(
        error("a#1 = Vector<int>;"),
        "2:7 expected the name of a boxed type, found Vector<int>"
    );
}

#[test]
fn ids_are_hexadecimal_and_unique() {
    accepts("a#1 = A; b#ffffffff = A;");
    assert_eq!(
        error("a#xyz = A;"),
        "2:1 expected up to 8 hexadecimal digits after a#, found xyz"
    );
    assert_eq!(
        error("a#123456789 = A;"),
        "2:1 expected up to 8 hexadecimal digits after a#, found 123456789"
    );
    assert_eq!(
        error("a#1 = A;\nb#1 = A;"),
        "3:1 expected a new id for b, found 00000001, which is a's"
    );
    assert_eq!(
        error("a#1 = A;\n---functions---\nb#1 = A;"),
        "4:1 expected a new id for b, found 00000001, which is a's"
    );
}

#[test]
fn an_id_that_is_not_given_is_computed() {
    let text = "// LAYER 5\nboolFalse = Bool;\nuserStatusOnline expires:int = UserStatus;\n\
                inputFile id:long parts:int name:string md5_checksum:string = InputFile;\n\
                inputEncryptedFileUploaded id:long parts:int md5_checksum:string key_fingerprint:int = InputEncryptedFile;";
    let schema = Schema::parse(text, None).unwrap();
    let api = Schema::api();
    for constructor in schema.constructors() {
        assert_eq!(
            constructor.id(),
            api.constructor(constructor.name()).unwrap().id(),
            "{constructor:?}"
        );
    }
}

#[test]
fn most_of_telegrams_ids_are_what_would_be_computed() {
    // The text of each definition without its id must give the same id; Telegram keeps some old ids.
    let api = Schema::api();
    let (mut same, mut all) = (0, 0);
    let mut text = String::from("// LAYER 1\n");
    for (section, definitions) in [
        ("---types---", api.constructors().collect::<Vec<_>>()),
        ("---functions---", api.methods().collect()),
    ] {
        text.push_str(section);
        text.push('\n');
        for definition in definitions {
            text.push_str(definition.name());
            if definition
                .params()
                .any(|param| api.spell(param.ty()).to_string() == "Object")
            {
                text.push_str(" {X:Type}");
            }
            let names: Vec<&str> = definition.params().map(Param::name).collect();
            for param in definition.params() {
                let spelling = match api.spell(param.ty()).to_string().as_str() {
                    "Object" => "!X".to_owned(),
                    other => other.to_owned(),
                };
                let condition = match param.kind() {
                    madeline_tl::ParamKind::Optional { word, bit } => {
                        let flags = names
                            .iter()
                            .filter(|name| name.starts_with("flags"))
                            .nth(usize::from(word));
                        format!("{}.{bit}?", flags.unwrap())
                    }
                    _ => String::new(),
                };
                write!(text, " {}:{condition}{spelling}", param.name()).unwrap();
            }
            let ty = api.spell(definition.ty()).to_string();
            writeln!(text, " = {};", if ty == "Object" { "X" } else { &ty }).unwrap();
        }
    }
    let computed = Schema::parse(&text, None).unwrap();
    for definition in computed.constructors().chain(computed.methods()) {
        let theirs = api
            .constructor(definition.name())
            .or_else(|| api.method(definition.name()))
            .unwrap();
        all += 1;
        same += i32::from(definition.id() == theirs.id());
    }
    assert!(same * 100 > all * 95, "{same} of {all}");
}

#[test]
fn names_are_unique_within_their_kind() {
    accepts("a#1 = A;\n---functions---\na#2 = A;");
    assert_eq!(
        error("a#1 = A;\na#2 = A;"),
        "3:1 expected a new name, found a a second time"
    );
    accepts("a#1 x:int y:int = A;");
    assert_eq!(
        error("a#1 x:int x:int = A;"),
        "2:11 expected a new name, found x a second time"
    );
}

#[test]
fn names_are_letters_digits_and_underscores() {
    accepts("help.a_1#1 = help.A;");
    assert_eq!(
        error("1a#1 = A;"),
        "2:1 expected a name of letters, digits and _, found 1a"
    );
    assert_eq!(
        error("help.#1 = A;"),
        "2:1 expected a name of letters, digits and _, found help."
    );
    assert_eq!(
        error("#1 = A;"),
        "2:1 expected a name of letters, digits and _, found "
    );
    assert_eq!(
        error("a#1 x-y:int = A;"),
        "2:5 expected a name of letters, digits and _, found x-y"
    );
}

#[test]
fn parameters_are_a_name_and_a_type() {
    assert_eq!(error("a#1 x = A;"), "2:5 expected name:type, found x");
    assert_eq!(
        error("a#1 x: = A;"),
        "2:5 expected name:type with both parts, found x:"
    );
    assert_eq!(
        error("a#1 :int = A;"),
        "2:5 expected name:type with both parts, found :int"
    );
    assert_eq!(error("a#1 {X = A;"), "2:5 expected {X:Type}, found {X");
}

#[test]
fn types_are_those_of_the_file() {
    accepts("a#1 x:A y:c z:Object = A; b#2 x:%B = A; c#3 = B;");
    assert_eq!(
        error("a#1 x:Other = A;"),
        "2:5 expected a type with constructors of this file, found Other"
    );
    assert_eq!(
        error("a#1 x:other = A;"),
        "2:5 expected a constructor of this file, found other"
    );
    assert_eq!(
        error("a#1 = A;\n---functions---\nask#2 = Other;"),
        "4:9 expected a type with constructors of this file, found Other"
    );
    assert_eq!(
        error("a#1 = A; b#2 = A; c#3 x:%A = C;"),
        "2:23 expected a type with one constructor after %, found A"
    );
}

#[test]
fn vectors_are_of_types() {
    accepts("a#1 x:Vector<int> y:vector<a2> z:Vector<Vector<string>> = A; a2#2 = A;");
    assert_eq!(
        error("a#1 x:Vector<int = A;"),
        "2:5 expected > at the end of x:Vector<int"
    );
    assert_eq!(
        error("a#1 x:Vector<B> = A;"),
        "2:5 expected a type with constructors of this file, found B"
    );
    assert_eq!(
        error("a#1 x:List<int> = A;"),
        "2:5 expected Vector or vector before <, found List"
    );
    let deep = format!(
        "a#1 x:{}int{} = A;",
        "Vector<".repeat(100_000),
        ">".repeat(100_000)
    );
    assert_eq!(
        error(&deep),
        "2:5 expected at most 8 types inside each other"
    );
}

#[test]
fn conditions_hang_on_an_earlier_flags_word() {
    accepts("a#1 flags:# x:flags.0?int y:flags.31?true = A;");
    assert_eq!(
        error("a#1 x:flags.0?int = A;"),
        "2:5 expected an earlier parameter of type #, found flags"
    );
    assert_eq!(
        error("a#1 x:flags.0?int flags:# = A;"),
        "2:5 expected an earlier parameter of type #, found flags"
    );
    assert_eq!(
        error("a#1 flags:# x:flags2.0?int = A;"),
        "2:13 expected an earlier parameter of type #, found flags2"
    );
    assert_eq!(
        error("a#1 flags:# x:flags.32?int = A;"),
        "2:13 expected a bit from 0 to 31, found 32"
    );
    assert_eq!(
        error("a#1 flags:# x:flags?int = A;"),
        "2:13 expected a condition like flags.3?, found x:flags?int"
    );
    assert_eq!(
        error("a#1 a:# b:# c:# d:# e:# = A;"),
        "2:21 expected at most 4 parameters of type #"
    );
}

#[test]
fn true_is_only_a_flag() {
    accepts("a#1 flags:# x:flags.0?true = A;");
    assert_eq!(
        error("a#1 x:true = A;"),
        "2:5 expected true behind a condition like flags.3?"
    );
    assert_eq!(
        error("a#1 x:Vector<true> = A;"),
        "2:5 expected true behind a condition like flags.3?"
    );
}

#[test]
fn generics_are_declared() {
    accepts("a#1 = A;\n---functions---\ncall#2 {X:Type} query:!X = X;");
    assert_eq!(
        error("a#1 = A;\n---functions---\ncall#2 query:!X = A;"),
        "4:8 expected {X:Type} before !X"
    );
    assert_eq!(
        error("a#1 = A;\n---functions---\ncall#2 = X;"),
        "4:10 expected a type with constructors of this file, found X"
    );
}

#[test]
fn large_files_are_compiled_or_refused_in_reasonable_time() {
    let params = |count: u32| {
        (0..count)
            .map(|index| format!("p{index}:int "))
            .collect::<Vec<_>>()
            .concat()
    };
    accepts(&format!("a#1 {}= A;", params(5_000)));
    assert!(error(&format!("a#1 {}= A;", params(70_000))).contains("expected at most"));
    let many = |count: u32| {
        (1..=count)
            .map(|index| format!("a{index}#{index:x} = A;"))
            .collect::<Vec<_>>()
            .concat()
    };
    accepts(&many(5_000));
    assert!(error(&many(70_000)).contains("expected at most"));
    let generics = "{X:Type} ".repeat(9);
    assert_eq!(
        error(&format!("a#1 {generics}= A;")),
        "2:77 expected at most 8 of {X:Type}"
    );
}

#[test]
fn a_bare_type_does_not_contain_itself() {
    accepts("a#1 x:b y:Vector<a> = A; b#2 = B;");
    assert_eq!(
        error("a#1 x:b = A;\nb#2 x:a = B;"),
        "2:1 expected a not to contain itself as a bare type"
    );
    assert_eq!(
        error("a#1 x:a = A;"),
        "2:1 expected a not to contain itself as a bare type"
    );
}

#[test]
fn built_in_types_may_be_declared() {
    accepts(
        "int ? = Int;\nvector#1cb5c415 {t:Type} # [ t ] = Vector t;\nint128 4*[ int ] = Int128;\na#1 x:int128 = A;",
    );
}

#[test]
fn the_envelope_of_mtproto_is_not_taken_for_a_message() {
    let envelope = "message msg_id:long seqno:int bytes:int body:Object = Message;";
    let schema = Schema::parse(
        &format!("// LAYER 5\n{envelope}message#1 id:int = Message;"),
        None,
    )
    .unwrap();
    assert!(!schema.constructor("MTmessage").unwrap().is_message());
    let message = schema.constructor("message").unwrap();
    assert!(message.is_message() && message.param("id").is_some());
}
