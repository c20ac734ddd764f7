/* A formula in C, without `parts`: scale times the product of all features that are known, times 0 if one is not. */
#include "renown_plugin.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(text) {(const uint8_t *)(text), sizeof(text) - 1}

typedef struct {
  double scale;
  size_t n;
} State;

static int32_t fault(RenownError *err, int32_t code, RenownStr message, RenownStr context) {
  err->code = code;
  err->message = message;
  err->context = context;
  return code;
}

static int32_t create(void *ctx, const RenownStr *features, const double *weights, size_t n, RenownStr params,
                      void **state, RenownError *err) {
  (void)ctx, (void)features, (void)weights;
  char json[256];
  if (params.len >= sizeof json) return RENOWN_E_INVALID;
  memcpy(json, params.ptr, params.len);
  json[params.len] = 0;
  const char *at = strstr(json, "\"scale\":");
  double scale = at ? strtod(at + 8, NULL) : 1.0;
  if (scale <= 0) {
    const RenownStr message = TEXT("scale must be more than 0"), context = TEXT("scale");
    return fault(err, RENOWN_E_INVALID, message, context);
  }
  State *made = malloc(sizeof *made);
  if (!made) return RENOWN_E_INTERNAL;
  *made = (State){scale, n};
  *state = made;
  return RENOWN_OK;
}

static int32_t points(void *state, const RenownColumn *columns, size_t n_columns, size_t n_rows, double *out,
                      RenownError *err) {
  const State *s = state;
  for (size_t row = 0; row < n_rows; row++) {
    double product = n_columns ? s->scale : 0;
    for (size_t i = 0; i < n_columns; i++) {
      int known = !columns[i].validity || columns[i].validity[row / 8] >> row % 8 & 1;
      product *= known ? columns[i].values[row] : 0;
    }
    if (product == 666) { /* so that a test can see a failure */
      const RenownStr message = TEXT("no such number"), context = {0, 0};
      return fault(err, RENOWN_E_INTERNAL, message, context);
    }
    out[row] = product;
  }
  return RENOWN_OK;
}

static void destroy(void *state) { free(state); }

static const RenownFormula PRODUCT = {
    .struct_size = sizeof(RenownFormula),
    .flags = RENOWN_FORMULA_MONOTONE,
    .name = TEXT("product"),
    .docs = TEXT("The product of all features, times scale."),
    .params_json = TEXT("[{\"name\": \"scale\", \"type\": \"number\", \"docs\": \"a factor\", \"default\": 2}]"),
    .create = create,
    .points = points,
    .destroy = destroy,
};
static const RenownFormula *const FORMULAS[] = {&PRODUCT};

RENOWN_EXPORT int32_t renown_plugin_init_v1(const RenownHost *host, RenownPlugin *out, RenownError *err) {
  (void)host, (void)err;
  out->abi_minor = RENOWN_ABI_MINOR;
  out->id = (RenownStr)TEXT("in-c");
  out->version = (RenownStr)TEXT("1.2.3");
  out->license = (RenownStr)TEXT("MIT");
  out->n_formulas = 1;
  out->formulas = FORMULAS;
  return RENOWN_OK;
}
