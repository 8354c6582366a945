"""One body at a time: what comes in, what goes out, and that nothing private shows."""

import copy
import pickle
import threading
import unittest
from typing import Any, Callable

from outgoing_to_device import (
    Accepted,
    Limits,
    Policy,
    PolicyError,
    Rejected,
    Rejection,
    apply_fix,
    check,
    normalize,
)

SECRET = "Geheim"
GOOD = (
    '{"text": "%s", "attachments": [{"url": "https://a.example/%s", "name": "%s", "size": 7}],'
    ' "clientApplicationDescriptor": {"channelType": "whatsapp", "clientId": "%s", "deviceAddress": "+7 (900) 000-00-00"}}'
    % ((SECRET,) * 4)
)
NORMALIZED = (
    '{"text":"%s","attachments":[{"url":"https://a.example/%s","name":"%s","size":7}],'
    '"clientApplicationDescriptor":{"channelType":"WHATSAPP","clientId":"%s","deviceAddress":"79000000000"}}'
    % ((SECRET,) * 4)
).encode()


def accepted(body: Any, policy: Any = None) -> Accepted:
    outcome = check(body, policy)
    assert isinstance(outcome, Accepted), outcome
    return outcome


def rejected(body: Any, policy: Any = None) -> Rejected:
    outcome = check(body, policy)
    assert isinstance(outcome, Rejected), outcome
    return outcome


class Check(unittest.TestCase):
    def test_accepted(self) -> None:
        outcome = accepted(GOOD)
        self.assertEqual(outcome.normalized, NORMALIZED)
        request = outcome.request
        self.assertEqual((request.text, request.channel_type, request.client_id), (SECRET, "WHATSAPP", SECRET))
        self.assertEqual((request.device_address, request.app_marker), ("79000000000", None))
        (file,) = request.attachments
        self.assertEqual((file.name, file.media_type, file.size), (SECRET, None, 7))
        self.assertEqual([warning.code for warning in outcome.warnings], ["attachment_kind_unknown"])
        self.assertFalse(outcome.truncated)

    def test_every_kind_of_text(self) -> None:
        raw = GOOD.encode()
        wide = memoryview(bytes(b for byte in raw for b in (byte, 0)))[::2]
        self.assertFalse(wide.contiguous)
        bodies: list[Any] = [GOOD, raw, bytearray(raw), memoryview(raw), wide]
        for body in bodies:
            self.assertEqual(accepted(body).normalized, NORMALIZED)
            self.assertEqual(normalize(body), NORMALIZED)
        for nothing in [None, 1, {}, object()]:
            with self.assertRaisesRegex(TypeError, "must be str, bytes or a buffer, not"):
                check(nothing)  # type: ignore[arg-type]
        with self.assertRaisesRegex(TypeError, "must be a Policy, not str"):
            check("{}", "{}")  # type: ignore[arg-type]

    def test_a_subclass_is_taken_by_its_content(self) -> None:
        class LyingBytes(bytes):
            def __len__(self) -> int:
                return 1_000_000

            def __bytes__(self) -> bytes:
                return b"{}"

        class LyingText(str):
            def __len__(self) -> int:
                return 1

            def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
                return b"{}"

        self.assertEqual(normalize(LyingBytes(GOOD.encode())), NORMALIZED)
        self.assertEqual(normalize(LyingText(GOOD)), NORMALIZED)

    def test_rejected(self) -> None:
        outcome = rejected(b'{"text":1,"x":2}', Policy.from_json('{"limits":{"violations":2}}'))
        self.assertTrue(outcome.truncated)
        self.assertEqual([one.code for one in outcome.violations], ["missing_field", "type_mismatch"])
        second = outcome.violations[1]
        self.assertEqual((second.severity, second.pointer, second.line, second.column), ("violation", "/text", 1, 9))
        self.assertEqual((second.offset, second.length, second.actual, second.expected), (8, 1, "number", "string"))
        self.assertEqual(outcome.problem.status, 400)
        self.assertIn(("content-type", "application/problem+json"), outcome.problem.headers)
        self.assertIn(b'"type_mismatch"', outcome.problem.body)
        large = rejected(b" " * 2_000_000)
        self.assertEqual((large.violations[0].code, large.violations[0].actual), ("body_too_large", 2_000_000))
        self.assertEqual(large.problem.status, 413)
        twice = rejected('{"text":"a","text":"b"}').violations
        (double,) = [one for one in twice if one.code == "duplicate_field"]
        assert double.related is not None
        self.assertEqual((double.related.offset, double.related.length), (1, 6))
        self.assertEqual(rejected(b"\xff").violations[0].code, "invalid_utf8")
        self.assertEqual(rejected("").violations[0].code, "empty_body")

    def test_places_are_in_the_units_of_the_text(self) -> None:
        text = '{"text":"\U0001f600é","ü":1,"message":"é","clientApplicationDescriptor":{"channelTyp":"WEB","deviceAddress":"ä"}}'
        raw = text.encode()
        of_str, of_bytes = rejected(text).violations, rejected(raw).violations
        self.assertEqual(len(of_str), len(of_bytes))
        self.assertGreater(len(of_str), 2)
        for one, other in zip(of_str, of_bytes):
            place = text[one.offset : one.offset + one.length]
            self.assertEqual(place.encode(), raw[other.offset : other.offset + other.length])
            self.assertEqual((one.line, one.column), (other.line, other.column))
            self.assertEqual(apply_fix(text, one.fix).encode(), apply_fix(raw, other.fix))
        fixes = [one.fix for one in of_str if one.fix]
        self.assertTrue(fixes)
        mended = apply_fix(text, fixes[-1])
        self.assertIn('"channelType":"WEB"', mended)
        self.assertLess(len(rejected(mended).violations), len(of_str))

    def test_a_lone_surrogate_is_an_error_that_says_so(self) -> None:
        calls: list[Callable[[str], object]] = [check, normalize, Policy.from_json]
        for call in calls:
            with self.assertRaisesRegex(ValueError, "lone surrogate at index 6") as caught:
                call(SECRET + "\ud800")
            for shown in [repr(caught.exception), str(caught.exception), repr(caught.exception.__cause__)]:
                self.assertNotIn(SECRET, shown)
            self.assertIsNone(caught.exception.__context__)

    def test_normalize_raises_what_check_returns(self) -> None:
        with self.assertRaises(Rejection) as caught:
            normalize('{"text":1}')
        self.assertIsInstance(caught.exception, ValueError)
        self.assertEqual(caught.exception.outcome, check('{"text":1}'))
        self.assertIn("/text: The value must be a string", str(caught.exception))

    def test_nothing_private_shows(self) -> None:
        bad = GOOD.replace("whatsapp", SECRET).replace("https://", "ftp://")
        wrong = check(bad)
        for outcome in [check(GOOD), wrong]:
            self.assertNotIn(SECRET, repr(outcome) + str(outcome))
        good = accepted(GOOD)
        self.assertNotIn(SECRET, repr(good.request) + repr(good.request.attachments))
        with self.assertRaises(Rejection) as caught:
            normalize(bad)
        self.assertNotIn(SECRET, repr(caught.exception) + str(caught.exception))
        assert isinstance(wrong, Rejected)
        self.assertNotIn(SECRET.encode(), wrong.problem.body)

    def test_outcomes_are_plain_data(self) -> None:
        for outcome in [check(GOOD), check('{"message":1,"text":2}')]:
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                self.assertEqual(pickle.loads(pickle.dumps(outcome, protocol)), outcome)
            self.assertEqual(copy.deepcopy(outcome), outcome)
            self.assertEqual(hash(outcome), hash(copy.deepcopy(outcome)))
        with self.assertRaises(Rejection) as caught:
            normalize("{}")
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).outcome, caught.exception.outcome)
        with self.assertRaises(AttributeError):
            accepted(GOOD).truncated = True  # type: ignore[misc]

    def test_an_outcome_is_not_changed_by_later_checks(self) -> None:
        first = rejected('{"message":"a"}')
        kept = copy.deepcopy(first)
        for _ in range(100):
            check(GOOD)
            check("[" * 100)
        self.assertEqual(first, kept)

    def test_what_changes_meanwhile_was_copied(self) -> None:
        body = bytearray(GOOD.encode())
        stop = threading.Event()

        def scribble() -> None:
            while not stop.is_set():
                body[10:16] = b'"\\"\\"\\'
                body[10:16] = SECRET.encode()

        scribbler = threading.Thread(target=scribble)
        scribbler.start()
        try:
            for _ in range(2_000):
                outcome = check(body)
                if isinstance(outcome, Accepted):
                    self.assertEqual(accepted(outcome.normalized).normalized, outcome.normalized)
        finally:
            stop.set()
            scribbler.join()

    def test_a_check_within_a_check(self) -> None:
        """A signal handler may come between two calls of the library, and check something itself."""
        from outgoing_to_device import _abi

        with _abi.Borrowed() as outer, _abi.Borrowed() as inner:
            self.assertNotEqual(outer, inner)


class Policies(unittest.TestCase):
    def test_a_policy_changes_the_default_one(self) -> None:
        policy = Policy.from_json(b'{"limits":{"body":2048},"channels":{"VIBER":null}}')
        self.assertEqual(policy.limits.body, 2048)
        self.assertEqual(Policy().limits, Limits(1_048_576, 64, 100, 255, 1_024, 64, 64))
        self.assertEqual(set(Policy().channels) - set(policy.channels), {"VIBER"})
        self.assertEqual(rejected(GOOD + " " * 2048, policy).violations[0].limit, 2048)
        kept = Policy.from_json('{"unknownFields":"keep"}')
        self.assertIn(b'"x":1', normalize(GOOD[:-1] + ',"x":1}', kept))

    def test_faults_have_places(self) -> None:
        text = '{"limits":{"é":1,"body":1},"channels":{"VIBE":null}}'
        with self.assertRaises(PolicyError) as caught:
            Policy.from_json(text)
        faults = caught.exception.faults
        self.assertEqual([fault.pointer for fault in faults], ["/limits/é", "/limits/body", "/channels/VIBE"])
        self.assertEqual(text[faults[1].offset :][: faults[1].length], "1")
        self.assertEqual(faults[2].suggestion, "VIBER")
        self.assertIn("1:12: /limits/é", str(caught.exception))
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).faults, faults)

    def test_policies_are_values(self) -> None:
        policy = Policy.from_json('{"channels":{"VIBER":null}}')
        for other in [pickle.loads(pickle.dumps(policy)), copy.copy(policy), Policy.from_json(policy.to_json())]:
            self.assertEqual(other, policy)
            self.assertEqual(hash(other), hash(policy))
            self.assertEqual(other.channels, policy.channels)
        self.assertNotEqual(policy, Policy())
        self.assertNotEqual(policy, policy.to_json())
        self.assertIn("WHATSAPP", repr(policy))


if __name__ == "__main__":
    unittest.main()
