/* Reads JSON and two of its strings; no rules. */
#include "program.h"
#include "yyjson.h"

int judge(const char *text, size_t length) {
  yyjson_doc *document = yyjson_read(text, length, 0);
  yyjson_val *root = yyjson_doc_get_root(document);
  const char *message = yyjson_get_str(yyjson_obj_get(root, "text"));
  const char *address =
      yyjson_get_str(yyjson_obj_get(yyjson_obj_get(root, "clientApplicationDescriptor"), "deviceAddress"));
  return message && address && puts(message) >= 0 && puts(address) >= 0;
}
