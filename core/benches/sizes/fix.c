/* All rules, the normalized request, the diagnostics' messages and their fixes. */
#include "outgoing_to_device.h"
#include "program.h"

int judge(const char *text, size_t length) {
  otd_checker *checker;
  otd_policy *policy;
  otd_outcome outcome;
  otd_report report;
  otd_fix fix;
  if (otd_checker_new(&checker) || otd_policy_default(&policy)) return 0;
  if (otd_check(checker, policy, text, length, &outcome)) return 0;
  if (outcome.accepted) fwrite(outcome.normalized.data, 1, outcome.normalized.len, stdout);
  if (otd_report_of(checker, text, length, &report) == OTD_OK)
    for (size_t i = 0; i < report.violations_len; i++) {
      puts(report.violations[i].message.data);
      if (otd_fix_of(checker, text, length, &report.violations[i], &fix) != OTD_OK) continue;
      for (size_t j = 0; j < fix.edits_len; j++) puts(fix.edits[j].text.data);
    }
  return (int)outcome.accepted;
}
