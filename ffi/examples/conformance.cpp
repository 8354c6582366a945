// The C++ conformance host: answers lines of the standard input on the standard output, through the
// C++ header. tests/conformance says what it reads and writes.
#include "case.h"
#include "outgoing_to_device.hpp"

#include <cstdio>
#include <iostream>
#include <string>

namespace {

/// Writes JSON with nothing escaped but what must be.
class writer {
 public:
  std::string out;

  writer &raw(std::string_view text) { return out += text, *this; }
  writer &number(std::uint64_t value) { return raw(std::to_string(value)); }

  writer &string(std::string_view text) {
    out += '"';
    for (const char c : text) {
      constexpr std::string_view controls = "\b\t\n\f\r", letters = "btnfr";
      if (c == '"' || c == '\\') {
        (out += '\\') += c;
      } else if (const auto control = controls.find(c); control != controls.npos) {
        (out += '\\') += letters[control];
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char escape[7];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        out += escape;
      } else {
        out += c;
      }
    }
    out += '"';
    return *this;
  }

  void member(std::string_view name, std::optional<std::uint64_t> value) {
    if (value) raw(",\"").raw(name).raw("\":").number(*value);
  }
  void member(std::string_view name, std::optional<std::string_view> value) {
    if (value) raw(",\"").raw(name).raw("\":").string(*value);
  }

  void fix(const otd::edits &edits) {
    std::string_view before = ",\"fix\":[";
    for (const otd::edit edit : edits) {
      raw(before).raw("{\"offset\":").number(edit.place.offset).raw(",\"length\":").number(edit.place.length);
      raw(",\"text\":").string(edit.text).raw("}");
      before = ",";
    }
    if (!edits.empty()) raw("]");
  }

  /// Diagnostics of the text that `answer` speaks of.
  void diagnostics(const otd::answer &answer, const otd::diagnostics &list) {
    std::string_view before = "[";
    for (const otd::diagnostic d : list) {
      raw(before).raw("{\"code\":").string(d.name()).raw(",\"pointer\":").string(d.pointer());
      raw(",\"offset\":").number(d.place().offset).raw(",\"length\":").number(d.place().length);
      raw(",\"line\":").number(d.line()).raw(",\"column\":").number(d.column());
      if (const auto related = d.related())
        raw(",\"related\":{\"offset\":").number(related->offset).raw(",\"length\":").number(related->length).raw("}");
      member("limit", d.limit());
      member("actual", d.actual());
      member("actual", d.actual_type());
      member("expected", d.expected());
      member("channel", d.channel());
      member("suggestion", d.suggestion());
      member("belongs_to", d.belongs_to());
      fix(answer.fix(d));
      raw("}");
      before = ",";
    }
    raw(list.empty() ? "[]" : "]");
  }
};

/// Every answer is a yes or a no here: there is memory, and all arguments are in order.
template <class T>
T need(T result) {
  if (const otd::status status = [&] {
        if constexpr (std::is_same_v<T, otd::report>) return result.status;
        else return result.status();
      }();
      status != otd::status::ok) {
    std::cerr << "conformance: " << otd::text(status) << '\n';
    std::exit(2);
  }
  return result;
}

class host {
 public:
  void answer(std::string &line, std::string &out) {
    const test_case test = read_case(line.data(), line.size());
    writer to{std::move(out)};
    to.out.clear();
    to.raw("{\"id\":");
    if (test.id) to.string({test.id, test.id_len});
    else to.raw("null");
    to.raw(",");
    if (test.error) to.raw("\"error\":").string(test.error);
    else decide(test, to);
    to.raw("}\n");
    out = std::move(to.out);
  }

 private:
  void decide(const test_case &test, writer &to) {
    if (!test.policy) return check(default_, test, to);
    auto read = need(checker_.read_policy(std::string_view(test.policy, test.policy_len)));
    if (read) return check(*read, test, to);
    to.raw("\"policy_faults\":").diagnostics(read, need(read.report()).violations);
  }

  void check(const otd::policy &policy, const test_case &test, writer &to) {
    const auto answer = need(checker_.check(policy, std::string_view(test.body, test.body_len)));
    const auto report = need(answer.report());
    if (answer) {
      to.raw("\"outcome\":{\"ok\":true,\"request\":").string(answer.normalized());
    } else {
      to.raw("\"outcome\":{\"ok\":false,\"violations\":").diagnostics(answer, report.violations);
    }
    to.raw(",\"warnings\":").diagnostics(answer, report.warnings);
    to.raw(report.truncated ? ",\"truncated\":true}" : ",\"truncated\":false}");
  }

  otd::policy default_;
  otd::checker checker_;
};

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  host host;
  std::string line, out;
  while (std::getline(std::cin, line)) {
    host.answer(line, out);
    std::cout << out;
  }
  return std::cin.bad() || !std::cout.flush() ? 2 : 0;
}
