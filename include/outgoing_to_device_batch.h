/*
 * outgoing-to-device, batches: a column of bodies is checked in one call, for engines that work on columns.
 *
 * Made from batch/src by `cargo run -p outgoing-to-device-header`; not to be edited. The library is the same,
 * and so are the three rules, of which outgoing_to_device.h speaks, but that an answer belongs to the caller.
 *
 * A column comes as Arrow's plain buffers with the length of its values, so that no offset can lead out of
 * them. The answer goes through Arrow's C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html): two small structures whose layout is frozen,
 * which pyarrow, DuckDB, Polars, DataFusion, nanoarrow and others import without a copy and without code of
 * ours, and which say how they are freed, so that an answer outlives its checker. Nothing of Arrow is linked.
 */


#ifndef OUTGOING_TO_DEVICE_BATCH_H
#define OUTGOING_TO_DEVICE_BATCH_H

#include "outgoing_to_device.h"

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/** The type of an array: Arrow's own structure, as all who speak its C data interface declare it. */
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

/** An array: Arrow's own structure, as all who speak its C data interface declare it. */
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

#endif  /* ARROW_C_DATA_INTERFACE */



/**
 * A column of bodies in Arrow's layout: an array of `binary`, `utf8`, `large_binary` or `large_utf8`, or a
 * slice of one.
 */
typedef struct otd_column {
  /** The bytes of all rows, one behind the other. */
  const void *values;
  /** How many bytes: no offset may lead out of them. */
  size_t values_len;
  /**
   * Where the rows begin, and where the last one ends: `first + rows + 1` numbers of type `int32_t` or
   * `int64_t`, none less than the one before it. They need not be aligned.
   */
  const void *offsets;
  /** The width of an offset: 4 or 8. The answer has offsets of the same width. */
  uint32_t offset_bytes;
  /**
   * Which rows are not null: bit `row % 8` of byte `row / 8`, counted from 0 whatever `first` is; NULL if
   * none is null.
   */
  const void *validity;
  /** The row to begin with, which Arrow calls an array's offset. */
  size_t first;
  /** How many rows to check. */
  size_t rows;
} otd_column;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Checks a column of bodies: each row as `otd_check` would.
 *
 * `column` and its memory are read during the call only. `array` becomes an Arrow array of the type that
 * `otd_batch_schema` gives for the column's `offset_bytes`, with one row for each of the column's. The
 * caller owns it, and frees it with `array->release(array)` or gives it to whoever imports Arrow's C data
 * interface. It is no view of the checker, and may be freed later and on any thread. No row has an
 * allocation of its own: buffers double as they grow.
 *
 * `limit`: the most bytes that the answer's buffers may hold together; SIZE_MAX for no limit. While they
 * grow they take up to twice as much. Where `offset_bytes` is 4, the limit is INT32_MAX at most, so that no
 * offset wraps. A row that would cross the limit is left out, with all rows behind it, but for the first
 * one, which is always answered. So if `array->length` is less than `column->rows`, add it to `first`, take
 * it from `rows`, and call again.
 *
 * Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and with `OTD_INVALID_COLUMN` if an offset is
 * negative, less than the one before it or behind `values_len`, or if `offset_bytes` is neither 4 nor 8; then
 * `*array` is all 0.
 *
 * ```c
 * const char bodies[] = "{}[]";
 * const int32_t ends[] = {0, 2, 4};
 * const otd_column column = {bodies, 4, ends, 4, NULL, 0, 2};
 * struct ArrowArray answer;
 * if (otd_check_batch(checker, policy, &column, SIZE_MAX, &answer) == OTD_OK) {
 *     printf("%d of 2 rejected\n", (int)answer.children[1]->null_count);
 *     answer.release(&answer);
 * }
 * ```
 */
OTD_MUST_USE
otd_status otd_check_batch(otd_checker *checker,
                           const otd_policy *policy,
                           const struct otd_column *column,
                           size_t limit,
                           struct ArrowArray *array);

/**
 * Tells the type of the answers of `otd_check_batch`.
 *
 * `offset_bytes`: as in the column, 4 or 8. The type is a struct, which engines take for a table; with 8,
 * `utf8` and `list` are `large_utf8` and `large_list`:
 *
 * | column | type | null where |
 * |---|---|---|
 * | `accepted` | `bool` | the body is null |
 * | `normalized` | `utf8` | the body is null or rejected |
 * | `diagnostics` | `list<struct<severity: utf8, code: utf8, pointer: utf8, offset: int32, length: int32, message: utf8>>` | the body is null |
 * | `truncated` | `bool` | the body is null |
 *
 * A row's diagnostics are its violations, then its warnings, as `severity` says: `violation` or `warning`.
 * `code` is the code's name; all else is what `otd_diagnostic` and `otd_outcome` say of the member of that
 * name. `schema` is freed as an array is. Any thread may call it. Fails with `OTD_NULL`,
 * `OTD_OUT_OF_MEMORY`, `OTD_INVALID_COLUMN`; then `*schema` is all 0.
 *
 * ```c
 * struct ArrowSchema type;
 * if (otd_batch_schema(4, &type) == OTD_OK) {
 *     for (int64_t i = 0; i < type.n_children; i++) puts(type.children[i]->name);
 *     type.release(&type);
 * }
 * ```
 */
OTD_MUST_USE
otd_status otd_batch_schema(uint32_t offset_bytes,
                            struct ArrowSchema *schema);

#ifdef __cplusplus
}
#endif

#endif  /* OUTGOING_TO_DEVICE_BATCH_H */
