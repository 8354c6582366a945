"""What comes back: plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Optional, TypeVar, Union

Severity = Literal["violation", "warning"]
"""Of a diagnostic: a violation rejects, a warning wants a look."""


@dataclass(frozen=True)
class Span:
    """A place in the text that was passed: bytes, or characters of a `str`."""

    offset: int
    length: int


@dataclass(frozen=True)
class Edit:
    """One edit of a text: the `length` units at `offset` give way to `text`."""

    offset: int
    length: int
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong with a text, or worth a look. It never carries a value of the text, so it can be logged.

    Places count bytes if bytes were passed, and characters if a `str` was.
    """

    severity: Severity
    code: str
    """What is wrong, such as `invalid_address`; the names are stable for ever (docs/contract.md has them all)."""
    message: str
    """One English sentence."""
    pointer: str
    """The place as a JSON Pointer (RFC 6901); empty for a fault of the text as a whole."""
    offset: int
    length: int
    line: int
    """From 1 on."""
    column: int
    """In characters, from 1 on."""
    related: Optional[Span] = None
    """A second place: the first one of a repeated field, or the character that spoils a value."""
    fix: tuple[Edit, ...] = ()
    """The edits that mend it, if there are such; see `apply_fix`."""
    limit: Optional[int] = None
    """The bound that was crossed."""
    actual: Union[int, str, None] = None
    """The length, count or JSON type that was found."""
    expected: Optional[str] = None
    """What belongs there."""
    channel: Optional[str] = None
    """The channel whose row of the policy made the rule."""
    suggestion: Optional[str] = None
    """The nearest name that is known."""
    belongs_to: Optional[str] = None
    """Where a field of this name belongs."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.pointer}: {self.message}"


Text = TypeVar("Text", str, bytes)


def apply_fix(body: Text, fix: Sequence[Edit]) -> Text:
    """The text that was checked, after the edits of one diagnostic's `fix`.

    Apply one fix at a time and check again: the places of other diagnostics are those of the text before it.
    """
    for edit in reversed(fix):
        head, tail = body[: edit.offset], body[edit.offset + edit.length :]
        if isinstance(body, str):
            body = head + edit.text + tail
        else:
            body = head + edit.text.encode() + tail
    return body


@dataclass(frozen=True, repr=False)
class Attachment:
    """An attachment of a request."""

    url: str
    name: Optional[str] = None
    media_type: Optional[str] = None
    size: Optional[int] = None
    """In bytes."""

    def __repr__(self) -> str:
        return "<Attachment>"


@dataclass(frozen=True, repr=False)
class Request:
    """The values of a request, normalized. Fields that a policy keeps though they are unknown are not among them."""

    text: str
    attachments: tuple[Attachment, ...]
    channel_type: str
    """As the policy spells it."""
    device_address: str
    client_id: Optional[str] = None
    unauthorized_client_id: Optional[str] = None
    app_marker: Optional[str] = None

    def __repr__(self) -> str:
        return f"<Request: {len(self.attachments)} attachments>"


@dataclass(frozen=True)
class Problem:
    """The response to a rejected request: a problem document (RFC 9457) with its status and header fields."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def _listed(word: str, diagnostics: Sequence[Diagnostic]) -> str:
    return "\n".join(
        [word, *(f"  {diagnostic.severity}[{diagnostic.code}] {diagnostic}" for diagnostic in diagnostics)]
    )


@dataclass(frozen=True)
class Accepted:
    """A request that may go on its way."""

    normalized: bytes = field(repr=False)
    """The request as compact JSON: what to pass on."""
    request: Request = field(repr=False)
    warnings: tuple[Diagnostic, ...]
    truncated: bool = False
    """There were more warnings than the policy's limit."""

    def __str__(self) -> str:
        return _listed("accepted", self.warnings)


@dataclass(frozen=True)
class Rejected:
    """A request that is wrong, with everything that is wrong with it."""

    violations: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    problem: Problem = field(repr=False)
    """What to answer over HTTP."""
    truncated: bool = False
    """There were more violations or more warnings than the policy's limits."""

    def __str__(self) -> str:
        return _listed("rejected", [*self.violations, *self.warnings])


Outcome = Union[Accepted, Rejected]


class Rejection(ValueError):
    """Raised by `normalize`: the request is rejected."""

    outcome: Rejected

    def __init__(self, outcome: Rejected) -> None:
        super().__init__(outcome)
        self.outcome = outcome

    def __str__(self) -> str:
        return str(self.outcome)
