//! Tar archives. They have no list of their members, and a compressed one can be read only from its beginning; so they are
//! gone through once. A plain one is then read where it lies, a compressed one is unpacked to a temporary file on the way,
//! which nobody else sees and which is gone when the run ends. Nothing is ever written under a member's name.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::archive::path_inside;
use crate::decode::{self, Positioned};

/// The size of a header, to a multiple of which everything is padded.
const BLOCK: usize = 512;

/// The longest description (path, attributes) that a member may have; it is held in memory.
const LONGEST_DESCRIPTION: u64 = 1 << 20;

/// The most members; their paths are held in memory.
const MOST_MEMBERS: usize = 1 << 20;

/// An opened tar archive.
#[derive(Debug)]
pub(crate) struct Tar {
    file: Positioned,
    /// Where in the file each member begins, and its size.
    places: Vec<(u64, u64)>,
}

impl Tar {
    /// A member's bytes.
    pub(crate) fn member(&self, index: usize) -> io::Result<io::Take<Positioned>> {
        let (start, size) = self.places[index];
        let mut file = self.file.clone();
        file.seek(SeekFrom::Start(start))?;
        Ok(file.take(size))
    }

    /// A member's size.
    pub(crate) fn size(&self, index: usize) -> u64 {
        self.places[index].1
    }
}

/// Opens a tar archive, plain or compressed, and lists its members by path; `None` if it is none. Links, devices and sparse
/// files are left out. Of two members with one path, the later counts, as when unpacking.
pub(crate) fn open(file: &Positioned) -> io::Result<Option<(Tar, BTreeMap<String, usize>)>> {
    // What breaks in its first bytes is met again when the file is read.
    let Ok(unpacked) = decode::unpacked(file.clone()) else { return Ok(None) };
    let compressed = unpacked.is_some();
    if !is_tar(unpacked.unwrap_or_else(|| Box::new(file.clone()))) {
        return Ok(None);
    }
    let opened = if compressed { unpack(file) } else { index_plain(file) };
    opened.map(Some)
}

/// Whether these bytes begin with a header: POSIX and GNU both write `ustar` into it.
fn is_tar(bytes: impl Read) -> bool {
    let mut header = Vec::with_capacity(BLOCK);
    bytes.take(BLOCK as u64).read_to_end(&mut header).is_ok() && header.get(257..262) == Some(b"ustar")
}

/// Why an archive cannot be opened.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::FileTooLarge => error.to_string(),
        _ => format!("not a whole tar archive (is the download complete?): {error}"),
    }
}

fn index_plain(file: &Positioned) -> io::Result<(Tar, BTreeMap<String, usize>)> {
    let end = file.clone().seek(SeekFrom::End(0))?;
    let budget = Rc::new(Cell::new(0));
    let mut archive = ::tar::Archive::new(Described { inner: file.clone(), left: budget.clone() });
    let mut members = Members::default();
    let mut entries = archive.entries_with_seek()?;
    while let Some(entry) = next(&mut entries, &budget, 0)? {
        let (start, size) = (entry.raw_file_position(), entry.size());
        if start.checked_add(size).is_none_or(|after| after > end) {
            return Err(cut_off());
        }
        if let Some(path) = path_of(&entry) {
            members.add(path, start, size)?;
        }
    }
    Ok(members.of(file.clone()))
}

fn unpack(file: &Positioned) -> io::Result<(Tar, BTreeMap<String, usize>)> {
    let Some(bytes) = decode::unpacked(file.clone())? else { return Err(cut_off()) };
    let mut unpacked = tempfile::tempfile()?;
    let budget = Rc::new(Cell::new(0));
    let mut archive = ::tar::Archive::new(Described { inner: bytes, left: budget.clone() });
    let mut members = Members::default();
    let (mut at, mut unread) = (0, 0);
    let mut entries = archive.entries()?;
    while let Some(mut entry) = next(&mut entries, &budget, unread)? {
        let Some(path) = path_of(&entry) else {
            // A sparse file's size is that of what it stands for.
            let sparse = entry.header().entry_type().is_gnu_sparse();
            unread = if sparse { entry.header().entry_size()? } else { entry.size() };
            continue;
        };
        unread = 0;
        let size = entry.size();
        budget.set(size);
        if io::copy(&mut entry, &mut unpacked)? != size {
            return Err(cut_off());
        }
        members.add(path, at, size)?;
        at += size;
    }
    // To its very end, where the check sum is.
    let mut rest = archive.into_inner().inner;
    io::copy(&mut rest, &mut io::sink())?;
    Ok(members.of(Positioned::new(unpacked)))
}

/// The next member, after passing over as many bytes of the last as are unread.
fn next<'e, R: Read>(
    entries: &mut ::tar::Entries<'e, R>,
    budget: &Cell<u64>,
    unread: u64,
) -> io::Result<Option<::tar::Entry<'e, R>>> {
    budget.set(unread.saturating_add(LONGEST_DESCRIPTION));
    entries.next().transpose()
}

/// The path of a member that is to be read.
fn path_of(entry: &::tar::Entry<'_, impl Read>) -> Option<String> {
    let sort = entry.header().entry_type();
    if !sort.is_file() && !sort.is_contiguous() {
        return None;
    }
    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    if path.ends_with('/') { None } else { path_inside(&path) }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "it ends in the middle of a member")
}

#[derive(Default)]
struct Members {
    places: Vec<(u64, u64)>,
    paths: BTreeMap<String, usize>,
}

impl Members {
    fn add(&mut self, path: String, start: u64, size: u64) -> io::Result<()> {
        if self.places.len() == MOST_MEMBERS {
            let what = format!("the tar archive has more than {MOST_MEMBERS} members: unpack it first");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        self.paths.insert(path, self.places.len());
        self.places.push((start, size));
        Ok(())
    }

    fn of(self, file: Positioned) -> (Tar, BTreeMap<String, usize>) {
        (Tar { file, places: self.places }, self.paths)
    }
}

/// Reads no more than is allowed: between two members there are only their descriptions, which the parser holds in memory
/// however long they say they are.
struct Described<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Described<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64).ok_or_else(|| {
            let what = format!(
                "a member of the tar archive has a description of more than {LONGEST_DESCRIPTION} bytes: if it is what \
                 it should be, unpack it first"
            );
            io::Error::new(io::ErrorKind::FileTooLarge, what)
        })?;
        self.left.set(left);
        Ok(read)
    }
}

impl<R: Seek> Seek for Described<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ::tar::{Builder, EntryType, Header};

    use super::*;

    type Opened = io::Result<Option<(Tar, BTreeMap<String, usize>)>>;

    fn header(sort: EntryType, path: &[u8], size: u64) -> Header {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path);
        header.set_entry_type(sort);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_cksum();
        header
    }

    /// A plain archive of files; paths are written as they are.
    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (path, bytes) in members {
            let header = header(EntryType::Regular, path.as_bytes(), bytes.len() as u64);
            builder.append(&header, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    fn open_bytes(bytes: &[u8]) -> Opened {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        open(&Positioned::new(file))
    }

    /// The members of an archive, packed in each way.
    fn members(plain: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let zst = zstd::encode_all(plain, 1).unwrap();
        let all = [plain.to_vec(), gz(plain), zst].map(|bytes| {
            let (tar, paths) = open_bytes(&bytes).unwrap().expect("an archive");
            paths
                .into_iter()
                .map(|(path, index)| {
                    let mut content = Vec::new();
                    tar.member(index).unwrap().read_to_end(&mut content).unwrap();
                    assert_eq!(content.len() as u64, tar.size(index));
                    (path, content)
                })
                .collect::<BTreeMap<_, _>>()
        });
        let [plain, gz, zst] = all;
        assert_eq!(plain, gz);
        assert_eq!(plain, zst);
        plain
    }

    fn failure(bytes: &[u8]) -> String {
        reason(&open_bytes(bytes).expect_err("a broken archive"))
    }

    #[test]
    fn members_are_found_plain_and_compressed() {
        let long = vec![b'x'; 100_000];
        let all = members(&archive(&[
            ("./outbox.json", b"{}"),
            ("media/a.png", &long),
            ("empty", b""),
            ("outbox.json", b"[]"),
        ]));
        assert_eq!(all.keys().collect::<Vec<_>>(), ["empty", "media/a.png", "outbox.json"]);
        assert_eq!(all["media/a.png"], long);
        assert_eq!(all["outbox.json"], b"[]", "the later one counts");
    }

    #[test]
    fn long_paths_are_read_in_both_forms() {
        let path = format!("{}/outbox.json", "folder".repeat(40));
        let mut gnu = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(2);
        gnu.append_data(&mut header, &path, &b"{}"[..]).unwrap();
        assert_eq!(members(&gnu.into_inner().unwrap()).keys().collect::<Vec<_>>(), [&path]);
        let mut pax = Builder::new(Vec::new());
        pax.append_pax_extensions([("path", path.as_bytes())]).unwrap();
        pax.append(&self::header(EntryType::Regular, b"short", 2), &b"{}"[..]).unwrap();
        assert_eq!(members(&pax.into_inner().unwrap()).keys().collect::<Vec<_>>(), [&path]);
    }

    #[test]
    fn only_files_within_the_archive_are_members() {
        let large = vec![0; 3 << 20];
        let mut builder = Builder::new(Vec::new());
        for path in ["../up.json", "a/../../up.json", ".hidden", "a/._outbox.json", "__MACOSX/x.json"] {
            // Larger than a description may be: what is left out does not count as one.
            builder
                .append(&header(EntryType::Regular, path.as_bytes(), large.len() as u64), &large[..])
                .unwrap();
        }
        for sort in
            [EntryType::Symlink, EntryType::Link, EntryType::Directory, EntryType::Char, EntryType::Fifo]
        {
            builder.append(&header(sort, b"special", 0), &b""[..]).unwrap();
        }
        builder.append(&header(EntryType::Regular, b"/etc/x.json", 2), &b"{}"[..]).unwrap();
        let all = members(&builder.into_inner().unwrap());
        assert_eq!(all.keys().collect::<Vec<_>>(), ["etc/x.json"]);
    }

    #[test]
    fn what_is_no_archive_is_left_to_be_read_as_a_file() {
        let text = b"hello, ustar".repeat(100);
        for bytes in [
            &b""[..],
            b"{}",
            &[0; 2048],
            &text,
            &gz(b"{}"),
            &gz(&text),
            &gz(&text)[..20],
            b"\x1f\x8b",
            b"\x28\xb5\x2f\xfd",
        ] {
            assert!(open_bytes(bytes).unwrap().is_none());
        }
    }

    #[test]
    fn a_cut_off_or_damaged_archive_is_told() {
        let plain = archive(&[("a.json", &[b'a'; 5000]), ("b.json", &[b'b'; 5000])]);
        for cut in [600, 2000, 5700, 7000] {
            assert!(failure(&plain[..cut]).contains("not a whole tar archive"), "{cut}");
        }
        let mut noise = 1_u32;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        })
        .take(100_000)
        .collect();
        let packed = gz(&archive(&[("a.json", &random)]));
        for cut in [packed.len() / 2, packed.len() - 1] {
            assert!(failure(&packed[..cut]).contains("not a whole tar archive"), "{cut}");
        }
        let mut damaged = packed.clone();
        let last = damaged.len() - 5;
        damaged[last] ^= 1;
        assert!(failure(&damaged).contains("not a whole tar archive"), "the check sum");
        let mut header_damaged = plain;
        header_damaged[3] ^= 1;
        assert!(failure(&header_damaged).contains("checksum"));
    }

    #[test]
    fn a_member_that_says_it_is_larger_than_the_archive_is_told() {
        let mut lying = header(EntryType::Regular, b"a.json", 1 << 40).as_bytes().to_vec();
        lying.extend([0; 1024]);
        assert!(failure(&lying).contains("not a whole tar archive"));
        assert!(failure(&gz(&lying)).contains("not a whole tar archive"));
    }

    #[test]
    fn a_bomb_is_not_unpacked_and_a_description_is_not_held_whatever_it_says() {
        // A mebibyte of zeros compresses a thousand times; as many as it takes to be a bomb are written.
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(header(EntryType::Regular, b"a.json", 600 << 20).as_bytes()).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..600 {
            bomb.write_all(&zeros).unwrap();
        }
        assert!(failure(&bomb.finish().unwrap()).starts_with("it expands to more than 200 times its size"));
        for sort in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
            let mut builder = Builder::new(Vec::new());
            let name = vec![b'x'; 2 << 20];
            builder.append(&header(sort, b"././@LongLink", name.len() as u64), &name[..]).unwrap();
            builder.append(&header(EntryType::Regular, b"a", 0), &b""[..]).unwrap();
            let plain = builder.into_inner().unwrap();
            for bytes in [gz(&plain), plain] {
                assert!(failure(&bytes).contains("description of more than"), "{sort:?}");
            }
        }
    }
}
