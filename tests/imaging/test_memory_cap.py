"""The structures of the Windows Job object are laid out as winnt.h has them (64 bits)."""

from __future__ import annotations

import ctypes

from cxr_desktop.imaging.memory_cap import (
    JOB_OBJECT_LIMIT_PROCESS_MEMORY,
    BasicLimits,
    ExtendedLimits,
    IoCounters,
    job_limits,
)


def test_the_structures_have_the_sizes_that_windows_expects() -> None:
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(IoCounters) == 48
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert BasicLimits.LimitFlags.offset == 16
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112
    assert [field[0] for field in IoCounters._fields_][:4] == [
        "ReadOperationCount",
        "WriteOperationCount",
        "OtherOperationCount",
        "ReadTransferCount",
    ]


def test_the_job_caps_the_memory_of_the_process() -> None:
    limits = job_limits(1 << 31)
    assert limits.ProcessMemoryLimit == 1 << 31
    assert limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_MEMORY
