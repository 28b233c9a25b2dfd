"""Import transformers whole, whichever thread comes first.

It puts another module in its place at the end of its import. A thread that comes in
between waits, and is then handed the unfinished one: names are missing from it, and
`datasets`, which looks into it wherever it has begun to exist, fails too. Whoever needs
either of them beside another thread calls this first.
"""

import importlib
import threading

_importing = threading.Lock()


def import_transformers() -> None:
    """Import transformers, or wait until another thread has.

    Example:
        >>> import sys
        >>> import_transformers()
        >>> hasattr(sys.modules["transformers"], "AutoModel")
        True
    """
    with _importing:
        importlib.import_module("transformers")
