"""Names of learners as names of folders: safe on every system, and no two alike.

Left out: where the names come from.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

LONGEST = 60  # characters, so that a path stays short
# What Windows keeps for itself, whatever the ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")
_USUAL = " ,.'-_@"  # what stands in a name and may be dropped without a loss


def slugs(names: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a slug for each learner, in the order they came.

    A slug holds a to z, 0 to 9 and "-". Digits of a hash follow where something of the
    name was lost, or where another name gives the same; a learner whose name is a slug
    already keeps it.

    Args:
        names: For each learner the name, and whatever else tells them apart. No two
            are the same.

    Example:
        >>> slugs([("Doe, Jane",), ("alice",), ("Alice",)])
        ['doe-jane', 'alice', 'alice-3bc510']
    """
    plain = [_plain(name[0]) for name in names]
    counts = Counter(plain)
    same = (n for n, slug in enumerate(plain) if slug and slug == names[n][0])
    kept = {plain[n]: n for n in same if not _RESERVED.fullmatch(plain[n])}
    taken, result = set(kept), []
    for n, (name, slug) in enumerate(zip(names, plain, strict=True)):
        if kept.get(slug) != n:
            digits = hashlib.sha256("\0".join(name).encode("utf-8", "replace"))
            is_clear = counts[slug] == 1 and not _loses(name[0], slug)
            length = 0 if is_clear else 6
            while (tried := _with(slug, digits.hexdigest()[:length])) in taken:
                length += 6
            slug = tried
            taken.add(slug)
        result.append(slug)
    return result


def _plain(name: str) -> str:
    """Return a name's letters and digits in ASCII, with "-" between them."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return (
        re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:LONGEST].strip("-")
    )


def _loses(name: str, slug: str) -> bool:
    """Tell whether two different people's names may have become this slug."""
    letters = unicodedata.normalize("NFKD", name)
    is_usual = all(
        c in _USUAL or (c.isascii() and c.isalnum()) or unicodedata.combining(c)
        for c in letters
    )
    too_long = len(letters) > LONGEST
    return not slug or too_long or not is_usual or bool(_RESERVED.fullmatch(slug))


def _with(slug: str, digits: str) -> str:
    return "-".join(filter(None, [slug or "learner", digits]))
