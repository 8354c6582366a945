// What the library says of a request body: check FILE, or check - for the standard input.
//
//   cargo build --release -p outgoing-to-device-c
//   c++ -std=c++17 -Iinclude ffi/examples/check.cpp target/release/liboutgoing_to_device.a -o check
//
// Exit status: 0 accepted, 1 rejected, 2 misuse or a file that cannot be read.
#include "outgoing_to_device.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

/// Names in a pointer are the body's, so control characters must not reach a terminal.
std::string visible(std::string_view text) {
  std::string shown(text);
  for (char &c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return shown;
}

/// The diagnostics, each with the edits that mend it.
void print(const char *name, const otd::answer &answer, const otd::diagnostics &list) {
  for (const otd::diagnostic d : list) {
    std::cout << name << ':' << d.line() << ':' << d.column() << ": " << d.name() << ' ' << visible(d.pointer())
              << ": " << d.message() << '\n';
    for (const otd::edit edit : answer.fix(d))
      std::cout << "  fix: at byte " << edit.place.offset << ", put \"" << edit.text << "\" in the place of "
                << edit.place.length << " bytes\n";
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: check FILE\n";
    return 2;
  }
  std::ifstream file;
  const bool standard = std::string_view(argv[1]) == "-";
  if (!standard) file.open(argv[1], std::ios::binary);
  std::istream &in = standard ? std::cin : file;
  const std::string body{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    std::cerr << argv[1] << ": cannot be read\n";
    return 2;
  }

  const otd::policy policy;
  otd::checker checker;
  const auto answer = checker.check(policy, body);
  const auto report = answer.report();
  if (answer.status() != otd::status::ok || report.status != otd::status::ok) {
    std::cerr << "check: " << otd::text(answer.status()) << '\n';
    return 2;
  }
  print(argv[1], answer, report.violations);
  print(argv[1], answer, report.warnings);
  if (report.truncated) std::cout << "There are more diagnostics than are listed.\n";
  if (answer) std::cout << answer.normalized() << '\n';
  return answer ? 0 : 1;
}
