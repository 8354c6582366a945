/* A location of nginx that lets only valid requests through to its upstream, normalized.
 *
 *   outgoing_to_device on | off;              check what comes to this location; default off
 *   outgoing_to_device_policy FILE;           the rules, if not the default ones
 *   outgoing_to_device_report_only on | off;  log what would be rejected, and pass everything on as it came
 *
 * How: before the content phase the request head is checked, then the body is read, checked, and
 * replaced by its normalized form; a rejected request is answered here. Each worker has one checker.
 * Its results are views until its next call, and nginx writes later: they are copied into the
 * request's pool. Nothing that is logged holds a value of a request. */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <sys/mman.h>

#include "outgoing_to_device.h"

/* nginx cuts its log lines at 2,048 bytes; this leaves room for what it adds itself. */
#define DIAGNOSTICS_LEN 1400

typedef struct {
  ngx_int_t request_id;   /* the index of $request_id */
  otd_policy *otherwise;  /* the default policy, for locations without a file */
} main_conf_t;

typedef struct {
  ngx_flag_t enabled;
  ngx_flag_t report_only;
  otd_policy *policy;
} location_conf_t;

/* That a request was begun with, and what was found in its head if that does not reject it. */
typedef struct {
  ngx_str_t head;
} request_ctx_t;

extern ngx_module_t ngx_http_outgoing_to_device_module;
static otd_checker *checker; /* the worker's own */

/* A pointer is made of names that somebody sent, so all but plain ASCII is escaped. */
static u_char *append_pointer(u_char *at, u_char *end, otd_string pointer) {
  for (size_t n = 0; n < pointer.len; n++) {
    u_char byte = (u_char)pointer.data[n];
    int plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
    at = ngx_slprintf(at, end, plain ? "%c" : "\\x%02xd", byte);
  }
  return at;
}

/* Codes and pointers of what the checker has found in `text`, or in a head if there is none. */
static u_char *append_diagnostics(u_char *at, u_char *end, const ngx_str_t *text) {
  otd_report report;
  if (otd_diagnostics_of(checker, text ? text->data : NULL, text ? text->len : 0, &report) != OTD_OK) return at;
  for (size_t i = 0; i < report.violations_len + report.warnings_len; i++) {
    const otd_diagnostic *d = i < report.violations_len ? &report.violations[i]
                                                        : &report.warnings[i - report.violations_len];
    at = ngx_slprintf(at, end, "%s%s%s", i ? ", " : "", otd_code_name(d->code), d->pointer.len ? " " : "");
    at = append_pointer(at, end, d->pointer);
  }
  return at;
}

/* One line for a request, with its id and everything that was found in head and body. */
static void log_diagnostics(ngx_http_request_t *r, int report_only, const ngx_str_t *text, const otd_outcome *outcome) {
  request_ctx_t *ctx = ngx_http_get_module_ctx(r, ngx_http_outgoing_to_device_module);
  int accepted = outcome->accepted && ctx->head.len == 0;
  ngx_uint_t level = accepted ? NGX_LOG_INFO : NGX_LOG_WARN;
  if (r->connection->log->log_level < level) return;
  u_char line[DIAGNOSTICS_LEN], *end = line + sizeof line;
  u_char *at = ngx_slprintf(line, end, "%V", &ctx->head);
  if (outcome->violations || outcome->warnings) {
    at = ngx_slprintf(at, end, "%s", ctx->head.len ? ", " : "");
    at = append_diagnostics(at, end, text);
  }
  if (at == line) return;
  main_conf_t *conf = ngx_http_get_module_main_conf(r, ngx_http_outgoing_to_device_module);
  ngx_http_variable_value_t *id = ngx_http_get_indexed_variable(r, conf->request_id);
  ngx_log_error(level, r->connection->log, 0, "outgoing-to-device: request %v %s: %*s%s", id,
                accepted ? "accepted" : report_only ? "would be rejected" : "rejected", (size_t)(at - line), line,
                at == end ? "..." : "");
}

static u_char *copy(ngx_http_request_t *r, otd_string string) {
  u_char *to = ngx_pnalloc(r->pool, string.len);
  if (to) ngx_memcpy(to, string.data, string.len);
  return to;
}

/* The response to what the checker rejected last, sent as data of this request. */
static ngx_int_t answer(ngx_http_request_t *r, const ngx_str_t *text) {
  otd_reply reply;
  if (otd_problem_of(checker, text ? text->data : NULL, text ? text->len : 0, &reply) != OTD_OK)
    return NGX_HTTP_INTERNAL_SERVER_ERROR;
  r->headers_out.status = reply.status;
  r->headers_out.content_length_n = (off_t)reply.body.len;
  for (size_t i = 0; i < reply.fields_len; i++) {
    ngx_str_t name = {reply.fields[i].name.len, copy(r, reply.fields[i].name)};
    ngx_str_t value = {reply.fields[i].value.len, copy(r, reply.fields[i].value)};
    if (name.data == NULL || value.data == NULL) return NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (name.len == 12 && ngx_strncasecmp(name.data, (u_char *)"Content-Type", 12) == 0) {
      r->headers_out.content_type = value;
      r->headers_out.content_type_len = value.len;
      continue;
    }
    ngx_table_elt_t *field = ngx_list_push(&r->headers_out.headers);
    if (field == NULL) return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_memzero(field, sizeof *field);
    field->hash = 1;
    field->key = name;
    field->value = value;
  }
  ngx_buf_t *body = ngx_calloc_buf(r->pool);
  if (body == NULL || (body->pos = copy(r, reply.body)) == NULL) return NGX_HTTP_INTERNAL_SERVER_ERROR;
  body->last = body->pos + reply.body.len;
  body->memory = body->last_in_chain = 1;
  body->last_buf = r == r->main;

  ngx_int_t rc = ngx_http_send_header(r);
  if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) return rc;
  return ngx_http_output_filter(r, &(ngx_chain_t){body, NULL});
}

/* How many header fields there are, all or those that count. */
static size_t count_fields(ngx_http_request_t *r, int (*is_counted)(const ngx_str_t *)) {
  size_t count = 0;
  for (ngx_list_part_t *part = &r->headers_in.headers.part; part; part = part->next) {
    ngx_table_elt_t *field = part->elts;
    for (ngx_uint_t i = 0; i < part->nelts; i++) count += is_counted == NULL || is_counted(&field[i].key);
  }
  return count;
}

/* The head with all its header fields. The location has matched the path, so that is the right one. */
static otd_status check_head(ngx_http_request_t *r, const otd_policy *policy, otd_outcome *outcome) {
  size_t count = count_fields(r, NULL);
  otd_field *fields = ngx_palloc(r->pool, count * sizeof *fields), *to = fields;
  if (fields == NULL) return OTD_OUT_OF_MEMORY;
  for (ngx_list_part_t *part = &r->headers_in.headers.part; part; part = part->next) {
    ngx_table_elt_t *from = part->elts;
    for (ngx_uint_t i = 0; i < part->nelts; i++)
      *to++ = (otd_field){{(char *)from[i].key.data, from[i].key.len}, {(char *)from[i].value.data, from[i].value.len}};
  }
  otd_string path = {(char *)r->uri.data, r->uri.len};
  otd_string method = {(char *)r->method_name.data, r->method_name.len};
  return otd_check_head(checker, policy, &(otd_head){path, method, path, fields, count}, outcome);
}

/* The body in one piece. nginx has it in one buffer, in several, or in a temporary file, which is
 * mapped: a body above the limit is rejected without reading it. */
static ngx_int_t whole_body(ngx_http_request_t *r, ngx_str_t *body, int *mapped) {
  ngx_chain_t *first = r->request_body ? r->request_body->bufs : NULL;
  *mapped = 0;
  ngx_str_null(body);
  if (first && first->buf->in_file && first->next == NULL) {
    ngx_buf_t *file = first->buf;
    if (file->file_pos != 0) return NGX_ERROR;
    body->len = (size_t)file->file_last;
    if (body->len == 0) return NGX_OK;
    body->data = mmap(NULL, body->len, PROT_READ, MAP_PRIVATE, file->file->fd, 0);
    *mapped = body->data != MAP_FAILED;
    return *mapped ? NGX_OK : NGX_ERROR;
  }
  for (ngx_chain_t *link = first; link; link = link->next) {
    if (link->buf->in_file) return NGX_ERROR;
    body->len += (size_t)(link->buf->last - link->buf->pos);
  }
  if (body->len == 0) return NGX_OK;
  if (first->next == NULL) {
    body->data = first->buf->pos;
    return NGX_OK;
  }
  u_char *to = body->data = ngx_pnalloc(r->pool, body->len);
  if (to == NULL) return NGX_ERROR;
  for (ngx_chain_t *link = first; link; link = link->next)
    to = ngx_cpymem(to, link->buf->pos, link->buf->last - link->buf->pos);
  return NGX_OK;
}

/* Whether a header field speaks of the bytes of the body, so that it is not true of other bytes. */
static int is_about_bytes(const ngx_str_t *name) {
  const char *one;
  for (uint32_t i = 0; (one = otd_field_about_bytes(i)) != NULL; i++)
    if (name->len == ngx_strlen(one) && ngx_strncasecmp(name->data, (u_char *)one, name->len) == 0) return 1;
  return 0;
}

/* Gives the request a list of header fields of its own, without those about the bytes of the body. A
 * field cannot be taken out of nginx's list, and a subrequest shares that of its main request. */
static ngx_int_t own_fields(ngx_http_request_t *r) {
  ngx_list_part_t first = r->headers_in.headers.part;
  size_t count = count_fields(r, NULL);
  if (ngx_list_init(&r->headers_in.headers, r->pool, count ? count : 1, sizeof(ngx_table_elt_t)) != NGX_OK)
    return NGX_ERROR;
  for (ngx_list_part_t *part = &first; part; part = part->next) {
    ngx_table_elt_t *from = part->elts;
    for (ngx_uint_t i = 0; i < part->nelts; i++) {
      if (is_about_bytes(&from[i].key)) continue;
      ngx_table_elt_t *to = ngx_list_push(&r->headers_in.headers);
      if (to == NULL) return NGX_ERROR;
      *to = from[i];
      if (r->headers_in.content_length == &from[i]) r->headers_in.content_length = to;
    }
  }
  return NGX_OK;
}

/* Whatever sends the body on finds the normalized one, with its length. */
static ngx_int_t replace_body(ngx_http_request_t *r, otd_string with) {
  ngx_chain_t *link = ngx_alloc_chain_link(r->pool);
  ngx_buf_t *buf = ngx_calloc_buf(r->pool);
  u_char *digits = ngx_pnalloc(r->pool, NGX_SIZE_T_LEN);
  ngx_http_request_body_t *body = r->request_body;
  if (r != r->main && (body = ngx_palloc(r->pool, sizeof *body)) != NULL) *body = *r->request_body; /* it is shared */
  if (link == NULL || buf == NULL || digits == NULL || body == NULL || (buf->start = copy(r, with)) == NULL)
    return NGX_ERROR;
  if ((r != r->main || count_fields(r, is_about_bytes)) && own_fields(r) != NGX_OK) return NGX_ERROR;
  buf->pos = buf->start;
  buf->last = buf->end = buf->start + with.len;
  buf->memory = 1;
  *link = (ngx_chain_t){buf, NULL};
  body->bufs = link;
  body->temp_file = NULL; /* its pool closes it */
  r->request_body = body;
  r->headers_in.chunked = 0;
  r->headers_in.content_length_n = (off_t)with.len;
  if (r->headers_in.content_length) {
    r->headers_in.content_length->value.data = digits;
    r->headers_in.content_length->value.len = (size_t)(ngx_sprintf(digits, "%uz", with.len) - digits);
  }
  return NGX_OK;
}

/* Goes on to the content phase, which finds the body read. */
static void pass_on(ngx_http_request_t *r) {
  r->preserve_body = 1;
  r->write_event_handler = ngx_http_core_run_phases;
  ngx_http_core_run_phases(r);
}

static void body_handler(ngx_http_request_t *r) {
  location_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_outgoing_to_device_module);
  ngx_str_t body;
  otd_outcome outcome;
  int mapped;
  ngx_int_t rc = whole_body(r, &body, &mapped);
  if (rc == NGX_OK && otd_check(checker, conf->policy, body.data, body.len, &outcome) != OTD_OK) rc = NGX_ERROR;
  if (rc == NGX_OK) {
    if (outcome.accepted && !conf->report_only) rc = replace_body(r, outcome.normalized);
    log_diagnostics(r, conf->report_only, &body, &outcome);
    if (!outcome.accepted && !conf->report_only) {
      ngx_http_finalize_request(r, answer(r, &body));
      r = NULL;
    }
  }
  if (mapped) munmap(body.data, body.len);
  if (r == NULL) return;
  if (rc != NGX_OK) ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
  else pass_on(r);
}

/* Runs twice for a request: to begin, and when the phases go on after the body. Subrequests (of mirror,
 * njs, auth_request) are requests like others: the upstream of a checked location gets nothing unchecked. */
static ngx_int_t handler(ngx_http_request_t *r) {
  location_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_outgoing_to_device_module);
  if (!conf->enabled || ngx_http_get_module_ctx(r, ngx_http_outgoing_to_device_module)) return NGX_DECLINED;
  request_ctx_t *ctx = ngx_pcalloc(r->pool, sizeof *ctx);
  if (ctx == NULL) return NGX_HTTP_INTERNAL_SERVER_ERROR;
  ngx_http_set_ctx(r, ctx, ngx_http_outgoing_to_device_module);

  otd_outcome outcome;
  if (check_head(r, conf->policy, &outcome) != OTD_OK) return NGX_HTTP_INTERNAL_SERVER_ERROR;
  if (!outcome.accepted && conf->report_only) {
    u_char found[DIAGNOSTICS_LEN];
    size_t len = (size_t)(append_diagnostics(found, found + sizeof found, NULL) - found);
    ctx->head = (ngx_str_t){len, copy(r, (otd_string){(char *)found, len})};
    if (ctx->head.data == NULL) return NGX_HTTP_INTERNAL_SERVER_ERROR;
  } else if (!outcome.accepted) {
    log_diagnostics(r, 0, NULL, &outcome);
    ngx_int_t rc = ngx_http_discard_request_body(r);
    ngx_http_finalize_request(r, rc == NGX_OK ? answer(r, NULL) : rc);
    return NGX_DONE;
  }
  ngx_int_t rc = ngx_http_read_client_request_body(r, body_handler);
  if (rc >= NGX_HTTP_SPECIAL_RESPONSE) return rc;
  ngx_http_finalize_request(r, NGX_DONE);
  return NGX_DONE;
}

static void free_policy(void *policy) { otd_policy_free(policy); }

/* Keeps a policy for as long as the configuration that names it. */
static char *keep_policy(ngx_conf_t *cf, otd_policy *policy) {
  ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, 0);
  if (cleanup == NULL) {
    otd_policy_free(policy);
    return NGX_CONF_ERROR;
  }
  cleanup->handler = free_policy;
  cleanup->data = policy;
  return NGX_CONF_OK;
}

/* All of a file, in the configuration's pool. */
static ngx_int_t read_file(ngx_conf_t *cf, const ngx_str_t *name, ngx_str_t *text) {
  ngx_file_t file = {.fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0), .name = *name, .log = cf->log};
  ngx_file_info_t info;
  ngx_int_t rc = NGX_ERROR;
  if (file.fd == NGX_INVALID_FILE || ngx_fd_info(file.fd, &info) == NGX_FILE_ERROR) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, "cannot read \"%V\"", name);
  } else {
    text->len = (size_t)ngx_file_size(&info);
    text->data = ngx_pnalloc(cf->pool, text->len + 1);
    if (text->data && ngx_read_file(&file, text->data, text->len, 0) == (ssize_t)text->len) rc = NGX_OK;
  }
  if (file.fd != NGX_INVALID_FILE) ngx_close_file(file.fd);
  return rc;
}

/* outgoing_to_device_policy FILE: every fault of the file is told with its place. */
static char *set_policy(ngx_conf_t *cf, ngx_command_t *command, void *location) {
  location_conf_t *conf = location;
  ngx_str_t name = ((ngx_str_t *)cf->args->elts)[1], text;
  otd_checker *reader;
  otd_outcome outcome;
  otd_report report;
  if (conf->policy != NULL) return "is duplicate";
  if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK || read_file(cf, &name, &text) != NGX_OK
      || otd_checker_new(&reader) != OTD_OK)
    return NGX_CONF_ERROR;
  char *result = NGX_CONF_ERROR;
  otd_status status = otd_policy_read(reader, text.data, text.len, &conf->policy, &outcome);
  if (status == OTD_OK && outcome.accepted) {
    result = keep_policy(cf, conf->policy);
  } else {
    if (status == OTD_OK) status = otd_report_of(reader, text.data, text.len, &report);
    if (status != OTD_OK) ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V: %s", &name, otd_status_text(status));
    for (size_t i = 0; status == OTD_OK && i < report.violations_len; i++) {
      const otd_diagnostic *d = &report.violations[i];
      u_char pointer[DIAGNOSTICS_LEN];
      size_t len = (size_t)(append_pointer(pointer, pointer + sizeof pointer, d->pointer) - pointer);
      ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V:%uD:%uD: %s %*s: %s", &name, d->line, d->column, d->name.data,
                         len, pointer, d->message.data);
    }
  }
  otd_checker_free(reader);
  return result;
}

static void *create_main_conf(ngx_conf_t *cf) { return ngx_pcalloc(cf->pool, sizeof(main_conf_t)); }

static void *create_location_conf(ngx_conf_t *cf) {
  location_conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);
  if (conf) conf->enabled = conf->report_only = NGX_CONF_UNSET;
  return conf;
}

static char *merge_location_conf(ngx_conf_t *cf, void *outer, void *inner) {
  location_conf_t *above = outer, *conf = inner;
  main_conf_t *all = ngx_http_conf_get_module_main_conf(cf, ngx_http_outgoing_to_device_module);
  ngx_conf_merge_value(conf->enabled, above->enabled, 0);
  ngx_conf_merge_value(conf->report_only, above->report_only, 0);
  if (conf->policy == NULL) conf->policy = above->policy;
  if (conf->enabled && conf->policy == NULL) {
    if (all->otherwise == NULL
        && (otd_policy_default(&all->otherwise) != OTD_OK || keep_policy(cf, all->otherwise) != NGX_CONF_OK))
      return NGX_CONF_ERROR;
    conf->policy = all->otherwise;
  }
  return NGX_CONF_OK;
}

static ngx_int_t postconfiguration(ngx_conf_t *cf) {
  ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
  main_conf_t *conf = ngx_http_conf_get_module_main_conf(cf, ngx_http_outgoing_to_device_module);
  ngx_str_t request_id = ngx_string("request_id");
  conf->request_id = ngx_http_get_variable_index(cf, &request_id);
  ngx_http_handler_pt *place = ngx_array_push(&core->phases[NGX_HTTP_PRECONTENT_PHASE].handlers);
  if (place == NULL || conf->request_id == NGX_ERROR) return NGX_ERROR;
  *place = handler;
  return NGX_OK;
}

static ngx_int_t init_process(ngx_cycle_t *cycle) {
  if (otd_abi_version() != OTD_ABI_VERSION) return NGX_ERROR;
  return checker != NULL || otd_checker_new(&checker) == OTD_OK ? NGX_OK : NGX_ERROR;
}

static void exit_process(ngx_cycle_t *cycle) {
  otd_checker_free(checker);
  checker = NULL;
}

#define ANYWHERE (NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)

static ngx_command_t commands[] = {
    {ngx_string("outgoing_to_device"), ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(location_conf_t, enabled), NULL},
    {ngx_string("outgoing_to_device_policy"), ANYWHERE | NGX_CONF_TAKE1, set_policy, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("outgoing_to_device_report_only"), ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(location_conf_t, report_only), NULL},
    ngx_null_command,
};

static ngx_http_module_t context = {
    .postconfiguration = postconfiguration,
    .create_main_conf = create_main_conf,
    .create_loc_conf = create_location_conf,
    .merge_loc_conf = merge_location_conf,
};

ngx_module_t ngx_http_outgoing_to_device_module = {
    NGX_MODULE_V1,
    .ctx = &context,
    .commands = commands,
    .type = NGX_HTTP_MODULE,
    .init_process = init_process,
    .exit_process = exit_process,
};
