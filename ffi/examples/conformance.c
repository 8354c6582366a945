/* The C conformance host: answers lines of the standard input on the standard output, through the
 * C interface. tests/conformance says what it reads and writes. */
#define _POSIX_C_SOURCE 200809L
#include "case.h"
#include "outgoing_to_device.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* JSON with nothing escaped but what must be. */
static void write_string(const char *text, size_t len) {
  putchar('"');
  for (size_t i = 0; i < len; i++) {
    static const char controls[] = "\b\t\n\f\r", letters[] = "btnfr";
    const unsigned char byte = (unsigned char)text[i];
    const char *control = byte == 0 ? NULL : strchr(controls, byte);
    if (byte == '"' || byte == '\\') printf("\\%c", byte);
    else if (control) printf("\\%c", letters[control - controls]);
    else if (byte < 0x20) printf("\\u%04x", byte);
    else putchar(byte);
  }
  putchar('"');
}

static void write_member(const char *name, otd_string value) {
  if (value.data == NULL) return;
  printf(",\"%s\":", name);
  write_string(value.data, value.len);
}

static void need(otd_status status) {
  if (status == OTD_OK) return;
  fprintf(stderr, "conformance: %s\n", otd_status_text(status));
  exit(2);
}

static void write_fix(otd_fix fix) {
  for (size_t i = 0; i < fix.edits_len; i++) {
    const otd_edit *edit = &fix.edits[i];
    printf("%s{\"offset\":%" PRIu32 ",\"length\":%" PRIu32 ",\"text\":", i ? "," : ",\"fix\":[", edit->offset,
           edit->length);
    write_string(edit->text.data, edit->text.len);
    putchar('}');
  }
  if (fix.edits_len) putchar(']');
}

/* Diagnostics of the text that the checker has read last. */
static void write_diagnostics(otd_checker *checker, const char *text, size_t text_len, const otd_diagnostic *list,
                              size_t len) {
  putchar('[');
  for (size_t i = 0; i < len; i++) {
    const otd_diagnostic *d = &list[i];
    printf("%s{\"code\":\"%s\"", i ? "," : "", d->name.data);
    write_member("pointer", d->pointer);
    printf(",\"offset\":%" PRIu32 ",\"length\":%" PRIu32 ",\"line\":%" PRIu32 ",\"column\":%" PRIu32, d->offset,
           d->length, d->line, d->column);
    if (d->has & OTD_HAS_RELATED)
      printf(",\"related\":{\"offset\":%" PRIu32 ",\"length\":%" PRIu32 "}", d->related_offset, d->related_length);
    if (d->has & OTD_HAS_LIMIT) printf(",\"limit\":%" PRIu64, d->limit);
    if (d->has & OTD_HAS_ACTUAL) printf(",\"actual\":%" PRIu64, d->actual);
    write_member("actual", d->actual_type);
    write_member("expected", d->expected);
    write_member("channel", d->channel);
    write_member("suggestion", d->suggestion);
    write_member("belongs_to", d->belongs_to);
    otd_fix fix;
    need(otd_fix_of(checker, text, text_len, d, &fix));
    write_fix(fix);
    putchar('}');
  }
  putchar(']');
}

static void answer(otd_checker *checker, const otd_policy *policy, test_case test) {
  otd_policy *own = NULL;
  otd_outcome outcome;
  otd_report report;
  if (test.policy != NULL) {
    need(otd_policy_read(checker, test.policy, test.policy_len, &own, &outcome));
    if (!outcome.accepted) {
      need(otd_report_of(checker, test.policy, test.policy_len, &report));
      printf("\"policy_faults\":");
      write_diagnostics(checker, test.policy, test.policy_len, report.violations, report.violations_len);
      return;
    }
  }
  need(otd_check(checker, own ? own : policy, test.body, test.body_len, &outcome));
  otd_policy_free(own);
  need(otd_report_of(checker, test.body, test.body_len, &report));
  printf("\"outcome\":{\"ok\":%s,", outcome.accepted ? "true" : "false");
  if (outcome.accepted) {
    printf("\"request\":");
    write_string(outcome.normalized.data, outcome.normalized.len);
  } else {
    printf("\"violations\":");
    write_diagnostics(checker, test.body, test.body_len, report.violations, report.violations_len);
  }
  printf(",\"warnings\":");
  write_diagnostics(checker, test.body, test.body_len, report.warnings, report.warnings_len);
  printf(",\"truncated\":%s}", report.truncated ? "true" : "false");
}

int main(void) {
  otd_policy *policy;
  otd_checker *checker;
  char *line = NULL;
  size_t capacity = 0;
  ssize_t len;
  need(otd_policy_default(&policy));
  need(otd_checker_new(&checker));
  while ((len = getline(&line, &capacity, stdin)) >= 0) {
    test_case test = read_case(line, (size_t)len);
    printf("{\"id\":");
    if (test.id) write_string(test.id, test.id_len);
    else printf("null");
    putchar(',');
    if (test.error) printf("\"error\":\"%s\"", test.error);
    else answer(checker, policy, test);
    printf("}\n");
  }
  free(line);
  otd_checker_free(checker);
  otd_policy_free(policy);
  return ferror(stdin) || fflush(stdout) != 0 ? 2 : 0;
}
