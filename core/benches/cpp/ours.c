/* Ours as a C program uses it: tests/bench links this with the archive. */
#include "outgoing_to_device.h"
#include <stdlib.h>
#include <string.h>

struct ours {
  otd_checker *checker;
  otd_policy *policy;
  otd_string output;
  char *findings;
  size_t length;
};

#define CONTENDER __attribute__((visibility("default")))

CONTENDER void *ours_new(void) {
  struct ours *ours = calloc(1, sizeof *ours);
  if (!ours || otd_checker_new(&ours->checker) || otd_policy_default(&ours->policy)) abort();
  /* 128 findings, each with a pointer of a few names. */
  ours->findings = malloc(1 << 20);
  if (!ours->findings) abort();
  return ours;
}

static void list(struct ours *ours, const otd_diagnostic *diagnostics, size_t count) {
  for (size_t i = 0; i < count; i++) {
    otd_string pointer = diagnostics[i].pointer;
    char *to = ours->findings + ours->length;
    *to++ = (char)diagnostics[i].code;
    memcpy(to, pointer.data, pointer.len);
    to[pointer.len] = '\n';
    ours->length += pointer.len + 2;
  }
}

/* What is asked for: 0 no findings, 1 their codes and places, 2 their sentences and lines, too. */
CONTENDER int ours_run(void *self, const void *body, size_t length, int findings) {
  struct ours *ours = self;
  otd_outcome outcome;
  ours->length = 0;
  if (otd_check(ours->checker, ours->policy, body, length, &outcome)) abort();
  ours->output = outcome.normalized;
  if (findings && outcome.violations + outcome.warnings) {
    otd_report report;
    if ((findings == 1 ? otd_diagnostics_of : otd_report_of)(ours->checker, body, length, &report)) abort();
    list(ours, report.violations, report.violations_len);
    list(ours, report.warnings, report.warnings_len);
  }
  return (int)outcome.accepted;
}

CONTENDER const char *ours_output(void *self, size_t *length) {
  struct ours *ours = self;
  *length = ours->output.len;
  return ours->output.data;
}

CONTENDER const char *ours_findings(void *self, size_t *length) {
  struct ours *ours = self;
  *length = ours->length;
  return ours->findings;
}
