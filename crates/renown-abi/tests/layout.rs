//! The header against the Rust: every size and offset, as a C compiler sees them.

use std::fmt::Write as _;
use std::mem::offset_of;
use std::path::Path;
use std::process::Command;

use renown_abi::*;

/// The C spelling of a type, its size in Rust, and its fields' names and offsets.
type Layout = (&'static str, usize, Vec<(&'static str, usize)>);

macro_rules! layout {
    ($name:ident, $c:literal, $($field:ident),*) => {
        ($c, size_of::<$name>(), vec![$((stringify!($field), offset_of!($name, $field))),*])
    };
}

fn layouts() -> Vec<Layout> {
    vec![
        layout!(RenownStr, "RenownStr", ptr, len),
        layout!(
            RenownError,
            "RenownError",
            struct_size,
            code,
            message,
            context,
            byte_offset,
            row,
            release,
            private_data
        ),
        layout!(RenownHost, "RenownHost", struct_size, abi_minor, features, ctx, log, cancelled),
        layout!(
            ArrowSchema,
            "struct ArrowSchema",
            format,
            name,
            metadata,
            flags,
            n_children,
            children,
            dictionary,
            release,
            private_data
        ),
        layout!(
            ArrowArray,
            "struct ArrowArray",
            length,
            null_count,
            offset,
            n_buffers,
            n_children,
            buffers,
            children,
            dictionary,
            release,
            private_data
        ),
        layout!(
            ArrowArrayStream,
            "struct ArrowArrayStream",
            get_schema,
            get_next,
            get_last_error,
            release,
            private_data
        ),
        layout!(RenownFile, "RenownFile", struct_size, flags, path, head, disk, ctx, sibling),
        layout!(RenownPiece, "RenownPiece", bytes, len, offset, part),
        layout!(
            RenownReader,
            "RenownReader",
            struct_size,
            framing,
            header,
            quote,
            reserved,
            parts,
            read,
            release,
            private_data
        ),
        layout!(RenownAdapter, "RenownAdapter", struct_size, flags, manifest_json, ctx, recognise, open),
        layout!(RenownColumn, "RenownColumn", values, validity),
        layout!(
            RenownFormula,
            "RenownFormula",
            struct_size,
            flags,
            name,
            docs,
            params_json,
            ctx,
            create,
            points,
            parts,
            destroy
        ),
        layout!(
            RenownPlugin,
            "RenownPlugin",
            struct_size,
            abi_minor,
            id,
            version,
            license,
            build_info,
            n_adapters,
            adapters,
            n_formulas,
            formulas
        ),
    ]
}

const NUMBERS: &[(&str, i64)] = &[
    ("RENOWN_ABI_MAJOR", ABI_MAJOR as i64),
    ("RENOWN_ABI_MINOR", ABI_MINOR as i64),
    ("RENOWN_OK", OK as i64),
    ("RENOWN_E_INVALID", E_INVALID as i64),
    ("RENOWN_E_IO", E_IO as i64),
    ("RENOWN_E_DATA", E_DATA as i64),
    ("RENOWN_E_UNSUPPORTED", E_UNSUPPORTED as i64),
    ("RENOWN_E_CANCELLED", E_CANCELLED as i64),
    ("RENOWN_E_PANIC", E_PANIC as i64),
    ("RENOWN_E_INTERNAL", E_INTERNAL as i64),
    ("RENOWN_FRAMING_NOTHING", FRAMING_NOTHING as i64),
    ("RENOWN_FRAMING_JSON", FRAMING_JSON as i64),
    ("RENOWN_FRAMING_CSV", FRAMING_CSV as i64),
    ("RENOWN_FRAMING_PARTS", FRAMING_PARTS as i64),
    ("RENOWN_INTERACTION", INTERACTION as i64),
    ("RENOWN_POST", POST as i64),
    ("RENOWN_NUMBER", NUMBER as i64),
    ("RENOWN_OBSERVATION", OBSERVATION as i64),
    ("RENOWN_HANDLE", HANDLE as i64),
    ("RENOWN_REJECT", REJECT as i64),
    ("RENOWN_PASSED_OVER", PASSED_OVER as i64),
    ("RENOWN_UNDO", UNDO as i64),
    ("RENOWN_CLOSED", CLOSED as i64),
    ("RENOWN_BACK", BACK as i64),
    ("RENOWN_FORMULA_MONOTONE", FORMULA_MONOTONE as i64),
];

/// What has come since version 1 was frozen: rows and bits, and no fields.
const SINCE: &[(&str, i64)] =
    &[("RENOWN_MEMBERSHIP", MEMBERSHIP as i64), ("RENOWN_HOST_MEMBERSHIPS", HOST_MEMBERSHIPS as i64)];

/// What C prints of a header, and what Rust expects it to print.
fn compare(header: &Path, numbers: &[&[(&str, i64)]]) {
    let (mut program, mut expected) = (
        format!(
            "#include \"{}\"\n#include <stdio.h>\nint main(void) {{\n",
            header.canonicalize().unwrap().display()
        ),
        String::new(),
    );
    for (name, size, fields) in layouts() {
        let _ = writeln!(program, "printf(\"{name} %zu\\n\", sizeof({name}));");
        let _ = writeln!(expected, "{name} {size}");
        for (field, offset) in fields {
            let _ = writeln!(program, "printf(\"{name}.{field} %zu\\n\", offsetof({name}, {field}));");
            let _ = writeln!(expected, "{name}.{field} {offset}");
        }
    }
    for (name, number) in numbers.iter().copied().flatten() {
        let _ = writeln!(program, "printf(\"{name} %ld\\n\", (long){name});");
        let _ = writeln!(expected, "{name} {number}");
    }
    program.push_str("return 0; }\n");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(header.parent().unwrap().file_name().unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let (source, binary) = (folder.join("layout.c"), folder.join("layout"));
    std::fs::write(&source, program).unwrap();
    let compiled = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o"])
        .args([&binary, &source])
        .status()
        .expect("a C compiler, `cc`: scripts/setup installs one");
    assert!(compiled.success(), "the header is not plain C99");
    let printed = Command::new(&binary).output().unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), expected);
}

#[test]
fn c_and_rust_see_the_same_layout() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("include/renown_plugin.h"), &[NUMBERS, SINCE]);
}

/// The copy of version 1 that plugins out there were built against: the same up to appended fields.
#[test]
fn the_frozen_header_still_fits() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/abi/v1/renown_plugin.h"), &[NUMBERS]);
}

/// Every field of the header's structs is compared above.
#[test]
fn no_field_is_forgotten() {
    let header = include_str!("../include/renown_plugin.h");
    let code: String =
        header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code)).collect();
    let bodies = code.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(""));
    let fields: usize = bodies.map(|body| body.matches(';').count()).sum();
    let compared: usize = layouts().iter().map(|(_, _, fields)| fields.len()).sum();
    assert_eq!(fields, compared);
}
