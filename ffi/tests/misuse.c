/* What happens when a host gets it wrong: each row is to be survived, with a status that tells.
 * Run as it is, under valgrind, and with AddressSanitizer on both sides.
 *
 * With cases of the conformance protocol on the standard input (misuse -), each body is also checked
 * at the end of the mapped memory, whole and cut short. */
#define _DEFAULT_SOURCE
#include "../examples/case.h"
#include "outgoing_to_device.h"
#include "test.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static otd_policy *policy;
static otd_checker *checker;
static const char x[] = "x";

static bool all_zero(const void *data, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (((const char *)data)[i] != 0) return false;
  return true;
}

/* A structure that is filled with junk beforehand, and must be all 0 after a call that fails. */
#define FAILS(status, structure, call) \
  (memset(&(structure), 0xAA, sizeof(structure)), (call) == (status) && all_zero(&(structure), sizeof(structure)))

static void null_and_lengths(void) {
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  otd_response response;
  otd_string string;
  otd_policy *made;
  char buffer[8];
  const size_t absurd[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX};

  /* An absent text is an empty one; a length without a text is a mistake. */
  CHECK(otd_check(checker, policy, NULL, 0, &outcome) == OTD_OK && !outcome.accepted && outcome.violations == 1);
  CHECK(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.violations[0].code == OTD_CODE_EMPTY_BODY);
  CHECK(otd_problem_of(checker, NULL, 0, &reply) == OTD_OK && reply.status == 400);
  CHECK(FAILS(OTD_NULL, outcome, otd_check(checker, policy, NULL, 1, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_into(checker, policy, NULL, 1, buffer, sizeof buffer, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_into(checker, policy, x, 1, NULL, 1, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_policy_read(checker, NULL, 1, &made, &outcome)) && made == NULL);
  CHECK(FAILS(OTD_NULL, outcome, otd_response_read(checker, NULL, 1, &response, &outcome)));
  CHECK(FAILS(OTD_NULL, report, otd_report_of(checker, NULL, 1, &report)));
  CHECK(FAILS(OTD_NULL, report, otd_diagnostics_of(checker, NULL, 1, &report)));
  CHECK(FAILS(OTD_NULL, reply, otd_problem_of(checker, NULL, 1, &reply)));
  CHECK(otd_policy_read(checker, NULL, 0, &made, &outcome) == OTD_OK && !outcome.accepted && made == NULL);
  CHECK(otd_response_read(checker, NULL, 0, &response, &outcome) == OTD_OK && !outcome.accepted);

  /* A length that none can be, wherever there is one. */
  for (size_t i = 0; i < 2; i++) {
    const size_t len = absurd[i];
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_check(checker, policy, x, len, &outcome)));
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_check(checker, policy, NULL, len, &outcome)));
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_check_into(checker, policy, x, len, buffer, 8, &outcome)));
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_check_into(checker, policy, x, 1, buffer, len, &outcome)));
    CHECK(FAILS(OTD_TOO_LONG, report, otd_report_of(checker, x, len, &report)));
    CHECK(FAILS(OTD_TOO_LONG, reply, otd_problem_of(checker, x, len, &reply)));
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_policy_read(checker, x, len, &made, &outcome)));
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_response_read(checker, x, len, &response, &outcome)));
    const otd_response sent = {1, 2, 3, 4, {x, len}};
    CHECK(FAILS(OTD_TOO_LONG, reply, otd_response_write(checker, &sent, &reply)));
    const otd_field field = {{x, len}, {x, 1}}, other = {{x, 1}, {x, len}};
    const otd_head heads[] = {
        {{x, len}, {x, 1}, {x, 1}, NULL, 0},       {{x, 1}, {x, len}, {x, 1}, NULL, 0},
        {{x, 1}, {x, 1}, {x, len}, NULL, 0},       {{x, 1}, {x, 1}, {x, 1}, &field, len},
        {{x, 1}, {x, 1}, {x, 1}, &field, len / sizeof field}, {{x, 1}, {x, 1}, {x, 1}, NULL, len},
        {{x, 1}, {x, 1}, {x, 1}, &field, 1},       {{x, 1}, {x, 1}, {x, 1}, &other, 1},
    };
    for (size_t j = 0; j < sizeof heads / sizeof *heads; j++)
      CHECK(FAILS(OTD_TOO_LONG, outcome, otd_check_head(checker, policy, &heads[j], &outcome)));
    CHECK(otd_max_output(len) >= len);
  }

  /* Places for the answer that are not there. */
  CHECK(otd_policy_default(NULL) == OTD_NULL);
  CHECK(otd_checker_new(NULL) == OTD_NULL);
  CHECK(otd_check(checker, policy, x, 1, NULL) == OTD_NULL);
  CHECK(otd_check_into(checker, policy, x, 1, buffer, 8, NULL) == OTD_NULL);
  CHECK(otd_report_of(checker, x, 1, NULL) == OTD_NULL);
  CHECK(otd_diagnostics_of(checker, x, 1, NULL) == OTD_NULL);
  CHECK(otd_problem_of(checker, x, 1, NULL) == OTD_NULL);
  CHECK(otd_policy_read(checker, x, 1, NULL, &outcome) == OTD_NULL);
  CHECK(otd_policy_read(checker, x, 1, &made, NULL) == OTD_NULL && made == NULL);
  CHECK(otd_policy_write(checker, policy, NULL) == OTD_NULL);
  CHECK(otd_response_read(checker, x, 1, NULL, &outcome) == OTD_NULL);
  CHECK(FAILS(OTD_NULL, response, otd_response_read(checker, x, 1, &response, NULL)));
  const otd_response sent = {1, 2, 3, 4, {NULL, 0}};
  const otd_head head = {{NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0};
  CHECK(otd_response_write(checker, &sent, NULL) == OTD_NULL);
  CHECK(otd_check_head(checker, policy, &head, NULL) == OTD_NULL);

  /* Handles and inputs that are not there. */
  CHECK(FAILS(OTD_NULL, outcome, otd_check(NULL, policy, x, 1, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check(checker, NULL, x, 1, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_into(NULL, policy, x, 1, buffer, 8, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_into(checker, NULL, x, 1, buffer, 8, &outcome)));
  CHECK(FAILS(OTD_NULL, report, otd_report_of(NULL, x, 1, &report)));
  CHECK(FAILS(OTD_NULL, report, otd_diagnostics_of(NULL, x, 1, &report)));
  CHECK(FAILS(OTD_NULL, reply, otd_problem_of(NULL, x, 1, &reply)));
  CHECK(FAILS(OTD_NULL, outcome, otd_policy_read(NULL, x, 1, &made, &outcome)));
  CHECK(FAILS(OTD_NULL, string, otd_policy_write(NULL, policy, &string)));
  CHECK(FAILS(OTD_NULL, string, otd_policy_write(checker, NULL, &string)));
  CHECK(FAILS(OTD_NULL, string, otd_schema_write(NULL, policy, &string)));
  CHECK(FAILS(OTD_NULL, string, otd_input_schema_write(checker, NULL, &string)));
  CHECK(otd_openapi_write(checker, policy, NULL) == OTD_NULL);
  CHECK(FAILS(OTD_NULL, response, otd_response_read(NULL, x, 1, &response, &outcome)));
  CHECK(FAILS(OTD_NULL, reply, otd_response_write(NULL, &sent, &reply)));
  CHECK(FAILS(OTD_NULL, reply, otd_response_write(checker, NULL, &reply)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_head(NULL, policy, &head, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_head(checker, NULL, &head, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_check_head(checker, policy, NULL, &outcome)));
  const otd_field field = {{x, 1}, {NULL, 1}};
  const otd_head heads[] = {
      {{NULL, 1}, {x, 1}, {x, 1}, NULL, 0}, {{x, 1}, {NULL, 1}, {x, 1}, NULL, 0},
      {{x, 1}, {x, 1}, {NULL, 1}, NULL, 0}, {{x, 1}, {x, 1}, {x, 1}, NULL, 1},
      {{x, 1}, {x, 1}, {x, 1}, &field, 1},
  };
  for (size_t i = 1; i < sizeof heads / sizeof *heads; i++)
    CHECK(FAILS(OTD_NULL, outcome, otd_check_head(checker, policy, &heads[i], &outcome)));
  /* NULL for the path is the documented one, whatever its length. */
  CHECK(otd_check_head(checker, policy, &heads[0], &outcome) == OTD_OK && !outcome.accepted);
  otd_policy_free(NULL);
  otd_checker_free(NULL);
}

static void callers_buffer(void) {
  otd_outcome outcome;
  char buffer[sizeof NORMALIZED + 16];
  const size_t need = sizeof NORMALIZED;

  for (size_t capacity = 0; capacity <= need + 8; capacity++) {
    memset(buffer, '#', sizeof buffer);
    const otd_status status =
        otd_check_into(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, buffer, capacity, &outcome);
    const size_t written = capacity < need ? 0 : need;
    CHECK(status == (capacity < need ? OTD_BUFFER_TOO_SMALL : OTD_OK));
    CHECK(outcome.accepted == 1 && outcome.normalized.len + 1 == need);
    CHECK(memcmp(outcome.normalized.data, NORMALIZED, need) == 0);
    CHECK((outcome.normalized.data == buffer) == (status == OTD_OK));
    for (size_t i = written; i < sizeof buffer; i++) NEED(buffer[i] == '#');
  }
  CHECK(otd_check_into(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, NULL, 0, &outcome) == OTD_BUFFER_TOO_SMALL);
  CHECK(outcome.normalized.len + 1 == need && otd_max_output(sizeof ACCEPTED - 1) >= need);
  memset(buffer, '#', sizeof buffer);
  CHECK(otd_check_into(checker, policy, "{}", 2, buffer, sizeof buffer, &outcome) == OTD_OK && !outcome.accepted);
  CHECK(buffer[0] == '#' && outcome.normalized.data == NULL);
  CHECK(otd_check_into(checker, policy, "{}", 2, NULL, 0, &outcome) == OTD_OK);
}

/* A copy of a text that ends where the mapped memory ends; `before` bytes are mapped before it. */
static char *edge_begin, *edge;

static void map_edge(size_t pages) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  edge_begin = mmap(NULL, (pages + 1) * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  NEED(edge_begin != MAP_FAILED);
  edge = edge_begin + pages * page;
  NEED(mprotect(edge, page, PROT_NONE) == 0);
}

static void check_at_edge(const char *body, size_t len) {
  otd_outcome outcome, again;
  otd_report report;
  otd_reply reply;
  otd_policy *made;
  otd_response response;
  NEED((size_t)(edge - edge_begin) >= len);
  char *const text = edge - len;
  memcpy(text, body, len);
  NEED(otd_check(checker, policy, text, len, &outcome) == OTD_OK);
  NEED(otd_report_of(checker, text, len, &report) == OTD_OK);
  NEED(report.violations_len == outcome.violations && report.warnings_len == outcome.warnings);
  NEED((outcome.violations == 0) == (outcome.accepted == 1));
  NEED(otd_problem_of(checker, text, len, &reply) == (outcome.accepted ? OTD_NOT_REJECTED : OTD_OK));
  if (outcome.accepted) {
    /* What was normalized is accepted again, and stays as it is. */
    const otd_string once = outcome.normalized;
    NEED(once.data[once.len] == '\0' && strlen(once.data) == once.len && once.len < otd_max_output(len));
    char *copy = malloc(once.len + 1);
    NEED(copy != NULL);
    memcpy(copy, once.data, once.len + 1);
    const size_t copied = once.len;
    NEED(otd_check(checker, policy, copy, copied, &again) == OTD_OK && again.accepted);
    NEED(again.normalized.len == copied && memcmp(again.normalized.data, copy, copied) == 0);
    free(copy);
  }
  NEED(otd_policy_read(checker, text, len, &made, &outcome) == OTD_OK);
  otd_policy_free(made);
  NEED(otd_response_read(checker, text, len, &response, &outcome) == OTD_OK);
  passed++;
}

static void end_of_memory(void) {
  map_edge(4);
  for (size_t i = 0; i < BODIES; i++)
    for (size_t len = 0; len <= strlen(bodies[i]); len++) check_at_edge(bodies[i], len);
  const char *const texts[] = {POLICY, BAD_POLICY, RESPONSE};
  for (size_t i = 0; i < 3; i++)
    for (size_t len = 0; len <= strlen(texts[i]); len++) check_at_edge(texts[i], len);

  /* The text of a body that is too large need not even be there. */
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  otd_policy *made;
  otd_response response;
  const size_t large = (1 << 20) + 1;
  CHECK(otd_check(checker, policy, edge, large, &outcome) == OTD_OK && !outcome.accepted && outcome.violations == 1);
  CHECK(otd_report_of(checker, edge, large, &report) == OTD_OK && report.violations_len == 1);
  CHECK(report.violations[0].code == OTD_CODE_BODY_TOO_LARGE && report.violations[0].limit == large - 1);
  CHECK(report.violations[0].actual == large && report.violations[0].has == (OTD_HAS_LIMIT | OTD_HAS_ACTUAL));
  CHECK(otd_problem_of(checker, edge, large, &reply) == OTD_OK && reply.status == 413);
  CHECK(otd_check(checker, policy, edge, PTRDIFF_MAX, &outcome) == OTD_OK && outcome.violations == 1);
  CHECK(otd_policy_read(checker, edge, large, &made, &outcome) == OTD_OK && !outcome.accepted && made == NULL);
  CHECK(otd_report_of(checker, edge, large, &report) == OTD_OK && report.violations_len == 1);
  CHECK(otd_response_read(checker, edge, large, &response, &outcome) == OTD_OK && outcome.violations == 1);
}

static void interior_nul(void) {
  otd_outcome outcome;
  otd_report report;
  const char raw[] = "{\"text\":\"a\0b\"}";
  CHECK(otd_check(checker, policy, raw, sizeof raw - 1, &outcome) == OTD_OK && outcome.violations == 1);
  CHECK(otd_report_of(checker, raw, sizeof raw - 1, &report) == OTD_OK);
  CHECK(report.violations[0].code == OTD_CODE_INVALID_JSON && report.violations[0].offset == 10);

  const char escaped[] = "{\"a\\u0000b\":1}";
  CHECK(otd_check(checker, policy, escaped, sizeof escaped - 1, &outcome) == OTD_OK);
  CHECK(otd_report_of(checker, escaped, sizeof escaped - 1, &report) == OTD_OK);
  const otd_diagnostic *unknown = &report.violations[report.violations_len - 1];
  CHECK(unknown->code == OTD_CODE_UNKNOWN_FIELD && unknown->pointer.len == 4);
  CHECK(memcmp(unknown->pointer.data, "/a\0b", 5) == 0);
}

static void other_texts(void) {
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  otd_checker *fresh;
  NEED(otd_checker_new(&fresh) == OTD_OK);
  CHECK(FAILS(OTD_OTHER_TEXT, report, otd_report_of(fresh, NULL, 0, &report)));
  CHECK(FAILS(OTD_OTHER_TEXT, reply, otd_problem_of(fresh, NULL, 0, &reply)));
  otd_checker_free(fresh);

  NEED(otd_check(checker, policy, REJECTED, sizeof REJECTED - 1, &outcome) == OTD_OK);
  CHECK(FAILS(OTD_OTHER_TEXT, report, otd_report_of(checker, REJECTED, sizeof REJECTED, &report)));
  CHECK(FAILS(OTD_OTHER_TEXT, reply, otd_problem_of(checker, REJECTED, sizeof REJECTED - 2, &reply)));
  /* A call that failed by its arguments leaves the last check to be asked about. */
  NEED(otd_check(checker, NULL, REJECTED, 1, &outcome) == OTD_NULL);
  CHECK(otd_report_of(checker, REJECTED, sizeof REJECTED - 1, &report) == OTD_OK && report.violations_len > 8);
  /* Other bytes of the same length: useless places, nothing worse. */
  static char junk[sizeof REJECTED - 1];
  unsigned seed = 1;
  for (int round = 0; round < 200; round++) {
    for (size_t i = 0; i < sizeof junk; i++) {
      seed = seed * 1664525u + 1013904223u;
      junk[i] = round == 0 ? '\\' : round == 1 ? (char)0xF0 : (char)(seed >> 24);
    }
    CHECK(otd_report_of(checker, junk, sizeof junk, &report) == OTD_OK && report.violations_len > 8);
    CHECK(otd_problem_of(checker, junk, sizeof junk, &reply) == OTD_OK && reply.status == 400);
  }
  NEED(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK && outcome.accepted);
  CHECK(FAILS(OTD_NOT_REJECTED, reply, otd_problem_of(checker, ACCEPTED, sizeof ACCEPTED - 1, &reply)));
  /* A report spares the views of its check. */
  CHECK(otd_report_of(checker, ACCEPTED, sizeof ACCEPTED - 1, &report) == OTD_OK && report.warnings_len > 0);
  CHECK(strcmp(outcome.normalized.data, NORMALIZED) == 0);
}

static void owners(void) {
  otd_policy *own = NULL;
  otd_checker *first, *second;
  otd_outcome outcome;
  otd_report report;
  const char body[] = "{\"text\":\"t\",\"clientApplicationDescriptor\":{\"channelType\":\"SMS\",\"deviceAddress\":\"1\"}}";
  const size_t len = sizeof body - 1;
  NEED(otd_policy_read(checker, POLICY, sizeof POLICY - 1, &own, &outcome) == OTD_OK && own != NULL);
  NEED(otd_checker_new(&first) == OTD_OK && otd_checker_new(&second) == OTD_OK);
  NEED(otd_check(first, own, body, len, &outcome) == OTD_OK && !outcome.accepted);
  NEED(otd_check(second, own, body, len, &outcome) == OTD_OK && !outcome.accepted);
  otd_policy_free(own);
  /* Both have kept what they need: the names of the policy's channels. */
  CHECK(otd_report_of(first, body, len, &report) == OTD_OK && report.violations_len == 2);
  CHECK(strcmp(report.violations[0].channel.data, "SMS") == 0 || strcmp(report.violations[1].channel.data, "SMS") == 0);
  otd_checker_free(first);
  CHECK(otd_report_of(second, body, len, &report) == OTD_OK && report.violations_len == 2);
  CHECK(otd_check(second, policy, body, len, &outcome) == OTD_OK && !outcome.accepted);
  CHECK(otd_report_of(second, body, len, &report) == OTD_OK);
  CHECK(report.violations[0].code == OTD_CODE_UNKNOWN_CHANNEL);
  otd_checker_free(second);
}

static void strings_in(void) {
  otd_outcome outcome;
  otd_reply reply;
  otd_report report;
  otd_response read;
  otd_response sent = {1, INT64_MIN, INT64_MAX, 4, {"\xD1\x91\n\"", 4}};
  CHECK(otd_response_write(checker, &sent, &reply) == OTD_OK && reply.status == 200 && reply.fields_len == 4);
  CHECK(strcmp(reply.fields[3].name.data, "content-type") == 0 && reply.fields[3].name.len == 12);
  CHECK(strcmp(reply.fields[3].value.data, "application/json") == 0);
  const char *const json = "{\"id\":1,\"threadId\":-9223372036854775808,\"clientId\":9223372036854775807,"
                           "\"clientExternalId\":\"\xD1\x91\\n\\\"\",\"agentId\":4}";
  CHECK(strcmp(reply.body.data, json) == 0 && reply.body.len == strlen(json));
  CHECK(otd_response_read(checker, json, strlen(json), &read, &outcome) == OTD_OK && outcome.accepted);
  CHECK(read.id == 1 && read.thread_id == INT64_MIN && read.client_id == INT64_MAX && read.agent_id == 4);
  CHECK(read.client_external_id.len == 4 && memcmp(read.client_external_id.data, "\xD1\x91\n\"", 5) == 0);
  CHECK(otd_response_read(checker, "{}", 2, &read, &outcome) == OTD_OK && !outcome.accepted);
  CHECK(all_zero(&read, sizeof read) && otd_report_of(checker, "{}", 2, &report) == OTD_OK);
  CHECK(report.violations_len == 5 && strcmp(report.violations[1].pointer.data, "/threadId") == 0);
  sent.client_external_id.data = "\xFF";
  sent.client_external_id.len = 1;
  CHECK(FAILS(OTD_NOT_UTF8, reply, otd_response_write(checker, &sent, &reply)));
  sent.client_external_id.len = 0; /* empty, but there */
  CHECK(otd_response_write(checker, &sent, &reply) == OTD_OK && strstr(reply.body.data, "\"\"") != NULL);
  sent.client_external_id.data = NULL;
  CHECK(otd_response_write(checker, &sent, &reply) == OTD_OK && strstr(reply.body.data, "null") != NULL);

  const otd_head bad_path = {{"\xFF", 1}, {x, 1}, {x, 1}, NULL, 0};
  CHECK(FAILS(OTD_NOT_UTF8, outcome, otd_check_head(checker, policy, &bad_path, &outcome)));
  otd_field fields[] = {{{"content-TYPE", 12}, {"application/json", 16}}, {{"Authorization", 13}, {"Bearer t", 8}},
                        {{"X", 1}, {"a\r\nb\0", 5}}};
  otd_head head = {{NULL, 0}, {"POST", 4}, {PATH, sizeof PATH - 1}, fields, 3};
  CHECK(otd_check_head(checker, policy, &head, &outcome) == OTD_OK && outcome.accepted);
  CHECK(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.violations_len == 0);
  CHECK(FAILS(OTD_NOT_REJECTED, reply, otd_problem_of(checker, NULL, 0, &reply)));
  head.method.len = 3;
  head.fields_len = 1;
  CHECK(otd_check_head(checker, policy, &head, &outcome) == OTD_OK && outcome.violations == 2);
  CHECK(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.violations_len == 2);
  CHECK(report.violations[0].code == OTD_CODE_METHOD_NOT_ALLOWED && report.violations[0].line == 0);
  CHECK(strcmp(report.violations[0].expected.data, "POST") == 0 && report.violations[0].pointer.len == 0);
  CHECK(otd_problem_of(checker, NULL, 0, &reply) == OTD_OK && reply.status == 405 && reply.fields_len == 2);
  CHECK(strcmp(reply.fields[1].name.data, "allow") == 0 && strcmp(reply.fields[1].value.data, "POST") == 0);

  otd_policy *made, *again;
  otd_string written;
  NEED(otd_policy_read(checker, BAD_POLICY, sizeof BAD_POLICY - 1, &made, &outcome) == OTD_OK);
  CHECK(made == NULL && !outcome.accepted && outcome.violations >= 5);
  CHECK(otd_report_of(checker, BAD_POLICY, sizeof BAD_POLICY - 1, &report) == OTD_OK);
  CHECK(report.violations_len == outcome.violations);
  NEED(otd_policy_read(checker, POLICY, sizeof POLICY - 1, &made, &outcome) == OTD_OK && made && outcome.accepted);
  NEED(otd_policy_write(checker, made, &written) == OTD_OK && written.data[written.len] == '\0');
  char *const copy = strcpy(malloc(written.len + 1), written.data);
  NEED(otd_policy_read(checker, copy, strlen(copy), &again, &outcome) == OTD_OK && again && outcome.accepted);
  NEED(otd_policy_write(checker, again, &written) == OTD_OK);
  CHECK(strcmp(written.data, copy) == 0);
  free(copy);
  otd_policy_free(made);
  otd_policy_free(again);
}

static int is(otd_string string, const char *text) {
  return string.data != NULL && string.len == strlen(text) && memcmp(string.data, text, string.len + 1) == 0;
}

static void requests(void) {
  otd_outcome outcome;
  otd_request request;
  otd_report report;
  otd_reply reply;
  otd_strings names;
  otd_limits limits;
  const size_t absurd = (size_t)PTRDIFF_MAX + 1;

  /* Nothing was accepted that could be read. */
  NEED(otd_check(checker, policy, REJECTED, sizeof REJECTED - 1, &outcome) == OTD_OK && !outcome.accepted);
  CHECK(FAILS(OTD_NOT_ACCEPTED, request, otd_request_of(checker, REJECTED, sizeof REJECTED - 1, &request)));
  otd_policy *made;
  NEED(otd_policy_read(checker, "{}", 2, &made, &outcome) == OTD_OK && outcome.accepted);
  otd_policy_free(made);
  CHECK(FAILS(OTD_NOT_ACCEPTED, request, otd_request_of(checker, "{}", 2, &request)));
  CHECK(otd_checker_shrink(checker) == OTD_OK);
  CHECK(FAILS(OTD_NOT_ACCEPTED, request, otd_request_of(checker, NULL, 0, &request)));

  /* The views of a check, its report and its request live beside each other. */
  NEED(otd_check(checker, policy, ACCEPTED, sizeof ACCEPTED - 1, &outcome) == OTD_OK && outcome.accepted);
  CHECK(FAILS(OTD_OTHER_TEXT, request, otd_request_of(checker, ACCEPTED, sizeof ACCEPTED, &request)));
  CHECK(FAILS(OTD_NULL, request, otd_request_of(checker, NULL, sizeof ACCEPTED - 1, &request)));
  CHECK(FAILS(OTD_NULL, request, otd_request_of(NULL, ACCEPTED, sizeof ACCEPTED - 1, &request)));
  CHECK(otd_request_of(checker, ACCEPTED, sizeof ACCEPTED - 1, NULL) == OTD_NULL);
  CHECK(FAILS(OTD_TOO_LONG, request, otd_request_of(checker, x, absurd, &request)));
  NEED(otd_request_of(checker, ACCEPTED, sizeof ACCEPTED - 1, &request) == OTD_OK);
  NEED(otd_report_of(checker, ACCEPTED, sizeof ACCEPTED - 1, &report) == OTD_OK && report.warnings_len == 2);
  CHECK(is(request.text, "a\u00e9\nb") && is(request.channel_type, "WHATSAPP") && is(request.device_address, "79000000000"));
  CHECK(request.client_id.data == NULL && request.unauthorized_client_id.data == NULL && request.app_marker.data == NULL);
  CHECK(request.attachments_len == 1 && is(request.attachments[0].url, "http://a.example/b"));
  CHECK(is(request.attachments[0].media_type, "image/jpeg") && request.attachments[0].name.data == NULL);
  CHECK(!request.attachments[0].has_size && is(outcome.normalized, NORMALIZED) && report.warnings[0].message.len > 0);
  /* Other bytes of the same length give useless values, and nothing worse. */
  static char junk[sizeof ACCEPTED - 1];
  for (int byte = 0; byte < 256; byte += 51) {
    memset(junk, byte, sizeof junk);
    CHECK(otd_request_of(checker, junk, sizeof junk, &request) == OTD_OK);
  }

  /* Out and in again. */
  NEED(otd_request_write(checker, policy, &request_values, &outcome) == OTD_OK && outcome.accepted);
  CHECK(is(outcome.normalized, REQUEST) && outcome.warnings == 2);
  NEED(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.warnings_len == 2);
  CHECK(report.warnings[0].code == OTD_CODE_INSECURE_URL && is(report.warnings[0].pointer, "/attachments/0/url"));
  CHECK(report.warnings[0].offset == 0 && report.warnings[0].length == 0 && report.warnings[0].line == 0);
  CHECK(FAILS(OTD_OTHER_TEXT, reply, otd_problem_of(checker, NULL, 0, &reply)));
  NEED(otd_request_of(checker, NULL, 0, &request) == OTD_OK && request.attachments[0].size == 9007199254740991u);
  CHECK(is(request.attachments[0].name, "b \"1\".pdf") && request.attachments[0].has_size == 1);

  /* A rejected one tells where, by pointers alone. */
  request = request_values;
  request.channel_type = (otd_string)S("MOBIL");
  request.attachments_len = 0;
  request.text.data = NULL;
  request.text.len = 0;
  NEED(otd_request_write(checker, policy, &request, &outcome) == OTD_OK && !outcome.accepted);
  NEED(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.violations_len == 2);
  CHECK(report.violations[0].code == OTD_CODE_MISSING_FIELD && is(report.violations[0].pointer, "/text"));
  CHECK(is(report.violations[1].suggestion, "MOBILE") && report.violations[1].column == 0);
  CHECK(FAILS(OTD_NOT_ACCEPTED, request, otd_request_of(checker, NULL, 0, &request)));
  NEED(otd_diagnostics_of(checker, NULL, 0, &report) == OTD_OK && report.violations[1].offset == 0);

  /* One that is longer than a body may be. */
  const size_t long_len = (size_t)2 << 20;
  char *long_text = malloc(long_len);
  NEED(long_text != NULL);
  memset(long_text, 'x', long_len);
  request = request_values;
  request.text.data = long_text;
  request.text.len = long_len;
  NEED(otd_request_write(checker, policy, &request, &outcome) == OTD_OK && outcome.violations == 1);
  NEED(otd_report_of(checker, NULL, 0, &report) == OTD_OK && report.violations[0].code == OTD_CODE_BODY_TOO_LARGE);
  free(long_text);

  /* Strings and arrays that are none. */
  otd_attachment file = request_files[0];
  otd_string *const strings[] = {&request.text, &request.channel_type, &request.client_id, &request.unauthorized_client_id,
                                 &request.app_marker, &request.device_address, &file.url, &file.name, &file.media_type};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
    request = request_values;
    file = request_files[0];
    request.attachments = &file;
    request.attachments_len = 1;
    *strings[i] = (otd_string){"\xFF", 1};
    CHECK(FAILS(OTD_NOT_UTF8, outcome, otd_request_write(checker, policy, &request, &outcome)));
    *strings[i] = (otd_string){NULL, 1};
    CHECK(FAILS(OTD_NULL, outcome, otd_request_write(checker, policy, &request, &outcome)));
    *strings[i] = (otd_string){x, absurd};
    CHECK(FAILS(OTD_TOO_LONG, outcome, otd_request_write(checker, policy, &request, &outcome)));
    CHECK(FAILS(OTD_OTHER_TEXT, report, otd_report_of(checker, NULL, 0, &report)));
  }
  request = request_values;
  request.attachments = NULL;
  CHECK(FAILS(OTD_NULL, outcome, otd_request_write(checker, policy, &request, &outcome)));
  request.attachments_len = SIZE_MAX / sizeof file + 1;
  CHECK(FAILS(OTD_TOO_LONG, outcome, otd_request_write(checker, policy, &request, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_request_write(checker, policy, NULL, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_request_write(checker, NULL, &request_values, &outcome)));
  CHECK(FAILS(OTD_NULL, outcome, otd_request_write(NULL, policy, &request_values, &outcome)));
  CHECK(otd_request_write(checker, policy, &request_values, NULL) == OTD_NULL);

  /* What a policy tells of itself. */
  NEED(otd_policy_channels(checker, policy, &names) == OTD_OK && names.len == 11 && is(names.data[0], "WHATSAPP"));
  CHECK(FAILS(OTD_NULL, names, otd_policy_channels(checker, NULL, &names)));
  CHECK(FAILS(OTD_NULL, names, otd_policy_channels(NULL, policy, &names)));
  CHECK(otd_policy_channels(checker, policy, NULL) == OTD_NULL);
  CHECK(otd_policy_limits(policy, &limits) == OTD_OK && limits.body == 1 << 20 && limits.warnings == 64);
  CHECK(FAILS(OTD_NULL, limits, otd_policy_limits(NULL, &limits)) && otd_policy_limits(policy, NULL) == OTD_NULL);
  CHECK(otd_checker_shrink(NULL) == OTD_NULL);
}

/* Applies all edits of a fix to a body. */
static size_t mend(const char *body, size_t len, otd_fix fix, char *to) {
  size_t at = 0, out = 0;
  for (size_t i = 0; i < fix.edits_len; i++) {
    const otd_edit *edit = &fix.edits[i];
    NEED(edit->offset >= at && (size_t)edit->offset + edit->length <= len && edit->text.data[edit->text.len] == '\0');
    memcpy(to + out, body + at, edit->offset - at);
    out += edit->offset - at;
    memcpy(to + out, edit->text.data, edit->text.len);
    out += edit->text.len;
    at = (size_t)edit->offset + edit->length;
  }
  memcpy(to + out, body + at, len - at);
  return out + len - at;
}

static void fixes(void) {
  otd_outcome outcome;
  otd_report report;
  otd_fix fix;
  otd_diagnostic kept;
  char body[1024] = FIXABLE, mended[1024];
  size_t len = sizeof FIXABLE - 1;
  int rounds = 0;
  /* One at a time, with a check between, until there is nothing left to mend. */
  for (;; rounds++) {
    NEED(rounds < 10 && otd_check(checker, policy, body, len, &outcome) == OTD_OK);
    NEED(otd_report_of(checker, body, len, &report) == OTD_OK);
    size_t i = 0;
    for (; i < report.violations_len; i++) {
      kept = report.violations[i];
      NEED(otd_fix_of(checker, body, len, &kept, &fix) == OTD_OK);
      CHECK(report.violations[i].message.len > 0); /* the report's views are spared */
      if (fix.edits_len) break;
    }
    if (i == report.violations_len) break;
    len = mend(body, len, fix, mended);
    memcpy(body, mended, len);
  }
  CHECK(rounds == 4 && strstr(body, "{\"text\":\"m\"") && strstr(body, "https://a.example/a%20b/c") && strstr(body, "\"VIBER\"")
        && strstr(body, "\"7\""));
  CHECK(report.violations_len == 1 && report.violations[0].code == OTD_CODE_INVALID_ADDRESS && fix.edits == NULL);

  kept = report.violations[0];
  CHECK(FAILS(OTD_OTHER_TEXT, fix, otd_fix_of(checker, body, len - 1, &kept, &fix)));
  CHECK(FAILS(OTD_NULL, fix, otd_fix_of(checker, body, len, NULL, &fix)));
  CHECK(FAILS(OTD_NULL, fix, otd_fix_of(checker, NULL, len, &kept, &fix)));
  CHECK(FAILS(OTD_NULL, fix, otd_fix_of(NULL, body, len, &kept, &fix)));
  CHECK(otd_fix_of(checker, body, len, &kept, NULL) == OTD_NULL);
  /* One that is no diagnostic of this body has no fix, and other bytes of the same length do no harm. */
  kept.code = 9999;
  CHECK(FAILS(OTD_OK, fix, otd_fix_of(checker, body, len, &kept, &fix)));
  NEED(otd_check(checker, policy, FIXABLE, sizeof FIXABLE - 1, &outcome) == OTD_OK);
  NEED(otd_report_of(checker, FIXABLE, sizeof FIXABLE - 1, &report) == OTD_OK);
  static char junk[sizeof FIXABLE - 1];
  for (int byte = 0; byte < 256; byte++)
    for (size_t i = 0; i < report.violations_len; i++) {
      memset(junk, byte, sizeof junk);
      CHECK(otd_fix_of(checker, junk, sizeof junk, &report.violations[i], &fix) == OTD_OK);
    }
  /* Heads, policies and requests that were written have none. */
  const otd_head head = {{NULL, 0}, {"GET", 3}, {"/", 1}, NULL, 0};
  NEED(otd_check_head(checker, policy, &head, &outcome) == OTD_OK && !outcome.accepted);
  CHECK(FAILS(OTD_OK, fix, otd_fix_of(checker, NULL, 0, &kept, &fix)));
  otd_policy *none;
  NEED(otd_policy_read(checker, BAD_POLICY, sizeof BAD_POLICY - 1, &none, &outcome) == OTD_OK && none == NULL);
  NEED(otd_report_of(checker, BAD_POLICY, sizeof BAD_POLICY - 1, &report) == OTD_OK);
  for (size_t i = 0; i < report.violations_len; i++)
    CHECK(FAILS(OTD_OK, fix, otd_fix_of(checker, BAD_POLICY, sizeof BAD_POLICY - 1, &report.violations[i], &fix)));
}

static void numbers(void) {
  CHECK(otd_abi_version() == OTD_ABI_VERSION);
  char version[32];
  sprintf(version, "%d.%d.%d", OTD_VERSION_MAJOR, OTD_VERSION_MINOR, OTD_VERSION_PATCH);
  CHECK(strncmp(otd_version(), version, strlen(version)) == 0);
  const otd_status statuses[] = {INT32_MIN, -1, OTD_INVALID_COLUMN + 1, INT32_MAX};
  for (int i = 0; i < 4; i++) CHECK(strcmp(otd_status_text(statuses[i]), "There is no such status.") == 0);
  for (otd_status status = OTD_OK; status <= OTD_INVALID_COLUMN; status++) {
    CHECK(strlen(otd_status_text(status)) > 5 && strcmp(otd_status_text(status), otd_status_text(-1)) != 0);
    for (otd_status other = OTD_OK; other < status; other++)
      CHECK(strcmp(otd_status_text(status), otd_status_text(other)) != 0);
  }
  CHECK(strcmp(otd_code_name(OTD_CODE_EMPTY_BODY), "empty_body") == 0);
  CHECK(strcmp(otd_code_name(OTD_CODE_INVALID_ADDRESS), "invalid_address") == 0);
  CHECK(strcmp(otd_code_name(OTD_CODE_POLICY_CONFLICT), "policy_conflict") == 0);
  uint32_t count = 0;
  for (; otd_code_name(count) != NULL; count++)
    CHECK(strlen(otd_code_name(count)) > 3 && strlen(otd_code_text(count)) > 10);
  CHECK(count > OTD_CODE_POLICY_CONFLICT);
  const uint32_t none[] = {count, 255, 256, UINT32_MAX};
  for (int i = 0; i < 4; i++)
    CHECK(otd_code_name(none[i]) == NULL && otd_code_text(none[i]) == NULL && otd_field_about_bytes(none[i]) == NULL);
}

/* One policy, a checker for each thread: that is how it is meant, and no tool may complain. */
static void *check_all(void *shared) {
  otd_checker *own;
  otd_outcome outcome;
  otd_report report;
  NEED(otd_checker_new(&own) == OTD_OK);
  for (int round = 0; round < 50; round++)
    for (size_t i = 0; i < BODIES; i++) {
      /* The default policy in between, so that the shared one is taken and left all the time. */
      NEED(otd_check(own, i % 2 ? policy : shared, bodies[i], strlen(bodies[i]), &outcome) == OTD_OK);
      NEED(otd_report_of(own, bodies[i], strlen(bodies[i]), &report) == OTD_OK);
    }
  otd_checker_free(own);
  return NULL;
}

static void threads(void) {
  otd_policy *shared;
  otd_outcome outcome;
  pthread_t thread[4];
  NEED(otd_policy_read(checker, POLICY, sizeof POLICY - 1, &shared, &outcome) == OTD_OK && shared);
  for (int i = 0; i < 4; i++) NEED(pthread_create(&thread[i], NULL, check_all, shared) == 0);
  for (int i = 0; i < 4; i++) NEED(pthread_join(thread[i], NULL) == 0);
  otd_policy_free(shared);
  passed++;
}

/* Nesting takes no stack: the deepest body, and one that goes too deep, pass on a stack of 64 KiB. */
static void *check_deep(void *text) {
  otd_checker *own;
  otd_outcome outcome;
  otd_report report;
  otd_reply reply;
  const size_t len = strlen(text);
  NEED(otd_checker_new(&own) == OTD_OK);
  NEED(otd_check(own, policy, text, len, &outcome) == OTD_OK && outcome.violations > 0);
  NEED(otd_report_of(own, text, len, &report) == OTD_OK && otd_problem_of(own, text, len, &reply) == OTD_OK);
  otd_checker_free(own);
  return NULL;
}

static void small_stack(void) {
  static char deep[4096];
  pthread_attr_t attributes;
  pthread_t thread;
  NEED(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, 65536) == 0);
  for (size_t levels = 63; levels <= 2000; levels += 1937) {
    strcpy(deep, "{\"x\":");
    memset(deep + 5, '[', levels);
    strcpy(deep + 5 + levels, "\"\\ud800\"");
    memset(deep + strlen(deep), ']', levels);
    strcpy(deep + 5 + 2 * levels + 8, "}");
    NEED(pthread_create(&thread, &attributes, check_deep, deep) == 0 && pthread_join(thread, NULL) == 0);
    memset(deep, 0, sizeof deep);
    passed++;
  }
  pthread_attr_destroy(&attributes);
}

static void cases_at_edge(void) {
  char *line = NULL;
  size_t capacity = 0;
  ssize_t len;
  int count = 0;
  map_edge(600);
  while ((len = getline(&line, &capacity, stdin)) >= 0) {
    const test_case test = read_case(line, (size_t)len);
    NEED(test.error == NULL);
    check_at_edge(test.body, test.body_len);
    /* Cut short, each at the edge; long bodies only at a few places. */
    const size_t step = test.body_len / 64 + 1;
    for (size_t cut = step; cut < test.body_len; cut += step) check_at_edge(test.body, test.body_len - cut);
    count++;
  }
  free(line);
  CHECK(count > 0);
}

int main(int argc, char **argv) {
  NEED(otd_policy_default(&policy) == OTD_OK && otd_checker_new(&checker) == OTD_OK);
  null_and_lengths();
  callers_buffer();
  end_of_memory();
  interior_nul();
  other_texts();
  owners();
  strings_in();
  requests();
  fixes();
  numbers();
  threads();
  small_stack();
  if (argc > 1 && strcmp(argv[1], "-") == 0) cases_at_edge();
  otd_checker_free(checker);
  otd_policy_free(policy);
  return finish("misuse");
}
