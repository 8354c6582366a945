"""Policies: rules as data."""

from ctypes import byref, c_void_p
from dataclasses import dataclass, fields
from typing import Optional

from . import _abi, _read
from ._values import Diagnostic


class PolicyError(ValueError):
    """Raised by `Policy.from_json`: the file is rejected. `faults` has every fault with its place."""

    faults: tuple[Diagnostic, ...]

    def __init__(self, faults: tuple[Diagnostic, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(["the policy is rejected", *(f"  {fault}" for fault in self.faults)])


@dataclass(frozen=True)
class Limits:
    """The bounds on a body and on the report about it."""

    body: int
    """Bytes of a body."""
    depth: int
    """Arrays and objects inside each other."""
    attachments: int
    identifier: int
    """UTF-16 code units of `clientId`, `unauthorizedClientId` and `appMarker`."""
    address: int
    """UTF-16 code units of `deviceAddress`."""
    violations: int
    """Violations that are reported."""
    warnings: int
    """Warnings that are reported."""


class Policy:
    """Limits, channels, and what becomes of unknown fields. Immutable, and shared by threads as you like.

    `Policy()` is the default one; `Policy.from_json` reads a file. Policies are equal if they say the same, and can be
    pickled.
    """

    __slots__ = ("_handle", "_json")
    _handle: _abi.Handle
    _json: str

    def __init__(self) -> None:
        address = c_void_p()
        _abi.need(_abi.policy_default(byref(address)))
        self._keep(address)

    @classmethod
    def from_json(cls, json: _abi.Body) -> "Policy":
        """Reads a policy file: what it names changes the default policy, the rest stays (docs/contract.md, §5).

        Raises `PolicyError` with every fault of it.

        >>> policy = Policy.from_json('{"channels": {"VIBER": null}}')
        >>> [name for name in Policy().channels if name not in policy.channels]
        ['VIBER']
        """
        text = _abi.bytes_of(json, "the policy")
        address = c_void_p()
        outcome = _abi.Outcome()
        with _abi.Borrowed() as checker:
            _abi.need(_abi.policy_read(checker, text, len(text), byref(address), byref(outcome)))
            if not outcome.accepted:
                faults, _, _ = _read.report(checker, text, _read.places(text, isinstance(json, str)))
                raise PolicyError(faults)
        policy = cls.__new__(cls)
        policy._keep(address)
        return policy

    def _keep(self, address: c_void_p) -> None:
        self._handle = _abi.Handle(address, _abi.policy_free)
        written = _abi.String()
        with _abi.Borrowed() as checker:
            _abi.need(_abi.policy_write(checker, self._handle.address, byref(written)))
            self._json = _abi.text(written)

    def to_json(self) -> str:
        """The whole policy as JSON; `from_json` reads it back equal."""
        return self._json

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels, in their order."""
        names = _abi.Strings()
        with _abi.Borrowed() as checker:
            _abi.need(_abi.policy_channels(checker, self._handle.address, byref(names)))
            return tuple([_abi.text(names.data[i]) for i in range(names.len)])

    @property
    def limits(self) -> Limits:
        """The bounds on a body and on the report about it."""
        limits = _abi.Limits()
        _abi.need(_abi.policy_limits(self._handle.address, byref(limits)))
        return Limits(*(getattr(limits, field.name) for field in fields(Limits)))

    def __eq__(self, other: object) -> bool:
        return self._json == other._json if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._json)

    def __repr__(self) -> str:
        return f"<Policy: {', '.join(self.channels)}>"

    def __reduce__(self) -> tuple[object, ...]:
        return Policy.from_json, (self._json,)


_default = Policy()


def handle_of(policy: Optional[Policy]) -> _abi.Handle:
    if policy is None:
        policy = _default
    elif not isinstance(policy, Policy):
        raise TypeError(f"the policy must be a Policy, not {type(policy).__name__}; see Policy.from_json")
    return policy._handle
