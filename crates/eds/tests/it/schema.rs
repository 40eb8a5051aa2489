// SPDX-License-Identifier: MIT OR Apache-2.0
//! The published schema of reports, and whether a report follows it.

use serde_json::Value;

/// The words of JSON Schema that the published file uses; any other would be taken as met.
const KEYWORDS: [&str; 14] = [
    "$schema",
    "title",
    "$defs",
    "$ref",
    "oneOf",
    "enum",
    "const",
    "type",
    "required",
    "additionalProperties",
    "properties",
    "items",
    "format",
    "contentEncoding",
];

pub(crate) fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/schemas/eds-report.json")).unwrap()
}

/// Says where `value` departs from `schema`.
fn departs(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    for keyword in schema.as_object().unwrap().keys() {
        assert!(KEYWORDS.contains(&keyword.as_str()), "`{keyword}` is not understood here");
    }
    if let Some(name) = schema["$ref"].as_str() {
        let named = &root["$defs"][name.strip_prefix("#/$defs/").unwrap()];
        assert!(named.is_object(), "{name}");
        return departs(value, named, root);
    }
    if let Some(kinds) = schema["oneOf"].as_array() {
        let faults: Vec<_> = kinds.iter().filter_map(|it| departs(value, it, root)).collect();
        return (faults.len() + 1 != kinds.len()).then(|| faults.join("; "));
    }
    if let Some(list) = schema["enum"].as_array() {
        return (!list.contains(value)).then(|| format!("{value} is not one of {list:?}"));
    }
    if let Some(only) = schema.get("const") {
        return (only != value).then(|| format!("{value} is not {only}"));
    }
    departs_from_type(value, &schema["type"]).or_else(|| match value {
        Value::String(text) => departs_from_form(text, schema),
        Value::Array(items) => {
            assert!(schema["items"].is_object(), "a list of anything");
            items.iter().find_map(|it| departs(it, &schema["items"], root))
        }
        Value::Object(fields) => departs_from_fields(fields, schema, root),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    })
}

fn departs_from_type(value: &Value, kinds: &Value) -> Option<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let admitted = kinds == kind || kinds.as_array().is_some_and(|it| it.contains(&kind.into()));
    (!admitted).then(|| format!("{value} is no {kinds}"))
}

fn departs_from_form(text: &str, schema: &Value) -> Option<String> {
    let is_good = match (schema["format"].as_str(), schema["contentEncoding"].as_str()) {
        (None, None) => true,
        (Some("date-time"), None) => text.parse::<jiff::Timestamp>().is_ok(),
        (None, Some("base64")) => {
            serde_json::from_value::<eds::Evidence>(serde_json::json!({ "certificates": [text] })).is_ok()
        }
        other => panic!("{other:?} is not understood here"),
    };
    (!is_good).then(|| format!("{text} has another form"))
}

fn departs_from_fields(
    fields: &serde_json::Map<String, Value>,
    schema: &Value,
    root: &Value,
) -> Option<String> {
    let missing = schema["required"].as_array().into_iter().flatten();
    if let Some(name) = missing.filter_map(Value::as_str).find(|name| !fields.contains_key(*name)) {
        return Some(format!("`{name}` is missing"));
    }
    fields.iter().find_map(|(name, own)| match schema["properties"].get(name) {
        Some(inner) => departs(own, inner, root),
        None if schema["additionalProperties"].is_object() => {
            departs(own, &schema["additionalProperties"], root)
        }
        None => Some(format!("`{name}` is not in the schema")),
    })
}

pub(crate) fn follows_schema(found: &eds::Examination) {
    let json = serde_json::to_value(found.report()).unwrap();
    let schema = schema();
    let report = serde_json::json!({ "$ref": "#/$defs/report" });
    assert_eq!(departs(&json, &report, &schema), None, "{json}");
    assert_eq!(departs(&json, &schema, &schema), None);
    let back: eds::Report = serde_json::from_value(json).unwrap();
    assert_eq!(back, found.report());
}

/// Says where an archive departs from its published schema.
pub(crate) fn departs_from_archives(archive: &Value) -> Option<String> {
    let text = include_str!("../../../../docs/schemas/eds-archive.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    departs(archive, &schema, &schema)
}

#[test]
fn what_departs_from_the_schema_is_found() {
    let schema = schema();
    let words = serde_json::json!({ "kk": "а", "ru": "б", "en": "c" });
    let mut told =
        serde_json::json!({ "version": 1, "problem": { "code": "file-missing", "sentence": words } });
    assert_eq!(departs(&told, &schema, &schema), None);
    told["problem"]["sentence"]["en"] = Value::Null;
    assert!(departs(&told, &schema, &schema).is_some());
    let time = &schema["$defs"]["demands"]["properties"]["at"];
    assert!(departs(&"yesterday".into(), time, &schema).is_some());
}
