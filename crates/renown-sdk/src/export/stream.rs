//! One batch of columns as an Arrow C stream.

use std::ffi::{CStr, c_char, c_int};

use renown_abi::{ArrowArray, ArrowArrayStream, ArrowSchema};

use super::columns::Columns;

/// What the stream owns: the columns are lent to the host as they are, without a copy.
struct Batch {
    /// Names and types, which are told after the columns were lent, too.
    fields: Vec<(&'static CStr, &'static CStr)>,
    /// Taken by the host.
    columns: Option<Box<Columns>>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(columns) = self.columns.take() {
            columns.give_back();
        }
    }
}

/// A stream of one batch, or of none if there are no rows.
pub(super) fn of(columns: Box<Columns>) -> ArrowArrayStream {
    let fields = columns.columns().into_iter().map(|column| (column.name, column.format)).collect();
    let batch = Box::new(Batch { fields, columns: Some(columns) });
    ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release_stream),
        private_data: Box::into_raw(batch).cast(),
    }
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: a stream that `of` made, and the host's place for a schema.
    unsafe {
        let batch = &*(*stream).private_data.cast::<Batch>();
        out.write(schema(&batch.fields));
    }
    0
}

/// Types and names are static; only the list of children is owned.
fn schema(fields: &[(&'static CStr, &'static CStr)]) -> ArrowSchema {
    let child = |(name, format): &(&'static CStr, &'static CStr)| {
        let leaf = ArrowSchema {
            format: format.as_ptr(),
            name: name.as_ptr(),
            flags: 2,
            release: Some(release_schema),
            ..ArrowSchema::empty()
        };
        Box::into_raw(Box::new(leaf))
    };
    let children: Box<[*mut ArrowSchema]> = fields.iter().map(child).collect();
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
    // SAFETY: a stream that `of` made, and the host's place for a batch.
    unsafe {
        let batch = &mut *(*stream).private_data.cast::<Batch>();
        let columns = batch.columns.take_if(|columns| columns.rows() > 0);
        out.write(columns.map_or_else(ArrowArray::empty, array));
    }
    0
}

/// What a batch that was handed out owns.
struct Lent {
    columns: Box<Columns>,
    children: Vec<ArrowArray>,
    pointers: Vec<*mut ArrowArray>,
    buffers: Vec<Vec<*const u8>>,
    none: [*const u8; 1],
}

fn array(columns: Box<Columns>) -> ArrowArray {
    let rows = columns.rows();
    let lent = Box::leak(Box::new(Lent {
        columns,
        children: Vec::new(),
        pointers: Vec::new(),
        buffers: Vec::new(),
        none: [std::ptr::null()],
    }));
    let columns = lent.columns.columns();
    let nulls: Vec<usize> = columns.iter().map(|column| column.nulls).collect();
    lent.buffers = columns.into_iter().map(|column| column.buffers).collect();
    for (nulls, buffers) in nulls.into_iter().zip(&mut lent.buffers) {
        lent.children.push(ArrowArray {
            length: rows as i64,
            null_count: nulls as i64,
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
        let lent = Box::from_raw((*array).private_data.cast::<Lent>());
        lent.columns.give_back();
        (*array).release = None;
    }
}

unsafe extern "C" fn get_last_error(_: *mut ArrowArrayStream) -> *const c_char {
    std::ptr::null()
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    // SAFETY: made by `of`, released once.
    unsafe {
        drop(Box::from_raw((*stream).private_data.cast::<Batch>()));
        (*stream).release = None;
    }
}
