"""Answers conformance lines with the Python package: tests/conformance says what it reads and writes."""

import base64
import binascii
import json
import sys
from collections.abc import Sequence
from typing import Any, Optional

from outgoing_to_device import Accepted, Diagnostic, Policy, PolicyError, check

MEMBERS = ["limit", "actual", "expected", "channel", "suggestion", "belongs_to"]


def no_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


decoder = json.JSONDecoder(parse_constant=no_json)


def text_of(line: str, name: str) -> Optional[str]:
    """The text of a member of an object as it stands in `line`, which is known to be JSON."""

    def skip(at: int) -> int:
        while line[at] in " \t\r":
            at += 1
        return at

    found = None
    at = skip(skip(0) + 1)
    while line[at] != "}":
        key, at = decoder.raw_decode(line, at)
        start = skip(skip(at) + 1)
        _, end = decoder.raw_decode(line, start)
        if key == name:
            found = line[start:end]
        at = skip(end)
        if line[at] == ",":
            at = skip(at + 1)
    return found


def diagnostics(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    answers = []
    for one in found:
        answer: dict[str, Any] = {
            "code": one.code,
            "pointer": one.pointer,
            "offset": one.offset,
            "length": one.length,
            "line": one.line,
            "column": one.column,
        }
        if one.related is not None:
            answer["related"] = vars(one.related)
        for name in MEMBERS:
            value = getattr(one, name)
            if value is not None:
                answer[name] = value
        if one.fix:
            answer["fix"] = [vars(edit) for edit in one.fix]
        answers.append(answer)
    return answers


def answer(case: Any, line: str) -> dict[str, Any]:
    if not isinstance(case, dict):
        return {"error": "not JSON"}
    encoded = case.get("body_base64")
    if not isinstance(encoded, str):
        return {"error": "no body_base64"}
    try:
        body = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return {"error": "bad base64"}
    if base64.b64encode(body).decode() != encoded:
        return {"error": "bad base64"}
    policy = None
    if "policy" in case:
        text = text_of(line, "policy")
        assert text is not None
        try:
            policy = Policy.from_json(text.encode())
        except PolicyError as error:
            return {"policy_faults": diagnostics(error.faults)}
    outcome = check(body, policy)
    if isinstance(outcome, Accepted):
        said: dict[str, Any] = {"ok": True, "request": outcome.normalized.decode()}
    else:
        said = {"ok": False, "violations": diagnostics(outcome.violations)}
    return {"outcome": {**said, "warnings": diagnostics(outcome.warnings), "truncated": outcome.truncated}}


def main() -> None:
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    for raw in sys.stdin.buffer:
        line = raw.decode().rstrip("\n")
        try:
            case = decoder.decode(line)
        except ValueError:
            case = None
        name = case.get("id") if isinstance(case, dict) else None
        said = {"id": name if isinstance(name, str) else None, **answer(case, line)}
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


main()
