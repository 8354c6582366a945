from . import _abi

__version__: str = _abi.version().decode()
"""The version of the package and of the library in it."""
