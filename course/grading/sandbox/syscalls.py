"""System calls by name, on the two processors that the sandbox knows; through ctypes.

Numbers are those of Linux' `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h`
(aarch64); "-" where a processor does not have the call. Left out: every other system.
"""

import ctypes
import os
import platform
import sys
from functools import cache

# Name, number on x86-64, number on aarch64.
_NUMBERS = """
capset 126 91  landlock_create_ruleset 444 444  landlock_add_rule 445 445
landlock_restrict_self 446 446  seccomp 317 277

socket 41 198  connect 42 203  bind 49 200  listen 50 201  accept 43 202
accept4 288 242  socketpair 53 199

clone 56 220  clone3 435 435  fork 57 -  vfork 58 -  execve 59 221  execveat 322 281
ptrace 101 117  process_vm_readv 310 270  process_vm_writev 311 271  kcmp 312 272
pidfd_open 434 434  pidfd_send_signal 424 424  pidfd_getfd 438 438
process_madvise 440 440  process_mrelease 448 448  migrate_pages 256 238
move_pages 279 239  setsid 112 157  setpgid 109 154  unshare 272 97  setns 308 268
kill 62 129  tkill 200 130  tgkill 234 131  rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240  prctl 157 167  prlimit64 302 261

setpriority 141 140  sched_setparam 142 118  sched_setscheduler 144 119
sched_setattr 314 274  sched_setaffinity 203 122  ioprio_set 251 30

mount 165 40  umount2 166 39  open_tree 428 428  move_mount 429 429  fsopen 430 430
fsconfig 431 431  fsmount 432 432  fspick 433 433  mount_setattr 442 442
chroot 161 51  pivot_root 155 41  statmount 457 457  listmount 458 458

open 2 -  openat 257 56  openat2 437 437  open_by_handle_at 304 265
name_to_handle_at 303 264  mknod 133 -  mknodat 259 33  fanotify_init 300 262
fanotify_mark 301 263  inotify_add_watch 254 27  quotactl 179 60  quotactl_fd 443 443
truncate 76 45  chown 92 -  lchown 94 -  fchown 93 55  fchownat 260 54
memfd_create 319 279  memfd_secret 447 447  setxattr 188 5  lsetxattr 189 6
fsetxattr 190 7  removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16
chmod 90 -  fchmod 91 52  fchmodat 268 53  fchmodat2 452 452  utime 132 -
utimes 235 -  futimesat 261 -  utimensat 280 88  fcntl 72 25  ioctl 16 29

bpf 321 280  perf_event_open 298 241  userfaultfd 323 282  io_uring_setup 425 425
io_uring_enter 426 426  io_uring_register 427 427  add_key 248 217  request_key 249 218
keyctl 250 219  kexec_load 246 104  kexec_file_load 320 294  init_module 175 105
finit_module 313 273  delete_module 176 106  reboot 169 142  swapon 167 224
swapoff 168 225  settimeofday 164 170  clock_settime 227 112  adjtimex 159 171
clock_adjtime 305 266  sethostname 170 161  setdomainname 171 162  syslog 103 116
acct 163 89  personality 135 92  vhangup 153 58  iopl 172 -  ioperm 173 -
modify_ldt 154 -  lookup_dcookie 212 18  uselib 134 -  nfsservctl 180 42
lsm_set_self_attr 460 460

shmget 29 194  shmat 30 196  shmctl 31 195  shmdt 67 197  msgget 68 186  msgsnd 69 189
msgrcv 70 188  msgctl 71 187  semget 64 190  semop 65 193  semctl 66 191
semtimedop 220 192  mq_open 240 180  mq_unlink 241 181

setuid 105 146  setgid 106 144  setreuid 113 145  setregid 114 143  setresuid 117 147
setresgid 119 149  setfsuid 122 151  setfsgid 123 152  setgroups 116 159
"""
MACHINES = ("x86_64", "aarch64")


def unsupported() -> str:
    """Return why Landlock and seccomp cannot be used on this system, or "".

    Example:
        >>> unsupported() in ("", f"not on {sys.platform}, {platform.machine()}")
        True
    """
    # A 32-bit Python on a 64-bit kernel has other numbers.
    known = platform.machine() in MACHINES and sys.maxsize > 2**32
    if sys.platform == "linux" and known:
        return ""
    return f"not on {sys.platform}, {platform.machine()}"


@cache
def numbers(machine: str) -> dict[str, int]:
    """Return the numbers of the system calls that a processor has, by name.

    Args:
        machine: One of `MACHINES`.

    Example:
        >>> numbers("x86_64")["fork"], "fork" in numbers("aarch64")
        (57, False)
    """
    words = _NUMBERS.split()
    found = words[1 + MACHINES.index(machine) :: 3]
    return {
        name: int(number)
        for name, number in zip(words[::3], found, strict=True)
        if number != "-"
    }


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def call(name: str, *arguments: object) -> int:
    """Make a system call.

    Args:
        name: Of one in the table above.
        arguments: Whole numbers, None, or what `ctypes.byref` returns.

    Returns:
        What the call returns, from 0.

    Raises:
        OSError: If it fails.
    """
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    number = ctypes.c_long(numbers(platform.machine())[name])
    result = _libc().syscall(number, *words)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def prctl(option: int, value: object = 0, more: object = 0) -> int:
    """Change something of this thread, as the manual page of the call says.

    Args:
        option: One of the PR_ numbers.
        value: Its first argument.
        more: Its second one.

    Raises:
        OSError: If it fails.
    """
    return call("prctl", option, value, more, 0, 0)
