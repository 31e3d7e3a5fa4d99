"""How a process that reads a stranger's file gives up all it does not need, before it looks at the file.

Memory, processor time and priority by rlimits; then a system-call filter (seccomp) under which it can neither open a
file nor a socket nor start a program. What it has are its two pipes. Imports nothing of ours: the programs beside it
run with `python -I`.
"""

import ctypes
import os
import platform
import resource
import struct
from typing import Any

#: Numbers of the system calls that are refused, by machine (linux: arch/x86/entry/syscalls/syscall_64.tbl,
#: include/uapi/asm-generic/unistd.h): sockets, opening files, programs and processes, signals, other processes' memory,
#: changes to the file system, io_uring (which could do all of that unseen).
REFUSED: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (2, 41, 42, 43, 49, 50, 53, 56, 57, 58, 59, 62, 76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 101, 161, 165, 200,
         257, 258, 259, 263, 264, 265, 266, 288, 298, 304, 310, 311, 316, 319, 321, 322, 323, 425, 426, 427, 435, 437),
    ),
    "aarch64": (
        0xC00000B7,
        (33, 34, 35, 36, 37, 38, 45, 48, 51, 53, 54, 56, 117, 129, 130, 198, 199, 200, 201, 202, 203, 220, 221, 241,
         242, 265, 270, 271, 276, 279, 280, 281, 282, 425, 426, 427, 435, 437),
    ),
}  # fmt: skip
ARGUMENT_ARCHITECTURE, ARGUMENT_NUMBER = 4, 0
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
X32_BIT = 0x40000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def limit_resources(limits: dict[str, Any]) -> None:
    """Bound memory and processor time of this process (`memory_bytes`, `cpu_seconds`) and put it behind all others."""
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"],) * 2)
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))


def close_the_door() -> None:
    """Refuse to this process, for good, every system call that reaches beyond its pipes (EPERM).

    Raises:
        OSError: where the kernel or the machine offers no filter; then nothing may be read.
    """
    machine = platform.machine()
    if machine not in REFUSED:
        raise OSError(f"No system-call filter is written for {machine}.")
    program = _build_filter(*REFUSED[machine])
    libc = ctypes.CDLL(None, use_errno=True)
    kept = _Program(len(program) // 8, program)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(kept), 0, 0):
        raise OSError(ctypes.get_errno(), "The kernel took no system-call filter.")


def _build_filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    lines = [
        instruction(LOAD, ARGUMENT_ARCHITECTURE),
        instruction(JUMP_IF_EQUAL, architecture, if_true=1),
        instruction(RETURN, KILL),
        instruction(LOAD, ARGUMENT_NUMBER),
        # The x32 calls of the same processor have other numbers.
        instruction(JUMP_IF_AT_LEAST, X32_BIT, if_true=len(refused) + 1),
    ]
    for left, number in enumerate(refused):
        lines.append(instruction(JUMP_IF_EQUAL, number, if_true=len(refused) - left))
    return b"".join([*lines, instruction(RETURN, ALLOW), instruction(RETURN, REFUSE)])
