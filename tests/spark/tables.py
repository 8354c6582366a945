"""Makes tables of requests, and compares what engines say of them with what otd-check says.

    tables.py make LINES ROWS FOLDER          rows with ids and other columns, whose bodies are the lines in turn
    tables.py rows OUTCOMES LINES ROWS OUT    the job's answer to such a table: every row once, and all that is in it
    tables.py lines OUTCOMES OUT              the job's answer to lines, in any order
    tables.py checked OUTCOMES OUT            the answer of a query in examples/sql to a table of each line once

LINES is a file of requests, OUTCOMES what `otd-check --format json` prints of it.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FILE = 62_500  # rows
DIAGNOSTIC = ["severity", "code", "pointer", "offset", "length"]
OUTCOME = pa.schema(
    [
        ("accepted", pa.bool_()),
        ("normalized", pa.string()),
        (
            "diagnostics",
            pa.list_(
                pa.struct([(name, pa.int32() if name in ("offset", "length") else pa.string()) for name in DIAGNOSTIC])
            ),
        ),
        ("truncated", pa.bool_()),
    ]
)


def rows(ids: np.ndarray, lines: pa.Array) -> pa.Table:
    """The rows of these ids: a body, or null in one of a thousand, and columns of several types."""
    number = pa.array(ids)
    null = pa.array(ids % 1000 == 999)
    word = pc.binary_join_element_wise("customer", number.cast(pa.string()), " ")
    return pa.table(
        {
            "id": number,
            "customer": word,
            "body": pc.if_else(null, None, lines.take(pa.array(ids % len(lines)))),
            "received": pc.add(number, 1_700_000_000_000_000).cast(pa.timestamp("us", "UTC")),
            "tags": pa.ListArray.from_arrays(pa.array(np.arange(len(ids) + 1), pa.int32()), word, mask=null),
        }
    )


def outcomes(file: str) -> list[dict]:
    """The outcomes of otd-check in the form of the job's columns."""

    def outcome(line: str) -> dict:
        said = json.loads(line)["outcome"]
        diagnostics = [
            {"severity": severity} | {name: diagnostic[name] for name in DIAGNOSTIC[1:]}
            for severity in ("violation", "warning")
            for diagnostic in said.get(severity + "s", [])
        ]
        return {
            "accepted": said["ok"],
            "normalized": said.get("request"),
            "diagnostics": diagnostics,
            "truncated": said["truncated"],
        }

    with open(file, encoding="utf-8", newline="\n") as lines:
        return [outcome(line) for line in lines]


def read_lines(file: str) -> pa.Array:
    return pa.array(Path(file).read_bytes().removesuffix(b"\n").split(b"\n")).cast(pa.string())


def make(lines_file: str, count: str, folder: str) -> None:
    lines = read_lines(lines_file)
    Path(folder).mkdir()
    for first in range(0, int(count), FILE):
        table = rows(np.arange(first, min(first + FILE, int(count))), lines)
        pq.write_table(table, f"{folder}/{first:08}.parquet", compression="zstd")


def parts(out: str) -> list[Path]:
    assert Path(out, "_SUCCESS").exists(), f"{out} is not whole"
    return sorted(Path(out).glob("*.parquet"))


def compare_rows(outcomes_file: str, lines_file: str, count: str, out: str) -> None:
    lines, expected = read_lines(lines_file), pa.Table.from_pylist(outcomes(outcomes_file), OUTCOME)
    assert len(lines) == len(expected)
    seen = np.zeros(int(count), np.int64)
    accepted = found = 0
    for file in parts(out):
        table = pq.read_table(file)
        ids = table["id"].to_numpy()
        seen += np.bincount(ids, minlength=len(seen))
        given = rows(ids, lines)
        given = given.set_column(3, "received", given["received"].cast(table["received"].type))
        assert table.select(given.column_names).equals(given), f"{file}: a column is not as it was"
        null = pa.array(ids % 1000 == 999)
        for name in ("accepted", "normalized", "truncated"):
            wanted = pc.if_else(null, None, expected[name].take(pa.array(ids % len(lines))))
            assert table[name].combine_chunks().equals(wanted.combine_chunks()), f"{file}: {name}"
        said = table["diagnostics"].combine_chunks()
        wanted = pc.if_else(null, None, expected["diagnostics"].take(pa.array(ids % len(lines)))).combine_chunks()
        assert pc.list_value_length(said).equals(pc.list_value_length(wanted)), f"{file}: diagnostics"
        for name in DIAGNOSTIC:
            of = [pc.struct_field(pc.list_flatten(column), name) for column in (said, wanted)]
            assert of[0].equals(of[1]), f"{file}: {name}"
        accepted += pc.sum(table["accepted"]).as_py()
        found += len(pc.list_flatten(said))
    assert (seen == 1).all(), f"{(seen == 0).sum()} rows are lost, {(seen > 1).sum()} are there more than once"
    print(f"{len(seen)} rows, each once and as otd-check has it: {accepted} accepted, {found} diagnostics")


def key(row: dict) -> str:
    return json.dumps(row, sort_keys=True)


def compare_lines(outcomes_file: str, out: str) -> None:
    names = ["accepted", "normalized", "diagnostics", "truncated"]
    said = [row for file in parts(out) for row in pq.read_table(file, columns=names).to_pylist()]
    for row in said:
        assert all(diagnostic.pop("message") for diagnostic in row["diagnostics"])
    wanted = outcomes(outcomes_file)
    assert sorted(map(key, said)) == sorted(map(key, wanted)), f"{len(said)} answers, {len(wanted)} wanted"
    print(f"{len(said)} lines as otd-check has them, {sum(row['accepted'] for row in said)} accepted")


def compare_checked(outcomes_file: str, out: str) -> None:
    wanted = {number: outcome for number, outcome in enumerate(outcomes(outcomes_file)) if number % 1000 != 999}
    files = [Path(out)] if Path(out).is_file() else parts(out)
    count = 0
    for row in (row for file in files for row in pq.read_table(file).to_pylist()):
        diagnostics = [
            {"severity": severity} | diagnostic
            for severity in ("violation", "warning")
            for diagnostic in row[severity + "s"] or []
        ]
        outcome = wanted.pop(int(row["id"]))
        outcome.pop("truncated")
        assert outcome == {"accepted": row["ok"], "normalized": row["request"], "diagnostics": diagnostics}, row["id"]
        count += 1
    assert not wanted, f"{len(wanted)} have no answer"
    print(f"{count} rows, each with its id and as otd-check has it")


if __name__ == "__main__":
    {"make": make, "rows": compare_rows, "lines": compare_lines, "checked": compare_checked}[sys.argv[1]](*sys.argv[2:])
