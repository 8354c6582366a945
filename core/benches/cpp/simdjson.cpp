// simdjson On-Demand. The body is followed by enough readable bytes, so nothing is copied first.
#include "simdjson.h"
#include "peer.hpp"
using namespace simdjson;
namespace od = simdjson::ondemand;

static od::parser parser;

#define TRY(expression) do { auto error_ = (expression); if (simdjson_unlikely(error_)) return error_; } while (0)

// On-Demand checks only what is asked for: a value that nobody wants is read all the same.
static error_code walk(od::value value, int depth = 0) {
  if (depth > 126) return DEPTH_ERROR;
  od::json_type type;
  TRY(value.type().get(type));
  switch (type) {
    case od::json_type::object: {
      od::object object;
      TRY(value.get_object().get(object));
      for (auto field : object) {
        sv key; TRY(field.unescaped_key().get(key));
        od::value member; TRY(field.value().get(member));
        TRY(walk(member, depth + 1));
      }
      return SUCCESS;
    }
    case od::json_type::array: {
      od::array array;
      TRY(value.get_array().get(array));
      for (auto element : array) { od::value item; TRY(element.get(item)); TRY(walk(item, depth + 1)); }
      return SUCCESS;
    }
    case od::json_type::string: { sv s; return value.get_string().get(s); }
    case od::json_type::number: { double d; return value.get_double().get(d); }
    case od::json_type::boolean: { bool b; return value.get_bool().get(b); }
    case od::json_type::null: { bool b; TRY(value.is_null().get(b)); return b ? SUCCESS : N_ATOM_ERROR; }
    default: return TAPE_ERROR;
  }
}

simdjson_inline error_code text(od::value& value, Text& to) {
  sv s;
  auto error = value.get_string().get(s);
  if (simdjson_likely(!error)) { to.set(s); return SUCCESS; }
  if (error != INCORRECT_TYPE) return error;
  od::json_type type;
  TRY(value.type().get(type));
  to.state = type == od::json_type::null ? NUL : MISTYPED;
  return walk(value);
}

template <size_t N>
simdjson_inline error_code name(od::field& field, const sv (&names)[N], int& index, sv& key) {
  auto raw = field.key();
  for (size_t i = 0; i < N; i++) if (raw.unsafe_is_equal(names[i])) { index = static_cast<int>(i); return SUCCESS; }
  TRY(field.unescaped_key().get(key));
  index = find(key, names);
  return SUCCESS;
}

static simdjson_inline error_code attachments(const Rules& rules, od::value& value, Message& m, Writer& w) {
  od::array array;
  auto error = value.get_array().get(array);
  if (error == INCORRECT_TYPE) {
    od::json_type type;
    TRY(value.type().get(type));
    TRY(walk(value));
    if (type != od::json_type::null) {
      m.attachments = LIST_SOME;
      rules.report(rules.context, TYPE_MISMATCH, AT_MEMBER, 0, BODY[1].data(), BODY[1].size());
    }
    return SUCCESS;
  }
  TRY(error);
  m.attachments = LIST_EMPTY;
  uint32_t index = 0;
  for (auto element : array) {
    m.attachments = LIST_SOME;
    od::value item;
    TRY(element.get(item));
    if (!rules.counts(rules.context, index)) { TRY(walk(item)); index++; continue; }
    od::object object;
    error = item.get_object().get(object);
    if (error == INCORRECT_TYPE) {
      TRY(walk(item));
      rules.report(rules.context, TYPE_MISMATCH, AT_ELEMENT, index++, nullptr, 0);
      continue;
    }
    TRY(error);
    Attachment a;
    unsigned seen = 0;
    for (auto result : object) {
      od::field field;
      TRY(std::move(result).get(field));
      int n; sv key;
      TRY(name(field, ATTACHMENT, n, key));
      od::value x = field.value();
      if (n < 0 || seen & (1u << n)) {
        if (n >= 0) key = ATTACHMENT[n];
        rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, AT_ATTACHMENT, index, key.data(), key.size());
        TRY(walk(x));
        continue;
      }
      seen |= 1u << n;
      if (n < 3) { TRY(text(x, a.strings[n])); continue; }
      uint64_t size;
      if (!x.get_uint64().get(size)) { a.unsigned_size(size); continue; }
      od::json_type type;
      TRY(x.type().get(type));
      if (type == od::json_type::number) { double d; TRY(x.get_double().get(d)); a.double_size(d); continue; }
      TRY(walk(x));
      if (type != od::json_type::null) a.size_state = SIZE_MISTYPED;
    }
    if (rules.attachment(rules.context, index, &a)) w.attachment(index == 0, a);
    index++;
  }
  return SUCCESS;
}

static simdjson_inline error_code descriptor(const Rules& rules, od::value& value, Message& m) {
  od::object object;
  auto error = value.get_object().get(object);
  if (error == INCORRECT_TYPE) {
    od::json_type type;
    TRY(value.type().get(type));
    m.descriptor = type == od::json_type::null ? NUL : MISTYPED;
    return walk(value);
  }
  TRY(error);
  m.descriptor = READ;
  unsigned seen = 0;
  for (auto result : object) {
    od::field field;
    TRY(std::move(result).get(field));
    int n; sv key;
    TRY(name(field, FIELDS, n, key));
    od::value x = field.value();
    if (n < 0 || seen & (1u << n)) {
      if (n >= 0) key = FIELDS[n];
      rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, m.alias ? AT_ALIAS_FIELD : AT_FIELD, 0, key.data(), key.size());
      TRY(walk(x));
      continue;
    }
    seen |= 1u << n;
    TRY(text(x, m.fields[n]));
  }
  return SUCCESS;
}

static simdjson_inline error_code run(od::document& document, const Rules& rules, Message& m, Writer& w, bool& is_object) {
  od::json_type type;
  TRY(document.type().get(type));
  is_object = type == od::json_type::object;
  if (!is_object) {
    switch (type) {
      case od::json_type::array: { od::value x; TRY(document.get_value().get(x)); TRY(walk(x)); break; }
      case od::json_type::string: { sv s; TRY(document.get_string().get(s)); break; }
      case od::json_type::number: { double d; TRY(document.get_double().get(d)); break; }
      case od::json_type::boolean: { bool b; TRY(document.get_bool().get(b)); break; }
      default: { bool b; TRY(document.is_null().get(b)); if (!b) return N_ATOM_ERROR; }
    }
    return document.at_end() ? SUCCESS : TRAILING_CONTENT;
  }
  od::object object;
  TRY(document.get_object().get(object));
  unsigned seen = 0;
  for (auto result : object) {
    od::field field;
    TRY(std::move(result).get(field));
    int n; sv key;
    TRY(name(field, BODY, n, key));
    od::value x = field.value();
    unsigned bit = n == 3 ? 4u : 1u << (n & 3);
    if (n == 2 || n == 3) { if (seen & 4) m.both |= m.alias != (n == 3); }
    if (n < 0 || seen & bit) {
      if (n >= 0) key = BODY[n];
      rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, AT_MEMBER, 0, key.data(), key.size());
      TRY(walk(x));
      continue;
    }
    seen |= bit;
    if (n == 0) TRY(text(x, m.text));
    else if (n == 1) TRY(attachments(rules, x, m, w));
    else { m.alias = n == 3; TRY(descriptor(rules, x, m)); }
  }
  return document.at_end() ? SUCCESS : TRAILING_CONTENT;
}

CONTENDER int64_t check_simdjson(const uint8_t* body, size_t length, const Rules* rules, uint8_t* out) {
  Message m;
  Writer w{side()};
  bool is_object = false;
  od::document document;
  auto error = parser.iterate(reinterpret_cast<const char*>(body), length, length + SIMDJSON_PADDING).get(document);
  if (!error) error = run(document, *rules, m, w, is_object);
  if (error) { rules->report(rules->context, NOT_JSON, IN_BODY, 0, nullptr, 0); return -1; }
  if (!is_object) { rules->report(rules->context, TYPE_MISMATCH, IN_BODY, 0, nullptr, 0); return -1; }
  if (!rules->message(rules->context, &m)) return -1;
  Writer to{out};
  to.message(m, sv(reinterpret_cast<char*>(side()), static_cast<size_t>(w.p - side())));
  return to.p - out;
}

CONTENDER const char* version_simdjson() {
  static std::string version = std::string("simdjson ") + SIMDJSON_VERSION + " (" + simdjson::builtin_implementation()->name() + ")";
  return version.c_str();
}
