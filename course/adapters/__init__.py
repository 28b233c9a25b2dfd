"""Small trained adapters that ship with the kit, so that the demo answers at once.

Each folder is a run directory of a LoRA adapter; `python -m course.adapters` makes them
again from their seed.
"""
