/* A gateway in one file: only valid requests come through, normalized; rejected ones are answered.
 *
 *   cargo build --release -p outgoing-to-device-c
 *   cc -Iinclude ffi/examples/gateway.c target/release/liboutgoing_to_device.a -lmicrohttpd -o gateway
 *   ./gateway 8000 8080      listens on 127.0.0.1:8000, forwards to 127.0.0.1:8080, until its standard input ends
 *
 * Each connection has its own thread (libmicrohttpd makes it) and its own checker; the policy is
 * shared. Forwarding is one blocking HTTP/1.0 exchange a request, so that the response ends where
 * the connection does. TLS, retries and connection reuse are left to a real proxy.
 *
 * libmicrohttpd before 1.0 ends a method, path or header value at a NUL byte before anybody sees
 * it, so `Bearer x<NUL>y` is checked and forwarded as `Bearer x`; from 1.0 on it answers 400. */
#include "outgoing_to_device.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATH "/api/v1/messages/outgoing-to-device"
#define SECONDS 10 /* that a peer may stay silent */

#define LONGEST_HEAD ((size_t)64 << 10)
#define LONGEST_RESPONSE ((size_t)1 << 20)

static otd_policy *policy;
static size_t longest_body; /* the policy's limit: of a longer body one byte more is kept, which rejects it */
static struct sockaddr_in upstream;

typedef struct {
  char *data;
  size_t len, capacity;
} bytes;

/* Appends what fits below `most`; 0 if there is no memory. */
static int append(bytes *to, const char *data, size_t len, size_t most) {
  if (len > most - to->len) len = most - to->len;
  if (to->len + len > to->capacity) {
    size_t capacity = 2 * (to->len + len);
    if (capacity > most) capacity = most;
    char *more = realloc(to->data, capacity);
    if (more == NULL) return 0;
    to->data = more;
    to->capacity = capacity;
  }
  if (len) memcpy(to->data + to->len, data, len);
  to->len += len;
  return 1;
}

typedef struct {
  bytes body;
  struct MHD_Response *rejection; /* of the head; its body is read and dropped */
  unsigned status;
} request;

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
  if (response == NULL) return MHD_NO;
  enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

/* A status alone, after which the connection is closed. */
static enum MHD_Result send_status(struct MHD_Connection *connection, unsigned status) {
  struct MHD_Response *response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
  if (response) MHD_add_response_header(response, "Connection", "close");
  return send_response(connection, status, response);
}

/* The response to what the checker rejected last. It logs status and codes, and nothing of the request. */
static struct MHD_Response *reject(otd_checker *checker, const bytes *body, unsigned *status, int *must_close) {
  otd_report report;
  otd_reply reply;
  const char *text = body ? body->data : NULL;
  size_t len = body ? body->len : 0;
  if (otd_diagnostics_of(checker, text, len, &report) != OTD_OK || otd_problem_of(checker, text, len, &reply) != OTD_OK)
    return NULL;
  flockfile(stderr);
  fprintf(stderr, "rejected %u:", (unsigned)reply.status);
  for (size_t i = 0; i < report.violations_len; i++) {
    if (report.violations[i].code == OTD_CODE_INVALID_HEAD) *must_close = 1;
    fprintf(stderr, " %s", otd_code_name(report.violations[i].code));
  }
  fputc('\n', stderr);
  funlockfile(stderr);
  *status = reply.status;
  struct MHD_Response *response =
      MHD_create_response_from_buffer(reply.body.len, (void *)reply.body.data, MHD_RESPMEM_MUST_COPY);
  for (size_t i = 0; response && i < reply.fields_len; i++)
    MHD_add_response_header(response, reply.fields[i].name.data, reply.fields[i].value.data);
  if (response && *must_close) MHD_add_response_header(response, "Connection", "close");
  return response;
}

typedef struct {
  otd_field *fields;
  size_t len, capacity;
  int codings;       /* how many Transfer-Encoding fields there are */
  int is_misleading; /* another reader may see the body end elsewhere than libmicrohttpd does */
} field_list;

static enum MHD_Result add_field(void *list, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                 const char *value, size_t value_len) {
  field_list *to = list;
  (void)kind;
  if (to->len == to->capacity) return MHD_NO;
  to->fields[to->len++] = (otd_field){{name, name_len}, {value, value_len}};
  if (memchr(name, ' ', name_len) || memchr(name, '\t', name_len)) to->is_misleading = 1;
  if (strcasecmp(name, "Transfer-Encoding") == 0 && (to->codings++ || strcasecmp(value, "chunked") != 0))
    to->is_misleading = 1;
  return MHD_YES;
}

static otd_status check_head(otd_checker *checker, struct MHD_Connection *connection, const char *method,
                             const char *path, int *is_misleading, otd_outcome *outcome) {
  int count = MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
  field_list list = {calloc((size_t)count + 1, sizeof(otd_field)), 0, (size_t)count, 0, 0};
  if (list.fields == NULL) return OTD_OUT_OF_MEMORY;
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_field, &list);
  otd_head head = {{NULL, 0}, {method, strlen(method)}, {path, strlen(path)}, list.fields, list.len};
  otd_status status = otd_check_head(checker, policy, &head, outcome);
  free(list.fields);
  *is_misleading = list.is_misleading;
  return status;
}

/* Sends all, then reads until the peer closes; 0 if that fails. */
static int exchange(const bytes *head, otd_string body, bytes *response) {
  struct timeval limit = {SECONDS, 0};
  int done = 0, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return 0;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(fd, (struct sockaddr *)&upstream, sizeof upstream) == 0) {
    const otd_string parts[] = {{head->data, head->len}, body};
    int sent = 1;
    for (int i = 0; i < 2; i++)
      for (size_t at = 0; sent && at < parts[i].len;) {
        ssize_t n = send(fd, parts[i].data + at, parts[i].len - at, MSG_NOSIGNAL);
        if (n <= 0) sent = 0;
        else at += (size_t)n;
      }
    char buffer[16384];
    ssize_t n = -1;
    while (sent && response->len < LONGEST_RESPONSE && (n = recv(fd, buffer, sizeof buffer, 0)) > 0)
      if (!append(response, buffer, (size_t)n, LONGEST_RESPONSE)) break;
    done = sent && n == 0;
  }
  close(fd);
  return done;
}

/* Joins the chunks of a body in place and gives their length, or SIZE_MAX if they are malformed or
 * cut short. `end` is the NUL behind the body. */
static size_t join_chunks(char *body, const char *end) {
  const char *at = body;
  char *to = body;
  for (;;) {
    if (!isxdigit((unsigned char)*at)) return SIZE_MAX;
    unsigned long long len = strtoull(at, NULL, 16);
    at = strstr(at, "\r\n"); /* behind the extensions */
    if (at == NULL) return SIZE_MAX;
    at += 2;
    if (len == 0) return (size_t)(to - body); /* the trailer is dropped */
    if (len > (size_t)(end - at) || strncmp(at + len, "\r\n", 2) != 0) return SIZE_MAX;
    memmove(to, at, len);
    to += len;
    at += len + 2;
  }
}

/* The upstream's response, with the header fields that are about its content; NULL if it is none. */
static struct MHD_Response *read_response(bytes *from, unsigned *status) {
  if (!append(from, "", 1, LONGEST_RESPONSE + 1)) return NULL; /* a NUL behind it */
  char *end = strstr(from->data, "\r\n\r\n");
  if (end == NULL || sscanf(from->data, "HTTP/1.%*1[01] %3u", status) != 1 || *status < 200 || *status > 599) return NULL;
  char *body = end + 4;
  size_t len = from->len - 1 - (size_t)(body - from->data);
  end[2] = '\0';
  const char *kept[16][2], *content_length = NULL;
  size_t kept_len = 0;
  int is_chunked = 0; /* HTTP/1.0 knows no chunks, but some servers send them all the same */
  for (char *next, *line = strstr(from->data, "\r\n") + 2; *line; line = next) {
    char *stop = strstr(line, "\r\n");
    next = stop + 2;
    *stop = '\0';
    char *colon = strchr(line, ':');
    if (colon == NULL) continue;
    *colon = '\0';
    const char *value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(line, "Transfer-Encoding") == 0) {
      if (strcasecmp(value, "chunked") != 0) return NULL;
      is_chunked = 1;
    } else if (strcasecmp(line, "Content-Length") == 0) {
      content_length = value;
    } else if (kept_len < 16 && (strcasecmp(line, "Content-Type") == 0 || strcasecmp(line, "Vary") == 0
                                 || strcasecmp(line, "WWW-Authenticate") == 0)) {
      kept[kept_len][0] = line;
      kept[kept_len++][1] = value;
    }
  }
  if (is_chunked) len = join_chunks(body, body + len);
  else if (content_length && strtoull(content_length, NULL, 10) != len) return NULL; /* cut short */
  if (len == SIZE_MAX) return NULL;
  struct MHD_Response *response = MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_COPY);
  for (size_t i = 0; response && i < kept_len; i++) MHD_add_response_header(response, kept[i][0], kept[i][1]);
  return response;
}

static enum MHD_Result forward(struct MHD_Connection *connection, otd_string body) {
  const char *token = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
  bytes head = {0}, response = {0};
  char length[96];
  int n = snprintf(length, sizeof length, "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body.len);
  static const char start[] = "POST " PATH " HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: ";
  unsigned status = 0;
  struct MHD_Response *answer = NULL;
  if (append(&head, start, sizeof start - 1, LONGEST_HEAD) && append(&head, token, strlen(token), LONGEST_HEAD)
      && append(&head, length, (size_t)n, LONGEST_HEAD) && exchange(&head, body, &response))
    answer = read_response(&response, &status);
  free(head.data);
  free(response.data);
  return answer ? send_response(connection, status, answer) : send_status(connection, MHD_HTTP_BAD_GATEWAY);
}

/* libmicrohttpd calls it with the head, then with each part of the body, then once more. */
static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *data_len, void **state) {
  (void)arg, (void)version;
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  otd_checker *checker = info ? info->socket_context : NULL;
  request *own = *state;
  otd_outcome outcome;
  int is_misleading, must_close = 0;
  if (checker == NULL) return MHD_NO;
  if (own == NULL) {
    if ((*state = own = calloc(1, sizeof *own)) == NULL
        || check_head(checker, connection, method, url, &is_misleading, &outcome) != OTD_OK)
      return MHD_NO;
    if (is_misleading) return send_status(connection, MHD_HTTP_BAD_REQUEST);
    if (outcome.accepted) return MHD_YES;
    own->rejection = reject(checker, NULL, &own->status, &must_close);
    if (own->rejection == NULL) return MHD_NO;
    /* If the head does not say where the body ends, another request could hide in it: answer at once
     * and close (RFC 9112, section 6.3). Otherwise the body is read first, so that the answer arrives. */
    return must_close ? MHD_queue_response(connection, own->status, own->rejection) : MHD_YES;
  }
  if (*data_len) {
    if (!own->rejection && !append(&own->body, data, *data_len, longest_body + 1)) return MHD_NO;
    *data_len = 0;
    return MHD_YES;
  }
  if (own->rejection) return MHD_queue_response(connection, own->status, own->rejection);
  if (otd_check(checker, policy, own->body.data, own->body.len, &outcome) != OTD_OK) return MHD_NO;
  if (outcome.accepted) return forward(connection, outcome.normalized);
  struct MHD_Response *rejection = reject(checker, &own->body, &own->status, &must_close);
  return send_response(connection, own->status, rejection);
}

static void end_request(void *arg, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code) {
  (void)arg, (void)connection, (void)code;
  request *own = *state;
  if (own == NULL) return;
  if (own->rejection) MHD_destroy_response(own->rejection);
  free(own->body.data);
  free(own);
}

static void at_connection(void *arg, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code) {
  (void)arg, (void)connection;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    otd_checker_free(*own);
  } else {
    otd_checker *checker;
    *own = otd_checker_new(&checker) == OTD_OK ? checker : NULL;
  }
}

/* Leaves the path as it came: decoded, `%00` would end it. */
static size_t as_it_is(void *arg, struct MHD_Connection *connection, char *text) {
  (void)arg, (void)connection;
  return strlen(text);
}

static int port(const char *text, struct sockaddr_in *address) {
  char *end;
  long number = strtol(text, &end, 10);
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return *end == '\0' && number > 0 && number < 65536;
}

int main(int argc, char **argv) {
  struct sockaddr_in own;
  if (argc != 3 || !port(argv[1], &own) || !port(argv[2], &upstream)) {
    fprintf(stderr, "usage: gateway PORT UPSTREAM-PORT\n");
    return 2;
  }
  otd_limits limits;
  if (otd_policy_default(&policy) != OTD_OK || otd_policy_limits(policy, &limits) != OTD_OK) return 1;
  longest_body = limits.body;
  signal(SIGPIPE, SIG_IGN);
  struct MHD_Daemon *daemon = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, handle, NULL,
      MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&own, MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL,
      MHD_OPTION_NOTIFY_CONNECTION, at_connection, NULL, MHD_OPTION_UNESCAPE_CALLBACK, as_it_is, NULL,
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SECONDS,
      MHD_OPTION_END);
  if (daemon == NULL) {
    fprintf(stderr, "gateway: cannot listen on port %s\n", argv[1]);
    return 1;
  }
  while (getchar() != EOF) {}
  MHD_stop_daemon(daemon);
  otd_policy_free(policy);
  return 0;
}
