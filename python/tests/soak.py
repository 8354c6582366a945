"""A long run in one process: memory after a tenth of the requests, and after all.

soak.py LINES REQUESTS
"""

import sys
from itertools import cycle, islice

import pyarrow as pa
from outgoing_to_device import Policy, PolicyError, check, check_batch

lines, count = sys.argv[1], int(sys.argv[2])
with open(lines, "rb") as file:
    bodies = [line for line in islice(file, 20_000)]


def memory() -> int:
    with open("/proc/self/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS")))


def requests(number: int) -> None:
    """Half of them one after another, half in columns; a policy now and then, and a faulty one."""
    source = cycle(bodies)
    for _ in range(number // 2_000):
        some = list(islice(source, 1_000))
        for body in some:
            check(body)
        check_batch(pa.array(some, pa.binary()), Policy.from_json('{"unknownFields":"keep"}'))
        try:
            Policy.from_json('{"limits":1}')
        except PolicyError:
            pass


requests(count // 10)
before = memory()
requests(count - count // 10)
after = memory()
print(f"{count} requests: {before} and {after} KiB")
sys.exit(after > before + 4_000)
