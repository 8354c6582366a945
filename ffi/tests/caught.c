/* Misuse that no library can answer with a status: what the tools must catch. Each is a word on the
 * command line; without a tool that watches, what happens is undefined. */
#include "outgoing_to_device.h"
#include "test.h"

#include <pthread.h>

static otd_policy *policy;
static otd_checker *checker;

static void *check_shared(void *unused) {
  otd_outcome outcome;
  for (int i = 0; i < 100; i++) (void)!otd_check(checker, policy, bodies[i % 3], strlen(bodies[i % 3]), &outcome);
  return unused;
}

int main(int argc, char **argv) {
  const char *const what = argc > 1 ? argv[1] : "";
  otd_outcome outcome = {0};
  NEED(otd_policy_default(&policy) == OTD_OK && otd_checker_new(&checker) == OTD_OK);
  if (strcmp(what, "nothing") == 0) {
  } else if (strcmp(what, "view-after-free") == 0) {
    NEED(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK);
    otd_checker_free(checker);
    return outcome.normalized.data[0];
  } else if (strcmp(what, "view-after-growth") == 0) {
    /* The next call has outgrown the buffer that the view was in. */
    static char large[100000];
    memset(large, 'x', sizeof large);
    memcpy(large, "{\"text\":\"", 9);
    strcpy(large + 1500, "\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"a\"}}");
    NEED(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK);
    const char *const old = outcome.normalized.data;
    NEED(otd_check(checker, policy, large, strlen(large), &outcome) == OTD_OK && outcome.accepted);
    if (old != outcome.normalized.data) return old[0];
  } else if (strcmp(what, "checker-freed-twice") == 0) {
    NEED(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK);
    otd_checker_free(checker);
  } else if (strcmp(what, "policy-freed-twice") == 0) {
    otd_policy_free(policy);
  } else if (strcmp(what, "checker-after-free") == 0) {
    otd_checker_free(checker);
    (void)!otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome);
    return 0;
  } else if (strcmp(what, "length-too-large") == 0) {
    /* The library reads what it is told to; the allocation ends before. */
    char *const body = malloc(sizeof ACCEPTED - 1);
    NEED(body != NULL);
    memcpy(body, ACCEPTED, sizeof ACCEPTED - 1);
    (void)!otd_check(checker, policy, body, sizeof ACCEPTED + 64, &outcome);
    free(body);
  } else if (strcmp(what, "leak") == 0) {
    /* Many, so that no forgotten register or stack slot can still point to all of them. */
    for (int i = 0; i < 20; i++) NEED(otd_checker_new(&checker) == OTD_OK);
  } else if (strcmp(what, "two-threads") == 0) {
    pthread_t other;
    NEED(pthread_create(&other, NULL, check_shared, NULL) == 0);
    check_shared(NULL);
    pthread_join(other, NULL);
  } else {
    return 2;
  }
  otd_checker_free(checker);
  otd_policy_free(policy);
  return 0;
}
