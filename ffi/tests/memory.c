/* Memory: a failed allocation is a status wherever it strikes, nothing leaks, and nothing is
 * allocated once the buffers have grown. Linked with -Wl,--wrap=malloc,--wrap=realloc,--wrap=calloc,
 * --wrap=free, so that every allocation of the library (and of this file) comes by here. With a number
 * it checks that many requests instead, and watches that memory does not grow. */
#include "outgoing_to_device.h"
#include "test.h"

#include <sys/resource.h>

void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);

static long allocations; /* since the last reset */
static long live;
static long fail_from = -1, fail_to = -1; /* these allocations fail, both ends included */
static int struck;

static int fails(void) {
  const long number = allocations++;
  if (fail_from < 0 || number < fail_from || number > fail_to) return 0;
  return struck = 1;
}

void *__wrap_malloc(size_t size) {
  if (fails()) return NULL;
  live++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  if (fails()) return NULL;
  live++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
  if (fails()) return NULL;
  if (memory == NULL) live++;
  return __real_realloc(memory, size);
}

void __wrap_free(void *memory) {
  if (memory != NULL) live--;
  __real_free(memory);
}

/* What the calls of a scenario came to: whether any ran out of memory, and none did anything else. */
static int out_of_memory, other_status;

static int ok(otd_status status) {
  if (status == OTD_OUT_OF_MEMORY) out_of_memory = 1;
  else if (status != OTD_OK && status != OTD_NOT_REJECTED && status != OTD_NOT_ACCEPTED) other_status = 1;
  return status == OTD_OK;
}

/* Every scenario runs on a fresh checker and policy, so that every buffer has to grow. */

static void body(otd_checker *checker, const otd_policy *policy, const char *text) {
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  char buffer[4096];
  const size_t len = strlen(text);
  if (ok(otd_check(checker, policy, text, len, &outcome))) {
    const otd_string normalized = outcome.normalized;
    if (ok(otd_report_of(checker, text, len, &report)))
      CHECK(report.violations_len == outcome.violations && report.warnings_len == outcome.warnings);
    if (ok(otd_diagnostics_of(checker, text, len, &report)))
      CHECK(report.violations_len == outcome.violations && report.warnings_len == outcome.warnings);
    for (size_t i = 0; i < report.violations_len; i++) {
      otd_fix fix;
      if (!ok(otd_fix_of(checker, text, len, &report.violations[i], &fix))) CHECK(fix.edits == NULL && fix.edits_len == 0);
    }
    if (!outcome.accepted && ok(otd_problem_of(checker, text, len, &reply)))
      CHECK(reply.status == 400 && reply.body.data[reply.body.len] == '\0');
    if (outcome.accepted) CHECK(normalized.data[normalized.len] == '\0');
  } else {
    CHECK(outcome.accepted == 0 && outcome.violations == 0 && outcome.normalized.data == NULL);
    CHECK(otd_report_of(checker, text, len, &report) == OTD_OTHER_TEXT && report.violations == NULL);
    CHECK(otd_diagnostics_of(checker, text, len, &report) == OTD_OTHER_TEXT && report.violations == NULL);
  }
  if (ok(otd_check_into(checker, policy, text, len, buffer, sizeof buffer, &outcome)) && outcome.accepted)
    CHECK(strlen(buffer) == outcome.normalized.len);
}

static void all_bodies(otd_checker *checker, const otd_policy *policy) {
  for (size_t i = 0; i < BODIES; i++) body(checker, policy, bodies[i]);
}

static void large_body(otd_checker *checker, const otd_policy *policy) {
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  if (ok(otd_check(checker, policy, "", (1 << 20) + 1, &outcome)) && ok(otd_report_of(checker, "", (1 << 20) + 1, &report)))
    CHECK(report.violations_len == 1);
  if (outcome.violations && ok(otd_problem_of(checker, "", (1 << 20) + 1, &reply))) CHECK(reply.status == 413);
}

static void policies(otd_checker *checker, const otd_policy *policy) {
  const char *const texts[] = {POLICY, BAD_POLICY, "{\"limits\":{\"attachments\":1}}", "[", ""};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    otd_policy *made;
    otd_outcome outcome;
    otd_report report;
    otd_string json;
    const int read = ok(otd_policy_read(checker, texts[i], strlen(texts[i]), &made, &outcome));
    CHECK((made != NULL) == (read && outcome.accepted));
    if (read) (void)ok(otd_report_of(checker, texts[i], strlen(texts[i]), &report));
    if (ok(otd_policy_write(checker, made ? made : policy, &json))) CHECK(strlen(json.data) == json.len);
    if (ok(otd_schema_write(checker, made ? made : policy, &json))) CHECK(strlen(json.data) == json.len);
    if (ok(otd_input_schema_write(checker, made ? made : policy, &json))) CHECK(strlen(json.data) == json.len);
    if (ok(otd_openapi_write(checker, made ? made : policy, &json))) CHECK(strlen(json.data) == json.len);
    if (made) {
      all_bodies(checker, made);
      body(checker, made,
           "{\"x\":1,\"y\":2,\"x\":3,\"text\":\"t\",\"attachments\":[],\"clientApplicationDescriptor\":"
           "{\"z\":[],\"channelType\":\"sms\",\"clientId\":\"c\",\"deviceAddress\":\"79000000000\"}}");
    }
    otd_policy_free(made);
  }
}

static void heads_and_responses(otd_checker *checker, const otd_policy *policy) {
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  otd_response response = {1, 2, 3, 4, {"\"", 1}};
  const otd_head head = {{NULL, 0}, {"GET", 3}, {"/", 1}, NULL, 0};
  if (ok(otd_check_head(checker, policy, &head, &outcome))) {
    if (ok(otd_report_of(checker, NULL, 0, &report))) CHECK(report.violations_len == outcome.violations);
    if (ok(otd_problem_of(checker, NULL, 0, &reply))) CHECK(reply.status == 404);
  }
  if (ok(otd_response_write(checker, &response, &reply))) CHECK(reply.status == 200 && reply.fields_len == 4);
  const char *const texts[] = {RESPONSE, "{\"id\":\"1\"}", "[["};
  for (size_t i = 0; i < 3; i++)
    if (ok(otd_response_read(checker, texts[i], strlen(texts[i]), &response, &outcome)) && !outcome.accepted)
      (void)ok(otd_report_of(checker, texts[i], strlen(texts[i]), &report));
}

/* Values out of an accepted body, and back. */
static void requests(otd_checker *checker, const otd_policy *policy) {
  otd_outcome outcome;
  otd_request request;
  otd_report report;
  otd_strings names;
  for (size_t i = 0; i < BODIES; i++) {
    const size_t len = strlen(bodies[i]);
    if (!ok(otd_check(checker, policy, bodies[i], len, &outcome))) continue;
    if (ok(otd_request_of(checker, bodies[i], len, &request))) CHECK(outcome.accepted && request.device_address.len > 0);
    else CHECK(request.text.data == NULL && request.attachments == NULL);
  }
  if (ok(otd_request_write(checker, policy, &request_values, &outcome))) {
    CHECK(outcome.accepted && strcmp(outcome.normalized.data, REQUEST) == 0);
    if (ok(otd_request_of(checker, NULL, 0, &request))) {
      CHECK(request.attachments_len == 2 && strcmp(request.client_id.data, "c") == 0);
      /* The values are the checker's own: they are read before anything is written over them. */
      if (ok(otd_request_write(checker, policy, &request, &outcome))) CHECK(strcmp(outcome.normalized.data, REQUEST) == 0);
    }
  } else {
    CHECK(outcome.accepted == 0 && outcome.normalized.data == NULL);
  }
  request = request_values;
  request.device_address.data = NULL;
  request.device_address.len = 0;
  if (ok(otd_request_write(checker, policy, &request, &outcome)) && ok(otd_report_of(checker, NULL, 0, &report)))
    CHECK(report.violations_len == 1 && strcmp(report.violations[0].pointer.data, "/clientApplicationDescriptor/deviceAddress") == 0);
  if (ok(otd_policy_channels(checker, policy, &names))) CHECK(names.len == 11);
  (void)ok(otd_checker_shrink(checker));
}

typedef void scenario(otd_checker *, const otd_policy *);

static void run(scenario *scenario) {
  otd_policy *policy;
  otd_checker *checker;
  if (ok(otd_policy_default(&policy)) && ok(otd_checker_new(&checker))) {
    scenario(checker, policy);
    if (struck) {
      /* A checker that has run out of memory is as good as before. */
      otd_outcome outcome;
      fail_from = -1;
      CHECK(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK && outcome.accepted);
      CHECK(strcmp(outcome.normalized.data, NORMALIZED) == 0);
    }
    otd_checker_free(checker);
  }
  otd_policy_free(policy);
}

/* Lets one allocation fail after the other, alone and with all that follow. */
static long sweep(scenario *scenario) {
  long k = 0;
  for (int alone = 0; alone < 2; alone++)
    for (k = 0;; k++) {
      allocations = live = struck = out_of_memory = other_status = 0;
      fail_from = k;
      fail_to = alone ? k : (1L << 30);
      run(scenario);
      fail_from = -1;
      CHECK(live == 0);
      CHECK(other_status == 0);
      CHECK(out_of_memory == struck);
      if (!struck) break;
    }
  return k;
}

static void no_allocations(void) {
  otd_policy *policy;
  otd_checker *checker;
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  otd_request request;
  char buffer[4096];
  NEED(otd_policy_default(&policy) == OTD_OK && otd_checker_new(&checker) == OTD_OK);
  long accepted = 0, rejected = 0;
  for (int round = 0; round < 1001; round++) {
    if (round == 1) allocations = 0;
    for (size_t i = 0; i < BODIES; i++) {
      const size_t len = strlen(bodies[i]);
      NEED(otd_check(checker, policy, bodies[i], len, &outcome) == OTD_OK);
      NEED(otd_report_of(checker, bodies[i], len, &report) == OTD_OK);
      if (!outcome.accepted) NEED(otd_problem_of(checker, bodies[i], len, &reply) == OTD_OK);
      NEED(otd_check_into(checker, policy, bodies[i], len, buffer, sizeof buffer, &outcome) == OTD_OK);
      if (outcome.accepted) NEED(otd_request_of(checker, bodies[i], len, &request) == OTD_OK);
      *(outcome.accepted ? &accepted : &rejected) += 1;
    }
    NEED(otd_request_write(checker, policy, &request_values, &outcome) == OTD_OK && outcome.accepted);
    NEED(otd_request_of(checker, NULL, 0, &request) == OTD_OK && request.attachments_len == 2);
  }
  printf("allocations after the first round: %ld, in %ld accepted and %ld rejected requests, reports, problems, values out and in\n",
         allocations, accepted, rejected);
  CHECK(allocations == 0);
  otd_checker_free(checker);
  otd_policy_free(policy);
}

/* Many mixed requests through one checker: what the process holds must not grow. */
static void soak(long requests) {
  otd_policy *policy;
  otd_checker *checker;
  otd_outcome outcome;
  otd_report report;
  struct rusage before, after;
  NEED(otd_policy_default(&policy) == OTD_OK && otd_checker_new(&checker) == OTD_OK);
  for (long i = 0; i < requests; i++) {
    const char *const text = bodies[i % BODIES];
    NEED(otd_check(checker, policy, text, strlen(text), &outcome) == OTD_OK);
    if (i % 16 == 0) NEED(otd_report_of(checker, text, strlen(text), &report) == OTD_OK);
    if (i == requests / 10) getrusage(RUSAGE_SELF, &before), allocations = 0;
  }
  getrusage(RUSAGE_SELF, &after);
  printf("%ld requests: %ld allocations and %ld KiB more in the last nine tenths\n", requests, allocations,
         after.ru_maxrss - before.ru_maxrss);
  CHECK(allocations == 0 && after.ru_maxrss == before.ru_maxrss);
  otd_checker_free(checker);
  otd_policy_free(policy);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IONBF, 0); /* printf must not allocate in the middle of a count */
  if (argc > 1) {
    soak(atol(argv[1]));
    return finish("memory");
  }
  const struct {
    const char *name;
    scenario *run;
  } scenarios[] = {{"bodies", all_bodies}, {"large body", large_body}, {"policies", policies},
                   {"heads and responses", heads_and_responses}, {"requests", requests}};
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
    printf("%s: each of %ld allocations failed\n", scenarios[i].name, sweep(scenarios[i].run));
  no_allocations();
  return finish("memory");
}
