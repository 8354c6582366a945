"""Columns in engines beside `otd-check`: the same outcomes, line by line, and what a request costs.

    columns.py OTD_CHECK LINES ROWS     a command, a file of requests one a line, how many rows are measured

Costs are microseconds of processor time for a request, the least of three runs.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
from outgoing_to_device import Rejection, check, check_batch, normalize

command, lines, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
BATCH = 10_000


def same() -> None:
    """Each row of a batch is what the command says of the line."""
    said = subprocess.Popen(
        [command, "--format", "json", "--exit-zero", lines], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert said.stdout
    rows = 0
    for answer in check_batch(pa.chunked_array(bodies)).to_batches():
        for row in answer.to_pylist():
            outcome = json.loads(said.stdout.readline())["outcome"]
            wanted = [
                (severity, one["code"], one["pointer"], one["offset"], one["length"])
                for severity in ["violation", "warning"]
                for one in outcome.get(severity + "s", [])
            ]
            found = [tuple(list(one.values())[:5]) for one in row["diagnostics"]]
            if (row["accepted"], row["normalized"], found, row["truncated"]) != (
                outcome["ok"],
                outcome.get("request"),
                wanted,
                outcome["truncated"],
            ):
                sys.exit(f"row {rows} differs in codes {wanted} {[one[:2] for one in found]}")
            rows += 1
    if said.stdout.read() or said.wait() != 0 or rows < 10_000:
        sys.exit(f"other lines than rows, of which there are {rows}")
    print(f"{rows} lines are the same in a batch and in otd-check")


def cost(what: str, rows: int, run: Callable[[], Any], who: int = resource.RUSAGE_SELF) -> None:
    def spent() -> float:
        usage = resource.getrusage(who)
        return usage.ru_utime + usage.ru_stime

    times = []
    for _ in range(3):
        before = spent()
        run()
        times.append(spent() - before)
    print(f"{what:45} {min(times) / rows * 1e6:6.2f}", flush=True)


def each(function: Callable[[bytes], Any], some: list[bytes]) -> None:
    for body in some:
        try:
            function(body)
        except Rejection:
            pass


with open(lines, "rb") as file:
    all_lines = [line for line in file.read().split(b"\n") if line.strip()]
bodies = [pa.array(all_lines[i : i + BATCH], pa.binary()) for i in range(0, len(all_lines), BATCH)]
same()

repeated = (all_lines * (count // len(all_lines) + 1))[:count]
table = pa.chunked_array([pa.array(repeated[i : i + BATCH], pa.binary()) for i in range(0, count, BATCH)])
frame = pl.from_arrow(pa.table({"body": table}))
assert isinstance(frame, pl.DataFrame)
print(f"{count} requests of {sum(map(len, repeated)) // count} bytes; microseconds of processor time for each")


def on_polars() -> None:
    answer = pl.from_arrow(check_batch(frame["body"].to_arrow()))
    assert isinstance(answer, pl.DataFrame)
    answer.filter(~pl.col("accepted")).explode("diagnostics").unnest("diagnostics").group_by("code").len()


def on_duckdb() -> None:
    database: Any = duckdb.connect()
    requests = database.sql("SELECT body FROM frame").to_arrow_table()
    checked = check_batch(requests["body"])  # noqa: F841
    codes = "SELECT d.code, count(*) FROM checked, unnest(diagnostics) u(d) WHERE NOT accepted GROUP BY 1"
    database.sql(codes).fetchall()


with NamedTemporaryFile(suffix=".ndjson") as copy:
    copy.write(b"\n".join(repeated))
    copy.flush()
    for name, options in [("sums", []), ("--format json", ["--format", "json"])]:
        run = [command, "--jobs", "1", "--exit-zero", *options, copy.name]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        cost(
            f"otd-check, {name}",
            count,
            lambda run=run, silent=silent: subprocess.run(run, check=True, **silent),  # type: ignore[misc]
            resource.RUSAGE_CHILDREN,
        )
cost("check_batch, pyarrow, chunks of 10,000", count, lambda: [check_batch(chunk) for chunk in table.chunks])
cost("Polars, check_batch and codes counted", count, on_polars)
cost("DuckDB, check_batch and codes counted", count, on_duckdb)
few = repeated[:20_000]
cost("normalize, one after another", len(few), lambda: each(normalize, few))
cost("check, one after another", len(few), lambda: each(check, few))
