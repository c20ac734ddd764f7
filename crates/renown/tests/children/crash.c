/* A plugin that does what the first word of its file says. No host could survive it in its own process. */
#include "renown_plugin.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static RenownStr str(const char *text) {
  RenownStr out = {(const uint8_t *)text, strlen(text)};
  return out;
}

static int ends_with(RenownStr text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

static jmp_buf nowhere;

static void leave(void) { (void)setjmp(nowhere); }

static int32_t read_pieces(const RenownReader *reader, const RenownPiece *pieces, size_t n_pieces,
                           struct ArrowArrayStream *out, RenownError *err) {
  (void)reader, (void)out;
  char word[16] = {0};
  if (n_pieces > 0) memcpy(word, pieces[0].bytes, pieces[0].len < 15 ? pieces[0].len : 15);
  if (strncmp(word, "segfault", 8) == 0) *(volatile int *)16 = 1;
  if (strncmp(word, "abort", 5) == 0) abort();
  if (strncmp(word, "exit", 4) == 0) exit(5);
  if (strncmp(word, "longjmp", 7) == 0) {
    leave();
    longjmp(nowhere, 1);
  }
  if (strncmp(word, "spin", 4) == 0)
    for (volatile int go = 1; go;) {
    }
  if (strncmp(word, "close", 5) == 0)
    for (int file = 0; file < 64; file++) close(file);
  if (strncmp(word, "kill", 4) == 0) err->message = str(kill(getppid(), SIGKILL) == 0 ? "killed" : "may not");
  /* What is printed is not to disturb the protocol. */
  if (strncmp(word, "print", 5) == 0) {
    puts("{\"bytes\": 0}");
    fflush(stdout);
    err->message = str("has printed");
  }
  err->code = RENOWN_E_INTERNAL;
  return err->code;
}

static int32_t recognise(void *ctx, const RenownFile *file, RenownStr *kind, RenownError *err) {
  (void)ctx, (void)err;
  if (ends_with(file->path, ".crash")) *kind = str("crash");
  return RENOWN_OK;
}

static int32_t open_file(void *ctx, const RenownFile *file, RenownStr kind, RenownStr options, RenownReader *out,
                         RenownError *err) {
  (void)ctx, (void)file, (void)kind, (void)options, (void)err;
  out->framing = RENOWN_FRAMING_CSV;
  out->quote = -1;
  out->read = read_pieces;
  return RENOWN_OK;
}

static const RenownAdapter adapter = {
    .struct_size = sizeof adapter,
    .recognise = recognise,
    .open = open_file,
};

static RenownAdapter filled;
static const RenownAdapter *adapters[1] = {&filled};

RENOWN_EXPORT int32_t renown_plugin_init_v1(const RenownHost *host, RenownPlugin *out, RenownError *err) {
  (void)host, (void)err;
  filled = adapter;
  filled.manifest_json = str("{\"name\": \"crash\", \"docs\": \"Crashes.\", \"files\": [{\"name\": \"crash\", "
                             "\"docs\": \"Words.\"}], \"example\": {\"name\": \"one\", \"path\": \"a.crash\", "
                             "\"input\": \"well\", \"kind\": \"crash\"}}");
  out->id = str("crash");
  out->version = str("2.3.4");
  out->license = str("MIT");
  out->n_adapters = 1;
  out->adapters = adapters;
  return RENOWN_OK;
}
