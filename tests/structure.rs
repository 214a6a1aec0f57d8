//! The structure of `src/`: conditional compilation is rare, and imports point one way.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::arithmetic_side_effects)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The largest number of conditions in `src/`, those of [`FREE`] left out.
const CONDITIONS: usize = 60;

/// The conditions that are not counted.
const FREE: [&str; 6] = ["test", "doc", "doctest", "docsrs", "\"defmt\"", "\"serde\""];

/// The folders in which no other condition may be.
const UNCONDITIONAL: [&str; 2] = ["report", "session"];

/// The protocols, `*` in the table below. None may name another.
const PROTOCOLS: [&str; 5] = ["gt02", "gt06", "tk103", "v680", "h02"];

/// What each module, and all that is in it, may name besides itself.
///
/// A module that is not here belongs to the longest one that holds it. An item may be named as
/// well as a module. The root of the crate is `lib`: what is exported there is to be named where
/// it is defined.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("bytes::WIDE", &[]),
    ("features", &[]),
    ("bytes::swar", &["error", "bytes::WIDE"]),
    ("types", &["error", "bytes::WIDE", "bytes::swar"]),
    ("bytes", &["error", "bytes::WIDE", "bytes::swar", "types"]),
    (
        "framing",
        &["error", "bytes::WIDE", "bytes::swar", "types", "bytes"],
    ),
    (
        "protocol::*",
        &[
            "error",
            "features",
            "bytes::WIDE",
            "bytes::swar",
            "types",
            "bytes",
            "framing",
            // The one call upwards: parsing and encoding ask the engine, so that they accept
            // exactly what a decoder finds in a stream.
            "protocol::single",
            "protocol::single_with",
            "protocol::is_single",
            "protocol::*::command",
        ],
    ),
    // What a session lends to the protocols, and what they are asked for.
    (
        "protocol::*::command",
        &["error", "types", "bytes", "protocol::*", "session"],
    ),
    (
        "protocol::*::reply",
        &["types", "bytes", "protocol::*", "session"],
    ),
    (
        "protocol::*::uplink",
        &["error", "types", "bytes", "protocol::*", "device"],
    ),
    (
        "protocol::*::report",
        &[
            "error",
            "features",
            "types",
            "bytes",
            "protocol::*",
            "report",
        ],
    ),
    (
        "protocol",
        &[
            "error",
            "types",
            "framing",
            "protocol::*",
            "protocol::*::report",
            "report",
            "scan",
        ],
    ),
    ("item", &["error", "types", "protocol"]),
    (
        "scan",
        &[
            "error",
            "bytes::WIDE",
            "bytes::swar",
            "types",
            "bytes",
            "framing",
            "protocol",
            "item",
        ],
    ),
    (
        "decoder",
        &["bytes::WIDE", "framing", "protocol", "item", "scan"],
    ),
    ("sniff", &["types", "framing", "protocol"]),
    (
        "session",
        &[
            "error",
            "types",
            "bytes",
            "protocol::*",
            "protocol",
            "report",
            "sms",
        ],
    ),
    (
        "connection",
        &["types", "protocol", "scan", "decoder", "session"],
    ),
    ("owned", &["types", "protocol", "scan", "report"]),
    ("codec", &["decoder", "owned", "session"]),
    (
        "device",
        &[
            "error",
            "types",
            "bytes",
            "protocol::*",
            "protocol",
            "report",
        ],
    ),
    // Beside them.
    (
        "report",
        &["error", "features", "types", "bytes", "protocol", "sms"],
    ),
    ("sms", &["error", "bytes::swar", "types", "bytes"]),
    ("json", &["*"]),
    ("ffi", &["*"]),
    ("lib", &["*"]),
];

/// A file of `src/`.
struct Source {
    path: PathBuf,
    /// The names of the module and of those that hold it; none for the root.
    module: Vec<String>,
    /// The code, without comments and tests.
    tokens: Vec<String>,
}

/// All files except those of tests.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let module = path.strip_prefix(&root).unwrap().with_extension("");
            let names = module.iter().map(|name| name.to_str().unwrap().to_owned());
            let mut module: Vec<String> = names.collect();
            if module
                .last()
                .is_some_and(|name| name == "mod" || name == "lib")
            {
                module.pop();
            }
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            let is_test = module
                .iter()
                .any(|name| name == "tests" || name == "testing");
            if !is_rust || is_test {
                continue;
            }
            let tokens = without_tests(tokens(&fs::read_to_string(&path).unwrap()));
            sources.push(Source {
                path,
                module,
                tokens,
            });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 10, "src/ is found");
    sources
}

/// Names, strings, `::` and single characters; no comments, no white space.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            // A character, or a lifetime; only the mark of a lifetime is taken.
            let escape = rest[1..].starts_with('\\');
            let end = rest[2..].find('\'').map(|end| end + 2);
            let len = rest[1..].chars().next().map_or(0, char::len_utf8);
            end.filter(|&end| escape || end == 1 + len)
                .map_or(1, |end| {
                    // `'\''`
                    if rest[1..].starts_with("\\'") {
                        4
                    } else {
                        end + 1
                    }
                })
        } else if let Some(raw) = rest.strip_prefix("r#\"").or(rest.strip_prefix("br#\"")) {
            rest.len() - raw.len() + raw.find("\"#").unwrap() + 2
        } else if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(len);
        if !first.is_whitespace() && !token.starts_with("//") && !token.starts_with("/*") {
            tokens.push(token.to_owned());
        }
        rest = after;
    }
    tokens
}

/// The length of the string at the front.
fn string(code: &str) -> usize {
    let mut escaped = false;
    let end = code.char_indices().skip(1).find(|&(_, c)| {
        let end = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        end
    });
    end.unwrap().0 + 1
}

/// Takes out every `#[cfg(test)] mod name { ... }`.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = &tokens[..];
    while !rest.is_empty() {
        let is_cfg = rest.starts_with(&["#", "[", "cfg", "("].map(String::from));
        let is_test = is_cfg && rest.iter().take(10).any(|token| token == "test");
        if is_test {
            let end = closing(&rest[1..]) + 1;
            let after = &rest[end..];
            // Other attributes may be between.
            let module = after.iter().take(40).position(|token| token == "mod");
            let open = module.filter(|&at| after.get(at + 2).is_some_and(|token| token == "{"));
            let plain = |at: &usize| {
                after[..*at]
                    .iter()
                    .all(|token| token != "{" && token != ";")
            };
            if let Some(at) = open.filter(plain) {
                rest = &after[at + 2 + closing(&after[at + 2..])..];
                continue;
            }
        }
        kept.push(rest[0].clone());
        rest = &rest[1..];
    }
    kept
}

/// The number of tokens up to the end of the bracket at the front.
fn closing(tokens: &[String]) -> usize {
    let mut depth = 0;
    let end = tokens.iter().position(|token| {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.unwrap() + 1
}

#[test]
fn few_things_are_conditional() {
    let mut counts = BTreeMap::new();
    for Source { module, tokens, .. } in sources() {
        for (at, token) in tokens.iter().enumerate() {
            if token != "cfg" {
                continue;
            }
            // `cfg(...)`, or `cfg!(...)`.
            let open = at + 1 + usize::from(tokens[at + 1] == "!");
            let after = &tokens[open..];
            let condition = &after[..closing(after)];
            if !condition.iter().any(|token| FREE.contains(&token.as_str())) {
                *counts.entry(module.join("::")).or_insert(0) += 1;
            }
        }
    }
    let sum: usize = counts.values().sum();
    println!("{sum} conditions: {counts:#?}");
    for module in UNCONDITIONAL {
        let inside = |name: &&String| *name == module || name.starts_with(&format!("{module}::"));
        let found: Vec<_> = counts.keys().filter(inside).collect();
        assert!(
            found.is_empty(),
            "{found:?} depend on how the crate is built"
        );
    }
    assert!(sum <= CONDITIONS, "{sum} conditions in src/: {counts:#?}");
}

/// The paths that begin with `crate`, `self` or `super`, from the root, as `use` and all else has
/// them.
fn paths(source: &Source) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut at = 0;
    let tokens = &source.tokens;
    while at < tokens.len() {
        let is_path = |at: usize| tokens.get(at + 1).is_some_and(|token| token == "::");
        let within = at > 0 && (tokens[at - 1] == "::" || tokens[at - 1] == "in");
        if within || !is_path(at) {
            at += 1;
            continue;
        }
        let mut prefix = match tokens[at].as_str() {
            "crate" => Vec::new(),
            "self" => source.module.clone(),
            "super" => parent(&source.module),
            _ => {
                at += 1;
                continue;
            }
        };
        at += 2;
        while tokens[at] == "super" && is_path(at) {
            prefix = parent(&prefix);
            at += 2;
        }
        at = tree(tokens, at, &prefix, &mut paths);
    }
    paths
}

fn parent(module: &[String]) -> Vec<String> {
    module
        .split_last()
        .map_or(Vec::new(), |(_, parent)| parent.to_vec())
}

/// Reads the part of a path after a `::`, and returns where it ends.
fn tree(tokens: &[String], at: usize, prefix: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let (mut at, mut path) = (at, prefix.to_vec());
    loop {
        match tokens[at].as_str() {
            "{" => {
                at += 1;
                while tokens[at] != "}" {
                    at = tree(tokens, at, &path, paths);
                    // `as name`
                    while tokens[at] != "}" && tokens[at] != "," {
                        at += 1;
                    }
                    at += usize::from(tokens[at] == ",");
                }
                return at + 1;
            }
            "self" | "*" => at += 1,
            name if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                path.push(name.to_owned());
                at += 1;
            }
            // `::<`
            _ => {}
        }
        if tokens[at] != "::" {
            paths.push(path);
            return at;
        }
        at += 1;
        if tokens[at] == "<" {
            paths.push(path);
            return at;
        }
    }
}

/// A module in the table, and the protocol that its `*` stands for.
type Layer = (&'static str, Option<String>);

/// Where a path belongs.
fn layer(path: &[String]) -> Layer {
    let star = path
        .get(1)
        .filter(|name| path[0] == "protocol" && is_protocol(name))
        .cloned();
    let named = named(path);
    let holds = |layer: &str| named == layer || named.starts_with(&format!("{layer}::"));
    let found = LAYERS
        .iter()
        .map(|&(layer, _)| layer)
        .filter(|layer| holds(layer));
    (found.max_by_key(|layer| layer.len()).unwrap_or("lib"), star)
}

fn is_protocol(name: &str) -> bool {
    PROTOCOLS.contains(&name)
}

/// A path with `*` for the protocol.
fn named(path: &[String]) -> String {
    let star = |(at, name): (usize, &String)| match at {
        1 if path[0] == "protocol" && is_protocol(name) => "*".to_owned(),
        _ => name.clone(),
    };
    path.iter()
        .enumerate()
        .map(star)
        .collect::<Vec<_>>()
        .join("::")
}

/// A file with this code, of the module `protocol::gt02::frame`.
fn source(code: &str) -> Source {
    let module = ["protocol", "gt02", "frame"].map(String::from).to_vec();
    Source {
        path: PathBuf::new(),
        module,
        tokens: without_tests(tokens(code)),
    }
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let code = r#"
        //! [`crate::not`]
        use core::fmt;
        pub(crate) use crate::{a::{self, B as C, d::*}, E};
        pub(in crate::not) fn f<'a>(x: &'a super::G, y: char) -> super::super::h::I {
            let _ = ('\'', '"', "crate::not \"", b'"', /* crate::not */ self::j::<u8>());
            core::mem::swap(x, crate::k!(y))
        }
        #[cfg(test)]
        mod tests {
            use crate::not::{};
        }
        type L = Self::M;
    "#;
    let found = paths(&source(code));
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    let expected = "a a::B a::d E protocol::gt02::G protocol::h::I protocol::gt02::frame::j k";
    assert_eq!(found.join(" "), expected);
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for source in sources() {
        let from = layer(&source.module);
        let allowed = LAYERS.iter().find(|(layer, _)| *layer == from.0).unwrap().1;
        for path in paths(&source) {
            let to = layer(&path);
            let named = named(&path);
            let allows = |allowed: &&str| {
                // An item of a module, or all of it.
                let inside = format!("{allowed}::");
                let item = allowed.contains("::") && named.starts_with(&inside);
                ["*", to.0, &named].contains(allowed) || item
            };
            let other_protocol = from.1.is_some() && to.1.is_some() && from.1 != to.1;
            let fine = from.0 == to.0 || allowed.iter().any(allows);
            if !fine || other_protocol {
                let (file, to) = (source.path.display(), path.join("::"));
                wrong.push(format!("{file}: {} may not name {to}", from.0));
            }
        }
    }
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "{} imports:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
