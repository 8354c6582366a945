"""Columns: each row as a check of it alone, whatever the type, the slice and the nulls."""

import array as plain
import json
import random
import threading
import unittest
from typing import Any, Optional

import pyarrow as pa
from outgoing_to_device import Accepted, Policy, _arrow, batch_schema, check, check_batch
from outgoing_to_device._policy import handle_of

GOOD = '{"text":"Grüße","clientApplicationDescriptor":{"channelType":"web","deviceAddress":"d"}}'
BODIES: list[Optional[str]] = [
    GOOD,
    None,
    "{}",
    "",
    '{"message":"hi","clientApplicationDescriptor":{"channelType":"VIBER","deviceAddress":"89000000000"}}',
    '{"text":"é","clientApplicationDescriptor":{"channelType":"VIBER","deviceAddress":"89000000000"}}',
    "[" * 70,
    '{"text":"\\ud800"}',
]
TYPES = [pa.string(), pa.binary(), pa.large_string(), pa.large_binary()]


def row(body: Optional[str], policy: Optional[Policy] = None) -> dict[str, Any]:
    """What a row of the answer is to be."""
    if body is None:
        return {"accepted": None, "normalized": None, "diagnostics": None, "truncated": None}
    outcome = check(body.encode(), policy)
    is_accepted = isinstance(outcome, Accepted)
    found = [] if isinstance(outcome, Accepted) else list(outcome.violations)
    members = ["severity", "code", "pointer", "offset", "length", "message"]
    return {
        "accepted": is_accepted,
        "normalized": outcome.normalized.decode() if isinstance(outcome, Accepted) else None,
        "diagnostics": [{name: getattr(one, name) for name in members} for one in [*found, *outcome.warnings]],
        "truncated": outcome.truncated,
    }


class Batch(unittest.TestCase):
    def test_a_batch_is_its_rows(self) -> None:
        policy = Policy.from_json('{"limits":{"violations":1}}')
        chosen = random.Random(19)
        for kind in TYPES:
            for some in [None, policy]:
                bodies = [chosen.choice(BODIES) for _ in range(50)]
                array = pa.array(bodies, kind)
                answer = check_batch(array, some)
                self.assertIsInstance(answer, pa.RecordBatch)
                answer.validate(full=True)
                self.assertEqual(answer.schema, batch_schema(large=kind in TYPES[2:]))
                self.assertEqual(answer.to_pylist(), [row(body, some) for body in bodies])
                for start in [0, 1, 7, 8, 9, 50]:
                    part = array.slice(start, 17)
                    self.assertEqual(check_batch(part, some).to_pylist(), answer.slice(start, 17).to_pylist())

    def test_without_nulls_there_is_no_bitmap(self) -> None:
        answer = check_batch(pa.array([GOOD, GOOD]))
        self.assertEqual([column.null_count for column in answer.columns], [0, 0, 0, 0])
        self.assertIsNone(answer["accepted"].buffers()[0])

    def test_chunks(self) -> None:
        chunks = pa.chunked_array([BODIES[:3], [], BODIES[3:]], pa.string())
        answer = check_batch(chunks)
        self.assertIsInstance(answer, pa.Table)
        answer.validate(full=True)
        self.assertEqual(answer.to_pylist(), [row(body) for body in BODIES])
        none = check_batch(pa.chunked_array([], pa.large_string()))
        self.assertEqual((none.num_rows, none.schema), (0, batch_schema(large=True)))

    def test_nothing_and_nulls_only(self) -> None:
        for kind in TYPES:
            self.assertEqual(check_batch(pa.array([], kind)).num_rows, 0)
            self.assertEqual(check_batch(pa.array([None] * 9, kind)).to_pylist(), [row(None)] * 9)
        self.assertEqual(check_batch(pa.array([None, None])).to_pylist(), [row(None)] * 2)

    def test_views_and_other_types(self) -> None:
        if hasattr(pa, "string_view"):
            for kind in [pa.string_view(), pa.binary_view()]:
                array = pa.array(BODIES, kind)
                self.assertEqual(check_batch(array).to_pylist(), [row(body) for body in BODIES])
                self.assertEqual(check_batch(pa.chunked_array([array])).num_rows, len(BODIES))
        for array in [pa.array([1]), pa.array([GOOD]).dictionary_encode(), pa.array([b"abcd"], pa.binary(4))]:
            with self.assertRaisesRegex(TypeError, "cast it first"):
                check_batch(array)
        with self.assertRaisesRegex(TypeError, "not list"):
            check_batch([GOOD])

    def test_wrong_offsets_are_an_error(self) -> None:
        values = pa.py_buffer(b"{}[]")
        for offsets in [[0, -1, 4], [0, 3, 2], [0, 2, 5], [-4, 0, 4], [2**31 - 1, 2**31 - 1, 2**31 - 1]]:
            for kind, type_code in [(pa.string(), "i"), (pa.large_string(), "q")]:
                buffers = [None, pa.py_buffer(plain.array(type_code, offsets).tobytes()), values]
                with self.assertRaises(ValueError):
                    check_batch(pa.Array.from_buffers(kind, 2, buffers))
        short = pa.py_buffer(plain.array("i", [0, 2]).tobytes())
        with self.assertRaises(ValueError):
            check_batch(pa.Array.from_buffers(pa.string(), 2, [None, short, values]))
        good = pa.py_buffer(plain.array("i", [0] * 10).tobytes())
        with self.assertRaises(ValueError):
            check_batch(pa.Array.from_buffers(pa.string(), 9, [pa.py_buffer(b"\xff"), good, values]))

    def test_what_does_not_fit_comes_in_parts(self) -> None:
        array = pa.array(BODIES * 20)
        for limit in [0, 2_000]:
            batches = list(_arrow.answers(array, handle_of(None), limit))
            self.assertGreater(len(batches), 5)
            for batch in batches:
                batch.validate(full=True)
                self.assertTrue(batch.num_rows == 1 or batch.nbytes <= limit)
            self.assertEqual(pa.Table.from_batches(batches).to_pylist(), [row(body) for body in BODIES] * 20)

    def test_an_answer_outlives_all_else(self) -> None:
        answers: list[Any] = []
        worker = threading.Thread(target=lambda: answers.append(check_batch(pa.array(BODIES), Policy())))
        worker.start()
        worker.join()
        column = answers.pop().column("diagnostics")
        check_batch(pa.array(BODIES * 100))
        self.assertEqual(column.to_pylist(), [row(body)["diagnostics"] for body in BODIES])

    def test_memory_goes_back(self) -> None:
        """The buffers of an answer are freed with it: ten times as many take no more."""
        array = pa.array([GOOD] * 20_000)

        def peak(count: int) -> int:
            for _ in range(count):
                check_batch(array)
            with open("/proc/self/status") as status:
                return int(next(line.split()[1] for line in status if line.startswith("VmRSS")))

        before = peak(10)
        # An answer has 3 MB.
        self.assertLess(peak(100), before + 30_000)

    def test_the_answer_is_json_again(self) -> None:
        normalized = check_batch(pa.array([GOOD]))["normalized"][0].as_py()
        self.assertEqual(json.loads(normalized)["text"], "Grüße")


if __name__ == "__main__":
    unittest.main()
