// Reads JSON and two of its strings; no rules.
#include "program.h"
#include "rapidjson/document.h"

int judge(const char *text, size_t length) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(text, length);
  if (document.HasParseError() || !document.IsObject() || !document.HasMember("text")) return 0;
  const rapidjson::Value& message = document["text"];
  if (!document.HasMember("clientApplicationDescriptor")) return 0;
  const rapidjson::Value& descriptor = document["clientApplicationDescriptor"];
  if (!descriptor.IsObject() || !descriptor.HasMember("deviceAddress")) return 0;
  const rapidjson::Value& address = descriptor["deviceAddress"];
  return message.IsString() && address.IsString() && puts(message.GetString()) >= 0 && puts(address.GetString()) >= 0;
}
