"""Runs the Python of a README, each block behind those above it; what they print is the text blocks.

readme.py README.md           runs it
readme.py --source README.md  prints it, for mypy
readme.py --deep README.md    runs also the blocks whose fence says `deep`, which need more packages
"""

import contextlib
import io
import re
import sys
from pathlib import Path

options = sys.argv[1:-1]
source, printed = "", ""
fenced = re.findall(r"^```(python|text)( deep)?\n(.*?)^```$", Path(sys.argv[-1]).read_text(), re.MULTILINE | re.DOTALL)
for language, deep, block in fenced:
    if deep and "--deep" not in options:
        continue
    if language == "python":
        source += block
    else:
        printed += block
assert source
if "--source" in options:
    print(source, end="")
else:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(source, sys.argv[-1], "exec"), {"__name__": "readme"})
    if said.getvalue() != printed:
        sys.exit(f"it prints\n{said.getvalue()}and not\n{printed}")
