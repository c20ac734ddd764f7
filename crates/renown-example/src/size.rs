//! Sizes as people write them: `4GB`, `500MB`, `20000000`.

const EXPECTED: &str = "expected a whole number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB";

/// Parses a number of bytes with an optional unit: kB, MB, GB, TB (thousands) or KiB, MiB, GiB, TiB (1024s).
///
/// # Errors
///
/// When the text is not a whole number followed by one of those units, or does not fit in 64 bits.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let (step, power) = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => (1, 0),
        "k" => (1000, 1),
        "m" => (1000, 2),
        "g" => (1000, 3),
        "t" => (1000, 4),
        "ki" => (1024_u64, 1),
        "mi" => (1024, 2),
        "gi" => (1024, 3),
        "ti" => (1024, 4),
        _ => return Err(format!("{EXPECTED}, not a number and `{unit}`")),
    };
    let number: u64 = number.parse().map_err(|_| EXPECTED.to_owned())?;
    number.checked_mul(step.pow(power)).ok_or_else(|| "does not fit in 64 bits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(parse_size("20000000"), Ok(20_000_000));
        assert_eq!(parse_size("4GB"), Ok(4_000_000_000));
        assert_eq!(parse_size("500 mb"), Ok(500_000_000));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        for wrong in ["", "GB", "4XB", "-1", "99999999999GB"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }
}
