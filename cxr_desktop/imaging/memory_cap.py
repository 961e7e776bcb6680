"""The memory of the decoder process: capped by rlimit on Linux, by a Job object on Windows."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

JOB_OBJECT_LIMIT_PROCESS_MEMORY = 0x100
JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x400  # no dialogue box after a crash
EXTENDED_LIMIT_INFORMATION = 9  # JobObjectExtendedLimitInformation

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class IoCounters(ctypes.Structure):
    """IO_COUNTERS of winnt.h."""

    _fields_ = tuple(
        (f"{what}{kind}Count", ctypes.c_uint64)
        for kind in ("Operation", "Transfer")
        for what in ("Read", "Write", "Other")
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", IoCounters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limit_memory(extra_bytes: int) -> None:
    """Let this process take `extra_bytes` more than it has now, and no more.

    Linux caps the address space, Windows the committed memory; elsewhere nothing is capped.
    """
    if sys.platform == "linux":
        _limit_address_space(extra_bytes)
    elif sys.platform == "win32":
        _limit_commit(extra_bytes)


def keep_freed_memory() -> None:
    """Let memory once used stay with this process, up to 256 MiB (glibc; elsewhere nothing).

    By itself malloc gives large blocks back at once and asks for them again: for a DICOM film of 6
    million pixels that was 6,700 page faults and half of the processor time.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have none
        mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024)
        mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024)


def _limit_address_space(extra_bytes: int) -> None:
    import resource  # noqa: PLC0415 - absent on Windows

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + extra_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def job_limits(process_bytes: int) -> ExtendedLimits:
    """Return the limits that a Job object is given."""
    limits = ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = (
        JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
    )
    limits.ProcessMemoryLimit = process_bytes
    return limits


def _limit_commit(extra_bytes: int) -> None:
    """Put this process into a Job object of its own; without one the film is read all the same.

    Nested jobs are allowed since Windows 8. The handle stays open until the process ends.
    """
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]  # Windows only
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        return
    limits = job_limits(COMMITTED_AT_START + extra_bytes)
    kernel.SetInformationJobObject(
        ctypes.c_void_p(job),
        EXTENDED_LIMIT_INFORMATION,
        ctypes.byref(limits),
        ctypes.sizeof(limits),
    )
    kernel.AssignProcessToJobObject(
        ctypes.c_void_p(job), ctypes.c_void_p(kernel.GetCurrentProcess())
    )


COMMITTED_AT_START = 256 * 1024 * 1024  # Python and the codecs, with room to spare
