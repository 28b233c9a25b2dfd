"""Run alone: pytest tests/course/grading/sandbox/test_confinement.py."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from course.errors import CourseError
from course.grading.sandbox import Confinement, confine, confinement, limits

NOBODY = 65534

WORKS = {
    "threads": """
import threading
found = []
threads = [threading.Thread(target=found.append, args=(i,)) for i in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
answer = sorted(found) == list(range(8))
""",
    "event loop": """
import asyncio
async def work():
    await asyncio.sleep(0.001)
    return await asyncio.to_thread(lambda: 7)
answer = asyncio.run(work()) == 7
""",
    "pipes and pairs": """
import os, select, socket
a, b = socket.socketpair()
r, w = os.pipe()
a.sendall(b"x"); os.write(w, b"y")
poll = select.epoll(); poll.register(r, select.EPOLLIN)
answer = b.recv(1) + os.read(poll.poll()[0][0], 1) == b"xy"
""",
    "memory": """
import mmap
m = mmap.mmap(-1, 1 << 20); m[:2] = b"ab"
answer = m[:2] == b"ab" and len(bytearray(50 << 20)) == 50 << 20
""",
    "files of its own": """
import os, shutil, tempfile
from pathlib import Path
Path("d/e").mkdir(parents=True)
Path("a").write_text("1"); Path("a").rename("d/b")
shutil.copy("d/b", "d/e/c"); os.symlink("d/b", "l")
Path("d/b").open("w").close()
kept = Path("d/e/c").read_text(), Path("l").read_text(), sorted(os.listdir())
shutil.rmtree("d"); os.unlink("l")
with tempfile.NamedTemporaryFile(dir=".") as f: f.write(b"x")
answer = kept == ("1", "", ["d", "l"]) and os.listdir() == []
""",
    "own folder by its whole name": """
import os
path = os.getcwd() + "/x"
open(path, "w").close()
os.chdir("/")
answer = os.path.exists(path) and open(path).read() == ""
""",
    "a module of the library": """
import sys
assert "wave" not in sys.modules and "sqlite3" not in sys.modules
import wave, sqlite3
answer = sqlite3.connect(":memory:").execute("select 1").fetchone() == (1,)
""",
    "what the system offers": """
import os, random, time, locale, platform
open(os.devnull, "w").close(); os.urandom(4); time.localtime(); random.random()
answer = os.cpu_count() > 0 and "processor" in open("/proc/cpuinfo").read()
""",
    "signals to itself": """
import os, signal
found = []
signal.signal(signal.SIGUSR1, lambda *_: found.append(1))
os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR1)
answer = len(found) == 2
""",
    "its own limits asked for": """
import resource, os
limit = resource.getrlimit(resource.RLIMIT_NOFILE)
answer = limit == (64, 64) and os.getpriority(0, 0) >= 0
""",
}

NUMBERS = """
import numpy, threading, torch
a = numpy.random.default_rng(0).normal(size=(64, 64))
numpy.linalg.svd(a @ a.T)
layer = torch.nn.Linear(8, 2)
out = []
def work():
    loss = layer(torch.ones(3, 8)).square().sum()
    loss.backward()
    out.append(layer.weight.grad.shape)
work()
thread = threading.Thread(target=work); thread.start(); thread.join()
torch.save({"w": layer.weight}, "w.pt"); numpy.save("a.npy", a)
answer = len(out) == 2 and bool(numpy.load("a.npy").sum() == a.sum())
"""

LEFT_ALONE = """
import os
names = {path!r}
tries = [
    lambda f: os.chmod(f, 0), lambda f: os.utime(f, (1, 1)),
    lambda f: os.truncate(f, 0), lambda f: os.unlink(f),
    lambda f: os.close(os.open(f, os.O_RDONLY | os.O_TRUNC)),
    lambda f: os.open(f, os.O_WRONLY), lambda f: os.rename(f, f + "x"),
    lambda f: os.link(f, "linked"), lambda f: os.chown(f, -1, -1),
    lambda f: os.setxattr(f, "user.x", b"y"), lambda f: open(f).read(),
]
answer = []
for i, attempt in enumerate(tries):
    try:
        attempt(names)
        answer.append(i)
    except OSError:
        pass
"""

REFUSED = """
import fcntl, os, resource, socket
from course.grading.sandbox.syscalls import call
parent = os.getppid()
tries = dict(
    group=lambda: os.kill(0, 0), init=lambda: os.kill(1, 0),
    thread=lambda: call("tkill", parent, 0),
    queue=lambda: call("tgkill", parent, parent, 0),
    limits=lambda: resource.prlimit(parent, resource.RLIMIT_CPU),
    orphan=lambda: call("prctl", 1, 0, 0, 0, 0),
    dumpable=lambda: call("prctl", 4, 1, 0, 0, 0),
    session=os.setsid, user=lambda: os.setuid(os.getuid()), nice=lambda: os.nice(1),
    affinity=lambda: os.sched_setaffinity(0, [0]), fork3=os.fork,
    clone=lambda: call("clone", 17, 0, 0, 0, 0), mem=lambda: os.memfd_create("x"),
    namespace=lambda: call("unshare", 0x10000000),
    ring=lambda: call("io_uring_setup", 1, None),
    owner=lambda: fcntl.fcntl(0, 8, parent),
    terminal=lambda: fcntl.ioctl(0, 0x5412, b"x"),
    watch=lambda: call("inotify_add_watch", 0, b"/", 2), fifo=lambda: os.mkfifo("f"),
    datagrams=lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
    packet=lambda: socket.socket(socket.AF_PACKET), bpf=lambda: call("bpf", 0, None, 0),
    key=lambda: call("keyctl", 0, 0, 0, 0, 0), newer=lambda: call("clone3", None, 0),
)
answer = {}
for name, attempt in tries.items():
    try:
        attempt()
    except OSError as error:
        answer[name] = error.errno
"""


@pytest.mark.parametrize("what", WORKS)
def test_what_honest_code_needs_works(inside, sandbox, person, what):
    assert inside(sandbox, person, WORKS[what]) == (True, 0)


def test_numbers_and_threads_of_torch_work(inside, sandbox):
    assert inside(sandbox, "me", NUMBERS, before="import numpy, torch") == (True, 0)


def test_files_elsewhere_are_left_alone(inside, sandbox, person, box_root):
    path = box_root / "precious"
    path.write_text("text")
    os.utime(path, (5, 5))
    if limits.can_become(NOBODY):
        os.chown(path, NOBODY, NOBODY)  # only the sandbox is in the way
    allowed, status = inside(sandbox, person, LEFT_ALONE.format(path=str(path)))
    # Changing mode and times says that it was done.
    assert (set(allowed) <= {0, 1}, status) == (True, 0)
    assert path.read_text() == "text"
    assert (path.stat().st_mtime, path.stat().st_mode & 0o777) == (5, 0o644)
    assert path.stat().st_nlink == 1


@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5, 6])
def test_older_kernels_leave_them_alone_too(inside, person, box_root, abi):
    path = box_root / "precious"
    path.write_text("text")
    if limits.can_become(NOBODY):
        os.chown(path, NOBODY, NOBODY)
    allowed, _ = inside("landlock", person, LEFT_ALONE.format(path=str(path)), abi=abi)
    assert set(allowed) <= {0, 1}
    assert path.read_text() == "text"


def test_calls_that_reach_beyond_the_process_are_refused(inside, sandbox, person):
    answer, status = inside(sandbox, person, REFUSED)
    assert status == 0
    assert answer.pop("newer") == errno.ENOSYS
    assert answer.pop("terminal") == errno.ENOTTY
    assert set(answer.values()) == {errno.EPERM}
    assert len(answer) == 23


def test_root_turns_into_nobody_and_ordinary_users_stay(inside, sandbox, person):
    code = "import os; answer = [*os.getresuid(), *os.getresgid(), *os.getgroups()]"
    before = "import os\nif os.geteuid() == 0: os.setgroups([1, 2])"
    answer, _ = inside(sandbox, person, code, before=before)
    if limits.can_become(NOBODY):
        assert answer == [NOBODY] * 6
    else:
        assert answer[:3] == [os.getuid()] * 3


CAPABILITIES = """
import ctypes
from course.grading.sandbox import limits, syscalls
header, sets = limits._Header(limits._CAPABILITY_VERSION, 0), (limits._Sets * 2)()
capget = {"x86_64": 125, "aarch64": 90}[__import__("platform").machine()]
ctypes.CDLL(None).syscall(capget, ctypes.byref(header), ctypes.byref(sets))
answer = [[s.effective, s.permitted, s.inheritable] for s in sets]
"""


def test_no_capability_is_left_but_to_read(inside, sandbox, person):
    (low, high), _ = inside(sandbox, person, CAPABILITIES)
    assert high == [0, 0, 0]
    reading = limits._DAC_READ_SEARCH
    assert low in ([0, 0, 0], [reading, reading, 0])
    if sandbox == "bubblewrap" or person == "nobody":
        assert low == [0, 0, 0]


def test_memory_is_bounded_on_top_of_what_was_there(inside, sandbox, person):
    before = "kept = bytearray(300 << 20)"
    code = "more = bytearray({} << 20); answer = len(kept) >> 20"
    assert inside(sandbox, person, code.format(100), before=before) == (300, 0)


def test_more_memory_is_a_memory_error(inside, sandbox, person):
    answer, status = inside(sandbox, person, "more = bytearray(300 << 20)")
    assert (answer, status) == ("MemoryError: ", 0)


def test_processor_time_is_bounded(inside):
    code = "import signal\nfor s in range(1, 32):\n"
    code += "    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\n"
    code += "while True: pass"
    found = inside("landlock", "me", code, bounds={"cpu_seconds": 1})
    assert found == (None, -signal.SIGKILL)


def test_files_are_bounded(inside, sandbox, person):
    code = "open('f', 'wb').write(bytes(2 << 20))"
    answer, _ = inside(sandbox, person, code, bounds={"file_bytes": 1 << 20})
    assert answer == "OSError: [Errno 27] File too large"


@pytest.mark.parametrize("tier", ["landlock", "limits"])
def test_it_ends_with_its_parent(inside, person, tier):
    found, status = inside(tier, person, "answer = 1", abandon=True)
    assert status == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while _runs(int(found)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(int(found))


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_it_can_end_itself(inside, sandbox, person):
    assert inside(sandbox, person, "import os; os.abort()") == (None, -signal.SIGABRT)


def test_no_box_is_no_confinement(tmp_path):
    # In a child: what comes before must not bind the tests.
    child = os.fork()
    if child == 0:
        code = 1
        try:
            confine(Confinement(tmp_path / "none", (), 1 << 20, 1), "landlock")
        except FileNotFoundError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0


def test_it_ends_if_its_parent_already_has(monkeypatch):
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(confinement, "_forking", 1)
        confinement._end_with_parent()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


HARDENED = """
import os, resource
from course.grading.sandbox.syscalls import prctl
dumpable, no_new_privileges = prctl(3), prctl(39)
names = "NPROC CORE MEMLOCK MSGQUEUE NICE RTPRIO CPU FSIZE SIGPENDING".split()
limits = [resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names]
answer = [dumpable, no_new_privileges, os.umask(0), os.stat(".").st_mode & 0o777]
answer += [soft if soft == hard else None for soft, hard in limits]
"""


def test_the_rest_of_its_bounds(inside, sandbox, person):
    answer, _ = inside(sandbox, person, HARDENED)
    assert answer[:4] == [0, 1, 0o077, 0o700]
    assert answer[4:] == [4096, 0, 0, 0, 0, 0, 20, 16 << 20, 128]


def test_an_unknown_tier_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"Unknown sandbox 'docker'.*landlock"):
        confine(Confinement(tmp_path, (), 1, 1), "docker")
