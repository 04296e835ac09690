//! The world of the benchmarks: that of the demo, a large file, and many people to be connected at once.

use serde_json::{Value, json};

use crate::Failure;

/// The message that has the file.
pub(crate) const FILE_MESSAGE: i32 = 43;
/// The file's size in bytes: 200 MB in whole parts.
pub(crate) const FILE_SIZE: u32 = 400 * 512 * 1024;
/// How many people live there for the measure of many accounts.
pub(crate) const CROWD: u32 = 200;

/// The world as the sandbox reads it.
pub(crate) fn write() -> Result<String, Failure> {
    let mut world: Value = serde_json::from_str(&std::fs::read_to_string("examples/world.json")?)?;
    let users = world.get_mut("users").and_then(Value::as_object_mut);
    let users = users.ok_or("the demo's world has no users")?;
    for number in 0..CROWD {
        users.insert(
            format!("person{number}"),
            json!({"first_name": format!("Person {number}"), "phone": crowd_phone(number)}),
        );
    }
    let messages = world.get_mut("messages").and_then(Value::as_array_mut);
    messages.ok_or("the demo's world has no messages")?.push(json!({
        "id": FILE_MESSAGE, "in": ["alice", "bot"], "from": "bot", "text": "A large file.", "file": "large",
    }));
    if let Some(world) = world.as_object_mut() {
        world.insert(
            "channels".to_owned(),
            json!({
                "crew": {"title": "Crew", "username": "crew_chat", "creator": "alice", "megagroup": true,
                    "members": ["bob", "person1", "person2", "person3"]},
                "open": {"title": "Open", "username": "open_chat", "creator": "bob", "megagroup": true},
            }),
        );
        world.insert(
            "files".to_owned(),
            json!({"large": {"size": FILE_SIZE, "seed": 1}}),
        );
    }
    Ok(world.to_string())
}

/// The phone number of one of the crowd.
pub(crate) fn crowd_phone(number: u32) -> String {
    format!("99966{:05}", 30_000 + number)
}
