//! The calls on a checker, as C sees them: guard, decode, one call, encode.

use crate::checker::Checker;
use crate::fix::Fix;
use crate::handle::{self, Policy, fill, out_param};
use crate::outcome::{Diagnostic, Outcome, Report};
use crate::policy::{policy_ref, rules};
use crate::reply::{Field, Reply, Response, Strings};
use crate::request::Request;
use crate::status::{Failure, OTD_NOT_UTF8, OTD_NULL, Status, status_of};
use crate::table::table;
use crate::text::{Bytes, Str, slice};
use alloc::boxed::Box;
use core::ffi::{c_char, c_void};
use core::ptr::{self, NonNull};
use outgoing_to_device as otd;

/// The checker that a caller passed.
///
/// # Safety
/// `checker` is NULL or a checker that nobody else uses for as long as `'a`.
#[inline]
pub(crate) unsafe fn checker_mut<'a>(checker: *mut Checker) -> Result<&'a mut Checker, Failure> {
    // SAFETY: the caller vouches for it.
    unsafe { checker.as_mut() }.ok_or(Failure(OTD_NULL))
}

/// Makes a checker.
///
/// `*checker` becomes a handle to free with `otd_checker_free`, or NULL on failure. Any thread may
/// call it. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`.
///
/// ```c
/// otd_checker *own;
/// if (otd_checker_new(&own) == OTD_OK) otd_checker_free(own);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_checker_new(checker: *mut *mut Checker) -> Status {
    // SAFETY: NULL or a place for the handle, as the caller must see to.
    unsafe { fill(checker, ptr::null_mut(), || Ok(handle::place(Checker::new())?.as_ptr())) }
}

/// Frees a checker and all its views; NULL is fine. A second time is a double free, as with `free`.
///
/// ```c
/// otd_checker_free(NULL);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn otd_checker_free(checker: *mut Checker) {
    if !checker.is_null() {
        // SAFETY: a checker of this library, freed once, as the caller must see to.
        drop(unsafe { Box::from_raw(checker) });
    }
}

/// Gives back the memory of a checker's buffers, which otherwise stay as large as the largest body made
/// them. Its views are gone; it can be used like a new one.
///
/// Fails with `OTD_NULL`.
///
/// ```c
/// if (otd_checker_shrink(checker) == OTD_OK) puts("as small as a new one");
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_checker_shrink(checker: *mut Checker) -> Status {
    status_of(|| {
        // SAFETY: a checker that is what the three rules ask for.
        *unsafe { checker_mut(checker) }? = Checker::new();
        Ok(())
    })
}

/// Checks a body: the normalized request, or everything that is wrong with it.
///
/// `body`: `len` bytes, read during the call only; may be NULL if `len` is 0. A body above the
/// policy's limit is rejected by its length, and no byte of it is read. The checker keeps the policy
/// until it is given another one. `outcome->normalized` is a view of the checker.
///
/// A rejected body is `OTD_OK` too, with `outcome->accepted` 0. Fails with `OTD_NULL`,
/// `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`; then `*outcome` is all 0.
///
/// ```c
/// otd_outcome answer;
/// if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK && answer.accepted)
///     puts(answer.normalized.data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_check(
    checker: *mut Checker,
    policy: *const Policy,
    body: *const c_void,
    len: usize,
    outcome: *mut Outcome,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    status_of(|| unsafe {
        let outcome = out_param(outcome, Outcome::NONE)?;
        checker_mut(checker)?.check(policy_ref(policy)?, Bytes::new(body, len)?, outcome)
    })
}

/// `otd_check`, with the normalized request written into the caller's buffer, NUL included; on
/// success `outcome->normalized.data` is `buffer`. A capacity of `otd_max_output(len)` is always
/// enough. A rejected body writes nothing.
///
/// If the capacity is too small, the status is `OTD_BUFFER_TOO_SMALL` and the buffer is untouched,
/// but the check is done: `outcome->normalized.len + 1` is the capacity that it takes, and
/// `outcome->normalized` is a view of the checker, to copy from. `buffer` may be NULL if `capacity`
/// is 0. It must not overlap the body. Fails otherwise as `otd_check`.
///
/// ```c
/// size_t capacity = otd_max_output(body_len);
/// char *buffer = malloc(capacity);
/// otd_outcome answer;
/// if (otd_check_into(checker, policy, body, body_len, buffer, capacity, &answer) == OTD_OK && answer.accepted)
///     fwrite(buffer, 1, answer.normalized.len, stdout);
/// free(buffer);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_check_into(
    checker: *mut Checker,
    policy: *const Policy,
    body: *const c_void,
    len: usize,
    buffer: *mut c_char,
    capacity: usize,
    outcome: *mut Outcome,
) -> Status {
    status_of(|| {
        // SAFETY: handles, memory and places that are what the three rules ask for.
        unsafe {
            let outcome = out_param(outcome, Outcome::NONE)?;
            Bytes::new(buffer.cast(), capacity)?;
            let checker = checker_mut(checker)?;
            checker.check(policy_ref(policy)?, Bytes::new(body, len)?, outcome)?;
            checker.copy(outcome, buffer.cast(), capacity)
        }
    })
}

/// A capacity that the normalized request of a body of `len` bytes never exceeds, NUL included.
/// Any thread may call it.
///
/// ```c
/// char *buffer = malloc(otd_max_output(body_len));
/// free(buffer);
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_max_output(len: usize) -> usize {
    otd::max_normalized_len(len).saturating_add(1)
}

/// Writes out all diagnostics of what this checker read last: a body, a policy, a response or a
/// request head.
///
/// `text`: the same bytes again (nothing of them was kept), read during the call only; for a head
/// NULL and 0. They are needed for names and lines; other bytes of the same length give useless
/// places, and nothing worse. `report` gets views of the checker.
///
/// Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and with `OTD_OTHER_TEXT` if `len`
/// is another one or nothing was read; then `*report` is all 0.
///
/// ```c
/// otd_outcome answer;
/// otd_report report;
/// if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK
///     && otd_report_of(checker, body, body_len, &report) == OTD_OK)
///     for (size_t i = 0; i < report.violations_len; i++)
///         printf("%u:%u: %s\n", (unsigned)report.violations[i].line, (unsigned)report.violations[i].column,
///                report.violations[i].message.data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_report_of(
    checker: *mut Checker,
    text: *const c_void,
    len: usize,
    report: *mut Report,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    status_of(|| unsafe {
        let report = out_param(report, Report::NONE)?;
        checker_mut(checker)?.report(Bytes::new(text, len)?, true, report)
    })
}

/// `otd_report_of` for a program that counts the diagnostics or puts them in words of its own: code,
/// severity, pointer, offset and length. Everything else is 0, the second place too, and it takes a
/// part of the time. The name is `otd_code_name` of the code.
///
/// ```c
/// otd_outcome answer;
/// otd_report report;
/// if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK
///     && otd_diagnostics_of(checker, body, body_len, &report) == OTD_OK)
///     for (size_t i = 0; i < report.warnings_len; i++)
///         printf("%s at %s\n", otd_code_name(report.warnings[i].code), report.warnings[i].pointer.data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_diagnostics_of(
    checker: *mut Checker,
    text: *const c_void,
    len: usize,
    report: *mut Report,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    status_of(|| unsafe {
        let report = out_param(report, Report::NONE)?;
        checker_mut(checker)?.report(Bytes::new(text, len)?, false, report)
    })
}

/// Works out the edits of the body that mend a diagnostic, if there are such: after them it is gone from
/// its place, and no other violation has come, but in the value itself and in what depends on it.
///
/// `text` as for `otd_report_of`. `diagnostic`: one of a report or of `otd_diagnostics_of`, or a copy of
/// it, of the body that was checked last. `fix` gets views of the checker. If there is no fix,
/// `fix->edits_len` is 0; policies, responses, heads and requests that were written have none. Apply one
/// fix at a time and check again, as the places of the other diagnostics are those of the body before it.
/// Fails as `otd_report_of`; then `*fix` is all 0.
///
/// ```c
/// const char typo[] = "{\"message\":\"hi\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}}";
/// otd_outcome answer;
/// otd_report report;
/// otd_fix fix;
/// if (otd_check(checker, policy, typo, sizeof typo - 1, &answer) == OTD_OK
///     && otd_diagnostics_of(checker, typo, sizeof typo - 1, &report) == OTD_OK)
///     for (size_t i = 0; i < report.violations_len; i++)
///         if (otd_fix_of(checker, typo, sizeof typo - 1, &report.violations[i], &fix) == OTD_OK && fix.edits_len > 0)
///             printf("put %s in the place of %u bytes\n", fix.edits[0].text.data, (unsigned)fix.edits[0].length);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_fix_of(
    checker: *mut Checker,
    text: *const c_void,
    len: usize,
    diagnostic: *const Diagnostic,
    fix: *mut Fix,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe {
        fill(fix, Fix::NONE, || {
            let checker = checker_mut(checker)?;
            checker.fix(Bytes::new(text, len)?, diagnostic.as_ref().ok_or(Failure(OTD_NULL))?)
        })
    }
}

/// Writes out the response to a rejection, if this checker rejected what it read last: status, header fields,
/// and a problem document (RFC 9457) as the body. It holds no value of the request.
///
/// `text` as for `otd_report_of`; `reply` gets views of the checker. Fails as `otd_report_of`, and
/// with `OTD_NOT_REJECTED` if what was read last was accepted; then `*reply` is all 0.
///
/// ```c
/// otd_outcome answer;
/// otd_reply rejection;
/// if (otd_check(checker, policy, "{}", 2, &answer) == OTD_OK && !answer.accepted
///     && otd_problem_of(checker, "{}", 2, &rejection) == OTD_OK)
///     printf("HTTP/1.1 %u\r\n", (unsigned)rejection.status);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_problem_of(
    checker: *mut Checker,
    text: *const c_void,
    len: usize,
    reply: *mut Reply,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe { fill(reply, Reply::NONE, || checker_mut(checker)?.problem(Bytes::new(text, len)?)) }
}

/// Reads the values of the body that this checker accepted last: what it normalizes to, as fields.
///
/// `text` as for `otd_report_of`; `request` gets views of the checker. Fields that the policy keeps
/// though they are unknown are not among them: `outcome->normalized` has them, but a request that is
/// read so and written again loses them. Fails as `otd_report_of`, and with `OTD_NOT_ACCEPTED` if what
/// was read last is no accepted body; then `*request` is all 0.
///
/// ```c
/// otd_outcome answer;
/// otd_request request;
/// if (otd_check(checker, policy, body, body_len, &answer) == OTD_OK && answer.accepted
///     && otd_request_of(checker, body, body_len, &request) == OTD_OK)
///     printf("to %s, %zu attachments\n", request.channel_type.data, request.attachments_len);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_request_of(
    checker: *mut Checker,
    text: *const c_void,
    len: usize,
    request: *mut Request,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe { fill(request, Request::NONE, || checker_mut(checker)?.request(Bytes::new(text, len)?)) }
}

/// Writes a request, and checks it: `otd_check` of the JSON that these values make.
///
/// `request` and what it points to are read during the call only. `outcome` is that of a check. If it
/// is rejected, `otd_report_of` tells why, with NULL and 0 for the text: its diagnostics have pointers, but
/// places of 0, as there is no text of the caller's. `otd_request_of` takes NULL and 0, too. Fails as `otd_check`,
/// and with `OTD_NOT_UTF8` for a string.
///
/// ```c
/// otd_request request = {0};
/// otd_outcome answer;
/// otd_report report;
/// request.text = (otd_string){"hi", 2};
/// request.channel_type = (otd_string){"WEB", 3};
/// if (otd_request_write(checker, policy, &request, &answer) == OTD_OK && !answer.accepted
///     && otd_report_of(checker, NULL, 0, &report) == OTD_OK)
///     puts(report.violations[0].pointer.data); // /clientApplicationDescriptor/deviceAddress
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_request_write(
    checker: *mut Checker,
    policy: *const Policy,
    request: *const Request,
    outcome: *mut Outcome,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    status_of(|| unsafe {
        let outcome = out_param(outcome, Outcome::NONE)?;
        let checker = checker_mut(checker)?;
        checker.write_request(policy_ref(policy)?, request.as_ref().ok_or(Failure(OTD_NULL))?, outcome)
    })
}

/// A request head, as it came over the wire.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Where the host has mounted the endpoint; NULL for the documented `/api/v1/messages/outgoing-to-device`.
    pub path: Str,
    /// The method.
    pub method: Str,
    /// The request target; its query is passed over.
    pub target: Str,
    /// The header fields, in their order.
    pub fields: *const Field,
    /// How many header fields there are.
    pub fields_len: usize,
}

/// Checks a request head before there is a body: path, method, Authorization, Content-Type, and
/// Content-Length against the policy's limit. Whether the token is right is the host's business.
///
/// `head` and its strings are read during the call only. A rejected head is `OTD_OK` with
/// `outcome->accepted` 0; `otd_report_of` and `otd_problem_of` tell of it, with NULL and 0 for the
/// text. Fails with `OTD_NULL`, `OTD_TOO_LONG`, and `OTD_NOT_UTF8` for the path.
///
/// ```c
/// otd_field fields[] = {{{"Content-Type", 12}, {"application/json", 16}}};
/// otd_head head = {{NULL, 0}, {"POST", 4}, {"/api/v1/messages/outgoing-to-device", 35}, fields, 1};
/// otd_outcome answer;
/// otd_reply rejection;
/// if (otd_check_head(checker, policy, &head, &answer) == OTD_OK && !answer.accepted
///     && otd_problem_of(checker, NULL, 0, &rejection) == OTD_OK)
///     printf("%u\n", (unsigned)rejection.status); // 401, as there is no token
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_check_head(
    checker: *mut Checker,
    policy: *const Policy,
    head: *const Head,
    outcome: *mut Outcome,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe {
        fill(outcome, Outcome::NONE, || {
            let checker = checker_mut(checker)?;
            let limits = rules(policy)?.limits();
            let head = head.as_ref().ok_or(Failure(OTD_NULL))?;
            let path = if head.path.data.is_null() { otd::PATH.as_bytes() } else { head.path.bytes()? };
            let path = core::str::from_utf8(path).map_err(|_| Failure(OTD_NOT_UTF8))?;
            let fields = slice(head.fields, head.fields_len)?;
            for field in fields {
                field.name.bytes()?;
                field.value.bytes()?;
            }
            // None is left out, as all were just seen to be in order.
            let fields = fields.iter().filter_map(|field| Some((field.name.bytes().ok()?, field.value.bytes().ok()?)));
            let checked = otd::check_head(limits, path, head.method.bytes()?, head.target.bytes()?, fields);
            Ok(checker.head(checked))
        })
    }
}

/// The name of a header field that speaks of the bytes of the body, such as `content-md5`, in lower case; the numbers
/// go from 0 on, and behind the last one it is NULL. Who passes on the normalized request, which has other bytes,
/// leaves these fields out, and says its own `Content-Length`. The text is static. Any thread may call it.
///
/// ```c
/// const char *name;
/// for (uint32_t i = 0; (name = otd_field_about_bytes(i)) != NULL; i++) puts(name);
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_field_about_bytes(number: u32) -> *const c_char {
    const fn name(number: usize) -> Option<&'static str> {
        if number < otd::FIELDS_ABOUT_BYTES.len() { Some(otd::FIELDS_ABOUT_BYTES[number]) } else { None }
    }
    table!(name).get(number)
}

/// Reads a policy file: what it names changes the default policy, the rest stays.
///
/// `json`: `len` bytes, read during the call only; may be NULL if `len` is 0. `*policy` becomes a
/// handle to free with `otd_policy_free`, or NULL if the file is rejected (then `outcome->accepted`
/// is 0, and `otd_report_of` gives every fault with its place) or the call fails: with `OTD_NULL`,
/// `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`.
///
/// ```c
/// const char json[] = "{\"channels\": {\"VIBER\": null}}";
/// otd_policy *without_viber;
/// otd_outcome answer;
/// if (otd_policy_read(checker, json, sizeof json - 1, &without_viber, &answer) == OTD_OK && answer.accepted)
///     otd_policy_free(without_viber);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_policy_read(
    checker: *mut Checker,
    json: *const c_void,
    len: usize,
    policy: *mut *mut Policy,
    outcome: *mut Outcome,
) -> Status {
    status_of(|| {
        // SAFETY: handles, memory and places that are what the three rules ask for.
        unsafe {
            let policy = out_param(policy, ptr::null_mut())?;
            let outcome = out_param(outcome, Outcome::NONE)?;
            let (answer, read) = checker_mut(checker)?.read_policy(Bytes::new(json, len)?)?;
            *outcome = answer;
            *policy = read.map_or(ptr::null_mut(), NonNull::as_ptr);
        }
        Ok(())
    })
}

/// Writes a policy as JSON: complete, and `otd_policy_read` reads it back equal.
///
/// `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
/// all 0.
///
/// ```c
/// otd_string json;
/// if (otd_policy_write(checker, policy, &json) == OTD_OK) puts(json.data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_policy_write(checker: *mut Checker, policy: *const Policy, json: *mut Str) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe { fill(json, Str::NONE, || checker_mut(checker)?.write_policy(rules(policy)?)) }
}

/// Tells the names of a policy's channels, in their order.
///
/// `names` gets views of the checker. Everything else about a channel is in what `otd_policy_write`
/// writes. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then `*names` is all 0.
///
/// ```c
/// otd_strings names;
/// if (otd_policy_channels(checker, policy, &names) == OTD_OK)
///     for (size_t i = 0; i < names.len; i++) puts(names.data[i].data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_policy_channels(
    checker: *mut Checker,
    policy: *const Policy,
    names: *mut Strings,
) -> Status {
    // SAFETY: handles and a place that are what the three rules ask for.
    unsafe { fill(names, Strings::NONE, || checker_mut(checker)?.channels(rules(policy)?)) }
}

/// Writes a success response: status 200, the documented header fields, and the body.
///
/// `response->client_external_id` is read during the call only. `reply` gets views of the checker.
/// Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and `OTD_NOT_UTF8` for the external
/// identifier; then `*reply` is all 0.
///
/// ```c
/// otd_response sent = {1, 2, 1, 3, {NULL, 0}};
/// otd_reply reply;
/// if (otd_response_write(checker, &sent, &reply) == OTD_OK) puts(reply.body.data);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_response_write(
    checker: *mut Checker,
    response: *const Response,
    reply: *mut Reply,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    unsafe {
        fill(reply, Reply::NONE, || {
            let checker = checker_mut(checker)?;
            let Response { id, thread_id, client_id, agent_id, client_external_id } =
                *response.as_ref().ok_or(Failure(OTD_NULL))?;
            let text = core::str::from_utf8(client_external_id.bytes()?).map_err(|_| Failure(OTD_NOT_UTF8))?;
            let client_external_id = (!client_external_id.data.is_null()).then_some(text);
            let response = otd::ResponseRef { id, thread_id, client_id, client_external_id, agent_id };
            checker.write_response(response)
        })
    }
}

/// Reads a success response, strictly; fields that a server adds are passed over.
///
/// `json`: `len` bytes, read during the call only; may be NULL if `len` is 0. If it is rejected,
/// `outcome->accepted` is 0, `*response` all 0, and `otd_report_of` gives every fault with its
/// place. `response->client_external_id` is a view of the checker. Fails with `OTD_NULL`,
/// `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`.
///
/// ```c
/// const char json[] = "{\"id\":1,\"threadId\":2,\"clientId\":1,\"clientExternalId\":null,\"agentId\":3}";
/// otd_response sent;
/// otd_outcome answer;
/// if (otd_response_read(checker, json, sizeof json - 1, &sent, &answer) == OTD_OK && answer.accepted)
///     printf("thread %lld\n", (long long)sent.thread_id);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_response_read(
    checker: *mut Checker,
    json: *const c_void,
    len: usize,
    response: *mut Response,
    outcome: *mut Outcome,
) -> Status {
    status_of(|| {
        // SAFETY: handles, memory and places that are what the three rules ask for.
        unsafe {
            let response = out_param(response, Response::NONE)?;
            let outcome = out_param(outcome, Outcome::NONE)?;
            *outcome = checker_mut(checker)?.read_response(Bytes::new(json, len)?, response)?;
        }
        Ok(())
    })
}
