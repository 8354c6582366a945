// Reads JSON and two of its strings; no rules.
#include "program.h"
#include "simdjson.h"

int judge(const char *text, size_t length) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  std::string_view message, address;
  if (parser.iterate(text, length, length + 64).get(document)) return 0;
  if (document["text"].get_string().get(message)) return 0;
  if (document["clientApplicationDescriptor"]["deviceAddress"].get_string().get(address)) return 0;
  return fwrite(message.data(), 1, message.size(), stdout) && fwrite(address.data(), 1, address.size(), stdout);
}
