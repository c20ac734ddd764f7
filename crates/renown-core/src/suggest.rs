//! "Did you mean": the known name that is nearest to a wrong one.

/// The candidate that a reader would take for a slip of `wrong`, if there is one.
pub(crate) fn nearest<'c>(wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = wrong.to_lowercase();
    let slips = (plain.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&plain, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= slips || contains_word(candidate, &plain))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Whether `word` is one of the words of `name`: `time` in `created_time`, but not `at` in `data`.
fn contains_word(name: &str, word: &str) -> bool {
    name.split(|letter: char| !letter.is_alphanumeric()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let columns = ["actor", "target", "created_time", "data"];
        assert_eq!(nearest("actro", columns), Some("actor"));
        assert_eq!(nearest("Target", columns), Some("target"));
        assert_eq!(nearest("time", columns), Some("created_time"));
        assert_eq!(nearest("followers", columns), None);
        assert_eq!(nearest("", columns), None);
    }
}
