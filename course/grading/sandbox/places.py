"""Which files a Python process of this installation reads; all else can be denied it.

The two packages of this project are among them, wherever they lie; what lies beside
them in a clone (cases, sources with solutions, history) is not.
"""

import os
import site
import sys
from collections.abc import Iterable
from pathlib import Path

_SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/usr/share/zoneinfo"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)
_COURSE = Path(__file__).resolve().parents[2]


def python_paths() -> tuple[Path, ...]:
    """Return the files and folders that Python here has to be able to read.

    Returns:
        Those that are there; none is below another. Not /proc as a whole, which shows
        other processes, and not the installation's programs.

    Example:
        >>> _COURSE in python_paths() or _COURSE.parent in python_paths()
        True
    """
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    places = [Path(prefix, name) for prefix in prefixes for name in ("lib", "lib64")]
    places += map(Path, site.getsitepackages())
    if site.ENABLE_USER_SITE:
        places.append(Path(site.getusersitepackages()))
    places += map(Path, _SYSTEM)
    places += [_COURSE, _COURSE.with_name("widgets")]
    # Not Path.exists, which raises if a folder on the way is closed.
    return outermost(place for place in places if os.path.exists(place))


def outermost(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return paths without those that are below another one, in order of name.

    Args:
        paths: Absolute paths.

    Example:
        >>> [str(place) for place in outermost([Path("/a/b"), Path("/a")])]
        ['/a']
    """
    kept = set(paths)
    return tuple(sorted(path for path in kept if kept.isdisjoint(path.parents)))
