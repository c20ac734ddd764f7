//! One batch of columns as an Arrow C stream.

use std::ffi::{CStr, c_char, c_int};

use renown_abi::{ArrowArray, ArrowArrayStream, ArrowSchema};

use super::columns::Column;

/// What the stream and its batch own: the columns are lent to the host as they are, without a copy.
struct Batch {
    rows: usize,
    columns: Vec<(&'static CStr, Column)>,
    given: bool,
}

pub(super) fn of_one_batch(rows: usize, columns: Vec<(&'static CStr, Column)>) -> ArrowArrayStream {
    let batch = Box::new(Batch { rows, columns, given: rows == 0 });
    ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release_stream),
        private_data: Box::into_raw(batch).cast(),
    }
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: a stream that `of_one_batch` made, and the host's place for a schema.
    unsafe {
        let batch = &*(*stream).private_data.cast::<Batch>();
        out.write(schema(&batch.columns));
    }
    0
}

/// Types and names are static; only the list of children is owned.
fn schema(columns: &[(&'static CStr, Column)]) -> ArrowSchema {
    let child = |(name, column): &(&'static CStr, Column)| {
        let leaf = ArrowSchema {
            format: column.format().as_ptr(),
            name: name.as_ptr(),
            flags: 2,
            release: Some(release_schema),
            ..ArrowSchema::empty()
        };
        Box::into_raw(Box::new(leaf))
    };
    let children: Box<[*mut ArrowSchema]> = columns.iter().map(child).collect();
    ArrowSchema {
        format: c"+s".as_ptr(),
        name: c"".as_ptr(),
        n_children: children.len() as i64,
        children: Box::into_raw(children).cast(),
        release: Some(release_schema),
        ..ArrowSchema::empty()
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: made by `schema`: children are boxes in a boxed list, each released here if the host has not moved it.
    unsafe {
        let schema = &mut *schema;
        if !schema.children.is_null() {
            let list = std::ptr::slice_from_raw_parts_mut(schema.children, schema.n_children as usize);
            for child in Box::from_raw(list) {
                let mut child = Box::from_raw(child);
                if let Some(release) = child.release {
                    release(&raw mut *child);
                }
            }
        }
        schema.children = std::ptr::null_mut();
        schema.release = None;
    }
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: a stream that `of_one_batch` made, and the host's place for a batch.
    unsafe {
        let batch = &mut *(*stream).private_data.cast::<Batch>();
        let next = if batch.given { ArrowArray::empty() } else { array(batch) };
        batch.given = true;
        out.write(next);
    }
    0
}

/// What a batch that was handed out owns.
struct Lent {
    columns: Vec<(&'static CStr, Column)>,
    children: Vec<ArrowArray>,
    pointers: Vec<*mut ArrowArray>,
    buffers: Vec<Vec<*const u8>>,
    none: [*const u8; 1],
}

fn array(batch: &mut Batch) -> ArrowArray {
    let rows = batch.rows;
    let lent = Box::leak(Box::new(Lent {
        columns: std::mem::take(&mut batch.columns),
        children: Vec::new(),
        pointers: Vec::new(),
        buffers: Vec::new(),
        none: [std::ptr::null()],
    }));
    lent.buffers = lent.columns.iter().map(|(_, column)| column.buffers()).collect();
    for ((_, column), buffers) in lent.columns.iter().zip(&mut lent.buffers) {
        lent.children.push(ArrowArray {
            length: rows as i64,
            null_count: column.nulls(rows) as i64,
            n_buffers: buffers.len() as i64,
            buffers: buffers.as_mut_ptr().cast(),
            release: Some(release_child),
            ..ArrowArray::empty()
        });
    }
    lent.pointers = lent.children.iter_mut().map(std::ptr::from_mut).collect();
    ArrowArray {
        length: rows as i64,
        n_buffers: 1,
        buffers: lent.none.as_mut_ptr().cast(),
        n_children: lent.pointers.len() as i64,
        children: lent.pointers.as_mut_ptr(),
        release: Some(release_array),
        private_data: std::ptr::from_mut(lent).cast(),
        ..ArrowArray::empty()
    }
}

/// The parent owns everything.
unsafe extern "C" fn release_child(array: *mut ArrowArray) {
    // SAFETY: the host releases what it was given.
    unsafe { (*array).release = None };
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: made by `array`, released once.
    unsafe {
        drop(Box::from_raw((*array).private_data.cast::<Lent>()));
        (*array).release = None;
    }
}

unsafe extern "C" fn get_last_error(_: *mut ArrowArrayStream) -> *const c_char {
    std::ptr::null()
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    // SAFETY: made by `of_one_batch`, released once.
    unsafe {
        drop(Box::from_raw((*stream).private_data.cast::<Batch>()));
        (*stream).release = None;
    }
}
