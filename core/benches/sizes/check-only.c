/* All rules and the normalized request; of the diagnostics only their number. */
#include "outgoing_to_device.h"
#include "program.h"

int judge(const char *text, size_t length) {
  otd_checker *checker;
  otd_policy *policy;
  otd_outcome outcome;
  if (otd_checker_new(&checker) || otd_policy_default(&policy)) return 0;
  if (otd_check(checker, policy, text, length, &outcome)) return 0;
  if (outcome.accepted) fwrite(outcome.normalized.data, 1, outcome.normalized.len, stdout);
  return (int)outcome.accepted;
}
