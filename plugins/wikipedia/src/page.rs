//! One name for a page in every format.

/// Names pages of one wiki after another, in one buffer: a dump has millions of lines.
#[derive(Debug, Default)]
pub(crate) struct PageName(String);

impl PageName {
    /// `LANGUAGE:Title`, blanks as underscores; `None` if there is no title.
    pub(crate) fn of(&mut self, language: &str, title: &str) -> Option<&str> {
        let title = title.trim_matches(|c| c == ' ' || c == '_');
        // Dumps write `-` for requests of which no title is known.
        if title.is_empty() || title == "-" {
            return None;
        }
        self.0.clear();
        self.0.push_str(language);
        self.0.push(':');
        if title.contains(' ') {
            self.0.extend(title.chars().map(|c| if c == ' ' { '_' } else { c }));
        } else {
            self.0.push_str(title);
        }
        Some(&self.0)
    }
}

/// The hosts of `wikimedia.org` that the codes of the views abbreviate as `NAME.m`, which would otherwise read as the mobile
/// form of a Wikipedia.
const WIKIMEDIA: [&str; 14] = [
    "commons",
    "meta",
    "incubator",
    "species",
    "strategy",
    "outreach",
    "usability",
    "quality",
    "wikimania",
    "login",
    "test",
    "foundation",
    "donate",
    "thankyou",
];

/// The language of the Wikipedia that a code of the views stands for: `en`, `en.m` (mobile) and `en.zero` (mobile, without
/// charge) are English. `None` for other projects (`en.b`, `commons.m.m`, `www.wd`).
pub(crate) fn language(code: &str) -> Option<&str> {
    let (language, form) = code.split_once('.').unwrap_or((code, ""));
    let is_wikipedia = matches!(form, "" | "m" | "zero")
        && is_language(language)
        && !WIKIMEDIA.contains(&language)
        && language != "www";
    is_wikipedia.then_some(language)
}

/// Whether it can be the name of a wiki: `en`, `zh-min-nan`, `simple`.
pub(crate) fn is_language(text: &str) -> bool {
    (2..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_written_with_underscores() {
        let mut name = PageName::default();
        assert_eq!(name.of("en", " Ada Lovelace"), Some("en:Ada_Lovelace"));
        assert_eq!(name.of("en", "Ada_Lovelace"), Some("en:Ada_Lovelace"));
        assert_eq!(name.of("de", "Übergröße"), Some("de:Übergröße"));
        for nothing in ["", " ", "_", "-"] {
            assert_eq!(name.of("en", nothing), None);
        }
    }

    #[test]
    fn only_wikipedias_have_a_language() {
        for (code, expected) in [
            ("en", Some("en")),
            ("en.m", Some("en")),
            ("zh-min-nan.zero", Some("zh-min-nan")),
            ("en.b", None),
            ("en.m.b", None),
            ("commons.m", None),
            ("commons.m.m", None),
            ("www.wd", None),
            ("www", None),
            ("EN", None),
            ("\"\"", None),
            ("", None),
        ] {
            assert_eq!(language(code), expected, "{code}");
        }
    }
}
