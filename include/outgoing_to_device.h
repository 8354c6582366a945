/*
 * outgoing-to-device: parses, validates and normalizes the requests of edna Chat Center's
 * POST /api/v1/messages/outgoing-to-device, and builds its responses.
 * What it decides, and what every code means, is in docs/contract.md.
 *
 * Made from ffi/src by `cargo run -p outgoing-to-device-header`; not to be edited.
 *
 * Three rules hold for every function, and what is said at a function only adds to them.
 *
 * 1. Ownership. `otd_policy_default`, `otd_policy_read` and `otd_checker_new` make handles, which the
 *    caller frees with the `_free` of their kind. Arguments stay the caller's, and are not looked at
 *    after the call, except that a checker keeps its policy alive. Strings and arrays that come back
 *    are views: they belong to the checker, and live until the next call with
 *    that checker or until it is freed, whichever comes first. Only `otd_problem_of`, `otd_request_of`,
 *    `otd_fix_of` and `otd_report_of` (or `otd_diagnostics_of`, whose views take the place of a report's)
 *    spare the views of the check that they speak of, and each other's. A view that is read later sees bytes of a
 *    later answer, or memory that was freed: copy what must last.
 *
 * 2. NULL. If a required pointer is NULL, the status is OTD_NULL and nothing else happens. An absent
 *    text may be NULL with the length 0. Every `_free` takes NULL. After a failure the out-parameters
 *    of the call are all 0, or NULL, unless they are NULL themselves.
 *
 * 3. Threads. A policy never changes and may be used by any number of threads at once. A checker
 *    belongs to one thread at a time; make one for each. Nothing is global.
 *
 * A handle must be one that this library made and that was not freed, and memory must be what its
 * pointer and length say: no library can check that. Lengths are bytes. No call aborts, prints,
 * locks, or does input or output; a failed allocation is a status.
 *
 * The whole of a check:
 *
 * ```c
 * otd_policy *rules = NULL;
 * otd_checker *own = NULL;
 * otd_outcome answer;
 * if (otd_policy_default(&rules) == OTD_OK && otd_checker_new(&own) == OTD_OK
 *     && otd_check(own, rules, body, body_len, &answer) == OTD_OK)
 *     puts(answer.accepted ? answer.normalized.data : "rejected");
 * otd_checker_free(own);
 * otd_policy_free(rules);
 * ```
 */


#ifndef OUTGOING_TO_DEVICE_H
#define OUTGOING_TO_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define OTD_MUST_USE __attribute__((warn_unused_result))
#else
#define OTD_MUST_USE
#endif

/** The codes of diagnostics; `otd_code_name` has the names, which are stable for ever. */
enum otd_code {
  /** The body is empty, or holds only white space. */
  OTD_CODE_EMPTY_BODY = 0,
  /** The body has more bytes than the limit allows. */
  OTD_CODE_BODY_TOO_LARGE = 1,
  /** The body is not UTF-8. */
  OTD_CODE_INVALID_UTF8 = 2,
  /** The body is not JSON (RFC 8259). */
  OTD_CODE_INVALID_JSON = 3,
  /** Arrays and objects are nested deeper than the limit allows. */
  OTD_CODE_NESTING_TOO_DEEP = 4,
  /** The value has another JSON type than its field. */
  OTD_CODE_TYPE_MISMATCH = 5,
  /** A required field is absent. */
  OTD_CODE_MISSING_FIELD = 6,
  /** No field of this name stands here; the server would drop it in silence. */
  OTD_CODE_UNKNOWN_FIELD = 7,
  /** The field stands more than once; readers disagree on which one counts. */
  OTD_CODE_DUPLICATE_FIELD = 8,
  /** The string holds a surrogate without its partner, so it is not Unicode text. */
  OTD_CODE_INVALID_UNICODE = 9,
  /** A required string is empty, or only white space and invisible characters. */
  OTD_CODE_BLANK = 10,
  /** The string holds a control character. */
  OTD_CODE_CONTROL_CHARACTER = 11,
  /** The string is longer than its limit, in UTF-16 code units. */
  OTD_CODE_TOO_LONG = 12,
  /** There are more items than the limit allows. */
  OTD_CODE_TOO_MANY_ITEMS = 13,
  /** The value is outside its range or set. */
  OTD_CODE_OUT_OF_RANGE = 14,
  /** The message has neither text nor attachments. */
  OTD_CODE_EMPTY_MESSAGE = 15,
  /** The policy has no channel of this name. */
  OTD_CODE_UNKNOWN_CHANNEL = 16,
  /** The channel requires a field that is absent or blank. */
  OTD_CODE_REQUIRED_BY_CHANNEL = 17,
  /** The device address does not have the syntax of the channel's addresses. */
  OTD_CODE_INVALID_ADDRESS = 18,
  /** The value is not an absolute http or https IRI (RFC 3987) that is safe to show and to fetch. */
  OTD_CODE_INVALID_URL = 19,
  /** The value is not a media type (RFC 9110). */
  OTD_CODE_INVALID_MEDIA_TYPE = 20,
  /** The file name holds a path separator, or a character that changes the direction in which it is shown. */
  OTD_CODE_INVALID_NAME = 21,
  /** The field stands under its other documented name; it is normalized to clientApplicationDescriptor. */
  OTD_CODE_ALIAS_FIELD = 22,
  /** The phone number reads as a national one; it is passed on unchanged and may reach a stranger. */
  OTD_CODE_NATIONAL_NUMBER = 23,
  /** The address has the syntax, but nobody can have it; the message will hardly arrive. */
  OTD_CODE_UNLIKELY_ADDRESS = 35,
  /** The identifier holds odd white space or an invisible character, or is a word that stands for nothing. */
  OTD_CODE_UNLIKELY_IDENTIFIER = 36,
  /** The text has lost characters on its way, or is still encoded. */
  OTD_CODE_GARBLED_TEXT = 37,
  /** Neither a media type nor a file extension tells what the attachment is, so it may not be displayed. */
  OTD_CODE_ATTACHMENT_KIND_UNKNOWN = 24,
  /** The URL uses plain http. */
  OTD_CODE_INSECURE_URL = 25,
  /** The URL holds characters that are usually percent-encoded; some readers reject it. */
  OTD_CODE_UNESCAPED_URL = 38,
  /** Only machines nearby can reach the host of the URL. */
  OTD_CODE_PRIVATE_HOST = 39,
  /** The text is longer than the channel shows well. */
  OTD_CODE_LONG_TEXT = 26,
  /** An unknown field was left out. */
  OTD_CODE_DROPPED_FIELD = 27,
  /** An unknown field was passed on as it stands. */
  OTD_CODE_KEPT_FIELD = 28,
  /** The request is for another path. */
  OTD_CODE_NOT_FOUND = 29,
  /** The endpoint takes POST only. */
  OTD_CODE_METHOD_NOT_ALLOWED = 30,
  /** There is no single Authorization field with a Bearer token. */
  OTD_CODE_UNAUTHORIZED = 31,
  /** The body is not application/json in UTF-8, or it is compressed. */
  OTD_CODE_UNSUPPORTED_MEDIA_TYPE = 32,
  /** The length of the body is malformed, repeated or contradictory. */
  OTD_CODE_INVALID_HEAD = 33,
  /** Two settings of the policy contradict each other. */
  OTD_CODE_POLICY_CONFLICT = 34
};

/** The diagnostic is a violation: its text is rejected. */
#define OTD_VIOLATION 0

/** The diagnostic is a warning: somebody should look at it. */
#define OTD_WARNING 1

/** In `has`: `related_offset` and `related_length` are given. */
#define OTD_HAS_RELATED 1

/** In `has`: `limit` is given. */
#define OTD_HAS_LIMIT 2

/** In `has`: `actual` is given. */
#define OTD_HAS_ACTUAL 4

/**
 * The version of this interface. It changes with every change that needs hosts to be compiled anew:
 * of a signature, a structure or a number.
 */
#define OTD_ABI_VERSION 1

/** The version of the library that this header belongs to (semver.org): its first number. */
#define OTD_VERSION_MAJOR 0

/** Its second number. */
#define OTD_VERSION_MINOR 1

/** Its third number. */
#define OTD_VERSION_PATCH 0

/**
 * Checks bodies, one after another, in buffers that it keeps: once they have grown, a check
 * allocates nothing.
 */
typedef struct otd_checker otd_checker;

/**
 * Rules as data: limits, channels, what becomes of unknown fields. Immutable, and shared by any
 * number of threads and checkers.
 */
typedef struct otd_policy otd_policy;

/**
 * The result of a call: `OTD_OK`, or why it could not be carried out. A rejected body is no failure of
 * the call: see `otd_outcome`.
 */
typedef int32_t otd_status;

/**
 * A string: `len` bytes at `data`.
 *
 * From the library: UTF-8, with a NUL behind the last byte that `len` does not count, or
 * `data == NULL` if there is none. (A key of a body may hold U+0000, so a pointer may too: then
 * `len` tells the truth.) To the library: no NUL is needed, and `data` may be NULL if `len` is 0.
 */
typedef struct otd_string {
  /** The first byte. */
  const char *data;
  /** How many bytes, the NUL not counted. */
  size_t len;
} otd_string;

/** What was decided about a text. */
typedef struct otd_outcome {
  /** 1 if the text was accepted, 0 if it was rejected. */
  uint32_t accepted;
  /** How many violations `otd_report_of` gives; 0 if the text was accepted. */
  uint32_t violations;
  /** How many warnings `otd_report_of` gives; there may be some in either case. */
  uint32_t warnings;
  /** 1 if there were more violations or more warnings than the policy's limits report. */
  uint32_t truncated;
  /** The normalized request of an accepted body, as compact JSON without a newline. */
  struct otd_string normalized;
} otd_outcome;

/**
 * One thing that is wrong with a text, or worth a look. It holds no value of the text: messages
 * are private. Strings that are not given have `data == NULL`.
 */
typedef struct otd_diagnostic {
  /** `OTD_VIOLATION` or `OTD_WARNING`. */
  uint32_t severity;
  /** One of `enum otd_code`. */
  uint32_t code;
  /** The code's name, such as `invalid_address`. It is stable for ever. */
  struct otd_string name;
  /** One English sentence. */
  struct otd_string message;
  /** The place as a JSON Pointer (RFC 6901); empty for a fault of the text as a whole. */
  struct otd_string pointer;
  /** The place's first byte in the text. */
  uint32_t offset;
  /** How many bytes the place has. */
  uint32_t length;
  /** The place's line, from 1 on; 0 for a request head, which has no places. */
  uint32_t line;
  /** The place's column in Unicode scalar values, from 1 on; 0 for a request head. */
  uint32_t column;
  /** Which of the numbers below are given: `OTD_HAS_RELATED`, `OTD_HAS_LIMIT` and `OTD_HAS_ACTUAL`, added up. */
  uint32_t has;
  /**
   * A second place: the key of the first one of a repeated field, or the character that spoils a value.
   * Its first byte.
   */
  uint32_t related_offset;
  /** How many bytes the second place has. */
  uint32_t related_length;
  /** The bound that was crossed. */
  uint64_t limit;
  /** The length or count that was found. */
  uint64_t actual;
  /** The JSON type that was found. */
  struct otd_string actual_type;
  /** What belongs there: a JSON type, an address kind, words, or what a setting must be. */
  struct otd_string expected;
  /** The channel whose row made the rule, as the policy spells it. */
  struct otd_string channel;
  /** The nearest name that is known: a field or a channel. */
  struct otd_string suggestion;
  /** Where a field of this name belongs: `body`, `attachments`, `clientApplicationDescriptor` or `sibling_endpoint`. */
  struct otd_string belongs_to;
} otd_diagnostic;

/** The diagnostics of a text, in their order. */
typedef struct otd_report {
  /** What is wrong: `violations_len` diagnostics. */
  const struct otd_diagnostic *violations;
  /** How many violations there are. */
  size_t violations_len;
  /** What somebody should look at: `warnings_len` diagnostics. */
  const struct otd_diagnostic *warnings;
  /** How many warnings there are. */
  size_t warnings_len;
  /** 1 if there were more violations or more warnings than the policy's limits report. */
  uint32_t truncated;
} otd_report;

/** One edit of a body: the `length` bytes at `offset` give way to `text`, which may be empty. */
typedef struct otd_edit {
  /** The first byte that gives way. */
  uint32_t offset;
  /** How many bytes give way. */
  uint32_t length;
  /** The text in their place: a name of ours, ASCII, or nothing. Never a value of the body. */
  struct otd_string text;
} otd_edit;

/** The edits that mend a diagnostic, in the order of their places, none overlapping another. */
typedef struct otd_fix {
  /** The first one; NULL if there is no fix. */
  const struct otd_edit *edits;
  /** How many there are; 0 if there is no fix. */
  size_t edits_len;
} otd_fix;

/** A header field. */
typedef struct otd_field {
  /** Its name. */
  struct otd_string name;
  /** Its value. */
  struct otd_string value;
} otd_field;

/** A response for the host to send. No header field carries CR, LF or NUL. */
typedef struct otd_reply {
  /** The status code. */
  uint32_t status;
  /** The header fields, in their order. `Content-Length` is the host's business: `body.len`. */
  const struct otd_field *fields;
  /** How many header fields there are. */
  size_t fields_len;
  /** The body: JSON without a newline. */
  struct otd_string body;
} otd_reply;

/** An attachment of a request. Strings that are absent have `data == NULL`. */
typedef struct otd_attachment {
  /** Where the file is. */
  struct otd_string url;
  /** Its name. */
  struct otd_string name;
  /** Its media type. */
  struct otd_string media_type;
  /** Its size in bytes, if `has_size` is 1. */
  uint64_t size;
  /** 1 if `size` is given, otherwise 0. */
  uint32_t has_size;
} otd_attachment;

/** The values of a request. Strings that are absent have `data == NULL`. */
typedef struct otd_request {
  /** The text of the message; a request that was read always has one, which may be empty. */
  struct otd_string text;
  /** The attachments, in their order. */
  const struct otd_attachment *attachments;
  /** How many attachments there are. */
  size_t attachments_len;
  /** The channel; of a request that was read, as the policy spells it. */
  struct otd_string channel_type;
  /** The client, as the sender's system knows it. */
  struct otd_string client_id;
  /** A client who has not signed in. */
  struct otd_string unauthorized_client_id;
  /** The application that the message is for. */
  struct otd_string app_marker;
  /** The address on the channel. */
  struct otd_string device_address;
} otd_request;

/** A request head, as it came over the wire. */
typedef struct otd_head {
  /** Where the host has mounted the endpoint; NULL for the documented `/api/v1/messages/outgoing-to-device`. */
  struct otd_string path;
  /** The method. */
  struct otd_string method;
  /** The request target; its query is passed over. */
  struct otd_string target;
  /** The header fields, in their order. */
  const struct otd_field *fields;
  /** How many header fields there are. */
  size_t fields_len;
} otd_head;

/** Strings, one after another. */
typedef struct otd_strings {
  /** The first one. */
  const struct otd_string *data;
  /** How many there are. */
  size_t len;
} otd_strings;

/** A success response. */
typedef struct otd_response {
  /** The message. */
  int64_t id;
  /** The new thread of the message. */
  int64_t thread_id;
  /** The client to whom the message was sent. */
  int64_t client_id;
  /** The agent from whom the message was sent. */
  int64_t agent_id;
  /** The external identifier of that client; `data == NULL` if there is none. */
  struct otd_string client_external_id;
} otd_response;

/** The limits of a policy, as its file names them. */
typedef struct otd_limits {
  /** Bytes of a body: a host need not keep more than one byte above it. */
  uint32_t body;
  /** Arrays and objects inside each other. */
  uint32_t depth;
  /** Attachments of a message. */
  uint32_t attachments;
  /** UTF-16 code units of `clientId`, `unauthorizedClientId` and `appMarker`. */
  uint32_t identifier;
  /** UTF-16 code units of `deviceAddress`. */
  uint32_t address;
  /** Violations that are reported. */
  uint32_t violations;
  /** Warnings that are reported. */
  uint32_t warnings;
} otd_limits;

/** The call was carried out. */
#define OTD_OK 0

/** A required pointer is NULL. Nothing was read or changed. */
#define OTD_NULL 1

/** A length is above PTRDIFF_MAX, so it can't be one. Nothing was read. */
#define OTD_TOO_LONG 2

/** Out of memory. Every handle is as good as before. */
#define OTD_OUT_OF_MEMORY 3

/** The caller's buffer is too small: nothing was written to it, `normalized.len + 1` says what it takes. */
#define OTD_BUFFER_TOO_SMALL 4

/** The text is not the one that the checker read last: its length differs, or none was read. */
#define OTD_OTHER_TEXT 5

/** Nothing was rejected, so there is no problem to report. */
#define OTD_NOT_REJECTED 6

/** A string that must be UTF-8 is not. */
#define OTD_NOT_UTF8 7

/** What was read last is no accepted body, so there is no request to read. */
#define OTD_NOT_ACCEPTED 8

/** The offsets of a column are negative, decreasing or behind its values, or neither 4 nor 8 bytes wide. */
#define OTD_INVALID_COLUMN 9

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a checker.
 *
 * `*checker` becomes a handle to free with `otd_checker_free`, or NULL on failure. Any thread may
 * call it. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`.
 *
 * ```c
 * otd_checker *own;
 * if (otd_checker_new(&own) == OTD_OK) otd_checker_free(own);
 * ```
 */
OTD_MUST_USE otd_status otd_checker_new(struct otd_checker **checker);

/**
 * Frees a checker and all its views; NULL is fine. A second time is a double free, as with `free`.
 *
 * ```c
 * otd_checker_free(NULL);
 * ```
 */
void otd_checker_free(struct otd_checker *checker);

/**
 * Gives back the memory of a checker's buffers, which otherwise stay as large as the largest body made
 * them. Its views are gone; it can be used like a new one.
 *
 * Fails with `OTD_NULL`.
 *
 * ```c
 * if (otd_checker_shrink(checker) == OTD_OK) puts("as small as a new one");
 * ```
 */
OTD_MUST_USE otd_status otd_checker_shrink(struct otd_checker *checker);

/**
 * Checks a body: the normalized request, or everything that is wrong with it.
 *
 * `body`: `len` bytes, read during the call only; may be NULL if `len` is 0. A body above the
 * policy's limit is rejected by its length, and no byte of it is read. The checker keeps the policy
 * until it is given another one. `outcome->normalized` is a view of the checker.
 *
 * A rejected body is `OTD_OK` too, with `outcome->accepted` 0. Fails with `OTD_NULL`,
 * `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`; then `*outcome` is all 0.
 *
 * ```c
 * otd_outcome answer;
 * if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK && answer.accepted)
 *     puts(answer.normalized.data);
 * ```
 */
OTD_MUST_USE
otd_status otd_check(struct otd_checker *checker,
                     const struct otd_policy *policy,
                     const void *body,
                     size_t len,
                     struct otd_outcome *outcome);

/**
 * `otd_check`, with the normalized request written into the caller's buffer, NUL included; on
 * success `outcome->normalized.data` is `buffer`. A capacity of `otd_max_output(len)` is always
 * enough. A rejected body writes nothing.
 *
 * If the capacity is too small, the status is `OTD_BUFFER_TOO_SMALL` and the buffer is untouched,
 * but the check is done: `outcome->normalized.len + 1` is the capacity that it takes, and
 * `outcome->normalized` is a view of the checker, to copy from. `buffer` may be NULL if `capacity`
 * is 0. It must not overlap the body. Fails otherwise as `otd_check`.
 *
 * ```c
 * size_t capacity = otd_max_output(body_len);
 * char *buffer = malloc(capacity);
 * otd_outcome answer;
 * if (otd_check_into(checker, policy, body, body_len, buffer, capacity, &answer) == OTD_OK && answer.accepted)
 *     fwrite(buffer, 1, answer.normalized.len, stdout);
 * free(buffer);
 * ```
 */
OTD_MUST_USE
otd_status otd_check_into(struct otd_checker *checker,
                          const struct otd_policy *policy,
                          const void *body,
                          size_t len,
                          char *buffer,
                          size_t capacity,
                          struct otd_outcome *outcome);

/**
 * A capacity that the normalized request of a body of `len` bytes never exceeds, NUL included.
 * Any thread may call it.
 *
 * ```c
 * char *buffer = malloc(otd_max_output(body_len));
 * free(buffer);
 * ```
 */
OTD_MUST_USE size_t otd_max_output(size_t len);

/**
 * Writes out all diagnostics of what this checker read last: a body, a policy, a response or a
 * request head.
 *
 * `text`: the same bytes again (nothing of them was kept), read during the call only; for a head
 * NULL and 0. They are needed for names and lines; other bytes of the same length give useless
 * places, and nothing worse. `report` gets views of the checker.
 *
 * Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and with `OTD_OTHER_TEXT` if `len`
 * is another one or nothing was read; then `*report` is all 0.
 *
 * ```c
 * otd_outcome answer;
 * otd_report report;
 * if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK
 *     && otd_report_of(checker, body, body_len, &report) == OTD_OK)
 *     for (size_t i = 0; i < report.violations_len; i++)
 *         printf("%u:%u: %s\n", (unsigned)report.violations[i].line, (unsigned)report.violations[i].column,
 *                report.violations[i].message.data);
 * ```
 */
OTD_MUST_USE
otd_status otd_report_of(struct otd_checker *checker,
                         const void *text,
                         size_t len,
                         struct otd_report *report);

/**
 * `otd_report_of` for a program that counts the diagnostics or puts them in words of its own: code,
 * severity, pointer, offset and length. Everything else is 0, the second place too, and it takes a
 * part of the time. The name is `otd_code_name` of the code.
 *
 * ```c
 * otd_outcome answer;
 * otd_report report;
 * if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK
 *     && otd_diagnostics_of(checker, body, body_len, &report) == OTD_OK)
 *     for (size_t i = 0; i < report.warnings_len; i++)
 *         printf("%s at %s\n", otd_code_name(report.warnings[i].code), report.warnings[i].pointer.data);
 * ```
 */
OTD_MUST_USE
otd_status otd_diagnostics_of(struct otd_checker *checker,
                              const void *text,
                              size_t len,
                              struct otd_report *report);

/**
 * Works out the edits of the body that mend a diagnostic, if there are such: after them it is gone from
 * its place, and no other violation has come, but in the value itself and in what depends on it.
 *
 * `text` as for `otd_report_of`. `diagnostic`: one of a report or of `otd_diagnostics_of`, or a copy of
 * it, of the body that was checked last. `fix` gets views of the checker. If there is no fix,
 * `fix->edits_len` is 0; policies, responses, heads and requests that were written have none. Apply one
 * fix at a time and check again, as the places of the other diagnostics are those of the body before it.
 * Fails as `otd_report_of`; then `*fix` is all 0.
 *
 * ```c
 * const char typo[] = "{\"message\":\"hi\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}}";
 * otd_outcome answer;
 * otd_report report;
 * otd_fix fix;
 * if (otd_check(checker, policy, typo, sizeof typo - 1, &answer) == OTD_OK
 *     && otd_diagnostics_of(checker, typo, sizeof typo - 1, &report) == OTD_OK)
 *     for (size_t i = 0; i < report.violations_len; i++)
 *         if (otd_fix_of(checker, typo, sizeof typo - 1, &report.violations[i], &fix) == OTD_OK && fix.edits_len > 0)
 *             printf("put %s in the place of %u bytes\n", fix.edits[0].text.data, (unsigned)fix.edits[0].length);
 * ```
 */
OTD_MUST_USE
otd_status otd_fix_of(struct otd_checker *checker,
                      const void *text,
                      size_t len,
                      const struct otd_diagnostic *diagnostic,
                      struct otd_fix *fix);

/**
 * Writes out the response to a rejection, if this checker rejected what it read last: status, header fields,
 * and a problem document (RFC 9457) as the body. It holds no value of the request.
 *
 * `text` as for `otd_report_of`; `reply` gets views of the checker. Fails as `otd_report_of`, and
 * with `OTD_NOT_REJECTED` if what was read last was accepted; then `*reply` is all 0.
 *
 * ```c
 * otd_outcome answer;
 * otd_reply rejection;
 * if (otd_check(checker, policy, "{}", 2, &answer) == OTD_OK && !answer.accepted
 *     && otd_problem_of(checker, "{}", 2, &rejection) == OTD_OK)
 *     printf("HTTP/1.1 %u\r\n", (unsigned)rejection.status);
 * ```
 */
OTD_MUST_USE
otd_status otd_problem_of(struct otd_checker *checker,
                          const void *text,
                          size_t len,
                          struct otd_reply *reply);

/**
 * Reads the values of the body that this checker accepted last: what it normalizes to, as fields.
 *
 * `text` as for `otd_report_of`; `request` gets views of the checker. Fields that the policy keeps
 * though they are unknown are not among them: `outcome->normalized` has them, but a request that is
 * read so and written again loses them. Fails as `otd_report_of`, and with `OTD_NOT_ACCEPTED` if what
 * was read last is no accepted body; then `*request` is all 0.
 *
 * ```c
 * otd_outcome answer;
 * otd_request request;
 * if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK && answer.accepted
 *     && otd_request_of(checker, body, body_len, &request) == OTD_OK)
 *     printf("to %s, %zu attachments\n", request.channel_type.data, request.attachments_len);
 * ```
 */
OTD_MUST_USE
otd_status otd_request_of(struct otd_checker *checker,
                          const void *text,
                          size_t len,
                          struct otd_request *request);

/**
 * Writes a request, and checks it: `otd_check` of the JSON that these values make.
 *
 * `request` and what it points to are read during the call only. `outcome` is that of a check. If it
 * is rejected, `otd_report_of` tells why, with NULL and 0 for the text: its diagnostics have pointers, but
 * places of 0, as there is no text of the caller's. `otd_request_of` takes NULL and 0, too. Fails as `otd_check`,
 * and with `OTD_NOT_UTF8` for a string.
 *
 * ```c
 * otd_request request = {0};
 * otd_outcome answer;
 * otd_report report;
 * request.text = (otd_string){"hi", 2};
 * request.channel_type = (otd_string){"WEB", 3};
 * if (otd_request_write(checker, policy, &request, &answer) == OTD_OK && !answer.accepted
 *     && otd_report_of(checker, NULL, 0, &report) == OTD_OK)
 *     puts(report.violations[0].pointer.data); // /clientApplicationDescriptor/deviceAddress
 * ```
 */
OTD_MUST_USE
otd_status otd_request_write(struct otd_checker *checker,
                             const struct otd_policy *policy,
                             const struct otd_request *request,
                             struct otd_outcome *outcome);

/**
 * Checks a request head before there is a body: path, method, Authorization, Content-Type, and
 * Content-Length against the policy's limit. Whether the token is right is the host's business.
 *
 * `head` and its strings are read during the call only. A rejected head is `OTD_OK` with
 * `outcome->accepted` 0; `otd_report_of` and `otd_problem_of` tell of it, with NULL and 0 for the
 * text. Fails with `OTD_NULL`, `OTD_TOO_LONG`, and `OTD_NOT_UTF8` for the path.
 *
 * ```c
 * otd_field fields[] = {{{"Content-Type", 12}, {"application/json", 16}}};
 * otd_head head = {{NULL, 0}, {"POST", 4}, {"/api/v1/messages/outgoing-to-device", 35}, fields, 1};
 * otd_outcome answer;
 * otd_reply rejection;
 * if (otd_check_head(checker, policy, &head, &answer) == OTD_OK && !answer.accepted
 *     && otd_problem_of(checker, NULL, 0, &rejection) == OTD_OK)
 *     printf("%u\n", (unsigned)rejection.status); // 401, as there is no token
 * ```
 */
OTD_MUST_USE
otd_status otd_check_head(struct otd_checker *checker,
                          const struct otd_policy *policy,
                          const struct otd_head *head,
                          struct otd_outcome *outcome);

/**
 * The name of a header field that speaks of the bytes of the body, such as `content-md5`, in lower case; the numbers
 * go from 0 on, and behind the last one it is NULL. Who passes on the normalized request, which has other bytes,
 * leaves these fields out, and says its own `Content-Length`. The text is static. Any thread may call it.
 *
 * ```c
 * const char *name;
 * for (uint32_t i = 0; (name = otd_field_about_bytes(i)) != NULL; i++) puts(name);
 * ```
 */
OTD_MUST_USE
const char *otd_field_about_bytes(uint32_t number);

/**
 * Reads a policy file: what it names changes the default policy, the rest stays.
 *
 * `json`: `len` bytes, read during the call only; may be NULL if `len` is 0. `*policy` becomes a
 * handle to free with `otd_policy_free`, or NULL if the file is rejected (then `outcome->accepted`
 * is 0, and `otd_report_of` gives every fault with its place) or the call fails: with `OTD_NULL`,
 * `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`.
 *
 * ```c
 * const char json[] = "{\"channels\": {\"VIBER\": null}}";
 * otd_policy *without_viber;
 * otd_outcome answer;
 * if (otd_policy_read(checker, json, sizeof json - 1, &without_viber, &answer) == OTD_OK && answer.accepted)
 *     otd_policy_free(without_viber);
 * ```
 */
OTD_MUST_USE
otd_status otd_policy_read(struct otd_checker *checker,
                           const void *json,
                           size_t len,
                           struct otd_policy **policy,
                           struct otd_outcome *outcome);

/**
 * Writes a policy as JSON: complete, and `otd_policy_read` reads it back equal.
 *
 * `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
 * all 0.
 *
 * ```c
 * otd_string json;
 * if (otd_policy_write(checker, policy, &json) == OTD_OK) puts(json.data);
 * ```
 */
OTD_MUST_USE
otd_status otd_policy_write(struct otd_checker *checker,
                            const struct otd_policy *policy,
                            struct otd_string *json);

/**
 * Tells the names of a policy's channels, in their order.
 *
 * `names` gets views of the checker. Everything else about a channel is in what `otd_policy_write`
 * writes. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then `*names` is all 0.
 *
 * ```c
 * otd_strings names;
 * if (otd_policy_channels(checker, policy, &names) == OTD_OK)
 *     for (size_t i = 0; i < names.len; i++) puts(names.data[i].data);
 * ```
 */
OTD_MUST_USE
otd_status otd_policy_channels(struct otd_checker *checker,
                               const struct otd_policy *policy,
                               struct otd_strings *names);

/**
 * Writes a success response: status 200, the documented header fields, and the body.
 *
 * `response->client_external_id` is read during the call only. `reply` gets views of the checker.
 * Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and `OTD_NOT_UTF8` for the external
 * identifier; then `*reply` is all 0.
 *
 * ```c
 * otd_response sent = {1, 2, 1, 3, {NULL, 0}};
 * otd_reply reply;
 * if (otd_response_write(checker, &sent, &reply) == OTD_OK) puts(reply.body.data);
 * ```
 */
OTD_MUST_USE
otd_status otd_response_write(struct otd_checker *checker,
                              const struct otd_response *response,
                              struct otd_reply *reply);

/**
 * Reads a success response, strictly; fields that a server adds are passed over.
 *
 * `json`: `len` bytes, read during the call only; may be NULL if `len` is 0. If it is rejected,
 * `outcome->accepted` is 0, `*response` all 0, and `otd_report_of` gives every fault with its
 * place. `response->client_external_id` is a view of the checker. Fails with `OTD_NULL`,
 * `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`.
 *
 * ```c
 * const char json[] = "{\"id\":1,\"threadId\":2,\"clientId\":1,\"clientExternalId\":null,\"agentId\":3}";
 * otd_response sent;
 * otd_outcome answer;
 * if (otd_response_read(checker, json, sizeof json - 1, &sent, &answer) == OTD_OK && answer.accepted)
 *     printf("thread %lld\n", (long long)sent.thread_id);
 * ```
 */
OTD_MUST_USE
otd_status otd_response_read(struct otd_checker *checker,
                             const void *json,
                             size_t len,
                             struct otd_response *response,
                             struct otd_outcome *outcome);

/**
 * The name of a code of `enum otd_code`, such as `invalid_address`; NULL if there is no such code.
 * The text is static. Any thread may call it.
 *
 * ```c
 * puts(otd_code_name(OTD_CODE_INVALID_ADDRESS));
 * ```
 */
OTD_MUST_USE const char *otd_code_name(uint32_t code);

/**
 * What a code of `enum otd_code` means, as one sentence; NULL if there is no such code. The text is
 * static. Any thread may call it.
 *
 * ```c
 * for (uint32_t code = 0; otd_code_name(code) != NULL; code++)
 *     printf("%s: %s\n", otd_code_name(code), otd_code_text(code));
 * ```
 */
OTD_MUST_USE const char *otd_code_text(uint32_t code);

/**
 * Makes the default policy: the channels and limits that the documentation of the library lists.
 *
 * `*policy` becomes a handle to free with `otd_policy_free`, or NULL on failure.
 * Any thread may call it. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`.
 *
 * ```c
 * otd_policy *rules;
 * if (otd_policy_default(&rules) == OTD_OK) otd_policy_free(rules);
 * ```
 */
OTD_MUST_USE otd_status otd_policy_default(struct otd_policy **policy);

/**
 * Frees a policy; NULL is fine. Checkers that have used it keep what they need, and go on.
 *
 * Any thread may call it, once for a policy; a second time is a double free, as with `free`.
 *
 * ```c
 * otd_policy_free(NULL);
 * ```
 */
void otd_policy_free(struct otd_policy *policy);

/**
 * Tells the limits of a policy.
 *
 * Any thread may call it. Fails with `OTD_NULL`; then `*limits` is all 0.
 *
 * ```c
 * otd_limits limits;
 * if (otd_policy_limits(policy, &limits) == OTD_OK)
 *     printf("Bodies have at most %u bytes.\n", (unsigned)limits.body);
 * ```
 */
OTD_MUST_USE otd_status otd_policy_limits(const struct otd_policy *policy, struct otd_limits *limits);

/**
 * Writes the JSON Schema (2020-12) of the requests that the library writes under a policy: for forms
 * and generators.
 *
 * `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
 * all 0.
 *
 * ```c
 * otd_string document;
 * if (otd_schema_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
 * ```
 */
OTD_MUST_USE
otd_status otd_schema_write(struct otd_checker *checker,
                            const struct otd_policy *policy,
                            struct otd_string *json);

/**
 * Writes the JSON Schema (2020-12) of the bodies that the library takes under a policy: for a gateway
 * before it. What it leaves to the library it lists under `x-outgoing-to-device-unsaid`.
 *
 * `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
 * all 0.
 *
 * ```c
 * otd_string document;
 * if (otd_input_schema_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
 * ```
 */
OTD_MUST_USE
otd_status otd_input_schema_write(struct otd_checker *checker,
                                  const struct otd_policy *policy,
                                  struct otd_string *json);

/**
 * Writes the OpenAPI (3.1) description of the endpoint under a policy.
 *
 * `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
 * all 0.
 *
 * ```c
 * otd_string document;
 * if (otd_openapi_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
 * ```
 */
OTD_MUST_USE
otd_status otd_openapi_write(struct otd_checker *checker,
                             const struct otd_policy *policy,
                             struct otd_string *json);

/**
 * The sentence for a status, for people.
 *
 * Never NULL, for any number; the text is static. Any thread may call it.
 *
 * ```c
 * if (otd_checker_new(NULL) != OTD_OK) puts(otd_status_text(OTD_NULL));
 * ```
 */
OTD_MUST_USE const char *otd_status_text(otd_status status);

/**
 * `OTD_ABI_VERSION` of the library that is linked; a host that loads it at run time compares.
 *
 * Any thread may call it.
 *
 * ```c
 * if (otd_abi_version() != OTD_ABI_VERSION) abort();
 * ```
 */
OTD_MUST_USE uint32_t otd_abi_version(void);

/**
 * The version of the library that is linked, such as `1.2.3`: never NULL, static. Any thread may
 * call it.
 *
 * ```c
 * printf("outgoing-to-device %s\n", otd_version());
 * ```
 */
OTD_MUST_USE const char *otd_version(void);

#ifdef __cplusplus
}
#endif

#endif  /* OUTGOING_TO_DEVICE_H */
