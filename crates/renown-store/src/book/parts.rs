//! How a line's parts are written: for each network its key among the words and its part, each as LEB128.

use super::connections::Trouble;

/// Adds a number, seven bits a byte, the lowest first, with the highest bit set on all bytes but the last.
fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number off the front.
fn pull(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// The bytes of parts.
pub(super) fn write(bytes: &mut Vec<u8>, parts: impl IntoIterator<Item = (i64, u32)>) {
    bytes.clear();
    for (network, part) in parts {
        push(bytes, network as u64);
        push(bytes, u64::from(part));
    }
}

/// The parts of bytes.
pub(super) fn read(mut bytes: &[u8]) -> Result<Vec<(i64, u32)>, Trouble> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let network = pull(&mut bytes).and_then(|network| i64::try_from(network).ok());
        let part = pull(&mut bytes).and_then(|part| u32::try_from(part).ok());
        match (network, part) {
            (Some(network), Some(part)) => parts.push((network, part)),
            _ => return Err(Trouble::Damaged("the parts of a published line cannot be read")),
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_come_back(parts in proptest::collection::vec((0..i64::MAX, any::<u32>()), 0..6)) {
            let mut bytes = Vec::new();
            write(&mut bytes, parts.clone());
            prop_assert_eq!(read(&bytes).unwrap(), parts);
        }

        #[test]
        fn any_bytes_are_parts_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(parts) = read(&bytes) {
                let mut again = Vec::new();
                write(&mut again, parts.clone());
                prop_assert_eq!(read(&again).unwrap(), parts);
            }
        }
    }
}
