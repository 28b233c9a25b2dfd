"""Two real searches that the kit ships, so that there is something to look at at once.

Both fine-tuned MiniLM on 256 sentences of film reviews with 24 choices of five
hyperparameters each, one choosing by TPE and one at random, and scored every trial by
its accuracy on 256 other sentences. So few make an accuracy uncertain by five to six
points either way: the recording teaches searching, not which values are best. Both have
the same seed, so their first trials, which TPE draws at random, are alike.
`python -m course.hyperparameters.recorded` makes it anew. Left out: everything else.
"""

import json
from pathlib import Path

from course.errors import unknown_name
from course.hyperparameters import Search, open_search

FILE = Path(__file__).parent / "sentiment.json"
RECORDED = {"recorded-tpe": "tpe", "recorded-random": "random"}  # search -> sampler
SAMPLERS = tuple(RECORDED.values())
ABOUT = (
    "A real search, recorded: 24 short fine-tunings of MiniLM on 256 sentences from "
    "film reviews, scored on 256 others, which makes each accuracy uncertain by five "
    "to six points either way."
)


def recorded_search(sampler: str = "tpe") -> Search:
    """Return a search that was run when the kit was made.

    Args:
        sampler: `tpe` or `random`.

    Raises:
        CourseError: If none was recorded with this sampler.

    Example:
        >>> found = recorded_search()
        >>> found.task, len(found.trials), found.is_complete
        ('sentiment', 24, True)
    """
    if sampler not in SAMPLERS:
        raise unknown_name("recorded search", sampler, SAMPLERS)
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return Search(**rows[sampler])


def load_search(study: Search | str) -> Search:
    """Return a search, however it is named.

    Args:
        study: A `Search`, a name in `RECORDED`, or one of a search among the runs.

    Raises:
        CourseError: If there is none of this name.

    Example:
        >>> load_search("recorded-random").config["sampler"]
        'random'
    """
    if isinstance(study, Search):
        return study
    return recorded_search(RECORDED[study]) if study in RECORDED else open_search(study)
