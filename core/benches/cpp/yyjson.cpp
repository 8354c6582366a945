// yyjson, its document in a pool that is used again for every body.
#include "yyjson.h"
#include "peer.hpp"

static sv view(yyjson_val* v) { return sv(yyjson_get_str(v), yyjson_get_len(v)); }
static char* pool() { static char* buffer = new char[64u << 20]; return buffer; }

static inline void text(yyjson_val* v, Text& to) {
  if (yyjson_is_str(v)) to.set(view(v));
  else to.state = yyjson_is_null(v) ? NUL : MISTYPED;
}

static inline void attachments(const Rules& rules, yyjson_val* value, Message& m, Writer& w) {
  if (!yyjson_is_arr(value)) {
    if (yyjson_is_null(value)) return;
    m.attachments = LIST_SOME;
    rules.report(rules.context, TYPE_MISMATCH, AT_MEMBER, 0, BODY[1].data(), BODY[1].size());
    return;
  }
  m.attachments = yyjson_arr_size(value) ? LIST_SOME : LIST_EMPTY;
  size_t i, max;
  yyjson_val* item;
  yyjson_arr_foreach(value, i, max, item) {
    uint32_t index = static_cast<uint32_t>(i);
    if (!rules.counts(rules.context, index)) continue;
    if (!yyjson_is_obj(item)) { rules.report(rules.context, TYPE_MISMATCH, AT_ELEMENT, index, nullptr, 0); continue; }
    Attachment a;
    unsigned seen = 0;
    size_t j, count;
    yyjson_val *k, *x;
    yyjson_obj_foreach(item, j, count, k, x) {
      sv key = view(k);
      int n = find(key, ATTACHMENT);
      if (n < 0 || seen & (1u << n)) {
        rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, AT_ATTACHMENT, index, key.data(), key.size());
        continue;
      }
      seen |= 1u << n;
      if (n < 3) text(x, a.strings[n]);
      else if (yyjson_is_uint(x)) a.unsigned_size(yyjson_get_uint(x));
      else if (yyjson_is_num(x)) a.double_size(yyjson_get_num(x));
      else if (!yyjson_is_null(x)) a.size_state = SIZE_MISTYPED;
    }
    if (rules.attachment(rules.context, index, &a)) w.attachment(i == 0, a);
  }
}

static inline void descriptor(const Rules& rules, yyjson_val* value, Message& m) {
  if (!yyjson_is_obj(value)) { m.descriptor = yyjson_is_null(value) ? NUL : MISTYPED; return; }
  m.descriptor = READ;
  unsigned seen = 0;
  size_t i, max;
  yyjson_val *k, *x;
  yyjson_obj_foreach(value, i, max, k, x) {
    sv key = view(k);
    int n = find(key, FIELDS);
    if (n < 0 || seen & (1u << n)) {
      rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, m.alias ? AT_ALIAS_FIELD : AT_FIELD, 0, key.data(), key.size());
      continue;
    }
    seen |= 1u << n;
    text(x, m.fields[n]);
  }
}

CONTENDER int64_t check_yyjson(const uint8_t* body, size_t length, const Rules* rules, uint8_t* out) {
  yyjson_alc allocator;
  yyjson_alc_pool_init(&allocator, pool(), 64u << 20);
  yyjson_read_err error;
  char* json = const_cast<char*>(reinterpret_cast<const char*>(body));
  yyjson_doc* document = yyjson_read_opts(json, length, YYJSON_READ_NOFLAG, &allocator, &error);
  if (!document) { rules->report(rules->context, NOT_JSON, IN_BODY, 0, nullptr, 0); return -1; }
  yyjson_val* root = yyjson_doc_get_root(document);
  if (!yyjson_is_obj(root)) { rules->report(rules->context, TYPE_MISMATCH, IN_BODY, 0, nullptr, 0); return -1; }
  Message m;
  Writer w{side()};
  unsigned seen = 0;
  size_t i, max;
  yyjson_val *k, *x;
  yyjson_obj_foreach(root, i, max, k, x) {
    sv key = view(k);
    int n = find(key, BODY);
    unsigned bit = n == 3 ? 4u : 1u << (n & 3);
    if (n >= 2 && seen & 4) m.both |= m.alias != (n == 3);
    if (n < 0 || seen & bit) {
      rules->report(rules->context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, AT_MEMBER, 0, key.data(), key.size());
      continue;
    }
    seen |= bit;
    if (n == 0) text(x, m.text);
    else if (n == 1) attachments(*rules, x, m, w);
    else { m.alias = n == 3; descriptor(*rules, x, m); }
  }
  if (!rules->message(rules->context, &m)) return -1;
  Writer to{out};
  to.message(m, sv(reinterpret_cast<char*>(side()), static_cast<size_t>(w.p - side())));
  return to.p - out;
}

CONTENDER const char* version_yyjson() { return "yyjson " YYJSON_VERSION_STRING; }
