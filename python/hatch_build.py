"""Builds the C library with cargo, and puts it into the wheel: who installs that compiles nothing.

OTD_LIBRARY names a shared library that is there already, and is taken instead; OTD_MACHINE says for which
machine it is, if not for this one.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "liboutgoing_to_device.so.1"
# What is newest in the library is memcpy of glibc 2.14; 2.17 is the oldest that has a tag on all machines.
GLIBC = "2_17"


class Hook(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_data["pure_python"] = False
        machine = os.environ.get("OTD_MACHINE", platform.machine())
        build_data["tag"] = f"py3-none-manylinux_{GLIBC}_{machine}"
        build_data["force_include"][str(self.library())] = f"outgoing_to_device/{NAME}"

    def library(self) -> Path:
        if "OTD_LIBRARY" in os.environ:
            return Path(os.environ["OTD_LIBRARY"]).resolve(strict=True)
        root = Path(self.root).parent
        if not (root / "ffi/archive/Cargo.toml").exists():
            raise RuntimeError("the library is built from a checkout of outgoing-to-device: pip wheel ./python")
        if sys.platform != "linux":
            raise RuntimeError("wheels are made on Linux only, so far")
        target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
        built = target / "python"
        built.mkdir(parents=True, exist_ok=True)
        cargo = ["cargo", "build", "--release", "--locked", "--quiet", "-p", "outgoing-to-device-c"]
        subprocess.run(cargo, cwd=root, check=True)
        archive = target / "release/liboutgoing_to_device.a"
        link = [root / "ffi/archive/link-shared", archive, built]
        subprocess.run(link, cwd=root, check=True, env={**os.environ, "LDFLAGS": "-s"})
        return built / NAME
