"""Threads, forks, the end of the process, and the structures of the C library."""

import ctypes
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import outgoing_to_device
from outgoing_to_device import Accepted, _abi, check

ROOT = Path(__file__).parents[2]
GOOD = '{"text":"hi","clientApplicationDescriptor":{"channelType":"web","deviceAddress":"d"}}'


def run(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, timeout=120)


class Threads(unittest.TestCase):
    def test_threads_do_not_mix(self) -> None:
        wrong = []

        def work(number: int) -> None:
            body = GOOD.replace("hi", str(number) * 50)
            for _ in range(300):
                outcome = check(body)
                if not isinstance(outcome, Accepted) or outcome.request.text != str(number) * 50:
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_others_run_while_the_library_works(self) -> None:
        body = GOOD.replace("hi", "h" * 500_000)
        turns = 0
        stop = threading.Event()
        pause = threading.Event()

        def count() -> None:
            nonlocal turns
            while not stop.is_set():
                turns += 1
                pause.wait(0.0001)

        counter = threading.Thread(target=count)
        interval = sys.getswitchinterval()
        # Nobody is made to give way: others run only if the call itself lets them.
        sys.setswitchinterval(1_000)
        address = ctypes.c_void_p()
        outcome = _abi.Outcome()
        try:
            counter.start()
            _abi.need(_abi.checker_new(ctypes.byref(address)))
            rules = outgoing_to_device._policy.handle_of(None).address
            raw = body.encode()
            for _ in range(2_000):
                before = turns
                _abi.need(_abi.check(address, rules, raw, len(raw), ctypes.byref(outcome)))
                if turns > before:
                    break
            else:
                self.fail("no other thread ran during 2,000 calls")
        finally:
            sys.setswitchinterval(interval)
            stop.set()
            counter.join()
            _abi.checker_free(address)

    def test_a_thread_that_ends_leaves_nothing(self) -> None:
        done = run(
            """
import threading
from outgoing_to_device import check
body = '{"text": "' + "x" * 1_000_000 + '"}'
def size():
    with open("/proc/self/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS")))
def threads(count):
    for _ in range(count):
        thread = threading.Thread(target=lambda: [check(body), check('{"text":"' + "\\\\u0041" * 160_000 + '"}')])
        thread.start()
        thread.join()
threads(20)
before = size()
threads(300)
print(size() - before)
"""
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertLess(int(done.stdout), 20_000)

    def test_a_fork_goes_on(self) -> None:
        done = run(
            """
import os, threading
from outgoing_to_device import check
good = '%s'
stop = threading.Event()
def work():
    while not stop.is_set():
        check(good)
        check("{}")
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
failed = 0
import warnings
warnings.simplefilter("ignore")
for _ in range(50):
    child = os.fork()
    if child == 0:
        fine = check(good) == check(good) and len(check("{}").violations) == 2
        os._exit(0 if fine else 1)
    failed += os.waitpid(child, 0)[1]
stop.set()
for thread in threads: thread.join()
print(failed)
"""
            % GOOD
        )
        self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", "0\n"))

    def test_the_end_is_silent(self) -> None:
        done = run(
            """
import threading
from outgoing_to_device import Policy, check
kept = [Policy(), check("{}")]
def work():
    while True:
        check("{}")
        Policy()
for _ in range(4): threading.Thread(target=work, daemon=True).start()
check("{}")
kept.append(kept)
"""
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))


class Package(unittest.TestCase):
    def test_structures_are_those_of_the_headers(self) -> None:
        """A C compiler is asked for the place and the size of every member."""
        structures = [
            (kind, f"otd_{name.lower()}" if not name.startswith("Arrow") else f"struct {name}")
            for name, kind in vars(_abi).items()
            if isinstance(kind, type) and issubclass(kind, ctypes.Structure) and kind is not ctypes.Structure
        ]
        self.assertGreater(len(structures), 12)
        lines, wanted = [], []
        for kind, name in structures:
            lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
            wanted.append(f"{name} {ctypes.sizeof(kind)}")
            for field in kind._fields_:
                member = field[0]
                place = getattr(kind, member)
                lines.append(
                    f'printf("{name}.{member} %zu %zu\\n", offsetof({name}, {member}), sizeof((({name} *)0)->{member}));'
                )
                wanted.append(f"{name}.{member} {place.offset} {place.size}")
        source = (
            '#include "outgoing_to_device_batch.h"\n#include <stdio.h>\nint main(void) {%s return 0; }'
            % "\n".join(lines)
        )
        with TemporaryDirectory() as folder:
            program = Path(folder) / "layout"
            compiler = [os.environ.get("CC", "cc"), "-I", str(ROOT / "include"), "-x", "c", "-", "-o", str(program)]
            subprocess.run(compiler, input=source, text=True, check=True)
            printed = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout
        self.assertEqual(printed.splitlines(), wanted)

    def test_constants_are_those_of_the_headers(self) -> None:
        header = (ROOT / "include/outgoing_to_device.h").read_text()
        of = dict(re.findall(r"#define OTD_(\w+) (\d+)", header))
        names = ["OK", "OUT_OF_MEMORY", "INVALID_COLUMN", "VIOLATION", "HAS_RELATED", "HAS_LIMIT", "HAS_ACTUAL"]
        for name in names:
            self.assertEqual(getattr(_abi, name), int(of[name]), name)
        self.assertEqual(_abi.VERSION, int(of["ABI_VERSION"]))

    def test_the_documentation_is_true(self) -> None:
        examples = 0
        for module in pkgutil.iter_modules(outgoing_to_device.__path__, "outgoing_to_device."):
            failed, count = doctest.testmod(importlib.import_module(module.name))
            self.assertEqual(failed, 0)
            examples += count
        failed, count = doctest.testmod(outgoing_to_device)
        self.assertEqual(failed, 0)
        self.assertGreater(examples + count, 5)

    def test_every_public_name_is_documented(self) -> None:
        for name in outgoing_to_device.__all__:
            value = getattr(outgoing_to_device, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                self.assertTrue(value.__doc__, name)

    def test_the_version_is_the_workspace_s(self) -> None:
        cargo = (ROOT / "Cargo.toml").read_text()
        self.assertIn(f'\nversion = "{outgoing_to_device.__version__}"\n', cargo)

    def test_it_is_the_installed_package(self) -> None:
        self.assertIn("site-packages", outgoing_to_device.__file__)


if __name__ == "__main__":
    unittest.main()
