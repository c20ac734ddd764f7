//! "Did you mean": the known name that is nearest to a wrong one.

/// The known name that a reader would take for a slip of `wrong`, or for what `wrong` is short for, if there is one. Of
/// several that are as near, the first.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = wrong.to_lowercase();
    let slips = (plain.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&plain, &known.to_lowercase()), known))
        .filter(|&(distance, known)| {
            let is_slip = distance <= slips && distance < known.chars().count();
            is_slip || contains_word(known, &plain)
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

/// The unknown name and the known ones, if that is what an error of serde is about: it lists them behind it, each between
/// backticks.
pub fn unknown(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut names = message.split('`').skip(1).step_by(2);
    let wrong = names.next().filter(|_| message.starts_with("unknown "))?;
    Some((wrong, names.collect()))
}

/// Whether `word` is one of the words of `name`: `time` in `created_time`, but not `at` in `data`.
fn contains_word(name: &str, word: &str) -> bool {
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    !word.is_empty() && words.any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_what_serde_says() {
        let message = "unknown field `actro`, expected `actor` or `target`";
        assert_eq!(unknown(message), Some(("actro", vec!["actor", "target"])));
        assert_eq!(unknown("unknown variant `x`, there are no variants"), Some(("x", vec![])));
        assert_eq!(unknown("missing field `actor`"), None);
        assert_eq!(unknown("unknown"), None);
    }

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["actor", "target", "created_time", "data", "*"];
        assert_eq!(nearest("actro", known), Some("actor"));
        assert_eq!(nearest("Target", known), Some("target"));
        assert_eq!(nearest("time", known), Some("created_time"));
        assert_eq!(nearest("at", known), None);
        assert_eq!(nearest("followers", known), None);
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("", known), None);
    }
}
