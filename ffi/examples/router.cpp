// Sorts requests by channel: each line of the standard input is a body, which goes, normalized, to
// DIRECTORY/CHANNEL.ndjson. What is wrong with a rejected one goes to the standard error.
//
//   cargo build --release -p outgoing-to-device-c
//   c++ -std=c++17 -Iinclude ffi/examples/router.cpp target/release/liboutgoing_to_device.a -o router
#include "outgoing_to_device.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <string>

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: router DIRECTORY\n";
    return 2;
  }
  const otd::policy policy;
  otd::checker checker;
  std::map<std::string, std::ofstream> queues;
  std::string body;
  bool all_accepted = true;
  for (int line = 1; std::getline(std::cin, body); line++) {
    const auto answer = checker.check(policy, body);
    if (const auto request = answer.request()) {
      const std::string channel(request->channel_type);  // as the policy spells it: capitals, digits and _
      const auto queue = queues.try_emplace(channel, argv[1] + ("/" + channel + ".ndjson"), std::ios::app).first;
      queue->second << answer.normalized() << '\n';
    } else {
      all_accepted = false;
      for (const auto d : answer.report().violations)
        std::cerr << line << ':' << d.column() << ": " << d.name() << ": " << d.message() << '\n';
    }
  }
  for (auto &[channel, queue] : queues)
    if (!queue.flush()) return std::cerr << channel << ": cannot be written\n", 2;
  return all_accepted ? 0 : 1;
}
