//! An Arrow stream taken apart, to be damaged and put together again.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::rc::Rc;

use renown_abi::{ArrowArray, ArrowArrayStream, ArrowSchema};
use renown_sdk::conformance::mutate::Random;

use crate::rows::NAMES;

/// How many rows the host is let read, and for how many there is room behind every pointer.
pub(super) const ROWS: usize = 200;
const ROOM: usize = 256;
/// How many bytes there are behind every pointer to text.
const TEXT: i64 = ROOM as i64 * 8;
/// How many pointers there are in every list.
const CHILDREN: usize = 64;

/// How often things were given out and released.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases(Rc<Cell<(u64, u64)>>);

impl Releases {
    fn given(&self) {
        let (given, released) = self.0.get();
        self.0.set((given + 1, released));
    }

    fn released(&self) {
        let (given, released) = self.0.get();
        self.0.set((given, released + 1));
    }

    pub(super) fn assert_all_once(&self) {
        let (given, released) = self.0.get();
        assert_eq!(given, released, "given out, and released");
    }
}

/// A C string, or none.
type Text = Option<Vec<u8>>;

#[derive(Clone, Debug)]
struct Field {
    name: Text,
    format: Text,
    missing: bool,
    dictionary: bool,
}

#[derive(Clone, Debug)]
struct Column {
    length: i64,
    offset: i64,
    null_count: i64,
    n_buffers: i64,
    /// In eights, so that all are aligned.
    buffers: [Option<Vec<u64>>; 3],
    /// By how many bytes the values are off.
    shift: usize,
    missing: bool,
    no_list: bool,
}

#[derive(Clone, Debug)]
struct Batch {
    length: i64,
    offset: i64,
    null_count: i64,
    n_children: i64,
    no_list: bool,
    columns: Vec<Column>,
}

/// A stream.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that can be missing")]
pub(super) struct Model {
    format: Text,
    n_children: i64,
    no_list: bool,
    fields: Vec<Field>,
    batches: Vec<Batch>,
    /// What `get_schema` and `get_next` return, and whether what they give is released already.
    schema_code: c_int,
    next_code: c_int,
    schema_released: bool,
    no_get_schema: bool,
    no_get_next: bool,
    released: bool,
}

fn bytes_of(text: *const c_char) -> Vec<u8> {
    // SAFETY: a C string of the export.
    unsafe { CStr::from_ptr(text) }.to_bytes_with_nul().to_vec()
}

/// Bytes in eights, with room.
fn eights(bytes: &[u8], room: usize) -> Vec<u64> {
    let mut eights: Vec<u64> = bytes
        .chunks(8)
        .map(|chunk| {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            u64::from_ne_bytes(eight)
        })
        .collect();
    eights.resize(eights.len().max(room), 0);
    eights
}

impl Model {
    /// Takes a good stream of one batch apart.
    pub(super) fn take(stream: &mut ArrowArrayStream) -> Self {
        let (mut schema, mut array) = (ArrowSchema::empty(), ArrowArray::empty());
        // SAFETY: a stream of the SDK's export, whose buffers are as long as its lengths and offsets say.
        unsafe {
            assert_eq!(stream.get_schema.unwrap()(&raw mut *stream, &raw mut schema), 0);
            assert_eq!(stream.get_next.unwrap()(&raw mut *stream, &raw mut array), 0);
            let (mut fields, mut columns) = (Vec::new(), Vec::new());
            let rows = array.length as usize;
            for at in 0..schema.n_children as usize {
                let (field, column) = (&**schema.children.add(at), &**array.children.add(at));
                let format = bytes_of(field.format);
                let buffer = |at: usize, bytes: usize| {
                    let start = (*column.buffers.add(at)).cast::<u8>();
                    let there = !start.is_null() && bytes > 0;
                    there.then(|| eights(std::slice::from_raw_parts(start, bytes), ROOM))
                };
                let width = match format[0] {
                    b'C' => 1,
                    b'S' => 2,
                    b'u' => 4,
                    _ => 8,
                };
                let texts = format[0] == b'u';
                let text = if texts {
                    let offsets = (*column.buffers.add(1)).cast::<i32>();
                    buffer(2, *offsets.add(rows) as usize)
                } else {
                    None
                };
                columns.push(Column {
                    length: column.length,
                    offset: column.offset,
                    null_count: column.null_count,
                    n_buffers: column.n_buffers,
                    buffers: [
                        buffer(0, rows.div_ceil(8)),
                        buffer(1, (rows + usize::from(texts)) * width),
                        text,
                    ],
                    shift: 0,
                    missing: false,
                    no_list: false,
                });
                fields.push(Field {
                    name: Some(bytes_of(field.name)),
                    format: Some(format),
                    missing: false,
                    dictionary: false,
                });
            }
            let batch = Batch {
                length: array.length,
                offset: array.offset,
                null_count: array.null_count,
                n_children: array.n_children,
                no_list: false,
                columns,
            };
            let model = Self {
                format: Some(bytes_of(schema.format)),
                n_children: schema.n_children,
                no_list: false,
                fields,
                batches: vec![batch],
                schema_code: 0,
                next_code: 0,
                schema_released: false,
                no_get_schema: false,
                no_get_next: false,
                released: false,
            };
            schema.release.unwrap()(&raw mut schema);
            array.release.unwrap()(&raw mut array);
            model
        }
    }

    /// The same with a batch before it that has neither rows nor buffers.
    pub(super) fn after_an_empty_batch(&self) -> Self {
        let mut model = self.clone();
        let mut empty = model.batches[0].clone();
        empty.empty(true);
        model.batches.insert(0, empty);
        model
    }

    /// Damages it in one way. Most of it strikes columns, since what strikes the whole is refused at once.
    pub(super) fn damage(&mut self, random: &mut Random) {
        let fields = self.fields.len();
        match random.below(40) {
            0 => self.format = random.pick(&[None, Some("+l"), Some(""), Some("+s\u{1b}")]).map(ended),
            1 => self.n_children = count(random, fields),
            2 => self.no_list = true,
            3 => self.schema_code = random.pick(&[5, -1, i32::MIN]),
            4 => self.next_code = random.pick(&[5, -1, i32::MAX]),
            5 => self.schema_released = true,
            6 => self.no_get_schema = true,
            7 => self.no_get_next = true,
            8 => self.released = true,
            9 => self.batches.clear(),
            10 => self.batches.push(self.batches.first().cloned().unwrap_or(Batch {
                length: 0,
                offset: 0,
                null_count: 0,
                n_children: fields as i64,
                no_list: false,
                columns: Vec::new(),
            })),
            11..20 => self.damage_field(random),
            _ => self.damage_batch(random),
        }
    }

    fn damage_field(&mut self, random: &mut Random) {
        let at = random.below(self.fields.len());
        let names = [random.pick(&NAMES), "", "other", "record\u{1b}[31m"];
        let Some(field) = self.fields.get_mut(at) else { return };
        match random.below(8) {
            0 => field.name = None,
            1 => field.name = Some(b"\xff\0".to_vec()),
            2..4 => field.name = Some(ended(random.pick(&names))),
            4 => field.missing = true,
            5 => field.dictionary = true,
            6 => drop(self.fields.remove(at)),
            _ => {
                let formats =
                    ["C", "S", "l", "L", "u", "U", "tsu:", "tsu:UTC", "tsm:", "i", "+s", "", "u\u{7}"];
                let format = random.pick(&formats);
                field.format = random.pick(&[Some(format), Some(format), None]).map(ended);
            }
        }
    }

    fn damage_batch(&mut self, random: &mut Random) {
        let at = random.below(self.batches.len());
        let Some(batch) = self.batches.get_mut(at) else { return };
        match random.below(24) {
            0 => batch.length = count(random, batch.length as usize),
            1 => batch.offset = offset(random),
            2 => batch.null_count = count(random, 0),
            3 => batch.n_children = count(random, batch.n_children as usize),
            4 => batch.no_list = true,
            5 => batch.empty(random.below(2) == 0),
            6 => {
                // From a later row on, rightly.
                batch.offset = 1;
                batch.length = batch.length.saturating_sub(1).max(0);
            }
            _ => {
                let at = random.below(batch.columns.len());
                if let Some(column) = batch.columns.get_mut(at) {
                    column.damage(random);
                }
            }
        }
    }

    /// Sees to it that behind every pointer there is as much as the header promises of it.
    pub(super) fn settle(&mut self) {
        for batch in &mut self.batches {
            for (field, column) in self.fields.iter().zip(&mut batch.columns) {
                let width = match field.format.as_deref() {
                    Some(b"u\0") => 4,
                    Some(b"U\0") => 8,
                    _ => continue,
                };
                let ([_, Some(offsets), Some(_)], true) = (&mut column.buffers, column.n_buffers == 3) else {
                    continue;
                };
                // Texts end within their bytes, or beyond what any text may have, which is refused unseen.
                for eight in offsets {
                    let mut bytes = eight.to_ne_bytes();
                    for number in bytes.chunks_mut(width) {
                        if width == 4 {
                            let offset = i32::from_ne_bytes(number.try_into().expect("four bytes"));
                            number.copy_from_slice(&offset.min(TEXT as i32).to_ne_bytes());
                        } else {
                            let offset = i64::from_ne_bytes(number.try_into().expect("eight bytes"));
                            if (TEXT..=1 << 31).contains(&offset) {
                                number.copy_from_slice(&TEXT.to_ne_bytes());
                            }
                        }
                    }
                    *eight = u64::from_ne_bytes(bytes);
                }
            }
        }
    }

    /// Puts it together again; `releases` counts what is given out.
    pub(super) fn stream(&self, releases: &Releases) -> ArrowArrayStream {
        let given = Box::new(GivenStream { model: self.clone(), next: 0, releases: releases.clone() });
        if self.released {
            return ArrowArrayStream::empty();
        }
        releases.given();
        ArrowArrayStream {
            get_schema: if self.no_get_schema { None } else { Some(get_schema) },
            get_next: if self.no_get_next { None } else { Some(get_next) },
            get_last_error: Some(get_last_error),
            release: Some(release_stream),
            private_data: Box::into_raw(given).cast(),
        }
    }
}

impl Batch {
    /// Leaves it without rows and, as Arrow allows, without buffers.
    fn empty(&mut self, without_buffers: bool) {
        self.length = 0;
        for column in &mut self.columns {
            column.length = 0;
            if without_buffers {
                column.buffers = [None, None, None];
                column.null_count = 0;
            }
        }
    }
}

impl Column {
    fn damage(&mut self, random: &mut Random) {
        match random.below(10) {
            0 => self.length = count(random, self.length as usize),
            1 => self.offset = offset(random),
            2 => self.null_count = count(random, 0),
            3 => self.n_buffers = random.pick(&[-1, 0, 1, 2, 3, 4, i64::MAX]),
            4 => self.buffers[random.below(3)] = None,
            5 => self.shift = random.below(8),
            6 => self.missing = true,
            7 => self.no_list = true,
            _ => {
                // Values, bits of validity, or texts.
                let which = random.below(3);
                if let Some(buffer) = &mut self.buffers[which] {
                    let at = random.below(buffer.len().min(8));
                    let number = random.number();
                    buffer[at] =
                        random.pick(&[number, 0, u64::MAX, buffer[at] ^ (1 << (number % 64)), 0x7fff_ffff]);
                } else {
                    self.buffers[which] = Some(vec![random.number(); ROOM]);
                }
            }
        }
    }
}

fn ended(text: &str) -> Vec<u8> {
    [text.as_bytes(), b"\0"].concat()
}

/// A count beside the right one.
fn count(random: &mut Random, right: usize) -> i64 {
    let right = right as i64;
    random.pick(&[
        -1,
        0,
        1,
        right.saturating_sub(1),
        right.saturating_add(1),
        right.saturating_add(8),
        ROWS as i64,
        ROWS as i64 + 1,
        1 << 28,
        (1 << 28) + 1,
        i64::MAX,
        i64::MIN,
    ])
}

/// An offset for which there is room, or one that must be refused.
fn offset(random: &mut Random) -> i64 {
    random.pick(&[1, 3, 8, 17, -1, (1 << 28) + 1, i64::MAX, i64::MIN])
}

struct GivenStream {
    model: Model,
    next: usize,
    releases: Releases,
}

struct GivenSchema {
    model: Model,
    children: Vec<ArrowSchema>,
    list: Vec<*mut ArrowSchema>,
    releases: Releases,
}

struct GivenArray {
    batch: Batch,
    children: Vec<ArrowArray>,
    list: Vec<*mut ArrowArray>,
    buffers: Vec<[*const c_void; 3]>,
    releases: Releases,
}

fn start(text: &Text) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr().cast())
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: a stream that `Model::stream` made, and the host's place for a schema. What is given out points into its
    // own box.
    unsafe {
        let given = &*(*stream).private_data.cast::<GivenStream>();
        if given.model.schema_code != 0 || given.model.schema_released {
            return given.model.schema_code;
        }
        let own = Box::leak(Box::new(GivenSchema {
            model: given.model.clone(),
            children: Vec::new(),
            list: Vec::new(),
            releases: given.releases.clone(),
        }));
        let model = &own.model;
        own.children = model
            .fields
            .iter()
            .map(|field| ArrowSchema {
                format: start(&field.format),
                name: start(&field.name),
                // Only whether there is one is looked at.
                dictionary: if field.dictionary {
                    std::ptr::NonNull::dangling().as_ptr()
                } else {
                    std::ptr::null_mut()
                },
                ..ArrowSchema::empty()
            })
            .collect();
        own.list = own.children.iter_mut().map(std::ptr::from_mut).collect();
        for (at, field) in model.fields.iter().enumerate() {
            if field.missing {
                own.list[at] = std::ptr::null_mut();
            }
        }
        own.list.resize(CHILDREN, std::ptr::null_mut());
        own.releases.given();
        out.write(ArrowSchema {
            format: start(&model.format),
            n_children: model.n_children,
            children: if model.no_list { std::ptr::null_mut() } else { own.list.as_mut_ptr() },
            release: Some(release_schema),
            private_data: std::ptr::from_mut(own).cast(),
            ..ArrowSchema::empty()
        });
        0
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: given by `get_schema`, released once.
    unsafe {
        let own = Box::from_raw((*schema).private_data.cast::<GivenSchema>());
        own.releases.released();
        (*schema).release = None;
    }
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: as in `get_schema`.
    unsafe {
        let given = &mut *(*stream).private_data.cast::<GivenStream>();
        if given.model.next_code != 0 {
            return given.model.next_code;
        }
        let Some(batch) = given.model.batches.get(given.next) else { return 0 };
        given.next += 1;
        let own = Box::leak(Box::new(GivenArray {
            batch: batch.clone(),
            children: Vec::new(),
            list: Vec::new(),
            buffers: Vec::new(),
            releases: given.releases.clone(),
        }));
        let batch = &own.batch;
        own.buffers = batch.columns.iter().map(pointers).collect();
        own.children = batch
            .columns
            .iter()
            .zip(&mut own.buffers)
            .map(|(column, buffers)| ArrowArray {
                length: column.length,
                offset: column.offset,
                null_count: column.null_count,
                n_buffers: column.n_buffers,
                buffers: if column.no_list { std::ptr::null_mut() } else { buffers.as_mut_ptr() },
                ..ArrowArray::empty()
            })
            .collect();
        own.list = own.children.iter_mut().map(std::ptr::from_mut).collect();
        for (at, column) in batch.columns.iter().enumerate() {
            if column.missing {
                own.list[at] = std::ptr::null_mut();
            }
        }
        own.list.resize(CHILDREN, std::ptr::null_mut());
        own.releases.given();
        out.write(ArrowArray {
            length: batch.length,
            offset: batch.offset,
            null_count: batch.null_count,
            n_children: batch.n_children,
            children: if batch.no_list { std::ptr::null_mut() } else { own.list.as_mut_ptr() },
            release: Some(release_array),
            private_data: std::ptr::from_mut(own).cast(),
            ..ArrowArray::empty()
        });
        0
    }
}

/// Where a column's buffers begin; values may be off by some bytes, of which the last eight are kept free.
fn pointers(column: &Column) -> [*const c_void; 3] {
    let mut at = 0;
    column.buffers.each_ref().map(|buffer| {
        let shift = if at == 1 { column.shift } else { 0 };
        at += 1;
        buffer.as_ref().map_or(std::ptr::null(), |buffer| buffer.as_ptr().wrapping_byte_add(shift).cast())
    })
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: given by `get_next`, released once.
    unsafe {
        let own = Box::from_raw((*array).private_data.cast::<GivenArray>());
        own.releases.released();
        (*array).release = None;
    }
}

unsafe extern "C" fn get_last_error(_: *mut ArrowArrayStream) -> *const c_char {
    c"the disk\x1b[31m is gone".as_ptr()
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    // SAFETY: given by `Model::stream`, released once.
    unsafe {
        let own = Box::from_raw((*stream).private_data.cast::<GivenStream>());
        own.releases.released();
        (*stream).release = None;
    }
}
