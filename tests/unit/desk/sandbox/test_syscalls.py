import struct

import pytest

from silent_courier.desk.sandbox.syscalls import seccomp_filter

STEP = struct.Struct("=HBBI")
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 38


def verdict(program: bytes, machine: int, number: int) -> int:
    """Runs the filter as the kernel does."""
    steps = list(STEP.iter_unpack(program))
    at, word = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x20:
            word = {0: number, 4: machine}[value]
        elif code == 0x15:
            at += yes if word == value else no
        else:
            assert code == 0x06
            return int(value)


@pytest.mark.parametrize(
    ("machine", "audit", "allowed", "refused"),
    [
        # read, write, mmap, brk, exit_group; socket, clone, fork, vfork, connect, ptrace, kill,
        # mount, unshare, clone3, io_uring_setup, bpf, the x32 read
        (
            "x86_64",
            0xC000003E,
            (0, 1, 9, 12, 231),
            (41, 42, 56, 57, 58, 101, 62, 165, 272, 435, 425, 321, 0x40000000),
        ),
        (
            "aarch64",
            0xC00000B7,
            (63, 64, 222, 214, 94),
            (198, 203, 220, 117, 129, 40, 97, 435, 425, 280),
        ),
    ],
)
def test_reading_and_leaving_is_allowed_and_reaching_out_is_not(
    machine: str, audit: int, allowed: tuple[int, ...], refused: tuple[int, ...]
) -> None:
    program = seccomp_filter(machine)
    assert program is not None
    assert {verdict(program, audit, number) for number in allowed} == {ALLOW}
    assert {verdict(program, audit, number) for number in refused} == {REFUSE}
    assert verdict(program, 0x40000003, 0) == KILL


def test_every_allowed_call_is_reached_and_no_jump_is_too_long() -> None:
    for machine, audit in (("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)):
        program = seccomp_filter(machine)
        assert program is not None
        calls = [v for code, yes, _, v in STEP.iter_unpack(program) if code == 0x15 and v != audit]
        assert len(calls) < 255
        assert {verdict(program, audit, number) for number in calls} == {ALLOW}


def test_a_machine_that_nobody_knows_has_no_filter_and_so_no_sandbox() -> None:
    assert seccomp_filter("riscv64") is None
