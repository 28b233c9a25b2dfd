"""A sandbox for learners' code, without administrator's rights and without a package.

    choose()                      -> the best tier that withstands `probe` here
    launcher(tier, ...)           -> words before the command that starts a template
    confine(Confinement(...))     -> in each process that the template forks

A confined process reads what it is given, writes to its own folder, computes, and
answers on the descriptors that it has; it starts no process, reaches no network and no
other process, and is bounded in memory, processor time, files and descriptors.

What remains, and should be known:

- The kernel is shared: a fault in it opens every sandbox here, as with any container.
- The filter names what is refused; a harmful call that nobody thought of is let
  through. Calls newer than the list are refused.
- Below "landlock", that a file exists, and its size, can be seen, though not read; and
  the disk can be filled by many small files, which "bubblewrap" bounds at 64 MiB.
- How long something takes can be measured, and can tell what else runs.
- Processes forked by one template share its user: what keeps them apart is that each
  can signal, trace and read only itself.
- As root where the interpreter lies below a closed folder, a confined process keeps the
  capability to read what modes forbid; Landlock bounds it to what it was given.
- "limits" is no sandbox: it stops accidents.
"""

from course.grading.sandbox.choosing import REMEDY, choose, report
from course.grading.sandbox.confinement import TIERS, Confinement, confine, launcher
from course.grading.sandbox.places import python_paths
from course.grading.sandbox.probing import probe

__all__ = [
    "REMEDY",
    "TIERS",
    "Confinement",
    "choose",
    "confine",
    "launcher",
    "probe",
    "python_paths",
    "report",
]
