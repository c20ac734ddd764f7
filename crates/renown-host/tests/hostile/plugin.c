/* A good, minimal plugin, which FAULT spoils in one place: compiled once for each fault, with -DFAULT='"name"'. */
#include "renown_plugin.h"

#include <errno.h>
#include <string.h>

#ifndef FAULT
#define FAULT ""
#endif

static int is(const char *fault) { return strcmp(FAULT, fault) == 0; }

static RenownStr str(const char *text) {
  RenownStr out = {(const uint8_t *)text, strlen(text)};
  return out;
}

static char long_message[100000];

static int32_t fail(RenownError *err, int32_t code) {
  err->code = code;
  err->message = str("says no");
  if (is("error_without_message")) err->message.len = 0;
  if (is("error_null_message")) err->message.ptr = NULL;
  if (is("error_control_characters")) err->message = str("red \x1b[31m\x07\r\nline");
  if (is("error_bad_utf8")) err->message = str("caf\xe9 \xff");
  if (is("error_long")) {
    memset(long_message, 'a', sizeof long_message);
    err->message.ptr = (const uint8_t *)long_message;
    err->message.len = sizeof long_message;
  }
  return code;
}

/* ---- Records: two interactions ---- */

static const uint8_t record_values[] = {RENOWN_INTERACTION, RENOWN_INTERACTION};
static const uint8_t record_unknown[] = {RENOWN_INTERACTION, 99};
static const uint8_t record_number[] = {RENOWN_NUMBER, RENOWN_NUMBER};
static const uint8_t record_number_second[] = {RENOWN_INTERACTION, RENOWN_NUMBER};
static const uint8_t record_post[] = {RENOWN_INTERACTION, RENOWN_POST};
static const uint8_t record_observation[] = {RENOWN_INTERACTION, RENOWN_OBSERVATION};
static const uint8_t record_handle[] = {RENOWN_INTERACTION, RENOWN_HANDLE};
static const uint8_t record_passed_over[] = {RENOWN_INTERACTION, RENOWN_PASSED_OVER};
static const uint8_t no_bits[] = {0};
static const uint16_t zeros[] = {0, 0};
static const uint16_t sevens[] = {0, 7};
static const int64_t at_values[] = {0, 1000000};
static const int64_t at_early[] = {0, -1};
static const int64_t at_late[] = {0, INT64_MAX};
static const int32_t offsets[] = {0, 2, 4};
static const int32_t offsets_falling[] = {0, 4, 2};
static const int32_t offsets_negative[] = {-2, 2, 4};
static const int32_t offsets_cutting[] = {0, 1, 4};
static const int32_t offsets_huge[] = {0, 2, INT32_MAX};
static const uint64_t amounts[] = {1, 1};

#define COLUMNS 6
enum { RECORD, WORD, NETWORK, AT, ACTOR, AMOUNT };

static const char *names[COLUMNS] = {"record", "word", "network", "at", "actor_text", "amount"};
static const char *formats[COLUMNS] = {"C", "S", "S", "l", "u", "L"};
static const void *buffers[COLUMNS][3] = {{NULL, record_values, NULL}, {NULL, zeros, NULL},
                                          {NULL, zeros, NULL},         {NULL, at_values, NULL},
                                          {NULL, offsets, "\xc3\xa9" "ab"}, {NULL, amounts, NULL}};

static void spoil_columns(void) {
  if (is("column_missing_word")) names[WORD] = "other";
  if (is("column_missing_record")) names[RECORD] = "other";
  if (is("column_wrong_type")) { formats[WORD] = "L"; buffers[WORD][1] = amounts; }
  if (is("column_foreign_type")) formats[AT] = "tsm:UTC";
  if (is("column_foreign_type_required")) formats[WORD] = "i";
  if (is("column_twice")) names[NETWORK] = "word";
  if (is("column_no_name")) names[AT] = NULL;
  if (is("column_no_type")) formats[AT] = NULL;
  if (is("column_type_mangled")) formats[AT] = "\xff\x1b[31m";
  if (is("record_unknown")) buffers[RECORD][1] = record_unknown;
  if (is("record_null")) buffers[RECORD][0] = no_bits;
  if (is("number_first")) buffers[RECORD][1] = record_number;
  if (is("number_below_act")) buffers[RECORD][1] = record_number_second;
  if (is("post_without_object")) buffers[RECORD][1] = record_post;
  if (is("observation_without_metric")) buffers[RECORD][1] = record_observation;
  if (is("handle_without_text")) buffers[RECORD][1] = record_handle;
  if (is("passed_over_without_text")) buffers[RECORD][1] = record_passed_over;
  if (is("kind_undeclared")) buffers[WORD][1] = sevens;
  if (is("word_null")) buffers[WORD][0] = no_bits;
  if (is("network_undeclared")) buffers[NETWORK][1] = sevens;
  if (is("time_early")) buffers[AT][1] = at_early;
  if (is("time_late")) buffers[AT][1] = at_late;
  if (is("values_null")) buffers[AT][1] = NULL;
  if (is("values_unaligned")) buffers[AT][1] = (const char *)at_values + 1;
  if (is("offsets_null")) buffers[ACTOR][1] = NULL;
  if (is("offsets_falling")) buffers[ACTOR][1] = offsets_falling;
  if (is("offsets_negative")) buffers[ACTOR][1] = offsets_negative;
  if (is("offsets_cutting")) buffers[ACTOR][1] = offsets_cutting;
  if (is("texts_null")) buffers[ACTOR][2] = NULL;
  if (is("texts_null_huge")) { buffers[ACTOR][1] = offsets_huge; buffers[ACTOR][2] = NULL; }
  if (is("texts_bad_utf8")) buffers[ACTOR][2] = "\xff\xfe" "ab";
}

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

static struct ArrowSchema fields[COLUMNS];
static struct ArrowSchema *field_list[COLUMNS];
static struct ArrowArray columns[COLUMNS];
static struct ArrowArray *column_list[COLUMNS];

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  (void)stream;
  if (is("schema_fails")) return EINVAL;
  spoil_columns();
  for (int i = 0; i < COLUMNS; i++) {
    memset(&fields[i], 0, sizeof fields[i]);
    fields[i].name = names[i];
    fields[i].format = formats[i];
    fields[i].release = release_schema;
    field_list[i] = &fields[i];
  }
  memset(out, 0, sizeof *out);
  out->format = is("schema_no_struct") ? "L" : is("schema_null_format") ? NULL : "+s";
  out->n_children = is("schema_negative") ? -1 : is("schema_many") ? INT64_MAX : COLUMNS;
  out->children = is("schema_null_children") ? NULL : field_list;
  if (is("schema_null_child")) field_list[AT] = NULL;
  out->release = is("schema_released") ? NULL : release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  int64_t rows = 2;
  memset(out, 0, sizeof *out);
  if (is("next_fails") || is("next_fails_silently") || is("next_fails_garbled")) return EIO;
  if (stream->private_data && !is("stream_endless") && !is("stream_empty")) return 0;
  stream->private_data = stream;
  if (is("stream_empty")) rows = 0;
  for (int i = 0; i < COLUMNS; i++) {
    memset(&columns[i], 0, sizeof columns[i]);
    columns[i].length = rows;
    columns[i].n_buffers = i == ACTOR ? 3 : 2;
    columns[i].buffers = buffers[i];
    columns[i].release = release_array;
    column_list[i] = &columns[i];
  }
  if (is("column_short")) columns[AT].length = 1;
  if (is("column_negative")) columns[AT].length = -1;
  if (is("column_offset")) columns[AT].offset = -1;
  if (is("column_buffers")) columns[AT].n_buffers = 1;
  if (is("column_null_buffers")) columns[AT].buffers = NULL;
  if (is("column_nulls_without_bits")) columns[AT].null_count = 1;
  if (is("batch_null_child")) column_list[AT] = NULL;
  out->length = rows;
  /* Within what one batch may have, but far more than there is: nothing of it may be touched. */
  if (is("rows_many")) out->length = 1 << 27;
  if (is("rows_many")) for (int i = 0; i < COLUMNS; i++) columns[i].length = 1 << 27;
  if (is("rows_2_to_40")) out->length = INT64_C(1) << 40;
  if (is("rows_negative")) out->length = -1;
  if (is("rows_offset")) out->offset = -1;
  if (is("rows_null")) out->null_count = 1;
  out->n_children = is("batch_more_columns") ? COLUMNS + 1 : COLUMNS;
  out->children = is("batch_null_children") ? NULL : column_list;
  out->release = is("batch_released") ? NULL : release_array;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  if (is("next_fails_silently")) return NULL;
  return is("next_fails_garbled") ? "red \x1b[31mdisk\n" : "the disk is gone";
}

/* ---- The adapter ---- */

static int32_t read_pieces(const RenownReader *reader, const RenownPiece *pieces, size_t n_pieces,
                           struct ArrowArrayStream *out, RenownError *err) {
  (void)reader, (void)pieces, (void)n_pieces;
  if (is("read_fails")) return fail(err, RENOWN_E_IO);
  if (is("read_gives_no_stream")) return RENOWN_OK;
  out->get_schema = is("stream_no_get_schema") ? NULL : get_schema;
  out->get_next = is("stream_no_get_next") ? NULL : get_next;
  out->get_last_error = is("schema_fails") ? NULL : get_last_error;
  out->release = release_stream;
  return RENOWN_OK;
}

static int32_t recognise(void *ctx, const RenownFile *file, RenownStr *kind, RenownError *err) {
  (void)ctx, (void)file;
  if (strncmp(FAULT, "error_", 6) == 0) return fail(err, is("error_unknown_code") ? 4711 : RENOWN_E_INTERNAL);
  *kind = str(is("kind_of_file_undeclared") ? "nobody" : is("kind_of_file_bad_utf8") ? "\xff" : "lines");
  if (is("kind_of_file_null")) kind->ptr = NULL;
  return RENOWN_OK;
}

static int32_t open_file(void *ctx, const RenownFile *file, RenownStr kind, RenownStr options, RenownReader *out,
                         RenownError *err) {
  (void)ctx, (void)file, (void)kind, (void)options;
  if (is("open_data")) return fail(err, RENOWN_E_DATA);
  if (is("open_invalid")) return fail(err, RENOWN_E_INVALID);
  if (is("open_unsupported")) return fail(err, RENOWN_E_UNSUPPORTED);
  if (is("reader_empty")) return RENOWN_OK + 0 * (out->framing = RENOWN_FRAMING_JSON);
  out->framing = is("reader_framing") ? 42 : is("reader_parts") ? RENOWN_FRAMING_PARTS : RENOWN_FRAMING_CSV;
  out->parts = UINT64_MAX;
  out->quote = -1;
  if (is("reader_small")) out->struct_size = 4;
  out->read = read_pieces;
  return RENOWN_OK;
}

#define MANIFEST(name, network)                                                                                    \
  "{\"name\": \"" name "\", \"docs\": \"Two likes.\", \"networks\": [{\"name\": \"" network "\", \"kinds\": "      \
  "[{\"name\": \"like\", \"unit\": \"acts\", \"docs\": \"A like.\", \"default_weight\": [\"weighted\", 1.0]}]}], " \
  "\"files\": [{\"name\": \"lines\", \"docs\": \"Lines.\"}], \"example\": {\"name\": \"one\", \"path\": \"a\", "   \
  "\"input\": \"x\", \"kind\": \"lines\"}}"

static RenownAdapter adapter;
static RenownFormula formula;
static const RenownAdapter *adapters[1];
static const RenownFormula *formulas[1];

#if defined(WRONG_VERSION)
#define renown_plugin_init_v1 renown_plugin_init_v2
#elif defined(NO_SYMBOL)
#define renown_plugin_init_v1 something_else
#endif

RENOWN_EXPORT int32_t renown_plugin_init_v1(const RenownHost *host, RenownPlugin *out, RenownError *err) {
  (void)host;
  if (is("init_fails")) return fail(err, RENOWN_E_UNSUPPORTED);
  if (is("init_does_nothing")) return RENOWN_OK;
  adapter.struct_size = is("adapter_small") ? 8 : sizeof adapter;
  adapter.manifest_json = str(MANIFEST("hostile", "net"));
  if (is("manifest_no_json")) adapter.manifest_json = str("name = hostile");
  if (is("manifest_bad_utf8")) adapter.manifest_json = str("{\"name\": \"\xff\"}");
  if (is("manifest_null")) adapter.manifest_json.ptr = NULL;
  if (is("manifest_huge")) adapter.manifest_json.len = SIZE_MAX;
  if (is("manifest_bad_name")) adapter.manifest_json = str(MANIFEST("Bad Name", "net"));
  if (is("manifest_bad_network")) adapter.manifest_json = str(MANIFEST("hostile", "../net"));
  adapter.recognise = is("null_recognise") ? NULL : recognise;
  adapter.open = is("null_open") ? NULL : open_file;
  formula.struct_size = sizeof formula;
  adapters[0] = is("adapter_null") ? NULL : &adapter;
  formulas[0] = &formula;
  out->struct_size = is("plugin_small") ? 4 : sizeof *out;
  out->id = str(is("id_bad") ? "../Hostile" : "hostile");
  out->version = str(is("version_bad_utf8") ? "\xff" : is("version_control") ? "1\x1b[31m" : is("version_empty") ? "" : "1.0.0");
  out->license = str("MIT");
  out->n_adapters = is("adapters_many") ? SIZE_MAX : is("nothing_inside") ? 0 : 1;
  out->adapters = is("adapters_null") ? NULL : adapters;
  out->n_formulas = is("formula_empty") ? 1 : 0;
  out->formulas = formulas;
  return RENOWN_OK;
}
