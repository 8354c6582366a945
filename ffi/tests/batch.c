/* Batches from C: rows are what otd_check says of each, and wrong offsets are a status. Every buffer is
 * of exactly its size. Run under valgrind, helgrind and with AddressSanitizer. */
#include "outgoing_to_device_batch.h"
#include "test.h"

#include <pthread.h>
#include <stdbool.h>

static otd_policy *policy;
static otd_checker *checker;

static void *exactly(const void *data, size_t len) {
  void *copy = malloc(len);
  if (copy == NULL) exit(2);
  return memcpy(copy, data, len);
}

static bool bit(const struct ArrowArray *array, int buffer, size_t row) {
  const uint8_t *bits = array->buffers[buffer];
  return bits == NULL || (bits[row / 8] >> (row % 8) & 1);
}

static size_t place(const struct ArrowArray *array, uint32_t width, size_t row) {
  return width == 4 ? (size_t)((const int32_t *)array->buffers[1])[row] : (size_t)((const int64_t *)array->buffers[1])[row];
}

static bool is(const struct ArrowArray *array, uint32_t width, size_t row, otd_string text) {
  const size_t from = place(array, width, row), to = place(array, width, row + 1);
  return to - from == text.len && memcmp((const char *)array->buffers[2] + from, text.data, text.len) == 0;
}

/* A row of the answer beside a check of its own. */
static void same(const struct ArrowArray *answer, uint32_t width, size_t row, const char *body) {
  struct ArrowArray *accepted = answer->children[0], *normalized = answer->children[1], *lists = answer->children[2];
  struct ArrowArray **parts = lists->children[0]->children;
  const size_t len = strlen(body), from = place(lists, width, row), to = place(lists, width, row + 1);
  otd_outcome outcome;
  otd_report report;
  CHECK(otd_check(checker, policy, body, len, &outcome) == OTD_OK);
  CHECK(otd_report_of(checker, body, len, &report) == OTD_OK);
  CHECK(bit(accepted, 0, row) && bit(accepted, 1, row) == outcome.accepted);
  CHECK(bit(normalized, 0, row) == outcome.accepted);
  CHECK(!outcome.accepted || is(normalized, width, row, outcome.normalized));
  CHECK(bit(answer->children[3], 1, row) == outcome.truncated);
  CHECK(to - from == report.violations_len + report.warnings_len);
  for (size_t i = from; i < to; i++) {
    const size_t at = i - from;
    const otd_diagnostic *found =
        at < report.violations_len ? &report.violations[at] : &report.warnings[at - report.violations_len];
    const otd_string severity = found->severity == OTD_VIOLATION ? (otd_string){"violation", 9} : (otd_string){"warning", 7};
    CHECK(is(parts[0], width, i, severity) && is(parts[1], width, i, found->name));
    CHECK(is(parts[2], width, i, found->pointer) && is(parts[5], width, i, found->message));
    CHECK(((const int32_t *)parts[3]->buffers[1])[i] == (int32_t)found->offset);
    CHECK(((const int32_t *)parts[4]->buffers[1])[i] == (int32_t)found->length);
  }
}

enum { ROWS = BODIES };

/* The bodies of test.h with a row in front that is not read and a null row behind, in parts as small as the limit makes
 * them. */
static void rows(uint32_t width, size_t limit) {
  char values[8192];
  int64_t wide[ROWS + 3] = {0, 4};
  int32_t narrow[ROWS + 3];
  size_t len = 4;
  memcpy(values, "xxxx", 4);
  for (int i = 0; i < ROWS; i++) {
    memcpy(values + len, bodies[i], strlen(bodies[i]));
    len += strlen(bodies[i]);
    wide[i + 2] = (int64_t)len;
  }
  wide[ROWS + 2] = (int64_t)len;
  for (int i = 0; i < ROWS + 3; i++) narrow[i] = (int32_t)wide[i];
  void *const own_values = exactly(values, len);
  void *const offsets = width == 4 ? exactly(narrow, sizeof narrow) : exactly(wide, sizeof wide);
  uint8_t valid[(ROWS + 2 + 7) / 8];
  memset(valid, 0xFF, sizeof valid);
  valid[(ROWS + 1) / 8] &= (uint8_t)~(1u << (ROWS + 1) % 8);
  void *const validity = exactly(valid, sizeof valid);
  otd_column column = {own_values, len, offsets, width, validity, 1, ROWS + 1};
  size_t seen = 0;
  while (column.rows > 0) {
    struct ArrowArray answer;
    CHECK(otd_check_batch(checker, policy, &column, limit, &answer) == OTD_OK && answer.length > 0);
    for (size_t row = 0; row < (size_t)answer.length; row++, seen++) {
      if (seen < ROWS) same(&answer, width, row, bodies[seen]);
      else CHECK(!bit(answer.children[0], 0, row) && !bit(answer.children[1], 0, row) && !bit(answer.children[2], 0, row));
    }
    column.first += (size_t)answer.length;
    column.rows -= (size_t)answer.length;
    answer.release(&answer);
    CHECK(answer.release == NULL);
  }
  CHECK(seen == ROWS + 1);
  free(own_values);
  free(offsets);
  free(validity);
}

static void wrong(void) {
  const int32_t cases[][3] = {{-1, 0, 2}, {0, -1, 2}, {0, 2, 1}, {0, 2, 3}, {3, 3, 3}, {0, INT32_MAX, INT32_MAX}};
  char *const values = exactly("{}", 2);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int32_t *const offsets = exactly(cases[i], sizeof cases[i]);
    const otd_column column = {values, 2, offsets, 4, NULL, 0, 2};
    struct ArrowArray answer;
    memset(&answer, 0xAA, sizeof answer);
    CHECK(otd_check_batch(checker, policy, &column, SIZE_MAX, &answer) == OTD_INVALID_COLUMN);
    CHECK(answer.release == NULL && answer.length == 0);
    CHECK(strstr(otd_status_text(OTD_INVALID_COLUMN), "offsets") != NULL);
    free(offsets);
  }
  free(values);
}

/* Whoever takes an answer may move a child away, and free it after the rest and after the checker. */
static struct ArrowArray moved_child(void) {
  const int32_t offsets[] = {0, 2};
  const otd_column column = {"{}", 2, offsets, 4, NULL, 0, 1};
  struct ArrowArray answer, moved;
  CHECK(otd_check_batch(checker, policy, &column, SIZE_MAX, &answer) == OTD_OK);
  moved = *answer.children[2];
  answer.children[2]->release = NULL;
  answer.release(&answer);
  return moved;
}

/* Threads share a policy and a column, each with a checker of its own; another one takes and frees the answer. */
static otd_column shared;

static void *check_shared(void *answer) {
  otd_checker *own;
  if (otd_checker_new(&own) != OTD_OK) return NULL;
  const otd_status status = otd_check_batch(own, policy, &shared, SIZE_MAX, answer);
  otd_checker_free(own);
  return status == OTD_OK ? answer : NULL;
}

static void threads(void) {
  char values[8192];
  int32_t ends[ROWS + 1] = {0};
  pthread_t thread[4];
  struct ArrowArray answers[4];
  for (int i = 0; i < ROWS; i++) {
    memcpy(values + ends[i], bodies[i], strlen(bodies[i]));
    ends[i + 1] = ends[i] + (int32_t)strlen(bodies[i]);
  }
  shared = (otd_column){values, (size_t)ends[ROWS], ends, 4, NULL, 0, ROWS};
  for (int i = 0; i < 4; i++)
    if (pthread_create(&thread[i], NULL, check_shared, &answers[i]) != 0) exit(2);
  for (int i = 0; i < 4; i++) {
    void *answer;
    CHECK(pthread_join(thread[i], &answer) == 0 && answer == &answers[i]);
    if (answer == NULL) continue;
    CHECK(answers[i].length == ROWS);
    for (size_t row = 0; row < ROWS; row++) same(&answers[i], 4, row, bodies[row]);
    answers[i].release(&answers[i]);
  }
}

int main(void) {
  CHECK(otd_policy_default(&policy) == OTD_OK && otd_checker_new(&checker) == OTD_OK);
  for (uint32_t width = 4; width <= 8; width += 4) {
    rows(width, SIZE_MAX);
    rows(width, 700);
    rows(width, 0);
  }
  wrong();
  threads();
  struct ArrowArray moved = moved_child();
  otd_checker_free(checker);
  otd_policy_free(policy);
  CHECK(moved.length == 1 && moved.n_children == 1 && moved.children[0]->length > 0);
  moved.release(&moved);
  return finish("batch");
}
