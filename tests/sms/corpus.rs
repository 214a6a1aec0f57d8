//! Texts of real devices and of vendor documents: `tests/corpus/README.md`.

#![allow(dead_code, reason = "each test binary uses its part")]

use serde_json::Value;
use std::{fs, path::Path};

/// A text, and what is known of it.
pub struct Row {
    /// By the names of `docs/protocols/sms.md`.
    pub family: String,
    pub text: String,
    /// What an answer says; `None` for a command.
    pub expect: Option<Value>,
}

impl Row {
    /// The kind of an answer, empty for a command.
    pub fn kind(&self) -> &str {
        let expect = self.expect.as_ref();
        expect.map_or("", |it| it["kind"].as_str().unwrap())
    }
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/field/sms.jsonl");
    let lines = fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let is_answer = match row["direction"].as_str().unwrap() {
            "answer" => true,
            "command" => false,
            other => panic!("{other}"),
        };
        Row {
            family: text("family"),
            text: text("text"),
            expect: is_answer.then(|| row["expect"].clone()),
        }
    };
    lines.lines().map(row).collect()
}
