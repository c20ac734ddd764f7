/* The interface between Renown and its plugins, version 1.
 *
 * This header is the normative text. A plugin is a shared library that exports one function,
 * renown_plugin_init_v1, through which it hands out tables of adapters and formulas. An adapter turns bytes of files
 * into records; a formula turns feature columns into points. Neither needs Renown's source, nor Rust.
 *
 * Rules
 *
 * Versions.   The major version is in the symbol's name; this file changes within it only by fields appended to structs
 *             and by feature bits. Every struct that may grow begins with struct_size: whoever fills it writes
 *             sizeof of its own version, and whoever reads it looks at no field beyond the other's size. A function
 *             pointer that is absent or NULL means: not supported.
 * Ownership.  Strings in tables live as long as the process. Errors, readers and streams are released by whoever
 *             received them, through the callback that came with them, exactly once. What the host passes to a call may
 *             be used until that call returns, and pieces until the stream read from them is released. A release
 *             callback of an error or a reader may be NULL where nothing is to be released; of a stream, a schema
 *             or a batch it must not, since by Arrow's rules NULL says that it was released already.
 * Threads.    Every function of a table, and `read` of one reader, may be called from several threads at once. A stream
 *             is used by one thread at a time. A plugin starts no threads.
 * Errors.     A function that fails returns a RENOWN_E_ code and fills the error, which the caller had zeroed (but
 *             for struct_size) and which is never NULL. Nothing is kept a thread. The host adds the plugin's name, its version and the file.
 * Panics.     No panic, exception or longjmp crosses a call.
 * Unloading.  A plugin is never unloaded.
 * Results.    The same bytes give the same records, in whatever pieces they come, on however many threads, whatever
 *             the time of day.
 * Talk.       Standard output belongs to the host. What there is to say goes through host->log. Of a plugin in a
 *             process of its own, what it says is kept, and shown by `renown plugins check` where the process failed.
 */
#ifndef RENOWN_PLUGIN_H
#define RENOWN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RENOWN_ABI_MAJOR 1u
#define RENOWN_ABI_MINOR 0u

#if defined(_WIN32)
#define RENOWN_EXPORT __declspec(dllexport)
#else
#define RENOWN_EXPORT __attribute__((visibility("default")))
#endif

/* What a function returns, and the code of an error. */
#define RENOWN_OK 0
#define RENOWN_E_INVALID 1     /* an argument or option that the caller must change */
#define RENOWN_E_IO 2          /* something outside could not be read */
#define RENOWN_E_DATA 3        /* the input is broken */
#define RENOWN_E_UNSUPPORTED 4 /* this version of the plugin, or of the interface, cannot do it */
#define RENOWN_E_CANCELLED 5   /* the host asked to stop */
#define RENOWN_E_PANIC 6       /* a fault of the plugin's own */
#define RENOWN_E_INTERNAL 7    /* anything else */

/* Text (UTF-8) or bytes; borrowed, not ended by a NUL. Empty if len is 0, whatever ptr is. */
typedef struct RenownStr {
  const uint8_t *ptr;
  size_t len;
} RenownStr;

/* Why a call failed. The caller zeroes it and sets struct_size; the plugin owns what it points to until release,
 * which may be NULL where nothing is to be released. */
typedef struct RenownError {
  uint32_t struct_size;
  int32_t code;
  RenownStr message;     /* what was wrong, what was expected; names no person, handle or id */
  RenownStr context;     /* where in the plugin, for its author; may be empty */
  uint64_t byte_offset;  /* in the file; UINT64_MAX if unknown */
  uint64_t row;          /* UINT64_MAX if unknown */
  void (*release)(struct RenownError *);
  void *private_data;
} RenownError;

/* What the host offers, for the life of the process. */
typedef struct RenownHost {
  uint32_t struct_size;
  uint32_t abi_minor;
  uint64_t features;     /* RENOWN_HOST_ bits */
  void *ctx;
  void (*log)(void *ctx, uint32_t level, RenownStr message); /* level: 1 error, 2 warning, 3 information */
  int32_t (*cancelled)(void *ctx);                           /* not 0 when work is to stop */
} RenownHost;

#define RENOWN_HOST_MEMBERSHIPS 1u /* it takes RENOWN_MEMBERSHIP rows; another host refuses them */

/* ---- Arrow C data and stream interfaces, as https://arrow.apache.org/docs/format/CDataInterface.html fixes them ---- */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif

/* ---- Adapters ---- */

/* A file before it is read: unpacked and decompressed. */
typedef struct RenownFile {
  uint32_t struct_size;
  uint32_t flags;
  RenownStr path;  /* inside what the user named, with / between parts, without .gz or .zst */
  RenownStr head;  /* its first bytes: all of it, or at least 64 KiB */
  RenownStr disk;  /* where it lies uncompressed on disk, if it does; else empty */
  void *ctx;
  /* The bytes of a file beside it, by its path relative to this file's folder; 1 if there is one. They are there
   * until the call that the file was passed to returns. */
  int32_t (*sibling)(void *ctx, RenownStr relative, RenownStr *out);
} RenownFile;

/* A piece of a file. */
typedef struct RenownPiece {
  const uint8_t *bytes;
  size_t len;
  uint64_t offset; /* where the piece begins in the decompressed file */
  uint64_t part;   /* which part, with RENOWN_FRAMING_PARTS */
} RenownPiece;

/* How a file is cut into pieces. */
#define RENOWN_FRAMING_NOTHING 0 /* nothing to read: recognised and passed over; so it is where framing is not set */
#define RENOWN_FRAMING_JSON 1    /* each piece is one JSON document: a line, or an element of a top-level array */
#define RENOWN_FRAMING_CSV 2     /* each piece is a run of whole CSV records */
#define RENOWN_FRAMING_PARTS 3   /* the plugin opens `disk` itself and is asked for parts 0 to n - 1 */

/* Reads one file. Allocated and zeroed (but for struct_size) by the host, filled by `open`. */
typedef struct RenownReader {
  uint32_t struct_size;
  uint32_t framing;
  uint64_t header; /* CSV: how many records at the top of the file are left out */
  int32_t quote;   /* CSV: the byte that may enclose a field, from where it begins; -1 for none. To be set: 0 is a byte */
  uint32_t reserved;
  uint64_t parts;
  /* Reads some pieces of the file and hands out their records, as a stream of batches (see "Records"). */
  int32_t (*read)(const struct RenownReader *, const RenownPiece *pieces, size_t n_pieces,
                  struct ArrowArrayStream *out, RenownError *err);
  void (*release)(struct RenownReader *);
  void *private_data;
} RenownReader;

/* An adapter: a static table. */
typedef struct RenownAdapter {
  uint32_t struct_size;
  uint32_t flags; /* no bits yet */
  /* What the adapter says of itself, in JSON: see "Manifest". */
  RenownStr manifest_json;
  void *ctx;
  /* Which kind of file of the manifest this is; out->len stays 0 if it is none of them. */
  int32_t (*recognise)(void *ctx, const RenownFile *, RenownStr *kind, RenownError *err);
  int32_t (*open)(void *ctx, const RenownFile *, RenownStr kind, RenownStr options_json, RenownReader *out,
                  RenownError *err);
} RenownAdapter;

/* Records
 *
 * Each batch is a struct array without nulls of its own, whose children are columns found by name. `record` and `word`
 * are required; any other may be left out, which is as if it were null in every row. Columns of other names are not
 * looked at, nor what stands in a column that a row has no use for. A stream ends with a batch left zeroed.
 *
 *   record       uint8                    what the row is, see below; not null
 *   network      uint16                   place in the manifest's networks; null is 0
 *   word         uint16                   place in the network's kinds (of an observation: in its metrics)
 *   at           int64 or timestamp[us]   microseconds since 1970, UTC, until the end of 2148; null is undated
 *   observed_at  int64 or timestamp[us]   posts: when the totals were seen
 *   actor, target, object, id             int64 each: an id that is a number
 *   actor_text, target_text, object_text, id_text    utf8 each: an id that is not; looked at where the number is null.
 *                                         An empty text is an id as well: where there is none, it is null
 *   amount       uint64                   interactions: how much, null is 1; numbers and observations: the number
 *   text         utf8                     handles: the handle; memberships: the community; rejects: the reason; passed
 *                                         over: what
 *   offset       uint64                   rejects: where in the file the record begins
 *   length       uint64                   rejects: how many bytes of the pieces at hand it has
 *   row          uint64                   rejects: the row, for formats without byte positions
 *
 * What a row is:
 */
#define RENOWN_INTERACTION 0 /* word was done: by actor? to target? on object?; an act with an id counts once, however often it comes */
#define RENOWN_POST 1        /* object is the post, target its author */
#define RENOWN_NUMBER 2      /* one more number of what stands above, see below: word and amount, and nothing else */
#define RENOWN_OBSERVATION 3 /* target is the account, word the metric, amount the number */
#define RENOWN_HANDLE 4      /* target is the account, text its handle, without @ */
#define RENOWN_REJECT 5      /* a record that cannot be read; text is why. It names no id, handle or text of the record */
#define RENOWN_PASSED_OVER 6 /* something well-formed that is no record; text is what it is, in few words */
#define RENOWN_UNDO 7        /* the act id of kind word or, without id, the post object, was taken back */
#define RENOWN_CLOSED 8      /* the account target was closed: what it did and received counts for nothing */
#define RENOWN_BACK 9        /* the account target is there again; the newest of these two counts */
#define RENOWN_MEMBERSHIP 10 /* the account target took part in the community text (a group, a subreddit, an instance; no account)
                              * at this time, or always: null. Only for hosts with RENOWN_HOST_MEMBERSHIPS */

/* RENOWN_NUMBER rows stand directly below a RENOWN_POST or RENOWN_OBSERVATION row, in the same batch, as many as there
 * are. Below a post each is a total of it, and word is the kind. Below an observation each is another of the same
 * network, account and time, and word is the metric. Below anything else they are an error. */

/* Manifest
 *
 * {"name": "mastodon", "docs": "...",
 *  "networks": [{"name": "mastodon",
 *                "kinds":   [{"name": "like", "also": ["favourite"], "unit": "acts", "docs": "...",
 *                             "default_weight": ["weighted", 1.0]}],
 *                "metrics": [...]}],
 *  "files":    [{"name": "outbox", "patterns": ["outbox.json"], "docs": "...", "yields": "...", "passed_over": "..."}],
 *  "options":  {"type": "object", "additionalProperties": false, "properties": {
 *                "name": {"type": "string|number|boolean", "format": "path", "description": "...", "default": ...}}},
 *                            a JSON Schema of the options that `open` takes, as a JSON object: no more of one than this;
 *                            "format" only for a string that is a path, which has no default; may be left out
 *  "example":  {"name": "...", "path": "...", "input": "...", "siblings": [["path", "content"]], "kind": "outbox",
 *               "records": "..."},
 *  "cases":    [...]}        as the example: inputs, and the records that they must give
 *
 * Every "name" and "docs" must be there, "files", "unit" (one word), "default_weight", "example", and of an example "path",
 * "input" and "kind"; what else is left out is empty. "default_weight" is the stat (weighted, count, latest and so on, as in
 * a weights file) and the weight by which the author would count it: so the default weights count what is built in, and
 * every other network by their [networks."*"]. With "records": "?", `renown plugins check` prints the lines that belong there.
 */

/* ---- Formulas ---- */

/* A column: one value a row; a bit set in validity (least significant bit first) where there is a value. NULL: all.
 * Values come capped and curved; where there is none, what stands in values means nothing: look at validity. */
typedef struct RenownColumn {
  const double *values;
  const uint8_t *validity;
} RenownColumn;

#define RENOWN_FORMULA_MONOTONE 1u /* points never fall when a value rises, nor rise when one goes missing */

/* A formula: a static table. */
typedef struct RenownFormula {
  uint32_t struct_size;
  uint32_t flags;
  RenownStr name;
  RenownStr docs;        /* a sentence on what it computes, and the source of the formula */
  RenownStr params_json; /* a JSON array of {"name", "type": "number|text|path|flag", "docs", "default"?}; may be empty */
  void *ctx;
  /* Prepares it: for these features (`follow.actors`) with these weights, which are 0 or more, and parameters as a JSON
   * object, defaults filled in; of a path, the path. If a parameter or a feature is at fault, the error's context is its
   * name, and nothing else. */
  int32_t (*create)(void *ctx, const RenownStr *features, const double *weights, size_t n_features,
                    RenownStr params_json, void **state, RenownError *err);
  /* Points of n_rows rows: finite, 0 or more. */
  int32_t (*points)(void *state, const RenownColumn *columns, size_t n_columns, size_t n_rows, double *out,
                    RenownError *err);
  /* What each value gave: n_rows times n_columns numbers, row by row, which add up to the points. If it is NULL the
   * host finds them itself, as Shapley values. */
  int32_t (*parts)(void *state, const RenownColumn *columns, size_t n_columns, size_t n_rows, double *out,
                   RenownError *err);
  void (*destroy)(void *state);
} RenownFormula;

/* ---- The plugin ---- */

/* Allocated and zeroed (but for struct_size) by the host, filled by the plugin. */
typedef struct RenownPlugin {
  uint32_t struct_size;
  uint32_t abi_minor;
  RenownStr id;      /* lower case letters, digits, _ and - */
  RenownStr version; /* as in 1.4.0: it begins with a number */
  RenownStr license;
  RenownStr build_info; /* compiler and profile, for reports of faults */
  size_t n_adapters;
  const RenownAdapter *const *adapters;
  size_t n_formulas;
  const RenownFormula *const *formulas;
} RenownPlugin;

RENOWN_EXPORT int32_t renown_plugin_init_v1(const RenownHost *host, RenownPlugin *out, RenownError *err);

#ifdef __cplusplus
}
#endif
#endif
