"""Batches: a column of bodies, checked in one call."""

import sys
from collections.abc import Iterator
from ctypes import addressof, byref
from typing import TYPE_CHECKING, Any, Optional, overload

from . import _abi
from ._policy import Policy, handle_of

if TYPE_CHECKING:
    import pyarrow as pa


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise ImportError("batches need pyarrow: pip install 'outgoing-to-device[arrow]'") from None
    return pyarrow


def batch_schema(large: bool = False) -> "pa.Schema":
    """The schema of what `check_batch` gives, for columns of `string` and `binary`, or of their large forms.

    | column | type | null where |
    |---|---|---|
    | `accepted` | `bool` | the body is null |
    | `normalized` | `string` | the body is null or rejected |
    | `diagnostics` | `list<struct<severity, code, pointer, offset, length, message>>` | the body is null |
    | `truncated` | `bool` | the body is null |

    A row's diagnostics are its violations, then its warnings. Their members are those of `Diagnostic`; `offset` and
    `length` count bytes of UTF-8.
    """
    schema = _abi.ArrowSchema()
    _abi.need(_abi.batch_schema(8 if large else 4, byref(schema)))
    return _pyarrow().Schema._import_from_c(addressof(schema))


@overload
def check_batch(array: "pa.ChunkedArray", policy: Optional[Policy] = None) -> "pa.Table": ...
@overload
def check_batch(  # type: ignore[overload-cannot-match,unused-ignore]
    array: "pa.Array", policy: Optional[Policy] = None
) -> "pa.RecordBatch": ...
def check_batch(array: Any, policy: Optional[Policy] = None) -> Any:
    """Checks a column of requests, each row as `check` would, in one call that runs beside other threads.

    `array` is a `pyarrow.Array` of type `string`, `binary`, `large_string` or `large_binary`, or a `ChunkedArray` of
    such: then the answer is a `Table`, otherwise a `RecordBatch`, with one row for each of the array's and the columns
    of `batch_schema`. Nothing of the array is copied; views are, as they are cast. Raises `TypeError` for another type,
    `ValueError` for an array whose offsets are wrong, and `OverflowError` if the answer is larger than the offsets of
    its type can say, 2 GiB: then pass a `ChunkedArray`, which is answered in more chunks, or a large type.
    """
    pa = _pyarrow()
    rules = handle_of(policy)
    if isinstance(array, pa.ChunkedArray):
        chunks = array.chunks or [pa.array([], array.type)]
        batches = [batch for chunk in chunks for batch in answers(chunk, rules)]
        return pa.Table.from_batches(batches)
    if not isinstance(array, pa.Array):
        raise TypeError(f"check_batch takes an Array or a ChunkedArray of pyarrow, not {type(array).__name__}")
    batch = next(answers(array, rules))
    if batch.num_rows < len(array):
        raise OverflowError(
            f"the answer to {len(array)} rows is larger than 32-bit offsets can say, of which the first {batch.num_rows} "
            "fit; pass a ChunkedArray, or a large type"
        )
    return batch


def answers(array: Any, rules: _abi.Handle, limit: int = sys.maxsize) -> Iterator[Any]:
    """The answer in record batches, of which none holds more than `limit` bytes, but for one of a single row."""
    pa = _pyarrow()
    if pa.types.is_null(array.type):
        array = array.cast(pa.string())
    # By name, as older versions have no function to ask.
    elif str(array.type) in ["string_view", "binary_view"]:
        array = array.cast(pa.large_binary())
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        width = 4
    elif pa.types.is_large_string(kind) or pa.types.is_large_binary(kind):
        width = 8
    else:
        raise TypeError(f"check_batch takes string, binary, large_string or large_binary, not {kind}; cast it first")
    schema = batch_schema(large=width == 8)
    validity, offsets, values = array.buffers()
    end = array.offset + len(array)
    if len(array) > 0 and (offsets is None or offsets.size < (end + 1) * width):
        raise ValueError("the array has fewer offsets than rows")
    if validity is not None and validity.size * 8 < end:
        raise ValueError("the array's validity has fewer bits than rows")
    column = _abi.Column(
        values.address if values else None,
        values.size if values else 0,
        offsets.address if offsets else None,
        width,
        validity.address if validity else None,
        array.offset,
        len(array),
    )
    while True:
        answer = _abi.ArrowArray()
        with _abi.Borrowed() as checker:
            status = _abi.check_batch(checker, rules.address, byref(column), limit, byref(answer))
        if status == _abi.INVALID_COLUMN:
            raise ValueError("the array's offsets are negative, decreasing or behind its values")
        _abi.need(status)
        batch = pa.RecordBatch._import_from_c(addressof(answer), schema)
        yield batch
        column.first += batch.num_rows
        column.rows -= batch.num_rows
        if column.rows == 0:
            return
