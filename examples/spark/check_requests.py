"""Checks requests on Spark: a line or a row each in, Parquet out.

spark-submit check_requests.py [OPTIONS] --out FOLDER INPUT...
"""

import argparse
import sys

from outgoing_to_device import Policy, PolicyError, check_batch
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StringType, StructType

# What check_batch answers, in Spark's words.
RESULT = (
    "accepted boolean, normalized string, diagnostics array<struct<severity: string, code: string, pointer: string,"
    " offset: int, length: int, message: string>>, truncated boolean"
)


class Unusable(Exception):
    """A call or an input that cannot be used; the message says which and why."""


def main() -> int:
    arguments = parse()
    try:
        policy = read_policy(arguments.policy) if arguments.policy else Policy()
        spark = SparkSession.builder.appName("check_requests").getOrCreate()
        requests = read(spark, arguments)
        checked = check(requests, arguments.column, policy)
        # zstd, because Spark's own choice, snappy, does not load on every machine.
        checked.write.option("compression", "zstd").parquet(arguments.out)
        print(summary(spark.read.parquet(arguments.out)))
        return 0
    except AnalysisException as error:  # a path that is not there, or is there already
        why = str(error).splitlines()[0]
    except (Unusable, OSError) as error:
        why = str(error)
    print(f"check_requests: {why}", file=sys.stderr)
    return 2


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="check_requests",
        description="Checks requests on Spark. The output has the columns of the input and four more: accepted,"
        " normalized (null if rejected), diagnostics and truncated (whether there were more of them).",
        epilog="Exit status: 0 all requests were checked, 2 misuse, or an input that cannot be used.",
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder or a pattern, as Spark reads it")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where to write; it must not be there yet")
    parser.add_argument("--format", choices=["ndjson", "parquet"], default="ndjson", help="of the input (ndjson)")
    parser.add_argument("--column", default="body", help="of the requests; of ndjson it is the only one (body)")
    parser.add_argument("--policy", metavar="FILE", help="check by this policy instead of the default one")
    return parser.parse_args()


def read_policy(path: str) -> Policy:
    with open(path, "rb") as file:
        text = file.read()
    try:
        return Policy.from_json(text)
    except PolicyError as error:
        raise Unusable(f"{path}: {error}") from None


def read(spark: SparkSession, arguments: argparse.Namespace) -> DataFrame:
    if arguments.format == "parquet":
        return spark.read.parquet(*arguments.inputs)
    # By itself Spark would end lines at a lone CR too, which is white space to JSON.
    lines = spark.read.text(arguments.inputs, lineSep="\n").where(r"trim(LEADING ' \t\r' FROM value) != ''")
    # Bytes, as they are no text before they are checked.
    return lines.select(without_cr(F.col("value").cast("binary")).alias(arguments.column))


def without_cr(line: Column) -> Column:
    return F.when(F.endswith(line, F.lit(b"\r")), F.substring(line, F.lit(1), F.octet_length(line) - 1)).otherwise(line)


def check(requests: DataFrame, column: str, policy: Policy) -> DataFrame:
    """The requests with what the check says of each; a row whose body is null has nulls."""
    if column not in requests.columns:
        raise Unusable(f"there is no column {column}, but: {', '.join(requests.columns)}")
    if requests.schema[column].dataType not in (StringType(), BinaryType()):
        raise Unusable(
            f"column {column} is {requests.schema[column].dataType.simpleString()}, neither string nor binary"
        )
    result = StructType.fromDDL(RESULT)
    taken = [name for name in result.names if name in requests.columns]
    if taken:
        raise Unusable(f"the input has a column {taken[0]} already, in whose place the result would stand")
    index = requests.columns.index(column)

    def check_batches(batches):
        for batch in batches:
            answer = check_batch(batch.column(index), policy)
            yield type(batch).from_arrays(batch.columns + answer.columns, batch.schema.names + answer.schema.names)

    return requests.mapInArrow(check_batches, StructType(requests.schema.fields + result.fields))


def summary(checked: DataFrame) -> str:
    """Counts what was written, not what was meant to be."""
    counts = {row.accepted: row["count"] for row in checked.groupBy("accepted").count().collect()}
    accepted, rejected, none = counts.get(True, 0), counts.get(False, 0), counts.get(None, 0)
    rows = f", {none} rows without one" if none else ""
    return f"{accepted + rejected} requests: {accepted} accepted, {rejected} rejected{rows}"


if __name__ == "__main__":
    sys.exit(main())
