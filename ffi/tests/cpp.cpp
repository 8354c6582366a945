// The C++ header: every member in use, an answer that is asked too late, and the use of moved-from objects.
#include "outgoing_to_device.hpp"
#include "test.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace {

static_assert(std::is_nothrow_move_constructible_v<otd::checker> && !std::is_copy_constructible_v<otd::checker>);
static_assert(std::is_nothrow_move_constructible_v<otd::policy> && !std::is_copy_constructible_v<otd::policy>);

constexpr std::string_view accepted = ACCEPTED, normalized = NORMALIZED, rejected = REJECTED;

void checks() {
  const otd::policy policy;
  otd::checker first;
  otd::checker checker = std::move(first);

  const auto yes = checker.check(policy, accepted);
  CHECK(yes && !yes.rejected() && yes.status() == otd::status::ok && !yes.truncated());
  CHECK(yes.normalized() == normalized && yes.normalized().data()[normalized.size()] == '\0');
  CHECK(yes.violations() == 0 && yes.warnings() == 2);
  const auto warned = yes.report();
  CHECK(warned.status == otd::status::ok && warned.violations.empty() && warned.warnings.size() == 2);
  CHECK(warned.warnings[0].is_warning() && warned.warnings[0].code() == OTD_CODE_INSECURE_URL);
  CHECK(warned.warnings[1].suggestion() == std::string_view("clientApplicationDescriptor"));
  CHECK(yes.problem().status == otd::status::not_rejected && yes.problem().body.empty());

  const auto no = checker.check(policy, rejected);
  CHECK(!no && no.rejected() && no.status() == otd::status::ok && no.normalized().empty());
  const auto report = no.report();
  CHECK(report.violations.size() == no.violations() && !report.truncated);
  std::size_t seen = 0;
  for (const otd::diagnostic d : report.violations) {
    CHECK(!d.name().empty() && !d.message().empty() && d.line() == 1 && d.column() >= 1 && !d.is_warning());
    CHECK(d.place().offset + d.place().length <= rejected.size());
    if (d.code() == OTD_CODE_DUPLICATE_FIELD) {
      CHECK(d.related() && rejected.substr(d.related()->offset, d.related()->length) == "\"text\"" && ++seen);
    }
    if (d.pointer() == "/text" && d.code() == OTD_CODE_TYPE_MISMATCH) {
      CHECK(d.expected() == std::string_view("string") && d.actual_type() == std::string_view("number") && ++seen);
      CHECK(!d.actual() && !d.limit() && !d.channel() && !d.belongs_to() && !d.related());
    }
    if (d.pointer() == "/threadId") CHECK(d.belongs_to() == std::string_view("sibling_endpoint") && ++seen);
    if (d.code() == OTD_CODE_REQUIRED_BY_CHANNEL) CHECK(d.channel() == std::string_view("MOBILE") && ++seen);
    if (d.code() == OTD_CODE_OUT_OF_RANGE) CHECK(d.limit() == std::uint64_t{0} && ++seen);
  }
  CHECK(seen >= 5);
  const auto brief = no.diagnostics();
  CHECK(brief.status == otd::status::ok && brief.violations.size() == no.violations());
  for (const otd::diagnostic d : brief.violations) {
    CHECK(otd_code_name(d.code()) != nullptr && d.place().offset + d.place().length <= rejected.size());
    CHECK(d.name().empty() && d.message().empty() && d.line() == 0 && !d.limit() && !d.expected());
  }
  const auto problem = no.problem();
  CHECK(problem.status == otd::status::ok && problem.http_status == 400 && !problem.body.empty());
  CHECK(problem.fields.size() == 1 && problem.fields[0].value == "application/problem+json");

  char buffer[512];
  CHECK(checker.check_into(policy, accepted, buffer, sizeof buffer).normalized().data() == buffer);
  const auto small = checker.check_into(policy, accepted, buffer, normalized.size());
  CHECK(small.status() == otd::status::buffer_too_small && !small && !small.rejected());
  CHECK(small.normalized() == normalized && otd::max_output(accepted.size()) > normalized.size());
  CHECK(otd::text(small.status()) == "The buffer is too small.");
#if __cplusplus >= 202002L
  const std::vector<unsigned char> bytes(accepted.begin(), accepted.end());
  CHECK(checker.check(policy, std::span<const unsigned char>(bytes)).normalized() == normalized);
  CHECK(checker.check(policy, std::as_bytes(std::span(bytes))).normalized() == normalized);
  CHECK(checker.check_into(policy, accepted, std::span<char>(buffer)).normalized() == normalized);
#endif
  const std::string text(accepted);
  CHECK(checker.check(policy, text).normalized() == normalized);
  CHECK(checker.check(policy, std::string_view()).report().violations[0].code() == OTD_CODE_EMPTY_BODY);
  CHECK(!otd::version().empty());
}

void heads_policies_responses() {
  otd::checker checker;
  const otd::policy standard;
  const otd_field fields[] = {otd::make_field("Content-Type", "application/json")};
  const auto head = checker.check_head(standard, {"POST", PATH, fields, 1, {}});
  CHECK(!head && head.violations() == 1 && head.problem().http_status == 401);
  CHECK(head.report().violations[0].expected() == std::string_view("Bearer") && head.report().violations[0].line() == 0);
  const auto elsewhere = checker.check_head(standard, {"GET", "/x", fields, 1, "/x"});
  CHECK(elsewhere.problem().http_status == 405);

  auto read = checker.read_policy(POLICY);
  CHECK(read && read->get() != nullptr);
  const otd::policy own = *std::move(read);
  const std::string json(checker.write_policy(own));
  CHECK(json.find("\"SMS\"") != json.npos && checker.read_policy(json));
  CHECK(checker.write_schema(own).find("\"SMS\"") != json.npos);
  CHECK(checker.write_input_schema(own).find("\"SMS\"") != json.npos);
  CHECK(checker.write_openapi(own).find("\"openapi\": \"3.1.0\"") != json.npos);
  CHECK(checker.read_policy(BAD_POLICY).report().violations.size() >= 5);
  CHECK(!checker.read_policy("[").rejected() == false);

  const auto reply = checker.write_response({1, 2, 3, 4, "e"});
  CHECK(reply.status == otd::status::ok && reply.http_status == 200 && reply.fields.size() == 4);
  const std::string sent(reply.body);
  auto response = checker.read_response(sent);
  CHECK(response && response->id == 1 && response->agent_id == 4 && response->client_external_id == std::string_view("e"));
  CHECK(checker.write_response({1, 2, 3, 4, "\xFF"}).status == otd::status::not_utf8);
  CHECK(!checker.read_response("{}") && checker.read_response("{}").report().violations.size() == 5);
  const std::string none(checker.write_response({1, 2, 3, 4, {}}).body);
  CHECK(!checker.read_response(none)->client_external_id);
}

/// A request is read as values, and written from them.
void requests() {
  const otd::policy policy;
  otd::checker checker;
  const auto answer = checker.check(policy, accepted);
  const auto request = answer.request();
  CHECK(request && request->text == std::string_view("a\u00e9\nb") && request->channel_type == "WHATSAPP");
  CHECK(request->device_address == "79000000000" && !request->client_id && !request->app_marker);
  CHECK(request->attachments.size() == 1 && request->attachments[0].url == "http://a.example/b");
  CHECK(request->attachments[0].media_type == std::string_view("image/jpeg") && !request->attachments[0].size);
  CHECK(request->channel_type.data()[request->channel_type.size()] == '\0' && answer.normalized() == normalized);
  /* The values may be the checker's own. */
  const auto again = checker.write_request(policy, *request);
  CHECK(again && again.normalized() == normalized && again.request()->device_address == "79000000000");

  const otd_attachment files[] = {otd::make_attachment("https://a.example/b", "b.pdf", {}, 7)};
  otd::request own;
  own.attachments = {files, 1};
  own.channel_type = "web";
  own.device_address = "d";
  const auto written = checker.write_request(policy, own);
  CHECK(written.normalized() == R"({"text":"","attachments":[{"url":"https://a.example/b","name":"b.pdf","size":7}],)"
                                R"("clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}})");
  CHECK(written.request()->attachments[0].size == std::uint64_t{7});
  own.channel_type = "WEBB";
  const auto no = checker.write_request(policy, own);
  CHECK(no.rejected() && !no.request() && no.report().violations[0].pointer() == "/clientApplicationDescriptor/channelType");
  CHECK(no.report().violations[0].suggestion() == std::string_view("WEB") && no.report().violations[0].line() == 0);
  own.text = "\xFF";
  CHECK(checker.write_request(policy, own).status() == otd::status::not_utf8);

  CHECK(policy.limits().body == 1 << 20);
  const auto names = checker.channels(policy);
  CHECK(names.size() == 11 && std::find(names.begin(), names.end(), "VIBER") != names.end());
  checker.shrink();
  CHECK(checker.check(policy, accepted).request());
}

/// The edits that mend a diagnostic.
void fixes() {
  const otd::policy policy;
  otd::checker checker;
  const std::string body = FIXABLE;
  const auto answer = checker.check(policy, body);
  std::size_t seen = 0;
  for (const otd::diagnostic d : answer.diagnostics().violations)
    for (const otd::edit edit : answer.fix(d)) {
      CHECK(edit.place.offset + edit.place.length <= body.size());
      if (d.code() == OTD_CODE_UNKNOWN_FIELD) CHECK(edit.text == "text" && body.substr(edit.place.offset, edit.place.length) == "message" && ++seen);
      if (d.code() == OTD_CODE_UNKNOWN_CHANNEL) CHECK(edit.text == "VIBER" && ++seen);
    }
  CHECK(seen == 2);
  const auto none = checker.check(policy, "[");
  CHECK(none.fix(none.report().violations[0]).empty());
}

/// What <algorithm> and the constructors of containers ask of an iterator.
void lists_and_algorithms() {
  using iterator = decltype(otd::report::violations)::iterator;
  static_assert(std::is_same_v<std::iterator_traits<iterator>::reference, otd::diagnostic>);
#if defined(__cpp_lib_concepts)
  static_assert(std::forward_iterator<iterator>);
#endif
  const otd::policy policy;
  otd::checker checker;
  const auto answer = checker.check(policy, rejected);
  const auto list = answer.report().violations;
  const std::vector<otd::diagnostic> all(list.begin(), list.end());
  CHECK(all.size() == list.size() && all[1].message() == list[1].message());
  const auto is_mismatch = [](otd::diagnostic d) { return d.code() == OTD_CODE_TYPE_MISMATCH; };
  CHECK(std::count_if(list.begin(), list.end(), is_mismatch) == std::count_if(all.begin(), all.end(), is_mismatch));
  CHECK(std::find_if(list.begin(), list.end(), is_mismatch) != list.end());
  std::vector<std::string_view> names;
  std::transform(list.begin(), list.end(), std::back_inserter(names), [](otd::diagnostic d) { return d.name(); });
  CHECK(names.size() == list.size() && names.front() == list[0].name());
}

/// A moved-from checker or policy says that it has no handle; both can be given another one.
void moved_from() {
  otd::policy policy;
  otd::checker first;
  otd::checker second = std::move(first);
  const auto none = first.check(policy, accepted);
  CHECK(!none && !none.rejected() && none.status() == otd::status::null && none.normalized().empty());
  CHECK(none.report().status == otd::status::null && none.problem().status == otd::status::null);
  CHECK(first.check_head(policy, {"POST", PATH, nullptr, 0, {}}).status() == otd::status::null);
  CHECK(first.read_policy(POLICY).status() == otd::status::null && first.write_policy(policy).empty());
  CHECK(!none.request() && first.write_request(policy, {}).status() == otd::status::null);
  CHECK(first.channels(policy).empty());
  first.shrink();
  CHECK(first.read_response(RESPONSE).status() == otd::status::null);
  CHECK(first.write_response({1, 2, 3, 4, {}}).status == otd::status::null);
  const otd::policy kept = std::move(policy);
  CHECK(second.check(policy, accepted).status() == otd::status::null && second.check(kept, accepted));
  first = otd::checker();
  CHECK(policy.limits().body == 0);
  policy = otd::policy();
  CHECK(first.check(policy, accepted));
  first = std::move(second);
  CHECK(first.check(kept, accepted));
  otd::checker &same = first;
  first = std::move(same);
  CHECK(first.check(kept, accepted));
}

#if defined(__cpp_exceptions)
template <class F>
bool throws(F call) {
  try {
    call();
    return false;
  } catch (const std::logic_error &) {
    return true;
  }
}
#endif

/// An answer knows when its views are gone; it does not show another message's bytes.
void asked_too_late() {
#if defined(__cpp_exceptions)
  const otd::policy policy;
  otd::checker checker;
  const auto first = checker.check(policy, accepted);
  CHECK(checker.check(policy, rejected).rejected());
  CHECK(throws([&] { (void)first.normalized(); }) && throws([&] { (void)first.report(); }));
  CHECK(throws([&] { (void)first.diagnostics(); }) && throws([&] { (void)first.problem(); }));
  CHECK(first);
  /* An answer survives that its checker is moved. */
  const auto second = checker.check(policy, accepted);
  std::optional<otd::checker> moved = std::move(checker);
  CHECK(second.normalized() == normalized);
  /* One that outlives its checker does not look at what was freed. */
  moved.reset();
  CHECK(throws([&] { (void)second.normalized(); }) && throws([&] { (void)second.report(); }));
  /* There is no value to take from a rejected text. */
  otd::checker reader;
  CHECK(throws([&] { (void)*reader.read_policy("["); }) && throws([&] { (void)reader.read_response("{}")->id; }));
#endif
}

}  // namespace

int main() {
  checks();
  heads_policies_responses();
  requests();
  fixes();
  lists_and_algorithms();
  moved_from();
  asked_too_late();
  return finish("cpp");
}
