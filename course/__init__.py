"""Learn how language models work by building, measuring and explaining real ones.

Importing this package loads nothing heavy: each topic module brings in the libraries it
is about. Only the environment is set here, because the libraries read it when they are
first imported: no hub look-ups unless ``COURSE_ONLINE=1``, no telemetry, ever.
"""

import os

__version__ = "0.1.0"

if os.environ.get("COURSE_ONLINE") != "1":
    for _name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        os.environ.setdefault(_name, "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# Tokenizing in several threads does not pay on texts of a sentence or two, and it warns
# at every fork.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Threads that wait for each other soon sleep instead of spinning on. On a machine with
# anything else to do (a browser, a second notebook), training with GNU OpenMP's default
# was measured several times slower; on an idle one this costs next to nothing.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
