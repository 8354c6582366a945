//! The two calls, as C sees them.

use crate::answer::{Answer, type_of};
use crate::arrow::{ArrowArray, ArrowSchema};
use crate::column::{Column, Rows};
use crate::offset::Offset;
use core::ptr::NonNull;
use outgoing_to_device as otd;
use outgoing_to_device_ffi::shared::{Failure, lend, status_of};
use outgoing_to_device_ffi::{Checker, OTD_INVALID_COLUMN, OTD_NULL, Policy, Status};

/// Checks a column of bodies: each row as `otd_check` would.
///
/// `column` and its memory are read during the call only. `array` becomes an Arrow array of the type that
/// `otd_batch_schema` gives for the column's `offset_bytes`, with one row for each of the column's. The
/// caller owns it, and frees it with `array->release(array)` or gives it to whoever imports Arrow's C data
/// interface. It is no view of the checker, and may be freed later and on any thread. No row has an
/// allocation of its own: buffers double as they grow.
///
/// `limit`: the most bytes that the answer's buffers may hold together; SIZE_MAX for no limit. While they
/// grow they take up to twice as much. Where `offset_bytes` is 4, the limit is INT32_MAX at most, so that no
/// offset wraps. A row that would cross the limit is left out, with all rows behind it, but for the first
/// one, which is always answered. So if `array->length` is less than `column->rows`, add it to `first`, take
/// it from `rows`, and call again.
///
/// Fails with `OTD_NULL`, `OTD_TOO_LONG`, `OTD_OUT_OF_MEMORY`, and with `OTD_INVALID_COLUMN` if an offset is
/// negative, less than the one before it or behind `values_len`, or if `offset_bytes` is neither 4 nor 8; then
/// `*array` is all 0.
///
/// ```c
/// const char bodies[] = "{}[]";
/// const int32_t ends[] = {0, 2, 4};
/// const otd_column column = {bodies, 4, ends, 4, NULL, 0, 2};
/// struct ArrowArray answer;
/// if (otd_check_batch(checker, policy, &column, SIZE_MAX, &answer) == OTD_OK) {
///     printf("%d of 2 rejected\n", (int)answer.children[1]->null_count);
///     answer.release(&answer);
/// }
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_check_batch(
    checker: *mut Checker,
    policy: *const Policy,
    column: *const Column,
    limit: usize,
    array: *mut ArrowArray,
) -> Status {
    // SAFETY: handles, memory and places that are what the three rules ask for.
    status_of(|| unsafe {
        let array = out_param(array, ArrowArray::NONE)?;
        let (checker, policy) = lend(checker, policy)?;
        let column = column.as_ref().ok_or(Failure(OTD_NULL))?;
        let answer = match column.offset_bytes {
            4 => check(checker, policy, column.rows::<i32>()?, limit)?,
            8 => check(checker, policy, column.rows::<i64>()?, limit)?,
            _ => return Err(Failure(OTD_INVALID_COLUMN)),
        };
        array.write(answer);
        Ok(())
    })
}

fn check<O: Offset>(
    checker: &mut otd::Checker,
    policy: &otd::Policy,
    rows: Rows<'_, O>,
    limit: usize,
) -> Result<ArrowArray, Failure> {
    let limit = limit.min(O::MOST);
    let mut answer = Answer::<O>::new()?;
    for body in rows {
        match body? {
            Some(body) => answer.add(Some(&checker.try_check(policy, body)?))?,
            None => answer.add(None)?,
        }
        if answer.size() > limit && answer.rows() > 1 {
            answer.pop();
            break;
        }
    }
    answer.into_array()
}

/// Tells the type of the answers of `otd_check_batch`.
///
/// `offset_bytes`: as in the column, 4 or 8. The type is a struct, which engines take for a table; with 8,
/// `utf8` and `list` are `large_utf8` and `large_list`:
///
/// | column | type | null where |
/// |---|---|---|
/// | `accepted` | `bool` | the body is null |
/// | `normalized` | `utf8` | the body is null or rejected |
/// | `diagnostics` | `list<struct<severity: utf8, code: utf8, pointer: utf8, offset: int32, length: int32, message: utf8>>` | the body is null |
/// | `truncated` | `bool` | the body is null |
///
/// A row's diagnostics are its violations, then its warnings, as `severity` says: `violation` or `warning`.
/// `code` is the code's name; all else is what `otd_diagnostic` and `otd_outcome` say of the member of that
/// name. `schema` is freed as an array is. Any thread may call it. Fails with `OTD_NULL`,
/// `OTD_OUT_OF_MEMORY`, `OTD_INVALID_COLUMN`; then `*schema` is all 0.
///
/// ```c
/// struct ArrowSchema type;
/// if (otd_batch_schema(4, &type) == OTD_OK) {
///     for (int64_t i = 0; i < type.n_children; i++) puts(type.children[i]->name);
///     type.release(&type);
/// }
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_batch_schema(offset_bytes: u32, schema: *mut ArrowSchema) -> Status {
    // SAFETY: a place that is what the three rules ask for.
    status_of(|| unsafe {
        let schema = out_param(schema, ArrowSchema::NONE)?;
        let made = match offset_bytes {
            4 => type_of::<i32>()?,
            8 => type_of::<i64>()?,
            _ => return Err(Failure(OTD_INVALID_COLUMN)),
        };
        schema.write(made);
        Ok(())
    })
}

/// An out-parameter, set to `none` at once. What stood there before is not looked at.
///
/// # Safety
/// `to` is NULL, or a T can be written there.
unsafe fn out_param<T>(to: *mut T, none: T) -> Result<NonNull<T>, Failure> {
    let to = NonNull::new(to).ok_or(Failure(OTD_NULL))?;
    // SAFETY: the caller vouches for it; it is not NULL.
    unsafe { to.write(none) };
    Ok(to)
}
