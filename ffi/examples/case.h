/* Reads a line of the conformance protocol, {"id", "body_base64", "policy"?}, in place: strings and
 * base64 only get shorter when they are undone. Shared by conformance.c and conformance.cpp. */
#ifndef CASE_H
#define CASE_H

#include <stddef.h>
#include <string.h>

typedef struct {
  const char *error; /* NULL, or why there is no case */
  const char *id;    /* NULL where there is no such string */
  size_t id_len;
  const char *body;
  size_t body_len;
  const char *policy; /* as it stands in the line; NULL where there is none */
  size_t policy_len;
} test_case;

/* Each of the readers below returns the end of what it read, or NULL if that is not JSON. */

static char *skip_space(char *at) {
  while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') at++;
  return at;
}

static int hex(const char *at) { /* four digits, or -1 */
  int value = 0;
  for (int i = 0; i < 4; i++) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *digit = at[i] == '\0' ? NULL : strchr(digits, at[i]);
    if (digit == NULL) return -1;
    value = value * 16 + (int)((digit - digits) & 15);
  }
  return value;
}

static char *put_utf8(char *to, unsigned long c) {
  if (c < 0x80) {
    *to++ = (char)c;
    return to;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  *to++ = (char)((0xFFu << (7 - more) & 0xFF) | c >> 6 * more);
  while (more-- > 0) *to++ = (char)(0x80 | (c >> 6 * more & 0x3F));
  return to;
}

/* A string. If `text` is given, it is undone in place there; *text becomes NULL if it is not Unicode. */
static char *read_string(char *at, const char **text, size_t *len) {
  if (*at != '"') return NULL;
  char *const begin = ++at, *to = begin;
  int broken = 0;
  while (*at != '"') {
    if ((unsigned char)*at < 0x20) return NULL;
    if (*at != '\\') {
      if (text) *to = *at;
      to++, at++;
      continue;
    }
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *letter = at[1] == '\0' ? NULL : strchr(letters, at[1]);
    if (letter != NULL) {
      if (text) *to = means[letter - letters];
      to++, at += 2;
      continue;
    }
    int high = at[1] == 'u' ? hex(at + 2) : -1;
    if (high < 0) return NULL;
    at += 6;
    unsigned long c = (unsigned long)high;
    if (high >= 0xD800 && high < 0xE000) {
      int low = high < 0xDC00 && at[0] == '\\' && at[1] == 'u' ? hex(at + 2) : -1;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((unsigned long)(high - 0xD800) << 10) + (unsigned long)(low - 0xDC00);
        at += 6;
      } else {
        broken = 1;
      }
    }
    if (text) to = put_utf8(to, c);
  }
  if (text) {
    *text = broken ? NULL : begin;
    *len = (size_t)(to - begin);
  }
  return at + 1;
}

static char *skip_digits(char *at) {
  if (*at < '0' || *at > '9') return NULL;
  while (*at >= '0' && *at <= '9') at++;
  return at;
}

static char *skip_number(char *at) {
  if (*at == '-') at++;
  at = *at == '0' ? at + 1 : skip_digits(at);
  if (at && *at == '.') at = skip_digits(at + 1);
  if (at && (*at == 'e' || *at == 'E')) at = skip_digits(at + (at[1] == '+' || at[1] == '-' ? 2 : 1));
  return at;
}

static char *skip_value(char *at, int depth) {
  static const char *const words[] = {"true", "false", "null"};
  for (int i = 0; i < 3; i++)
    if (strncmp(at, words[i], strlen(words[i])) == 0) return at + strlen(words[i]);
  if (*at == '"') return read_string(at, NULL, NULL);
  if (*at != '{' && *at != '[') return skip_number(at);
  if (depth == 0) return NULL;
  const int object = *at == '{';
  const char close = object ? '}' : ']';
  at = skip_space(at + 1);
  if (*at == close) return at + 1;
  for (;;) {
    if (object) {
      at = read_string(at, NULL, NULL);
      if (at == NULL || *(at = skip_space(at)) != ':') return NULL;
      at = skip_space(at + 1);
    }
    at = skip_value(at, depth - 1);
    if (at == NULL) return NULL;
    at = skip_space(at);
    if (*at == close) return at + 1;
    if (*at != ',') return NULL;
    at = skip_space(at + 1);
  }
}

static int is_utf8(const char *text, size_t len) {
  const unsigned char *at = (const unsigned char *)text, *const end = at + len;
  while (at < end) {
    const unsigned char c = *at++;
    if (c < 0x80) continue;
    const int more = c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : 0;
    if (more == 0 || end - at < more) return 0;
    if ((c == 0xE0 && at[0] < 0xA0) || (c == 0xED && at[0] > 0x9F)) return 0;
    if ((c == 0xF0 && at[0] < 0x90) || (c == 0xF4 && at[0] > 0x8F)) return 0;
    for (int i = 0; i < more; i++)
      if ((*at++ & 0xC0) != 0x80) return 0;
  }
  return 1;
}

/* Undoes base64 (RFC 4648, section 4) in place; 0 if it is none. */
static int undo_base64(char *text, size_t *len) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t left = *len, out = 0;
  if (left % 4 != 0) return 0;
  for (int i = 0; i < 2 && left > 0 && text[left - 1] == '='; i++) left--;
  unsigned long bits = 0;
  for (size_t i = 0; i < left; i++) {
    const char *digit = text[i] == '\0' ? NULL : strchr(digits, text[i]);
    if (digit == NULL) return 0;
    bits = (bits << 6 | (unsigned long)(digit - digits)) & 0xFFFFFF;
    if (i % 4 != 0) text[out++] = (char)(bits >> (6 - 2 * (i % 4)));
  }
  *len = out;
  /* What does not make a byte must be 0. */
  return left % 4 == 0 || (left % 4 == 2 && (bits & 0xF) == 0) || (left % 4 == 3 && (bits & 3) == 0);
}

/* The case of a line, which ends with a NUL behind its `len` bytes. */
static test_case read_case(char *line, size_t len) {
  test_case none = {"not JSON", NULL, 0, NULL, 0, NULL, 0}, found = none;
  char *body = NULL;
  char *at = skip_space(line);
  if (!is_utf8(line, len) || *at != '{') return none;
  at = skip_space(at + 1);
  if (*at == '}') at++;
  else
    for (;;) {
      const char *key = NULL;
      size_t key_len = 0;
      at = read_string(at, &key, &key_len);
      if (at == NULL || *(at = skip_space(at)) != ':') return none;
      at = skip_space(at + 1);
      char *const value = at;
      if (skip_value(at, 256) == NULL) return none;
#define IS(name) (key != NULL && key_len == sizeof name - 1 && memcmp(key, name, sizeof name - 1) == 0)
      if (IS("id") && *value == '"') {
        at = read_string(value, &found.id, &found.id_len);
      } else if (IS("body_base64") && *value == '"') {
        at = read_string(value, &found.body, &found.body_len);
        body = found.body ? value + 1 : NULL;
      } else {
        at = skip_value(value, 256);
        if (IS("policy")) {
          found.policy = value;
          found.policy_len = (size_t)(at - value);
        }
      }
#undef IS
      at = skip_space(at);
      if (*at == '}') {
        at++;
        break;
      }
      if (*at != ',') return none;
      at = skip_space(at + 1);
    }
  if (skip_space(at) != line + len) return none;
  found.error = body == NULL ? "no body_base64" : undo_base64(body, &found.body_len) ? NULL : "bad base64";
  return found;
}

#endif
