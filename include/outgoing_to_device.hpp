// outgoing-to-device for C++17 and later: owners for the handles of outgoing_to_device.h, and views.
//
// A policy may be shared by threads; a checker belongs to one thread at a time. A checker gives out
// views, which live until its next call. An answer knows that: asked after the checker has read
// another text, or has gone, it throws std::logic_error (without exceptions: it aborts) rather than
// show another message's bytes. It speaks of the body that it was given, which must live as long; a
// temporary std::string does not compile. Strings that were taken out are views like any other: copy
// what must last. Otherwise only making a policy or a checker throws: std::bad_alloc. A checker or a
// policy that was moved from can be assigned to, and a call with it is answered with status::null.
//
// ```cpp
// otd::policy rules;
// otd::checker own;
// if (auto answer = own.check(rules, body)) std::cout << answer.normalized();
// else for (otd::diagnostic d : answer.report().violations) std::cout << d.pointer() << ": " << d.message();
// ```
#ifndef OUTGOING_TO_DEVICE_HPP
#define OUTGOING_TO_DEVICE_HPP

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "outgoing_to_device.hpp needs C++17: compile with -std=c++17 (or /std:c++17), or use outgoing_to_device.h"
#else

#include "outgoing_to_device.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#if __cplusplus >= 202002L
#include <span>
#endif

#if defined(__clang__)
#define OTD_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define OTD_LIFETIMEBOUND
#endif

namespace otd {

static_assert(OTD_ABI_VERSION == 1, "outgoing_to_device.h is of another version than this header");

/// The result of a call. A rejected body is no failure of the call.
enum class status : std::int32_t {
  ok = OTD_OK,
  null = OTD_NULL,
  too_long = OTD_TOO_LONG,
  out_of_memory = OTD_OUT_OF_MEMORY,
  buffer_too_small = OTD_BUFFER_TOO_SMALL,
  other_text = OTD_OTHER_TEXT,
  not_rejected = OTD_NOT_REJECTED,
  not_utf8 = OTD_NOT_UTF8,
  not_accepted = OTD_NOT_ACCEPTED,
  invalid_column = OTD_INVALID_COLUMN,
};

/// The sentence for a status.
[[nodiscard]] inline std::string_view text(status status) noexcept {
  return otd_status_text(static_cast<otd_status>(status));
}

/// The version of the library that is linked.
[[nodiscard]] inline std::string_view version() noexcept { return otd_version(); }

/// A capacity that the normalized request of a body of this length never exceeds, NUL included.
[[nodiscard]] inline std::size_t max_output(std::size_t length) noexcept { return otd_max_output(length); }

namespace detail {

[[nodiscard]] inline std::string_view view(otd_string string) noexcept {
  return string.data ? std::string_view(string.data, string.len) : std::string_view();
}

[[nodiscard]] inline std::optional<std::string_view> maybe(otd_string string) noexcept {
  if (!string.data) return std::nullopt;
  return std::string_view(string.data, string.len);
}

[[nodiscard]] inline otd_string string(std::string_view view) noexcept {
  // An empty view may have no data, but NULL would mean that there is no string.
  return {view.data() ? view.data() : "", view.size()};
}

[[nodiscard]] inline otd_string string(std::optional<std::string_view> view) noexcept {
  return view ? string(*view) : otd_string{nullptr, 0};
}

[[noreturn]] inline void misuse([[maybe_unused]] const char *how) {
#if defined(__cpp_exceptions)
  throw std::logic_error(how);
#else
  std::abort();
#endif
}

[[noreturn]] inline void no_memory() {
#if defined(__cpp_exceptions)
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

/// A text that goes before its answer does: a temporary that owns its bytes, as std::string and
/// std::vector do and views do not.
template <class T>
using if_temporary =
    std::enable_if_t<!std::is_lvalue_reference_v<T> && !std::is_trivially_copyable_v<std::remove_const_t<T>>, int>;

/// A run of C structures, each seen as a `View`.
template <class View, class Raw>
class list {
 public:
  /// It makes its views as it goes, so for C++17 it is an input iterator, as std::vector<bool>'s ought to be.
  class iterator {
   public:
    using value_type = View;
    using difference_type = std::ptrdiff_t;
    using reference = View;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
#if defined(__cpp_lib_concepts)
    using iterator_concept = std::forward_iterator_tag;
#endif

    iterator() = default;
    explicit iterator(const Raw *at) noexcept : at_(at) {}
    View operator*() const noexcept { return View(*at_); }
    iterator &operator++() noexcept { return ++at_, *this; }
    iterator operator++(int) noexcept { return iterator(at_++); }
    friend bool operator==(iterator a, iterator b) noexcept { return a.at_ == b.at_; }
    friend bool operator!=(iterator a, iterator b) noexcept { return a.at_ != b.at_; }

   private:
    const Raw *at_ = nullptr;
  };

  list() = default;
  list(const Raw *data, std::size_t size) noexcept : data_(data), size_(size) {}
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] View operator[](std::size_t index) const noexcept { return View(data_[index]); }
  [[nodiscard]] iterator begin() const noexcept { return iterator(data_); }
  [[nodiscard]] iterator end() const noexcept { return iterator(data_ + size_); }
  /// The structures themselves, for the C interface.
  [[nodiscard]] const Raw *data() const noexcept { return data_; }

 private:
  const Raw *data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace detail

/// A place in a text, in bytes.
struct span_of {
  std::uint32_t offset;
  std::uint32_t length;
};

/// One thing that is wrong with a text, or worth a look. It holds no value of the text.
class diagnostic {
 public:
  explicit diagnostic(const otd_diagnostic &raw) noexcept : raw_(&raw) {}

  [[nodiscard]] bool is_warning() const noexcept { return raw_->severity == OTD_WARNING; }
  [[nodiscard]] otd_code code() const noexcept { return static_cast<otd_code>(raw_->code); }
  /// The code's name, stable for ever.
  [[nodiscard]] std::string_view name() const noexcept { return detail::view(raw_->name); }
  [[nodiscard]] std::string_view message() const noexcept { return detail::view(raw_->message); }
  /// The place as a JSON Pointer (RFC 6901).
  [[nodiscard]] std::string_view pointer() const noexcept { return detail::view(raw_->pointer); }
  [[nodiscard]] span_of place() const noexcept { return {raw_->offset, raw_->length}; }
  /// From 1 on, columns in Unicode scalar values; 0 for a request head.
  [[nodiscard]] std::uint32_t line() const noexcept { return raw_->line; }
  [[nodiscard]] std::uint32_t column() const noexcept { return raw_->column; }
  /// The key of the first one of a repeated field, or the character that spoils a value.
  [[nodiscard]] std::optional<span_of> related() const noexcept {
    if (!(raw_->has & OTD_HAS_RELATED)) return std::nullopt;
    return span_of{raw_->related_offset, raw_->related_length};
  }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return number(OTD_HAS_LIMIT, raw_->limit); }
  [[nodiscard]] std::optional<std::uint64_t> actual() const noexcept { return number(OTD_HAS_ACTUAL, raw_->actual); }
  [[nodiscard]] std::optional<std::string_view> actual_type() const noexcept { return detail::maybe(raw_->actual_type); }
  [[nodiscard]] std::optional<std::string_view> expected() const noexcept { return detail::maybe(raw_->expected); }
  [[nodiscard]] std::optional<std::string_view> channel() const noexcept { return detail::maybe(raw_->channel); }
  [[nodiscard]] std::optional<std::string_view> suggestion() const noexcept { return detail::maybe(raw_->suggestion); }
  [[nodiscard]] std::optional<std::string_view> belongs_to() const noexcept { return detail::maybe(raw_->belongs_to); }
  /// The structure itself, for the C interface.
  [[nodiscard]] const otd_diagnostic &raw() const noexcept { return *raw_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint32_t flag, std::uint64_t value) const noexcept {
    return raw_->has & flag ? std::optional<std::uint64_t>(value) : std::nullopt;
  }

  const otd_diagnostic *raw_;
};

using diagnostics = detail::list<diagnostic, otd_diagnostic>;

/// One edit of a body: the bytes at `place` give way to `text`.
struct edit {
  span_of place;
  std::string_view text;

  explicit edit(const otd_edit &raw) noexcept : place{raw.offset, raw.length}, text(detail::view(raw.text)) {}
};

using edits = detail::list<edit, otd_edit>;

/// The diagnostics of a text, in their order; none if the status is not ok.
struct report {
  otd::status status;
  diagnostics violations;
  diagnostics warnings;
  bool truncated;
};

/// A header field, as it came or is to be sent.
struct field {
  std::string_view name;
  std::string_view value;

  field(std::string_view its_name, std::string_view its_value) noexcept : name(its_name), value(its_value) {}
  explicit field(const otd_field &raw) noexcept : name(detail::view(raw.name)), value(detail::view(raw.value)) {}
};

using fields = detail::list<field, otd_field>;

/// A response for the host to send; all empty if the status is not ok.
struct reply {
  otd::status status;
  unsigned http_status;
  otd::fields fields;
  std::string_view body;

  reply(otd_status call, const otd_reply &raw) noexcept
      : status(static_cast<otd::status>(call)),
        http_status(raw.status),
        fields(raw.fields, raw.fields_len),
        body(detail::view(raw.body)) {}
};

/// A success response.
struct response {
  std::int64_t id = 0;
  std::int64_t thread_id = 0;
  std::int64_t client_id = 0;
  std::int64_t agent_id = 0;
  std::optional<std::string_view> client_external_id;
};

/// A request head, as it came over the wire; a host that mounts the endpoint elsewhere says its path.
struct head {
  std::string_view method;
  std::string_view target;
  const otd_field *fields = nullptr;
  std::size_t fields_len = 0;
  std::optional<std::string_view> path;
};

/// An attachment of a request.
struct attachment {
  std::string_view url;
  std::optional<std::string_view> name;
  std::optional<std::string_view> media_type;
  std::optional<std::uint64_t> size;

  explicit attachment(const otd_attachment &raw) noexcept
      : url(detail::view(raw.url)),
        name(detail::maybe(raw.name)),
        media_type(detail::maybe(raw.media_type)),
        size(raw.has_size ? std::optional<std::uint64_t>(raw.size) : std::nullopt) {}
};

using attachments = detail::list<attachment, otd_attachment>;

/// An attachment for `request::attachments`.
[[nodiscard]] inline otd_attachment make_attachment(std::string_view url, std::optional<std::string_view> name = {},
                                                    std::optional<std::string_view> media_type = {},
                                                    std::optional<std::uint64_t> size = {}) noexcept {
  return {detail::string(url), detail::string(name), detail::string(media_type), size.value_or(0), size ? 1U : 0U};
}

/// The values of a request: read from an accepted one, or to be written.
struct request {
  std::optional<std::string_view> text;
  otd::attachments attachments;
  std::string_view channel_type;
  std::optional<std::string_view> client_id;
  std::optional<std::string_view> unauthorized_client_id;
  std::optional<std::string_view> app_marker;
  std::string_view device_address;
};

/// A name, such as that of a channel.
struct name : std::string_view {
  explicit name(const otd_string &raw) noexcept : std::string_view(detail::view(raw)) {}
};

using names = detail::list<name, otd_string>;

/// A header field for `head::fields`.
[[nodiscard]] inline otd_field make_field(std::string_view name, std::string_view value) noexcept {
  return {detail::string(name), detail::string(value)};
}

/// Rules as data; immutable, to be shared by threads and checkers, which keep what they need of it.
class policy {
 public:
  /// The default policy. Throws std::bad_alloc.
  policy() {
    otd_policy *handle = nullptr;
    if (otd_policy_default(&handle) != OTD_OK) detail::no_memory();
    handle_.reset(handle);
  }

  /// Takes over a handle of the C interface; it must not be NULL.
  explicit policy(otd_policy *handle) noexcept : handle_(handle) {}

  [[nodiscard]] const otd_policy *get() const noexcept { return handle_.get(); }

  /// How long bodies may be, and the like; all 0 if the policy was moved from.
  [[nodiscard]] otd_limits limits() const noexcept {
    otd_limits limits;
    return otd_policy_limits(get(), &limits) == OTD_OK ? limits : otd_limits{};
  }

 private:
  struct deleter {
    void operator()(otd_policy *handle) const noexcept { otd_policy_free(handle); }
  };
  std::unique_ptr<otd_policy, deleter> handle_;
};

namespace detail {

/// A checker, and how often it has read something: so that an answer knows whether it is the last one.
/// Answers share it, so that they can ask even when the checker has gone.
struct checker_state {
  otd_checker *handle = nullptr;
  std::uint64_t reads = 0;

  checker_state() {
    if (otd_checker_new(&handle) != OTD_OK) no_memory();
  }
  checker_state(const checker_state &) = delete;
  checker_state &operator=(const checker_state &) = delete;
  ~checker_state() { close(); }

  void close() noexcept {
    otd_checker_free(handle);
    handle = nullptr;
    ++reads;
  }
};

}  // namespace detail

/// What was decided about a text: true if it was accepted. Good until the checker's next call.
class [[nodiscard]] answer {
 public:
  answer(std::shared_ptr<detail::checker_state> state, std::string_view text, otd_status status,
         const otd_outcome &outcome) noexcept
      : state_(std::move(state)),
        read_(state_ ? state_->reads : 0),
        text_(text),
        status_(static_cast<otd::status>(status)),
        outcome_(outcome) {}

  explicit operator bool() const noexcept { return status_ == otd::status::ok && outcome_.accepted != 0; }
  /// Whether there are violations; if there is neither a yes nor a no, `status` says why.
  [[nodiscard]] bool rejected() const noexcept { return outcome_.violations != 0; }
  [[nodiscard]] otd::status status() const noexcept { return status_; }
  [[nodiscard]] std::size_t violations() const noexcept { return outcome_.violations; }
  [[nodiscard]] std::size_t warnings() const noexcept { return outcome_.warnings; }
  [[nodiscard]] bool truncated() const noexcept { return outcome_.truncated != 0; }

  /// The normalized request, with a NUL behind it; empty if there is none.
  [[nodiscard]] std::string_view normalized() const {
    current();
    return detail::view(outcome_.normalized);
  }

  /// The values of an accepted body or of a request that was written, without unknown fields that the
  /// policy keeps; none if it was not accepted, or if there is no memory.
  [[nodiscard]] std::optional<otd::request> request() const {
    current();
    otd_request raw;
    if (otd_request_of(handle(), text_.data(), text_.size(), &raw) != OTD_OK) return std::nullopt;
    return otd::request{detail::maybe(raw.text),         {raw.attachments, raw.attachments_len},
                        detail::view(raw.channel_type),  detail::maybe(raw.client_id),
                        detail::maybe(raw.unauthorized_client_id), detail::maybe(raw.app_marker),
                        detail::view(raw.device_address)};
  }

  /// All diagnostics, written out.
  [[nodiscard]] otd::report report() const { return written(otd_report_of); }

  /// All diagnostics, but only code, severity, pointer, offset and length: for a part of the time. Takes the place of a
  /// report that was written out before.
  [[nodiscard]] otd::report diagnostics() const { return written(otd_diagnostics_of); }

  /// The edits of the body that mend a diagnostic of it; none if there is no fix, or no memory. Apply one
  /// fix at a time and check again.
  [[nodiscard]] edits fix(const diagnostic &diagnostic) const {
    current();
    otd_fix raw;
    if (otd_fix_of(handle(), text_.data(), text_.size(), &diagnostic.raw(), &raw) != OTD_OK) return {};
    return {raw.edits, raw.edits_len};
  }

  /// The response to a text that was rejected.
  [[nodiscard]] reply problem() const {
    current();
    otd_reply raw;
    const auto status = otd_problem_of(handle(), text_.data(), text_.size(), &raw);
    return {status, raw};
  }

 private:
  void current() const {
    if (state_ && state_->reads != read_) detail::misuse("outgoing-to-device: the checker has read another text, or is gone");
  }

  /// NULL if the checker was moved from.
  [[nodiscard]] otd_checker *handle() const noexcept { return state_ ? state_->handle : nullptr; }

  otd::report written(otd_status (*write)(otd_checker *, const void *, std::size_t, otd_report *)) const {
    current();
    otd_report raw;
    const auto status = write(handle(), text_.data(), text_.size(), &raw);
    return {static_cast<otd::status>(status),
            {raw.violations, raw.violations_len},
            {raw.warnings, raw.warnings_len},
            raw.truncated != 0};
  }

  std::shared_ptr<detail::checker_state> state_;
  std::uint64_t read_;
  std::string_view text_;
  otd::status status_;
  otd_outcome outcome_;
};

/// An answer, with what was read if it was accepted.
template <class T>
class [[nodiscard]] reading : public answer {
 public:
  reading(const answer &decision, std::optional<T> value) noexcept : answer(decision), value_(std::move(value)) {}

  /// The value; only if the answer is true.
  [[nodiscard]] T &operator*() & { return value(); }
  [[nodiscard]] T &&operator*() && { return std::move(value()); }
  [[nodiscard]] T *operator->() { return &value(); }

 private:
  T &value() {
    if (!value_) detail::misuse("outgoing-to-device: there is no value, as the text was not accepted");
    return *value_;
  }

  std::optional<T> value_;
};

/// Checks bodies, one after another; it can be moved, not copied. One thread at a time.
class checker {
 public:
  /// Throws std::bad_alloc.
  checker() : state_(std::make_shared<detail::checker_state>()) {}
  checker(checker &&) noexcept = default;
  checker &operator=(checker &&other) noexcept {
    state_.swap(other.state_);
    return *this;
  }
  ~checker() {
    if (state_) state_->close();
  }

  /// Checks a body.
  answer check(const policy &policy, std::string_view body OTD_LIFETIMEBOUND) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    otd_outcome outcome;
    const auto status = otd_check(handle, policy.get(), body.data(), body.size(), &outcome);
    return answer(state_, body, status, outcome);
  }
  answer check(const policy &, std::string_view) && = delete;
  template <class T, detail::if_temporary<T> = 0>
  answer check(const policy &, T &&) & = delete;

  /// Checks a body, and writes the normalized request and a NUL to the caller's buffer. If that is
  /// too small the status says so, and `normalized()` is a view of the checker.
  answer check_into(const policy &policy, std::string_view body OTD_LIFETIMEBOUND, char *buffer OTD_LIFETIMEBOUND,
                    std::size_t capacity) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    otd_outcome outcome;
    const auto status =
        otd_check_into(handle, policy.get(), body.data(), body.size(), buffer, capacity, &outcome);
    return answer(state_, body, status, outcome);
  }
  answer check_into(const policy &, std::string_view, char *, std::size_t) && = delete;
  template <class T, detail::if_temporary<T> = 0>
  answer check_into(const policy &, T &&, char *, std::size_t) & = delete;

#if __cplusplus >= 202002L
  answer check(const policy &policy, std::span<const std::byte> body OTD_LIFETIMEBOUND) & noexcept OTD_LIFETIMEBOUND {
    return check(policy, std::string_view(reinterpret_cast<const char *>(body.data()), body.size()));
  }
  answer check(const policy &policy, std::span<const unsigned char> body OTD_LIFETIMEBOUND) & noexcept
      OTD_LIFETIMEBOUND {
    return check(policy, std::as_bytes(body));
  }
  answer check_into(const policy &policy, std::string_view body OTD_LIFETIMEBOUND,
                    std::span<char> buffer OTD_LIFETIMEBOUND) & noexcept OTD_LIFETIMEBOUND {
    return check_into(policy, body, buffer.data(), buffer.size());
  }
#endif

  /// Writes a request, and checks it. If it is rejected, the diagnostics have pointers, but no places.
  answer write_request(const policy &policy, const request &request) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    const otd_request raw = {detail::string(request.text),       request.attachments.data(),
                             request.attachments.size(),         detail::string(request.channel_type),
                             detail::string(request.client_id),  detail::string(request.unauthorized_client_id),
                             detail::string(request.app_marker), detail::string(request.device_address)};
    otd_outcome outcome;
    const auto status = otd_request_write(handle, policy.get(), &raw, &outcome);
    return answer(state_, {}, status, outcome);
  }
  answer write_request(const policy &, const request &) && = delete;

  /// The names of a policy's channels; none if there is no memory.
  [[nodiscard]] names channels(const policy &policy) & noexcept OTD_LIFETIMEBOUND {
    otd_strings raw;
    if (otd_policy_channels(begin(), policy.get(), &raw) != OTD_OK) return {};
    return {raw.data, raw.len};
  }
  names channels(const policy &) && = delete;

  /// Gives back the memory of the buffers; views and answers are gone.
  void shrink() noexcept {
    if (otd_checker *const handle = begin()) (void)(otd_checker_shrink(handle) == OTD_OK);
  }

  /// Checks a request head before there is a body.
  answer check_head(const policy &policy, const head &head) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    const otd_head raw = {detail::string(head.path), detail::string(head.method),
                          detail::string(head.target), head.fields, head.fields_len};
    otd_outcome outcome;
    const auto status = otd_check_head(handle, policy.get(), &raw, &outcome);
    return answer(state_, {}, status, outcome);
  }
  answer check_head(const policy &, const head &) && = delete;

  /// Reads a policy file.
  reading<policy> read_policy(std::string_view json OTD_LIFETIMEBOUND) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    otd_policy *read = nullptr;
    otd_outcome outcome;
    const auto status = otd_policy_read(handle, json.data(), json.size(), &read, &outcome);
    return {answer(state_, json, status, outcome), read ? std::optional<policy>(policy(read)) : std::nullopt};
  }
  reading<policy> read_policy(std::string_view) && = delete;
  template <class T, detail::if_temporary<T> = 0>
  reading<policy> read_policy(T &&) & = delete;

  /// Reads a success response; its external identifier is a view of the checker.
  reading<response> read_response(std::string_view json OTD_LIFETIMEBOUND) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    otd_response raw;
    otd_outcome outcome;
    const auto status = otd_response_read(handle, json.data(), json.size(), &raw, &outcome);
    const answer answer(state_, json, status, outcome);
    if (!answer) return {answer, std::nullopt};
    return {answer, response{raw.id, raw.thread_id, raw.client_id, raw.agent_id, detail::maybe(raw.client_external_id)}};
  }
  reading<response> read_response(std::string_view) && = delete;
  template <class T, detail::if_temporary<T> = 0>
  reading<response> read_response(T &&) & = delete;

  /// Writes a success response.
  reply write_response(const response &response) & noexcept OTD_LIFETIMEBOUND {
    otd_checker *const handle = begin();
    const otd_response raw = {response.id, response.thread_id, response.client_id, response.agent_id,
                              detail::string(response.client_external_id)};
    otd_reply reply;
    const auto status = otd_response_write(handle, &raw, &reply);
    return {status, reply};
  }
  reply write_response(const response &) && = delete;

  /// Writes a policy as JSON; empty if there is no memory.
  [[nodiscard]] std::string_view write_policy(const policy &policy) & noexcept OTD_LIFETIMEBOUND {
    return document(otd_policy_write, policy);
  }
  std::string_view write_policy(const policy &) && = delete;

  /// Writes the JSON Schema of the requests that the library writes under a policy; empty if there is
  /// no memory.
  [[nodiscard]] std::string_view write_schema(const policy &policy) & noexcept OTD_LIFETIMEBOUND {
    return document(otd_schema_write, policy);
  }
  std::string_view write_schema(const policy &) && = delete;

  /// Writes the JSON Schema of the bodies that the library takes under a policy; empty if there is no
  /// memory.
  [[nodiscard]] std::string_view write_input_schema(const policy &policy) & noexcept OTD_LIFETIMEBOUND {
    return document(otd_input_schema_write, policy);
  }
  std::string_view write_input_schema(const policy &) && = delete;

  /// Writes the OpenAPI description of the endpoint under a policy; empty if there is no memory.
  [[nodiscard]] std::string_view write_openapi(const policy &policy) & noexcept OTD_LIFETIMEBOUND {
    return document(otd_openapi_write, policy);
  }
  std::string_view write_openapi(const policy &) && = delete;

 private:
  /// The handle for a call; NULL if the checker was moved from.
  otd_checker *begin() noexcept {
    if (!state_) return nullptr;
    ++state_->reads;
    return state_->handle;
  }

  /// What `write` writes of a policy.
  std::string_view document(otd_status (*write)(otd_checker *, const otd_policy *, otd_string *),
                            const policy &policy) noexcept {
    otd_checker *const handle = begin();
    otd_string json;
    const auto status = write(handle, policy.get(), &json);
    return status == OTD_OK ? detail::view(json) : std::string_view();
  }

  std::shared_ptr<detail::checker_state> state_;
};

}  // namespace otd

#endif  // C++17
#endif  // OUTGOING_TO_DEVICE_HPP
