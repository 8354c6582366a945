# A Conan 2 recipe: `conan create .` builds the archive with cargo and packs it as CMake installs it.
import re
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake


class OutgoingToDevice(ConanFile):
    name = "outgoing-to-device"
    description = "Checks requests of edna Chat Center's outgoing-to-device endpoint"
    license = "MIT OR Apache-2.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    package_type = "library"
    generators = "CMakeToolchain"
    exports = "Cargo.toml"
    # All of the workspace, which cargo reads whole.
    exports_sources = (
        "Cargo.lock", "*.toml", "*.rs", "*.txt", "*.cmake", "*.in", "*.md", "LICENSE-*", "include/*", "ffi/*",
        "core/src/*", "examples/documented/*", "!target/*", "!*/target/*", "!*/node_modules/*",
    )

    def set_version(self):
        self.version = re.search(r'^version = "(.*)"', Path(self.recipe_folder, "Cargo.toml").read_text(), re.M)[1]

    def configure(self):
        del self.settings.compiler.cppstd
        del self.settings.compiler.libcxx

    def validate(self):
        if self.options.shared and self.settings.os in ("Windows", "Macos"):
            raise ConanInvalidConfiguration("the shared library is made on systems with ELF only")

    def build(self):
        cmake = CMake(self)
        cmake.configure({"OTD_BUILD_SHARED": bool(self.options.shared), "CMAKE_INSTALL_LIBDIR": "lib"})
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_target_name", "outgoing-to-device::outgoing-to-device")
        self.cpp_info.set_property("pkg_config_name", "outgoing-to-device")
        self.cpp_info.libs = ["outgoing_to_device"]
