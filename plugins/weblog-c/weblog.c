/* An adapter in C: the access log of a web server, in the combined format that Apache and nginx write,
 *
 *   192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET /~mara/ HTTP/1.1" 200 2326 "-" "Mozilla/5.0"
 *
 * as views of people's home pages. README.md says what counts as one. Written to be read by authors of plugins in C:
 * nothing is needed but renown_plugin.h and the standard library. Read it from the end: renown_plugin_init_v1 hands out
 * the table, whose `open` hands out a reader, whose `read` hands out a stream of one batch of columns.
 */
#include "renown_plugin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text: bytes with a length. Nothing here ends by a NUL. ---- */

typedef struct Text {
  const uint8_t *ptr;
  size_t len;
} Text;

static Text text_of(const char *literal) {
  Text text = {(const uint8_t *)literal, strlen(literal)};
  return text;
}

static RenownStr str(const char *literal) {
  RenownStr out = {(const uint8_t *)literal, strlen(literal)};
  return out;
}

static int is(Text text, const char *literal) {
  return text.len == strlen(literal) && memcmp(text.ptr, literal, text.len) == 0;
}

static int ends_with(Text text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

/* Takes n bytes from the front. */
static void skip(Text *text, size_t n) {
  text->ptr += n;
  text->len -= n;
}

/* Takes what comes before the byte, or all there is, and leaves the byte. */
static Text until(Text *text, uint8_t byte) {
  const uint8_t *end = text->len ? memchr(text->ptr, byte, text->len) : NULL;
  Text before = {text->ptr, end ? (size_t)(end - text->ptr) : text->len};
  skip(text, before.len);
  return before;
}

/* Takes a literal if it is next. */
static int take(Text *text, const char *literal) {
  size_t len = strlen(literal);
  if (text->len < len || memcmp(text->ptr, literal, len) != 0) return 0;
  skip(text, len);
  return 1;
}

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* Takes a number of exactly so many digits; -1 if there is none. */
static int64_t number(Text *text, size_t digits) {
  int64_t value = 0;
  if (text->len < digits) return -1;
  for (size_t i = 0; i < digits; i++) {
    if (!is_digit(text->ptr[i])) return -1;
    value = value * 10 + (text->ptr[i] - '0');
  }
  skip(text, digits);
  return value;
}

/* ---- Times ---- */

static int64_t days_in(int64_t year, int64_t month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return lengths[month - 1] + (month == 2 && leap);
}

static int64_t month_of(Text *text) {
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (int64_t i = 0; i < 12; i++) {
    if (take(text, months[i])) return i + 1;
  }
  return -1;
}

/* Takes a time such as 10/Oct/2000:13:55:36 -0700, in microseconds since 1970; -1 if it is none, or not within the years
 * that a record may have. */
static int64_t time_of(Text *text) {
  int64_t day = number(text, 2), month, year, hour, minute, second, zone_hour, zone_minute, days = 0, seconds;
  int east;
  if (day < 1 || !take(text, "/")) return -1;
  month = month_of(text);
  if (month < 1 || !take(text, "/")) return -1;
  year = number(text, 4);
  if (year < 1970 || year > 2148 || day > days_in(year, month) || !take(text, ":")) return -1;
  hour = number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ":")) return -1;
  minute = number(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ":")) return -1;
  second = number(text, 2); /* 60 in a leap second */
  if (second < 0 || second > 60 || !take(text, " ")) return -1;
  east = take(text, "+");
  if (!east && !take(text, "-")) return -1;
  zone_hour = number(text, 2);
  zone_minute = number(text, 2);
  if (zone_hour < 0 || zone_hour > 23 || zone_minute < 0 || zone_minute > 59) return -1;
  for (int64_t y = 1970; y < year; y++) days += days_in(y, 2) == 29 ? 366 : 365;
  for (int64_t m = 1; m < month; m++) days += days_in(year, m);
  seconds = ((days + day - 1) * 24 + hour) * 3600 + minute * 60 + second;
  seconds -= (east ? 1 : -1) * (zone_hour * 3600 + zone_minute * 60);
  /* The first moment after 2148. */
  return seconds < 0 || seconds >= INT64_C(65379) * 86400 ? -1 : seconds * 1000000;
}

/* ---- A line of the log ---- */

typedef struct Line {
  int64_t at;
  Text request;
  int64_t status;
} Line;

/* Reads a line; NULL, or what is wrong with it. A reason never quotes the line: it is printed, and the line names
 * people. What stands before the time (the visitor's address and login) is not looked at. */
static const char *read_line(Text text, Line *line) {
  until(&text, '[');
  if (!take(&text, "[")) return "no time in brackets: expected [10/Oct/2000:13:55:36 -0700]";
  line->at = time_of(&text);
  if (line->at < 0) return "no such time: expected [10/Oct/2000:13:55:36 -0700], from 1970 to 2148";
  if (!take(&text, "] \"")) return "no request after the time: expected it in quotes";
  line->request = text;
  /* The request ends at the next quote that has no backslash before it. */
  while (text.len > 0 && text.ptr[0] != '"') skip(&text, text.ptr[0] == '\\' && text.len > 1 ? 2 : 1);
  line->request.len -= text.len;
  if (!take(&text, "\" ")) return "a request that does not end: expected a quote and a space";
  line->status = number(&text, 3);
  if (line->status < 100 || !take(&text, " ")) return "no status after the request: expected three digits";
  if (!take(&text, "-") && number(&text, 1) < 0) return "no size after the status: expected digits or -";
  return NULL;
}

static int hex_value(uint8_t byte) {
  if (is_digit(byte)) return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* Takes a byte of a path, which may be written %7E. */
static uint8_t path_byte(Text *path) {
  uint8_t byte = path->ptr[0];
  int high = byte == '%' && path->len > 2 ? hex_value(path->ptr[1]) : -1;
  int low = high >= 0 ? hex_value(path->ptr[2]) : -1;
  skip(path, low >= 0 ? 3 : 1);
  return low >= 0 ? (uint8_t)(high * 16 + low) : byte;
}

static int in_name(uint8_t byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte == '-' || byte == '.';
}

#define LONGEST_NAME 64

/* Takes the owner of a path such as /~mara/cv.html and leaves /cv.html; the length of the name, 0 if it is nobody's. */
static size_t owner(Text *path, uint8_t name[LONGEST_NAME]) {
  size_t len = 0;
  if (!take(path, "/") || path->len == 0 || path_byte(path) != '~') return 0;
  while (path->len > 0 && path->ptr[0] != '/') {
    uint8_t byte = path_byte(path);
    if (len == LONGEST_NAME || !in_name(byte)) return 0;
    name[len++] = byte;
  }
  return len;
}

/* Whether a path is that of a page and not of something that a page is made of: a picture, a style, a script. */
static int is_page(Text path) {
  size_t name = path.len;
  while (name > 0 && path.ptr[name - 1] != '/') name--;
  skip(&path, name);
  return path.len == 0 || !memchr(path.ptr, '.', path.len) || ends_with(path, ".html") ||
         ends_with(path, ".htm") || ends_with(path, ".xhtml") || ends_with(path, ".php");
}

/* Whose page the line is a view of; NULL, or in few words what it is instead. */
static const char *view_of(const Line *line, uint8_t name[LONGEST_NAME], size_t *len) {
  Text request = line->request, method = until(&request, ' '), path;
  take(&request, " ");
  path = until(&request, ' ');
  path = until(&path, '?');
  *len = owner(&path, name);
  if (*len == 0) return "request for nobody's home page";
  if (!is(method, "GET")) return "request other than GET";
  if (line->status < 200 || line->status > 299) return "request that was not answered with 200 to 299";
  return is_page(path) ? NULL : "file that a home page is made of";
}

/* ---- Columns ---- */

/* Bytes that grow. */
typedef struct Buffer {
  uint8_t *bytes;
  size_t len, room;
} Buffer;

/* 0 if there is no memory. */
static int push(Buffer *buffer, const void *from, size_t n) {
  if (n > buffer->room - buffer->len) {
    size_t room = buffer->room ? buffer->room : 64;
    uint8_t *bytes;
    while (room - buffer->len < n) {
      if (room > SIZE_MAX / 2) return 0;
      room *= 2;
    }
    bytes = realloc(buffer->bytes, room);
    if (!bytes) return 0;
    buffer->bytes = bytes;
    buffer->room = room;
  }
  if (n > 0) memcpy(buffer->bytes + buffer->len, from, n);
  buffer->len += n;
  return 1;
}

/* The columns that this adapter has use for. No row has a null: where a kind of row does not use a column, what stands
 * there is not looked at. What is left out is null in every row; so an amount is 1. */
enum { RECORD, WORD, AT, TARGET, TEXT, OFFSET, LENGTH, COLUMNS };
static const char *const names[COLUMNS] = {"record", "word", "at", "target_text", "text", "offset", "length"};
static const char *const formats[COLUMNS] = {"C", "S", "l", "u", "u", "L", "L"};

/* A column owns its buffers, so that the host may keep one and release the others. */
typedef struct Column {
  Buffer values; /* of texts: where each begins, and where the last ends */
  Buffer text;
  const void *buffers[3]; /* as Arrow wants them: validity, values, text */
} Column;

static int push_text(Column *column, Text text) {
  int32_t end;
  if (!push(&column->text, text.ptr, text.len) || column->text.len > INT32_MAX) return 0;
  end = (int32_t)column->text.len;
  return push(&column->values, &end, sizeof end);
}

static void free_column(Column *column) {
  if (!column) return;
  free(column->values.bytes);
  free(column->text.bytes);
  free(column);
}

/* What the stream owns: the columns, until the host has asked for them. */
typedef struct Batch {
  Column *columns[COLUMNS];
  int64_t rows;
  const char *error;
} Batch;

static void free_batch(Batch *batch) {
  if (!batch) return;
  for (int i = 0; i < COLUMNS; i++) free_column(batch->columns[i]);
  free(batch);
}

/* NULL if there is no memory. */
static Batch *new_batch(void) {
  static const int32_t start = 0;
  Batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  for (int i = 0; i < COLUMNS; i++) {
    batch->columns[i] = calloc(1, sizeof *batch->columns[i]);
    if (!batch->columns[i] || (formats[i][0] == 'u' && !push(&batch->columns[i]->values, &start, sizeof start))) {
      free_batch(batch);
      return NULL;
    }
  }
  return batch;
}

typedef struct Row {
  uint8_t record;
  int64_t at;
  Text target, text;
  uint64_t offset, length;
} Row;

/* 0 if there is no memory. */
static int add_row(Batch *batch, const Row *row) {
  static const uint16_t view = 0; /* its place in the manifest */
  Column *const *columns = batch->columns;
  batch->rows++;
  return push(&columns[RECORD]->values, &row->record, sizeof row->record) &&
         push(&columns[WORD]->values, &view, sizeof view) &&
         push(&columns[AT]->values, &row->at, sizeof row->at) &&
         push_text(columns[TARGET], row->target) && push_text(columns[TEXT], row->text) &&
         push(&columns[OFFSET]->values, &row->offset, sizeof row->offset) &&
         push(&columns[LENGTH]->values, &row->length, sizeof row->length);
}

/* A line becomes a row: a view, something passed over, or a reject. 0 if there is no memory. */
static int add_line(Batch *batch, Text text, uint64_t offset) {
  uint8_t name[LONGEST_NAME];
  Row row = {RENOWN_INTERACTION, 0, {NULL, 0}, {NULL, 0}, 0, 0};
  Line line;
  const char *what;
  if (ends_with(text, "\n")) text.len--;
  if (ends_with(text, "\r")) text.len--;
  if (text.len == 0) return 1;
  what = read_line(text, &line);
  if (what) {
    row.record = RENOWN_REJECT;
    row.text = text_of(what);
    row.offset = offset;
    row.length = text.len;
    return add_row(batch, &row);
  }
  what = view_of(&line, name, &row.target.len);
  if (what) {
    row.record = RENOWN_PASSED_OVER;
    row.text = text_of(what);
    row.target.len = 0;
    return add_row(batch, &row);
  }
  row.at = line.at;
  row.target.ptr = name;
  return add_row(batch, &row);
}

/* ---- The batch as an Arrow stream. Whoever releases a struct sets its release to NULL. ---- */

/* Names and formats are static, so a child owns nothing; the parent owns the list. */
typedef struct Fields {
  struct ArrowSchema children[COLUMNS];
  struct ArrowSchema *list[COLUMNS];
} Fields;

static void release_field(struct ArrowSchema *schema) { schema->release = NULL; }

static void release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    if (schema->children[i]->release) schema->children[i]->release(schema->children[i]);
  }
  free(schema->private_data);
  schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  Fields *fields = calloc(1, sizeof *fields);
  memset(out, 0, sizeof *out);
  if (!fields) {
    ((Batch *)stream->private_data)->error = "out of memory";
    return ENOMEM;
  }
  for (int i = 0; i < COLUMNS; i++) {
    fields->children[i].format = formats[i];
    fields->children[i].name = names[i];
    fields->children[i].release = release_field;
    fields->list[i] = &fields->children[i];
  }
  out->format = "+s";
  out->name = "";
  out->n_children = COLUMNS;
  out->children = fields->list;
  out->release = release_schema;
  out->private_data = fields;
  return 0;
}

typedef struct Arrays {
  struct ArrowArray children[COLUMNS];
  struct ArrowArray *list[COLUMNS];
  const void *no_validity[1];
} Arrays;

static void release_column(struct ArrowArray *array) {
  free_column(array->private_data);
  array->release = NULL;
}

static void release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_children; i++) {
    if (array->children[i]->release) array->children[i]->release(array->children[i]);
  }
  free(array->private_data);
  array->release = NULL;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  Batch *batch = stream->private_data;
  Arrays *arrays;
  memset(out, 0, sizeof *out);
  if (batch->rows == 0) return 0; /* the end: a released array */
  arrays = calloc(1, sizeof *arrays);
  if (!arrays) {
    batch->error = "out of memory";
    return ENOMEM;
  }
  for (int i = 0; i < COLUMNS; i++) {
    Column *column = batch->columns[i];
    struct ArrowArray *array = &arrays->children[i];
    batch->columns[i] = NULL;
    column->buffers[1] = column->values.bytes;
    column->buffers[2] = column->text.bytes;
    array->length = batch->rows;
    array->n_buffers = formats[i][0] == 'u' ? 3 : 2;
    array->buffers = column->buffers;
    array->release = release_column;
    array->private_data = column;
    arrays->list[i] = array;
  }
  out->length = batch->rows;
  out->n_buffers = 1;
  out->buffers = arrays->no_validity;
  out->n_children = COLUMNS;
  out->children = arrays->list;
  out->release = release_array;
  out->private_data = arrays;
  batch->rows = 0;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  return ((Batch *)stream->private_data)->error;
}

static void release_stream(struct ArrowArrayStream *stream) {
  free_batch(stream->private_data);
  stream->release = NULL;
}

/* ---- The adapter ---- */

/* Messages are static, so there is nothing to release. */
static int32_t fail(RenownError *err, int32_t code, const char *message) {
  if (err) {
    err->code = code;
    err->message = str(message);
    err->byte_offset = UINT64_MAX;
    err->row = UINT64_MAX;
  }
  return code;
}

/* Called from several threads at once: all it changes is its own. */
static int32_t read_pieces(const RenownReader *reader, const RenownPiece *pieces, size_t n_pieces,
                           struct ArrowArrayStream *out, RenownError *err) {
  Batch *batch = new_batch();
  (void)reader;
  if (!batch) return fail(err, RENOWN_E_INTERNAL, "out of memory");
  for (size_t i = 0; i < n_pieces; i++) {
    Text rest = {pieces[i].bytes, pieces[i].len};
    while (rest.len > 0) {
      uint64_t offset = pieces[i].offset + (uint64_t)(rest.ptr - pieces[i].bytes);
      Text line = until(&rest, '\n');
      if (take(&rest, "\n")) line.len++;
      if (!add_line(batch, line, offset)) {
        free_batch(batch);
        return fail(err, RENOWN_E_INTERNAL, "out of memory");
      }
    }
  }
  out->get_schema = get_schema;
  out->get_next = get_next;
  out->get_last_error = get_last_error;
  out->release = release_stream;
  out->private_data = batch;
  return RENOWN_OK;
}

static int32_t recognise(void *ctx, const RenownFile *file, RenownStr *kind, RenownError *err) {
  Text head = {file->head.ptr, file->head.len};
  (void)ctx;
  (void)err;
  /* A log that was cut off at its beginning has a broken first line. */
  for (int i = 0; i < 2; i++) {
    Line line;
    Text first = until(&head, '\n');
    if (!read_line(first, &line)) {
      *kind = str("access-log");
      return RENOWN_OK;
    }
    take(&head, "\n");
  }
  return RENOWN_OK;
}

static int32_t open_file(void *ctx, const RenownFile *file, RenownStr kind, RenownStr options, RenownReader *out,
                         RenownError *err) {
  (void)ctx, (void)file, (void)kind, (void)options;
  if (out->struct_size < sizeof *out) return fail(err, RENOWN_E_UNSUPPORTED, "made for a newer Renown");
  out->struct_size = sizeof *out;
  out->framing = RENOWN_FRAMING_CSV; /* runs of whole lines: no header, and no quote that a line break may hide in */
  out->quote = -1;
  out->read = read_pieces;
  return RENOWN_OK; /* nothing is kept, so there is nothing to release */
}

/* ---- The manifest. Lines of the log inside JSON inside C: the macros take care of two rounds of quotes. ---- */

#define LOG(time, request, status) \
  "192.0.2.7 - - [" time "] \\\"" request " HTTP/1.1\\\" " status " 23 \\\"-\\\" \\\"Mozilla/5.0\\\"\\n"
#define CASE(name, input, records) \
  "{\"name\": \"" name "\", \"path\": \"access.log\", \"input\": \"" input \
  "\", \"kind\": \"access-log\", \"records\": \"" records "\"}"

static const char manifest[] =
    "{\"name\": \"weblog\", \"docs\": \"Reads access logs of web servers: views of people's home pages.\","
    "\"networks\": [{\"name\": \"web\", \"kinds\": [{\"name\": \"view\", \"unit\": \"views\","
    " \"docs\": \"A page below /~name/ was fetched; by whom is not said.\", \"default_weight\": [\"recent\", 0.2]}]}],"
    "\"files\": [{\"name\": \"access-log\", \"patterns\": [\"access.log*\", \"access_log*\"],"
    " \"docs\": \"An access log of Apache or nginx, in the combined or the common format.\","
    " \"yields\": \"views\", \"passed_over\": \"requests for other pages, for parts of pages, other than GET, and those"
    " that were not answered with 200 to 299\"}],"
    "\"example\": " CASE("two views", LOG("10/Oct/2000:13:55:36 -0700", "GET /~mara/", "200")
                         LOG("10/Oct/2000:20:55:37 +0000", "GET /~mara/cv.html?print", "200"),
                         "interaction web view at=2000-10-10T20:55:36Z target=mara\\n"
                         "interaction web view at=2000-10-10T20:55:37Z target=mara") ","
    "\"cases\": ["
    CASE("what is no view", LOG("29/Feb/2024:00:00:00 +0000", "GET /", "200")
                            LOG("29/Feb/2024:00:00:00 +0000", "GET /~a<b/", "200")
                            LOG("29/Feb/2024:00:00:00 +0000", "POST /~mara/", "200")
                            LOG("29/Feb/2024:00:00:00 +0000", "GET /~mara/x", "404")
                            LOG("29/Feb/2024:00:00:00 +0000", "GET /~mara/i/me.png", "200"),
         "pass-over request for nobody's home page\\npass-over request for nobody's home page\\n"
         "pass-over request other than GET\\npass-over request that was not answered with 200 to 299\\n"
         "pass-over file that a home page is made of") ","
    CASE("a tilde in hexadecimal, a quote in the request, a folder with a dot",
         LOG("31/Dec/1999:23:59:59 +0100", "GET /%7Emara", "200")
         LOG("31/Dec/1999:23:59:59 +0100", "GET /~bo.b/v1.2/?q=\\\\\\\"a b", "206"),
         "interaction web view at=1999-12-31T22:59:59Z target=mara\\n"
         "interaction web view at=1999-12-31T22:59:59Z target=bo.b") ","
    CASE("lines that are broken", LOG("10/Oct/2000:13:55:36 -0700", "GET /~mara/", "200")
                                  LOG("30/Feb/2000:13:55:36 -0700", "GET /~mara/", "200")
                                  LOG("10/Oct/2000:13:55:36 -0700", "GET /~mara/", "OK")
                                  "192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] \\\"GET /~mara/\\n\\r\\nno log\\n",
         "interaction web view at=2000-10-10T20:55:36Z target=mara\\n"
         "reject no such time: expected [10/Oct/2000:13:55:36 -0700], from 1970 to 2148\\n"
         "reject no status after the request: expected three digits\\n"
         "reject a request that does not end: expected a quote and a space\\n"
         "reject no time in brackets: expected [10/Oct/2000:13:55:36 -0700]")
    "]}";

/* ---- The plugin ---- */

/* Tables live as long as the process and are never written to. */
static const RenownAdapter adapter = {
    sizeof(RenownAdapter), 0, {(const uint8_t *)manifest, sizeof manifest - 1}, NULL, recognise, open_file};
static const RenownAdapter *const adapters[] = {&adapter};

RENOWN_EXPORT int32_t renown_plugin_init_v1(const RenownHost *host, RenownPlugin *out, RenownError *err) {
  (void)host; /* has a log and can be asked whether to stop: a batch is short, and there is nothing to say */
  if (out->struct_size < sizeof *out) return fail(err, RENOWN_E_UNSUPPORTED, "made for a newer Renown");
  out->struct_size = sizeof *out;
  out->abi_minor = RENOWN_ABI_MINOR;
  out->id = str("weblog");
  out->version = str("0.1.0");
  out->license = str("MIT OR Apache-2.0");
  out->build_info = str("C99");
  out->n_adapters = 1;
  out->adapters = adapters;
  return RENOWN_OK;
}
