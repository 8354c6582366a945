-- Lets only valid requests through to a location's upstream, normalized: for OpenResty, Kong, APISIX, and nginx
-- with its Lua module. LuaJIT's FFI on the shared library; README.md says how to build and to use it.
--
--   local otd = require "outgoing_to_device"
--   gate = otd.new { policy_file = "policy.json" }   -- in init_by_lua; a fault stops the start
--   gate:access()                                    -- in access_by_lua
--
-- Each worker has one checker. Its results are views until its next call: they are copied into Lua's strings
-- before anything that yields. Nothing that is logged holds a value of a request.
local ffi = require "ffi"

-- As in include/outgoing_to_device.h; a test compares.
local ABI_VERSION = 1
ffi.cdef [[
typedef struct otd_checker otd_checker;
typedef struct otd_policy otd_policy;
typedef int32_t otd_status;
typedef struct otd_string { const char *data; size_t len; } otd_string;
typedef struct otd_outcome {
  uint32_t accepted; uint32_t violations; uint32_t warnings; uint32_t truncated; struct otd_string normalized;
} otd_outcome;
typedef struct otd_diagnostic {
  uint32_t severity; uint32_t code; struct otd_string name; struct otd_string message; struct otd_string pointer;
  uint32_t offset; uint32_t length; uint32_t line; uint32_t column;
  uint32_t has; uint32_t related_offset; uint32_t related_length; uint64_t limit; uint64_t actual;
  struct otd_string actual_type; struct otd_string expected; struct otd_string channel;
  struct otd_string suggestion; struct otd_string belongs_to;
} otd_diagnostic;
typedef struct otd_report {
  const struct otd_diagnostic *violations; size_t violations_len;
  const struct otd_diagnostic *warnings; size_t warnings_len; uint32_t truncated;
} otd_report;
typedef struct otd_field { struct otd_string name; struct otd_string value; } otd_field;
typedef struct otd_reply {
  uint32_t status; const struct otd_field *fields; size_t fields_len; struct otd_string body;
} otd_reply;
typedef struct otd_head {
  struct otd_string path; struct otd_string method; struct otd_string target;
  const struct otd_field *fields; size_t fields_len;
} otd_head;
uint32_t otd_abi_version(void);
const char *otd_status_text(otd_status status);
const char *otd_code_name(uint32_t code);
const char *otd_field_about_bytes(uint32_t number);
otd_status otd_checker_new(struct otd_checker **checker);
void otd_checker_free(struct otd_checker *checker);
otd_status otd_policy_default(struct otd_policy **policy);
otd_status otd_policy_read(struct otd_checker *checker, const void *json, size_t len, struct otd_policy **policy,
  struct otd_outcome *outcome);
void otd_policy_free(struct otd_policy *policy);
otd_status otd_check(struct otd_checker *checker, const struct otd_policy *policy, const void *body, size_t len,
  struct otd_outcome *outcome);
otd_status otd_check_head(struct otd_checker *checker, const struct otd_policy *policy, const struct otd_head *head,
  struct otd_outcome *outcome);
otd_status otd_diagnostics_of(struct otd_checker *checker, const void *text, size_t len, struct otd_report *report);
otd_status otd_report_of(struct otd_checker *checker, const void *text, size_t len, struct otd_report *report);
otd_status otd_problem_of(struct otd_checker *checker, const void *text, size_t len, struct otd_reply *reply);
]]

-- nginx cuts its log lines at 2,048 bytes; this leaves room for what it adds itself.
local LINE = 1400

local lib, checker -- the worker's own, from the first `new` on
local about_bytes = {} -- the header fields about the bytes of the body, which are not true of other bytes
local outcome, report, reply, head = ffi.new "otd_outcome", ffi.new "otd_report", ffi.new "otd_reply", ffi.new "otd_head"

local function try(status)
  if status ~= 0 then error("outgoing-to-device: " .. ffi.string(lib.otd_status_text(status)), 2) end
end

local function text_of(view)
  return ffi.string(view.data, view.len)
end

local function load(library)
  if lib then return end
  lib = ffi.load(library)
  local version = lib.otd_abi_version()
  if version ~= ABI_VERSION then
    error(("outgoing-to-device: %s has interface %d, this module is for %d"):format(library, version, ABI_VERSION), 0)
  end
  local made = ffi.new "otd_checker *[1]"
  try(lib.otd_checker_new(made))
  checker = ffi.gc(made[0], lib.otd_checker_free)
  local name = lib.otd_field_about_bytes(0)
  while name ~= nil do
    about_bytes[#about_bytes + 1] = ffi.string(name)
    name = lib.otd_field_about_bytes(#about_bytes)
  end
end

-- A pointer is made of names that somebody sent, so all but plain ASCII is escaped.
local function escaped(pointer)
  return (pointer:gsub('[^\32-\126]', function(byte) return ("\\x%02x"):format(byte:byte()) end):gsub('"', '\\x22'))
end

-- The policy, or an error with each of its faults and its place.
local function read_policy(json, name)
  local made = ffi.new "otd_policy *[1]"
  if not json then
    try(lib.otd_policy_default(made))
  else
    try(lib.otd_policy_read(checker, json, #json, made, outcome))
    if outcome.accepted == 0 then
      try(lib.otd_report_of(checker, json, #json, report))
      local faults = { "outgoing-to-device: " .. name .. " is not a policy" }
      for i = 0, tonumber(report.violations_len) - 1 do
        local fault = report.violations[i]
        faults[#faults + 1] = ("%s:%d:%d: %s %s: %s"):format(
          name, fault.line, fault.column, text_of(fault.name), escaped(text_of(fault.pointer)), text_of(fault.message))
      end
      error(table.concat(faults, "\n"), 0)
    end
  end
  return ffi.gc(made[0], lib.otd_policy_free)
end

-- Codes and pointers of what the checker has found, appended to a list.
local function add_found(found, text)
  try(lib.otd_diagnostics_of(checker, text, text and #text or 0, report))
  for _, list in ipairs { { report.violations, report.violations_len }, { report.warnings, report.warnings_len } } do
    for i = 0, tonumber(list[2]) - 1 do
      local pointer = escaped(text_of(list[1][i].pointer))
      found[#found + 1] = ffi.string(lib.otd_code_name(list[1][i].code)) .. (pointer ~= "" and " " .. pointer or "")
    end
  end
end

-- One line for a request, with its id and everything that was found in head and body.
local function log(found, rejected, report_only)
  if #found == 0 then return end
  local line = table.concat(found, ", ")
  if #line > LINE then line = line:sub(1, LINE) .. "..." end
  local verdict = not rejected and "accepted" or report_only and "would be rejected" or "rejected"
  ngx.log(rejected and ngx.WARN or ngx.INFO,
    "outgoing-to-device: request ", ngx.var.request_id, " ", verdict, ": ", line)
end

-- The response to what the checker rejected last.
local function answer(text)
  try(lib.otd_problem_of(checker, text, text and #text or 0, reply))
  local body = text_of(reply.body)
  ngx.status = reply.status
  for i = 0, tonumber(reply.fields_len) - 1 do
    ngx.header[text_of(reply.fields[i].name)] = text_of(reply.fields[i].value)
  end
  ngx.header["Content-Length"] = #body
  ngx.print(body)
  return ngx.exit(ngx.status)
end

local function put(view, text)
  view.data, view.len = text, #text
end

-- Whether the head is accepted. The location has matched the path, so that is the right one.
local function check_head(policy)
  local names, values = {}, {}
  for name, value in pairs(ngx.req.get_headers(0, true)) do
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      names[#names + 1], values[#values + 1] = name, one == true and "" or one
    end
  end
  local fields = ffi.new("otd_field[?]", #names)
  for i = 1, #names do
    put(fields[i - 1].name, names[i])
    put(fields[i - 1].value, values[i])
  end
  local path, method = ngx.var.uri, ngx.req.get_method()
  put(head.path, path)
  put(head.method, method)
  put(head.target, path)
  head.fields, head.fields_len = fields, #names
  try(lib.otd_check_head(checker, policy, head, outcome))
  return outcome.accepted == 1
end

-- The body in one piece: nginx has it in memory, or in a file.
local function whole_body()
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  local name = not body and ngx.req.get_body_file()
  if not name then return body or "" end
  local file = assert(io.open(name, "rb"))
  body = file:read "*a"
  file:close()
  return body
end

local Gate = {}
Gate.__index = Gate

-- Checks the request of this access phase: answers it if it is rejected, and otherwise lets it go on, normalized.
function Gate:access()
  local found, rejected = {}, false
  if not check_head(self.policy) then
    add_found(found)
    if not self.report_only then
      log(found, true)
      return answer()
    end
    rejected = true
  end
  local body = whole_body() -- other requests may use the checker while this one waits
  try(lib.otd_check(checker, self.policy, body, #body, outcome))
  local accepted = outcome.accepted == 1
  local normalized = accepted and not self.report_only and text_of(outcome.normalized)
  if outcome.violations + outcome.warnings > 0 then add_found(found, body) end
  log(found, rejected or not accepted, self.report_only)
  if self.report_only then return end
  if not accepted then return answer(body) end
  for _, name in ipairs(about_bytes) do ngx.req.clear_header(name) end
  ngx.req.set_body_data(normalized)
end

local M = {}

-- A gate. `options`, each of them optional: `policy`, the rules as JSON text, or `policy_file`, the file that has them;
-- `report_only`, whether requests are passed on as they came and only logged; `library`, where the shared library is.
-- Raises an error that says what is wrong with them.
function M.new(options)
  load(options.library or "liboutgoing_to_device.so.1")
  local json, name = options.policy, "policy"
  if options.policy_file then
    local file = assert(io.open(options.policy_file, "rb"))
    json, name = file:read "*a", options.policy_file
    file:close()
  end
  return setmetatable({ policy = read_policy(json, name), report_only = options.report_only or false }, Gate)
end

return M
