// RapidJSON's document, its memory pools used again for every body.
#define RAPIDJSON_HAS_STDSTRING 0
#include "rapidjson/document.h"
#include "rapidjson/encodedstream.h"
#include "rapidjson/memorystream.h"
#include "peer.hpp"
using namespace rapidjson;
typedef GenericDocument<UTF8<>, MemoryPoolAllocator<>, MemoryPoolAllocator<>> Json;
typedef GenericValue<UTF8<>, MemoryPoolAllocator<>> Value_;

static sv view(const Value_& v) { return sv(v.GetString(), v.GetStringLength()); }
static char* pool(int i) { static char* buffers[2] = {new char[64u << 20], new char[16u << 20]}; return buffers[i]; }

static inline void text(const Value_& v, Text& to) {
  if (v.IsString()) to.set(view(v));
  else to.state = v.IsNull() ? NUL : MISTYPED;
}

static inline void attachments(const Rules& rules, const Value_& value, Message& m, Writer& w) {
  if (!value.IsArray()) {
    if (value.IsNull()) return;
    m.attachments = LIST_SOME;
    rules.report(rules.context, TYPE_MISMATCH, AT_MEMBER, 0, BODY[1].data(), BODY[1].size());
    return;
  }
  m.attachments = value.Empty() ? LIST_EMPTY : LIST_SOME;
  uint32_t index = 0;
  for (auto item = value.Begin(); item != value.End(); ++item, ++index) {
    if (!rules.counts(rules.context, index)) continue;
    if (!item->IsObject()) { rules.report(rules.context, TYPE_MISMATCH, AT_ELEMENT, index, nullptr, 0); continue; }
    Attachment a;
    unsigned seen = 0;
    for (auto member = item->MemberBegin(); member != item->MemberEnd(); ++member) {
      sv key = view(member->name);
      const Value_& x = member->value;
      int n = find(key, ATTACHMENT);
      if (n < 0 || seen & (1u << n)) {
        rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, AT_ATTACHMENT, index, key.data(), key.size());
        continue;
      }
      seen |= 1u << n;
      if (n < 3) text(x, a.strings[n]);
      else if (x.IsUint64()) a.unsigned_size(x.GetUint64());
      else if (x.IsNumber()) a.double_size(x.GetDouble());
      else if (!x.IsNull()) a.size_state = SIZE_MISTYPED;
    }
    if (rules.attachment(rules.context, index, &a)) w.attachment(index == 0, a);
  }
}

static inline void descriptor(const Rules& rules, const Value_& value, Message& m) {
  if (!value.IsObject()) { m.descriptor = value.IsNull() ? NUL : MISTYPED; return; }
  m.descriptor = READ;
  unsigned seen = 0;
  for (auto member = value.MemberBegin(); member != value.MemberEnd(); ++member) {
    sv key = view(member->name);
    int n = find(key, FIELDS);
    if (n < 0 || seen & (1u << n)) {
      rules.report(rules.context, n < 0 ? UNKNOWN_FIELD : DUPLICATE_FIELD, m.alias ? AT_ALIAS_FIELD : AT_FIELD, 0, key.data(), key.size());
      continue;
    }
    seen |= 1u << n;
    text(member->value, m.fields[n]);
  }
}

CONTENDER int64_t check_rapidjson(const uint8_t* body, size_t length, const Rules* rules, uint8_t* out) {
  MemoryPoolAllocator<> values(pool(0), 64u << 20), stack(pool(1), 16u << 20);
  Json document(&values, 1024, &stack);
  MemoryStream stream(reinterpret_cast<const char*>(body), length);
  EncodedInputStream<UTF8<>, MemoryStream> input(stream);
  document.ParseStream<kParseValidateEncodingFlag>(input);
  if (document.HasParseError()) { rules->report(rules->context, NOT_JSON, IN_BODY, 0, nullptr, 0); return -1; }
  if (!document.IsObject()) { rules->report(rules->context, TYPE_MISMATCH, IN_BODY, 0, nullptr, 0); return -1; }
  Message m;
  Writer w{side()};
  unsigned seen = 0;
  for (auto member = document.MemberBegin(); member != document.MemberEnd(); ++member) {
    sv key = view(member->name);
    const Value_& x = member->value;
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

CONTENDER const char* version_rapidjson() { return "RapidJSON " RAPIDJSON_VERSION_STRING; }
