"""The C library: its structures and functions as include/*.h have them, and who frees its handles."""

import ctypes
import threading
import weakref
from ctypes import POINTER, Structure, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any, Callable, Optional, Union

VERSION = 1  # OTD_ABI_VERSION

OK = 0
OUT_OF_MEMORY = 3
INVALID_COLUMN = 9


class String(Structure):
    _fields_ = [("data", c_void_p), ("len", c_size_t)]


class Outcome(Structure):
    _fields_ = [
        ("accepted", c_uint32),
        ("violations", c_uint32),
        ("warnings", c_uint32),
        ("truncated", c_uint32),
        ("normalized", String),
    ]


VIOLATION = 0
HAS_RELATED = 1
HAS_LIMIT = 2
HAS_ACTUAL = 4


class Diagnostic(Structure):
    _fields_ = [
        ("severity", c_uint32),
        ("code", c_uint32),
        ("name", String),
        ("message", String),
        ("pointer", String),
        ("offset", c_uint32),
        ("length", c_uint32),
        ("line", c_uint32),
        ("column", c_uint32),
        ("has", c_uint32),
        ("related_offset", c_uint32),
        ("related_length", c_uint32),
        ("limit", c_uint64),
        ("actual", c_uint64),
        ("actual_type", String),
        ("expected", String),
        ("channel", String),
        ("suggestion", String),
        ("belongs_to", String),
    ]


class Report(Structure):
    _fields_ = [
        ("violations", POINTER(Diagnostic)),
        ("violations_len", c_size_t),
        ("warnings", POINTER(Diagnostic)),
        ("warnings_len", c_size_t),
        ("truncated", c_uint32),
    ]


class Edit(Structure):
    _fields_ = [("offset", c_uint32), ("length", c_uint32), ("text", String)]


class Fix(Structure):
    _fields_ = [("edits", POINTER(Edit)), ("edits_len", c_size_t)]


class Field(Structure):
    _fields_ = [("name", String), ("value", String)]


class Reply(Structure):
    _fields_ = [("status", c_uint32), ("fields", POINTER(Field)), ("fields_len", c_size_t), ("body", String)]


class Attachment(Structure):
    _fields_ = [("url", String), ("name", String), ("media_type", String), ("size", c_uint64), ("has_size", c_uint32)]


class Request(Structure):
    _fields_ = [
        ("text", String),
        ("attachments", POINTER(Attachment)),
        ("attachments_len", c_size_t),
        ("channel_type", String),
        ("client_id", String),
        ("unauthorized_client_id", String),
        ("app_marker", String),
        ("device_address", String),
    ]


class Strings(Structure):
    _fields_ = [("data", POINTER(String)), ("len", c_size_t)]


class Limits(Structure):
    _fields_ = [
        ("body", c_uint32),
        ("depth", c_uint32),
        ("attachments", c_uint32),
        ("identifier", c_uint32),
        ("address", c_uint32),
        ("violations", c_uint32),
        ("warnings", c_uint32),
    ]


class Column(Structure):
    _fields_ = [
        ("values", c_void_p),
        ("values_len", c_size_t),
        ("offsets", c_void_p),
        ("offset_bytes", c_uint32),
        ("validity", c_void_p),
        ("first", c_size_t),
        ("rows", c_size_t),
    ]


class ArrowSchema(Structure):
    _fields_ = [
        ("format", c_char_p),
        ("name", c_char_p),
        ("metadata", c_char_p),
        ("flags", c_int64),
        ("n_children", c_int64),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    ]


class ArrowArray(Structure):
    _fields_ = [
        ("length", c_int64),
        ("null_count", c_int64),
        ("offset", c_int64),
        ("n_buffers", c_int64),
        ("n_children", c_int64),
        ("buffers", c_void_p),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    ]


def _load() -> ctypes.CDLL:
    path = Path(__file__).with_name("liboutgoing_to_device.so.1")
    try:
        # Other threads run while a function of it does.
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise ImportError(f"the library of outgoing-to-device does not load: {error}") from None
    found = library.otd_abi_version()
    if found != VERSION:
        raise ImportError(f"{path} has version {found} of the interface; this package is made for {VERSION}")
    return library


_library = _load()


def _function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    function = getattr(_library, name)
    function.restype = result
    function.argtypes = arguments
    return function  # type: ignore[no-any-return]


# Handles are addresses, and texts bytes with their length.
checker_new = _function("otd_checker_new", c_int32, POINTER(c_void_p))
checker_free = _function("otd_checker_free", None, c_void_p)
check = _function("otd_check", c_int32, c_void_p, c_void_p, c_void_p, c_size_t, POINTER(Outcome))
report_of = _function("otd_report_of", c_int32, c_void_p, c_void_p, c_size_t, POINTER(Report))
fix_of = _function("otd_fix_of", c_int32, c_void_p, c_void_p, c_size_t, POINTER(Diagnostic), POINTER(Fix))
problem_of = _function("otd_problem_of", c_int32, c_void_p, c_void_p, c_size_t, POINTER(Reply))
request_of = _function("otd_request_of", c_int32, c_void_p, c_void_p, c_size_t, POINTER(Request))
policy_default = _function("otd_policy_default", c_int32, POINTER(c_void_p))
policy_read = _function("otd_policy_read", c_int32, c_void_p, c_void_p, c_size_t, POINTER(c_void_p), POINTER(Outcome))
policy_write = _function("otd_policy_write", c_int32, c_void_p, c_void_p, POINTER(String))
policy_channels = _function("otd_policy_channels", c_int32, c_void_p, c_void_p, POINTER(Strings))
policy_limits = _function("otd_policy_limits", c_int32, c_void_p, POINTER(Limits))
policy_free = _function("otd_policy_free", None, c_void_p)
check_batch = _function("otd_check_batch", c_int32, c_void_p, c_void_p, POINTER(Column), c_size_t, POINTER(ArrowArray))
batch_schema = _function("otd_batch_schema", c_int32, c_uint32, POINTER(ArrowSchema))
status_text = _function("otd_status_text", c_char_p, c_int32)
version = _function("otd_version", c_char_p)


def need(status: int) -> None:
    """Raises what a status other than OK stands for: no memory, or a mistake of this package."""
    if status == OK:
        return
    if status == OUT_OF_MEMORY:
        raise MemoryError("outgoing-to-device: out of memory")
    raise RuntimeError("outgoing-to-device: " + status_text(status).decode())


def text(string: String) -> str:
    return ctypes.string_at(string.data, string.len).decode()


def optional_text(string: String) -> Optional[str]:
    return None if string.data is None else text(string)


def content(string: String) -> bytes:
    return ctypes.string_at(string.data, string.len)


Body = Union[str, bytes, bytearray, memoryview]


def bytes_of(body: Body, what: str) -> bytes:
    """The bytes of a text. What somebody could change meanwhile is copied, and so is a subclass, whose `len` may lie."""
    if type(body) is bytes:
        return body
    if isinstance(body, str):
        try:
            return str.encode(body)
        except UnicodeEncodeError as error:
            at = error.start
        # Not from the error, which holds the text.
        raise ValueError(f"{what} has a lone surrogate at index {at}, so it is not Unicode text; pass its bytes")
    try:
        return memoryview(body).tobytes()
    except TypeError:
        raise TypeError(f"{what} must be str, bytes or a buffer, not {type(body).__name__}") from None


class Handle:
    """A handle of the library, freed with this object; at the end of the process nothing is."""

    __slots__ = ("__weakref__", "address")

    def __init__(self, address: c_void_p, free: Callable[..., Any]) -> None:
        self.address = address.value
        weakref.finalize(self, free, self.address).atexit = False


def new_checker() -> Handle:
    address = c_void_p()
    need(checker_new(byref(address)))
    return Handle(address, checker_free)


class _Idle(threading.local):
    """The checkers of a thread that nobody uses now: mostly one, or more after a signal handler came between. They
    are freed when the thread ends."""

    def __init__(self) -> None:
        self.checkers: list[Handle] = []


_idle = _Idle()


class Borrowed:
    """A checker for the time of a `with`: what it shows is gone afterwards."""

    __slots__ = ("_checker", "_from")

    def __enter__(self) -> Any:
        self._from = _idle.checkers
        self._checker = self._from.pop() if self._from else new_checker()
        return self._checker.address

    def __exit__(self, *_: object) -> None:
        self._from.append(self._checker)
