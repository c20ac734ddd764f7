//! The weights that come with the program: its own, and models of others' scores.

/// Bundled weights: a name and the text of the file.
pub type Preset = (&'static str, &'static str);

/// All of them, in the order of their names; `default` is [`Weights::default_text`](crate::Weights::default_text). They name
/// no files.
pub const PRESETS: [Preset; 9] = [
    ("default", include_str!("../../../config/weights.toml")),
    ("eigentrust", include_str!("../../../config/presets/eigentrust.toml")),
    ("favikon", include_str!("../../../config/presets/favikon.toml")),
    ("followerwonk", include_str!("../../../config/presets/followerwonk.toml")),
    ("hypeauditor", include_str!("../../../config/presets/hypeauditor.toml")),
    ("klout-2012", include_str!("../../../config/presets/klout-2012.toml")),
    ("kred", include_str!("../../../config/presets/kred.toml")),
    ("pike", include_str!("../../../config/presets/pike.toml")),
    ("tweepcred", include_str!("../../../config/presets/tweepcred.toml")),
];

/// The text of bundled weights.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|preset| preset.0 == name).map(|preset| preset.1)
}
