/* What the test programs share: counting checks, and bodies to check. */
#ifndef TEST_H
#define TEST_H

#include "outgoing_to_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

#define CHECK(what)                                              \
  do {                                                           \
    if (what) passed++;                                          \
    else failed++, printf("%s:%d: %s\n", __FILE__, __LINE__, #what); \
  } while (0)

/* What cannot be otherwise, where a test could not go on. */
#define NEED(what)                                       \
  do {                                                   \
    if (!(what)) {                                       \
      printf("%s:%d: %s\n", __FILE__, __LINE__, #what);  \
      exit(1);                                           \
    }                                                    \
  } while (0)

static inline int finish(const char *name) {
  printf("%s: %d passed, %d failed\n", name, passed, failed);
  return failed != 0;
}

#define ACCEPTED                                                                               \
  "{\"text\":\"a\\u00e9\\r\\nb\",\"attachments\":[{\"url\":\" http://a.example/b \",\"type\":\"image/JPG\"}]," \
  "\"applicationDescriptor\":{\"channelType\":\"whatsapp\",\"deviceAddress\":\"+7 (900) 000-00-00\"}}"
#define NORMALIZED                                                                             \
  "{\"text\":\"a\u00e9\\nb\",\"attachments\":[{\"url\":\"http://a.example/b\",\"type\":\"image/jpeg\"}]," \
  "\"clientApplicationDescriptor\":{\"channelType\":\"WHATSAPP\",\"deviceAddress\":\"79000000000\"}}"
/* Many findings of many kinds, and a deep one. */
#define REJECTED                                                                                \
  "{\"clientId\":1,\"tex\":{\"y\":[\"\\ud800\",[[[[[[[[\"\\ud800\"]]]]]]]],{\"\\ud800\":\"\\ud800\"}]},"   \
  "\"text\":5,\"text\":6,\"threadId\":7,\"attachments\":[{\"url\":\"ftp://x\",\"size\":-1,\"name\":\"a/b\",\"type\":\"x\"},1],"     \
  "\"clientApplicationDescriptor\":{\"channelType\":\"MOBILE\",\"deviceAddress\":\" a b \",\"appMaker\":1}}"

/* Mistakes that have fixes: a name, a number where a string belongs, a URL, an address, a channel. */
#define FIXABLE                                                                                \
  "{\"message\":\"m\",\"attachments\":[{\"url\":\"https://a.example/a b\\\\c\"}],"               \
  "\"clientApplicationDescriptor\":{\"channelType\":\"VIBBER\",\"clientId\":7,\"deviceAddress\":\"7900\"}}"

static const char *const bodies[] = {
    ACCEPTED,
    NORMALIZED,
    REJECTED,
    "",
    " \n",
    "\xEF\xBB\xBF",
    "{\"text\":\"\xFF\"}",
    "[1,2",
    "{\"text\":\"x\"}",
    FIXABLE,
    "{\"text\":\"x\",\"clientApplicationDescriptor\":{\"channelType\":\"EMAIL\",\"deviceAddress\":\"a@EXAMPLE.com\"}}",
    "{\"text\":\"x\",\"clientApplicationDescriptor\":{\"channelType\":\"VIBBER\",\"deviceAddress\":\"89000000000\"}}",
};
enum { BODIES = sizeof bodies / sizeof *bodies };

#define POLICY "{\"unknownFields\":\"keep\",\"channels\":{\"VIBER\":null,\"SMS\":{\"address\":\"phone\",\"requires\":[\"clientId\"]}}}"
#define BAD_POLICY "{\"unknownFields\":\"x\",\"limits\":{\"body\":1,\"bdy\":2},\"channels\":{\"viber\":null,\"VIBE\":null,\"A\":{\"national\":{}}}}"
#define RESPONSE "{\"id\":1,\"threadId\":2,\"clientId\":-3,\"clientExternalId\":\"\\u0451\\n\",\"agentId\":4}"

/* A request as values, and what it is written as. */
#define S(text) {text, sizeof text - 1}
static const otd_attachment request_files[] = {
    {S("http://a.example/b"), S("b \"1\".pdf"), S("image/JPG"), 9007199254740991u, 1},
    {S("https://a.example/\u00e9"), {NULL, 0}, {NULL, 0}, 0, 0},
};
static const otd_request request_values = {
    S("a\u00e9\r\nb"), request_files, 2, S("mobile"), S(" c "), {NULL, 0}, S("app"), S("token"),
};
#define REQUEST                                                                                  \
  "{\"text\":\"a\u00e9\\nb\",\"attachments\":[{\"url\":\"http://a.example/b\",\"name\":\"b \\\"1\\\".pdf\"," \
  "\"type\":\"image/jpeg\",\"size\":9007199254740991},{\"url\":\"https://a.example/\u00e9\"}]," \
  "\"clientApplicationDescriptor\":{\"channelType\":\"MOBILE\",\"clientId\":\"c\",\"appMarker\":\"app\",\"deviceAddress\":\"token\"}}"

#define PATH "/api/v1/messages/outgoing-to-device"

#endif
