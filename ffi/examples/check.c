/* What the library says of a request body: check FILE, or check - for the standard input.
 *
 *   cargo build --release -p outgoing-to-device-c
 *   cc -Iinclude ffi/examples/check.c target/release/liboutgoing_to_device.a -o check
 *
 * Exit status: 0 accepted, 1 rejected, 2 misuse or a file that cannot be read. */
#include "outgoing_to_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of a file; NULL if it cannot be read. */
static char *read_all(FILE *file, size_t *len) {
  size_t capacity = 0;
  char *data = NULL;
  *len = 0;
  do {
    if (*len == capacity) {
      capacity = capacity ? 2 * capacity : 65536;
      char *more = realloc(data, capacity);
      if (more == NULL) break;
      data = more;
    }
    size_t got = fread(data + *len, 1, capacity - *len, file);
    *len += got;
    if (got == 0) {
      if (!ferror(file)) return data;
      break;
    }
  } while (1);
  free(data);
  return NULL;
}

/* Names in a pointer are the body's, so control characters must not reach a terminal. */
static void print_visible(otd_string string) {
  for (size_t i = 0; i < string.len; i++) {
    unsigned char byte = (unsigned char)string.data[i];
    putchar(byte < 0x20 || byte == 0x7F ? '?' : byte);
  }
}

/* The diagnostics, each with the edits that mend it. */
static otd_status print(otd_checker *checker, const char *name, const char *body, size_t body_len,
                        const otd_diagnostic *list, size_t len) {
  for (size_t i = 0; i < len; i++) {
    const otd_diagnostic *d = &list[i];
    printf("%s:%u:%u: %s ", name, (unsigned)d->line, (unsigned)d->column, d->name.data);
    print_visible(d->pointer);
    printf(": %s\n", d->message.data);
    otd_fix fix;
    const otd_status status = otd_fix_of(checker, body, body_len, d, &fix);
    if (status != OTD_OK) return status;
    for (size_t n = 0; n < fix.edits_len; n++)
      printf("  fix: at byte %u, put \"%s\" in the place of %u bytes\n", (unsigned)fix.edits[n].offset,
             fix.edits[n].text.data, (unsigned)fix.edits[n].length);
  }
  return OTD_OK;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: check FILE\n");
    return 2;
  }
  FILE *file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "rb");
  size_t len = 0;
  char *body = file ? read_all(file, &len) : NULL;
  if (file && file != stdin) fclose(file);
  if (body == NULL) {
    perror(argv[1]);
    return 2;
  }

  otd_policy *policy = NULL;
  otd_checker *checker = NULL;
  otd_outcome outcome = {0};
  otd_report report = {0};
  otd_status status = otd_policy_default(&policy);
  if (status == OTD_OK) status = otd_checker_new(&checker);
  if (status == OTD_OK) status = otd_check(checker, policy, body, len, &outcome);
  if (status == OTD_OK) status = otd_report_of(checker, body, len, &report);
  if (status == OTD_OK) status = print(checker, argv[1], body, len, report.violations, report.violations_len);
  if (status == OTD_OK) status = print(checker, argv[1], body, len, report.warnings, report.warnings_len);
  if (status == OTD_OK) {
    if (report.truncated) puts("There are more diagnostics than are listed.");
    if (outcome.accepted) printf("%s\n", outcome.normalized.data);
  } else {
    fprintf(stderr, "check: %s\n", otd_status_text(status));
  }
  otd_checker_free(checker);
  otd_policy_free(policy);
  free(body);
  if (status != OTD_OK) return 2;
  return outcome.accepted ? 0 : 1;
}
