//! The rules of a policy in the standards' own words.

use crate::call::checker_mut;
use crate::checker::Checker;
use crate::handle::{Policy, fill};
use crate::policy::rules;
use crate::status::Status;
use crate::text::Str;
use outgoing_to_device::Schema;

/// Writes the JSON Schema (2020-12) of the requests that the library writes under a policy: for forms
/// and generators.
///
/// `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
/// all 0.
///
/// ```c
/// otd_string document;
/// if (otd_schema_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_schema_write(checker: *mut Checker, policy: *const Policy, json: *mut Str) -> Status {
    // SAFETY: handles and a place that are what the three rules ask for.
    unsafe { write(Schema::Normalized, checker, policy, json) }
}

/// Writes the JSON Schema (2020-12) of the bodies that the library takes under a policy: for a gateway
/// before it. What it leaves to the library it lists under `x-outgoing-to-device-unsaid`.
///
/// `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
/// all 0.
///
/// ```c
/// otd_string document;
/// if (otd_input_schema_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_input_schema_write(
    checker: *mut Checker,
    policy: *const Policy,
    json: *mut Str,
) -> Status {
    // SAFETY: handles and a place that are what the three rules ask for.
    unsafe { write(Schema::Input, checker, policy, json) }
}

/// Writes the OpenAPI (3.1) description of the endpoint under a policy.
///
/// `*json` becomes a view of the checker. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`; then it is
/// all 0.
///
/// ```c
/// otd_string document;
/// if (otd_openapi_write(checker, policy, &document) == OTD_OK) fputs(document.data, stdout);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_openapi_write(checker: *mut Checker, policy: *const Policy, json: *mut Str) -> Status {
    // SAFETY: handles and a place that are what the three rules ask for.
    unsafe { write(Schema::OpenApi, checker, policy, json) }
}

/// # Safety
/// See the three rules of the interface.
unsafe fn write(schema: Schema, checker: *mut Checker, policy: *const Policy, json: *mut Str) -> Status {
    // SAFETY: as the caller must see to.
    unsafe { fill(json, Str::NONE, || checker_mut(checker)?.write_schema(schema, rules(policy)?)) }
}
