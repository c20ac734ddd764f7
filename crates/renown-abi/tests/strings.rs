//! Strings that cross the boundary, good and bad; run under Miri, too (`scripts/miri`).
#![expect(unsafe_code, reason = "the plugin boundary")]

use renown_abi::{RenownError, RenownReader, RenownStr};

#[test]
fn what_is_there_comes_back_and_what_cannot_be_is_none() {
    let text = String::from("mara");
    // SAFETY: each is empty, impossible, or borrowed from `text`, which lives on.
    unsafe {
        assert_eq!(RenownStr::new(text.as_bytes()).bytes(), Some(&b"mara"[..]));
        assert_eq!(RenownStr::EMPTY.bytes(), Some(&b""[..]));
        // Empty, whatever the pointer is.
        let nowhere = std::ptr::without_provenance(1);
        assert_eq!(RenownStr { ptr: nowhere, len: 0 }.bytes(), Some(&b""[..]));
        assert_eq!(RenownStr { ptr: std::ptr::null(), len: 4 }.bytes(), None);
        assert_eq!(RenownStr { ptr: text.as_ptr(), len: usize::MAX }.bytes(), None);
    }
}

#[test]
fn what_is_to_be_filled_has_its_size_and_nothing_to_release() {
    let (error, reader) = (RenownError::zeroed(), RenownReader::zeroed());
    assert_eq!((error.struct_size as usize, error.code), (size_of::<RenownError>(), 0));
    assert_eq!(reader.struct_size as usize, size_of::<RenownReader>());
    assert!(error.release.is_none() && reader.release.is_none() && reader.read.is_none());
}
