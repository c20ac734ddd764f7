//! The schema beside the default weights is the one of this program.

use std::path::Path;

use {
    renown_facebook as _, renown_formulas as _, renown_tabular as _, renown_twitter as _, renown_youtube as _,
};

/// As `renown schema` prints it.
fn schema() -> String {
    let adapters = renown_sdk::adapters();
    let options: Vec<_> =
        adapters.iter().map(|adapter| (adapter.manifest().name, adapter.options())).collect();
    renown_weights::schema(&renown_sdk::formulas(), &options)
}

#[test]
fn the_schema_file_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/weights.schema.json");
    let schema = schema();
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == schema,
        "config/weights.schema.json is not what `schema()` gives; if that is meant: RENOWN_UPDATE=1 cargo test -p \
         renown-weights --test schema"
    );
}

#[test]
fn editors_find_the_schema() {
    assert_eq!(
        renown_weights::Weights::default_text().lines().next(),
        Some("#:schema ./weights.schema.json")
    );
}

/// Every key of the default weights stands in the schema, with words that an editor can show.
#[test]
fn the_schema_describes_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let of = |name: &str| {
        let table = if name.is_empty() { &schema } else { &schema["$defs"][name] };
        assert_eq!(table["additionalProperties"], false, "{name}");
        assert!(table["description"].is_string(), "{name}");
        let keys = table["properties"].as_object().unwrap();
        for (key, value) in keys {
            let is_described = value["description"].is_string() || value["$ref"].is_string();
            assert!(is_described, "{name}.{key}: {value}");
        }
        keys.keys().map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(
        of(""),
        [
            "adapters", "attack", "budget", "combine", "era", "lint", "networks", "per_post", "plugin",
            "scale", "standing", "time", "version"
        ]
    );
    assert_eq!(
        of("Era"),
        [
            "attack", "budget", "combine", "from", "lint", "memo", "networks", "per_post", "scale",
            "standing", "time"
        ]
    );
    // An era says of a table only what changes.
    for name in ["Time", "Standing", "PerPost", "Combine", "Scale", "Network", "Feature"] {
        let in_part = format!("Era{name}");
        assert_eq!(of(&in_part), of(name));
        assert!(schema["$defs"][name]["required"].is_array(), "{name}");
        assert!(schema["$defs"][&in_part]["required"].is_null(), "{name}");
    }
    let features = &schema["$defs"]["EraNetwork"]["properties"]["features"]["additionalProperties"]["$ref"];
    assert_eq!(features, "#/$defs/EraFeatureEntry");
    assert_eq!(of("Time"), ["fade_days", "half_life_days", "window_days"]);
    assert_eq!(of("Standing"), ["floor", "rounds", "start"]);
    assert_eq!(of("PerPost"), ["exponent"]);
    assert_eq!(of("Combine"), ["power"]);
    assert_eq!(of("Scale"), ["knots", "version"]);
    assert_eq!(
        of("Lint"),
        ["allow", "jump_points", "median", "p95", "popularity", "popularity_of", "variance_percent"]
    );
    assert_eq!(of("Attack"), ["networks", "price"]);
    assert_eq!(of("Names"), ["audience", "comment", "follow", "like", "share"]);
    assert_eq!(of("Price"), ["account", "act", "follower", "prize"]);
    assert_eq!(of("Allow"), ["at", "code", "reason"]);
    assert_eq!(of("Network"), ["features", "formula", "graph", "half_life_days", "params", "weight"]);
    assert_eq!(
        of("Graph"),
        [
            "dangling",
            "each_pair_once",
            "edges",
            "last_penalty",
            "norm",
            "prior_penalty",
            "restart",
            "rounds",
            "tolerance"
        ]
    );
    assert_eq!(of("Penalty"), ["above", "at_most", "by_size", "from", "of", "strength", "to"]);
    assert_eq!(of("PluginEntry"), ["path", "sha256"]);
    assert_eq!(of("Feature"), ["cap", "curve", "half_life_days", "instead", "missing", "unit", "weight"]);
    // The parameters of each formula hang on its name.
    let of_formula = |name: &str| {
        let rules = schema["$defs"]["Network"]["allOf"].as_array().unwrap();
        let of = |rule: &&serde_json::Value| rule["if"]["properties"]["formula"]["const"] == name;
        rules.iter().find(of).unwrap_or_else(|| panic!("{name}"))["then"].clone()
    };
    assert_eq!(of_formula("expression")["required"], serde_json::json!(["params"]));
    assert_eq!(of_formula("noisy-or")["properties"]["params"]["properties"]["scale"]["default"], 50.0);
    assert_eq!(of_formula("weighted-sum")["properties"]["params"]["additionalProperties"], false);
    // So do the options of each adapter.
    let of_adapter = &schema["properties"]["adapters"]["properties"]["youtube"];
    assert_eq!(of_adapter["properties"]["watch_history"]["default"], true);
    assert_eq!(of_adapter["additionalProperties"], false);
}
