// What the C and C++ contenders share: the interface to the rules, which are core's own, and the
// writer. The rules are called once for an attachment and once for the message.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <emmintrin.h>
#include <string_view>

using sv = std::string_view;

enum State : uint8_t { ABSENT, NUL, MISTYPED, READ };

struct Text {
  const char* bytes = nullptr;
  size_t length = 0;
  State state = ABSENT;
  void set(sv s) { bytes = s.data(); length = s.size(); state = READ; }
  sv view() const { return {bytes, length}; }
};

enum SizeState : uint8_t { SIZE_ABSENT, SIZE_MISTYPED, SIZE_OUT_OF_RANGE, SIZE_READ };

struct Attachment {
  Text strings[3];  // url, name, type
  uint64_t size = 0;
  SizeState size_state = SIZE_ABSENT;
  void unsigned_size(uint64_t v) { size = v; size_state = v <= ((1ull << 53) - 1) ? SIZE_READ : SIZE_OUT_OF_RANGE; }
  void double_size(double v) {
    if (v != static_cast<double>(static_cast<int64_t>(v)) && v < 9e15 && v > -9e15) size_state = SIZE_MISTYPED;
    else if (v >= 0 && v <= 9007199254740991.0) { size = static_cast<uint64_t>(v); size_state = SIZE_READ; }
    else size_state = SIZE_OUT_OF_RANGE;
  }
};

enum List : uint8_t { LIST_ABSENT, LIST_EMPTY, LIST_SOME };

struct Message {
  Text text;
  Text fields[5];  // channelType, clientId, unauthorizedClientId, appMarker, deviceAddress
  List attachments = LIST_ABSENT;
  State descriptor = ABSENT;
  bool alias = false, both = false;
};

// Where a finding is; the numbers are those of cpp.rs.
enum Place : uint32_t { IN_BODY, AT_MEMBER, AT_FIELD, AT_ALIAS_FIELD, AT_ELEMENT, AT_ATTACHMENT };
enum Fault : uint32_t { TYPE_MISMATCH, UNKNOWN_FIELD, DUPLICATE_FIELD, NOT_JSON };

// The rules, in place: what they normalize replaces what was read; ABSENT where there is nothing.
struct Rules {
  void* context;
  void (*report)(void*, Fault, Place, uint32_t index, const char* name, size_t length);
  bool (*counts)(void*, uint32_t index);       // of an attachment: not one too many
  bool (*attachment)(void*, uint32_t index, Attachment*);  // no violation so far
  bool (*message)(void*, Message*);
};

static const sv BODY[4] = {"text", "attachments", "clientApplicationDescriptor", "applicationDescriptor"};
static const sv FIELDS[5] = {"channelType", "clientId", "unauthorizedClientId", "appMarker", "deviceAddress"};
static const sv ATTACHMENT[4] = {"url", "name", "type", "size"};

template <size_t N>
static inline int find(sv key, const sv (&names)[N]) {
  for (size_t i = 0; i < N; i++)
    if (key.size() == names[i].size() && !memcmp(key.data(), names[i].data(), key.size())) return static_cast<int>(i);
  return -1;
}

// Writes into a buffer that is large enough for everything.
struct Writer {
  uint8_t* p;
  void raw(sv s) { memcpy(p, s.data(), s.size()); p += s.size(); }
  void byte(char c) { *p++ = static_cast<uint8_t>(c); }
  void string(sv s) {
    byte('"');
    const uint8_t* q = reinterpret_cast<const uint8_t*>(s.data());
    size_t n = s.size();
    while (n >= 16) {
      __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(q));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
      __m128i quote = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
      int found = _mm_movemask_epi8(_mm_or_si128(quote, _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v)));
      if (!found) { p += 16; q += 16; n -= 16; continue; }
      int k = __builtin_ctz(static_cast<unsigned>(found));
      p += k; q += k; n -= static_cast<size_t>(k);
      escape(*q++); n--;
    }
    while (n) {
      uint8_t c = *q++; n--;
      if (c == '"' || c == '\\' || c < 0x20) escape(c); else *p++ = c;
    }
    byte('"');
  }
  void escape(uint8_t c) {
    switch (c) {
      case '"': raw("\\\""); break;
      case '\\': raw("\\\\"); break;
      case 8: raw("\\b"); break;
      case 9: raw("\\t"); break;
      case 10: raw("\\n"); break;
      case 12: raw("\\f"); break;
      case 13: raw("\\r"); break;
      default: raw("\\u00"); byte("0123456789abcdef"[c >> 4]); byte("0123456789abcdef"[c & 15]);
    }
  }
  void number(uint64_t v) {
    char digits[20];
    size_t i = 20;
    do { digits[--i] = static_cast<char>('0' + v % 10); v /= 10; } while (v);
    raw(sv(digits + i, 20 - i));
  }
  void attachment(bool first, const Attachment& a) {
    if (!first) byte(',');
    raw("{\"url\":"); string(a.strings[0].view());
    if (a.strings[1].state == READ) { raw(",\"name\":"); string(a.strings[1].view()); }
    if (a.strings[2].state == READ) { raw(",\"type\":"); string(a.strings[2].view()); }
    if (a.size_state == SIZE_READ) { raw(",\"size\":"); number(a.size); }
    byte('}');
  }
  void message(const Message& m, sv attachments) {
    raw("{\"text\":"); string(m.text.view());
    raw(",\"attachments\":["); raw(attachments);
    raw("],\"clientApplicationDescriptor\":{\"channelType\":"); string(m.fields[0].view());
    if (m.fields[1].state == READ) { raw(",\"clientId\":"); string(m.fields[1].view()); }
    if (m.fields[2].state == READ) { raw(",\"unauthorizedClientId\":"); string(m.fields[2].view()); }
    if (m.fields[3].state == READ) { raw(",\"appMarker\":"); string(m.fields[3].view()); }
    raw(",\"deviceAddress\":"); string(m.fields[4].view());
    raw("}}");
  }
};

// The attachments are written to a buffer of their own while they are read.
static uint8_t* side() { static uint8_t* buffer = new uint8_t[32u << 20]; return buffer; }

#define CONTENDER extern "C" __attribute__((visibility("default")))
// A contender: the number of bytes written to `out` if the body is accepted, else -1.
typedef int64_t Check(const uint8_t* body, size_t length, const Rules* rules, uint8_t* out);
