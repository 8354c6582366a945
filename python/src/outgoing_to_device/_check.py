"""Checks of one body."""

from ctypes import byref
from typing import Optional

from . import _abi, _read
from ._policy import Policy, handle_of
from ._values import Outcome, Rejection


def check(body: _abi.Body, policy: Optional[Policy] = None) -> Outcome:
    """Checks a request: what to pass on, or everything that is wrong with it.

    `body` is JSON: a `str`, or bytes as they came (`bytes`, `bytearray`, `memoryview`), of which nothing is kept.
    Without a `policy` the default one holds. A rejected body is a value and no exception; `ValueError` is raised for a
    `str` with a lone surrogate, `TypeError` for what is no text.

    >>> outcome = check(b'{"text": 1}')
    >>> print(outcome)
    rejected
      violation[missing_field] 1:1: /clientApplicationDescriptor: A required field is absent.
      violation[type_mismatch] 1:10: /text: The value must be a string, not a number; put it in quotes.
    """
    text = _abi.bytes_of(body, "the body")
    rules = handle_of(policy)
    with _abi.Borrowed() as checker:
        outcome = _abi.Outcome()
        _abi.need(_abi.check(checker, rules.address, text, len(text), byref(outcome)))
        units = _read.places(text, isinstance(body, str))
        if outcome.accepted:
            return _read.accepted(checker, text, units, outcome)
        return _read.rejected(checker, text, units)


def normalize(body: _abi.Body, policy: Optional[Policy] = None) -> bytes:
    """The normalized request: compact JSON, ready to be passed on.

    Takes what `check` takes. Raises `Rejection`, whose `outcome` is what `check` would have returned.

    >>> normalize('{"text": "hi", "clientApplicationDescriptor": {"channelType": "web", "deviceAddress": "d"}}')
    b'{"text":"hi","attachments":[],"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}}'
    """
    text = _abi.bytes_of(body, "the body")
    rules = handle_of(policy)
    with _abi.Borrowed() as checker:
        outcome = _abi.Outcome()
        _abi.need(_abi.check(checker, rules.address, text, len(text), byref(outcome)))
        if outcome.accepted:
            return _abi.content(outcome.normalized)
        raise Rejection(_read.rejected(checker, text, _read.places(text, isinstance(body, str))))
