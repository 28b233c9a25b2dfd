"""Make `first.json` again: `python -m course.generation`, in fp32 on any machine."""

import os

from course.generation.first import FILE, PROMPT, store_first
from course.generation.language_model import encode_prompt, load_language_model

if __name__ == "__main__":
    os.environ["COURSE_PRECISION"] = "fp32"  # the same numbers wherever it is made
    store_first(load_language_model().logits(encode_prompt(PROMPT)))
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
