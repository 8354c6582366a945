"""Reads what the library shows, and copies it: views are gone with the next call."""

from bisect import bisect_right
from ctypes import byref
from typing import Any

from . import _abi
from ._values import Accepted, Attachment, Diagnostic, Edit, Problem, Rejected, Request, Span


class _Places:
    """Places of a text in the units that the caller counts: those of bytes are the library's own."""

    def at(self, byte: int) -> int:
        return byte

    def span(self, offset: int, length: int) -> tuple[int, int]:
        return offset, length


class _Characters(_Places):
    """Of a `str`, its characters. Places are looked up from the nearest known one, so that no text is read for each."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._bytes = [0]
        self._characters = [0]

    def at(self, byte: int) -> int:
        near = bisect_right(self._bytes, byte) - 1
        known, characters = self._bytes[near], self._characters[near]
        if known == byte:
            return characters
        characters += len(self._text[known:byte].decode(errors="ignore"))
        self._bytes.insert(near + 1, byte)
        self._characters.insert(near + 1, characters)
        return characters

    def span(self, offset: int, length: int) -> tuple[int, int]:
        start = self.at(offset)
        return start, self.at(offset + length) - start


def places(text: bytes, is_str: bool) -> _Places:
    return _Characters(text) if is_str and not text.isascii() else _Places()


def report(checker: Any, text: bytes, units: _Places) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...], bool]:
    """The violations and the warnings of the text that the checker has read last, and whether there were more."""
    found = _abi.Report()
    _abi.need(_abi.report_of(checker, text, len(text), byref(found)))
    violations, warnings = (
        tuple([_diagnostic(checker, text, units, array[i]) for i in range(count)])
        for array, count in [(found.violations, found.violations_len), (found.warnings, found.warnings_len)]
    )
    return violations, warnings, bool(found.truncated)


def _diagnostic(checker: Any, text: bytes, units: _Places, found: _abi.Diagnostic) -> Diagnostic:
    has = found.has
    offset, length = units.span(found.offset, found.length)
    return Diagnostic(
        severity="violation" if found.severity == _abi.VIOLATION else "warning",
        code=_abi.text(found.name),
        message=_abi.text(found.message),
        pointer=_abi.text(found.pointer),
        offset=offset,
        length=length,
        line=found.line,
        column=found.column,
        related=Span(*units.span(found.related_offset, found.related_length)) if has & _abi.HAS_RELATED else None,
        fix=_fix(checker, text, units, found),
        limit=found.limit if has & _abi.HAS_LIMIT else None,
        actual=found.actual if has & _abi.HAS_ACTUAL else _abi.optional_text(found.actual_type),
        expected=_abi.optional_text(found.expected),
        channel=_abi.optional_text(found.channel),
        suggestion=_abi.optional_text(found.suggestion),
        belongs_to=_abi.optional_text(found.belongs_to),
    )


def _fix(checker: Any, text: bytes, units: _Places, diagnostic: _abi.Diagnostic) -> tuple[Edit, ...]:
    fix = _abi.Fix()
    _abi.need(_abi.fix_of(checker, text, len(text), byref(diagnostic), byref(fix)))
    edits: list[Edit] = []
    for i in range(fix.edits_len):
        edit = fix.edits[i]
        edits.append(Edit(*units.span(edit.offset, edit.length), _abi.text(edit.text)))
    return tuple(edits)


def accepted(checker: Any, body: bytes, units: _Places, outcome: _abi.Outcome) -> Accepted:
    normalized = _abi.content(outcome.normalized)
    found = _abi.Request()
    _abi.need(_abi.request_of(checker, body, len(body), byref(found)))
    request = Request(
        text=_abi.text(found.text),
        attachments=tuple([_attachment(found.attachments[i]) for i in range(found.attachments_len)]),
        channel_type=_abi.text(found.channel_type),
        device_address=_abi.text(found.device_address),
        client_id=_abi.optional_text(found.client_id),
        unauthorized_client_id=_abi.optional_text(found.unauthorized_client_id),
        app_marker=_abi.optional_text(found.app_marker),
    )
    warnings: tuple[Diagnostic, ...] = ()
    if outcome.warnings:
        _, warnings, _ = report(checker, body, units)
    return Accepted(normalized, request, warnings, bool(outcome.truncated))


def _attachment(found: _abi.Attachment) -> Attachment:
    return Attachment(
        url=_abi.text(found.url),
        name=_abi.optional_text(found.name),
        media_type=_abi.optional_text(found.media_type),
        size=found.size if found.has_size else None,
    )


def rejected(checker: Any, body: bytes, units: _Places) -> Rejected:
    violations, warnings, truncated = report(checker, body, units)
    found = _abi.Reply()
    _abi.need(_abi.problem_of(checker, body, len(body), byref(found)))
    headers = [(_abi.text(found.fields[i].name), _abi.text(found.fields[i].value)) for i in range(found.fields_len)]
    problem = Problem(found.status, tuple(headers), _abi.content(found.body))
    return Rejected(violations, warnings, problem, truncated)
