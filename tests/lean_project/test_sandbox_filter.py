"""The filter, run here as the kernel would, for every processor it knows."""

from __future__ import annotations

import errno
import struct

import pytest

from lean_project.sandbox_filter import MACHINES, Machine, program

ALLOW, KILL = 0x7FFF0000, 0x80000000
READ = {"x86_64": 0, "aarch64": 63}


@pytest.fixture(params=sorted(MACHINES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def verdict(name: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the kernel would return for a system call."""
    machine: Machine = MACHINES[name]
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number, machine.audit if audit is None else audit, 0, *padded)
    code, held, at = list(struct.iter_unpack("=HBBI", program(name))), 0, 0
    while True:
        kind, met, unmet, value = code[at]
        at += 1
        if kind == 0x20:
            held = struct.unpack_from("=I", data, value)[0]
        elif kind == 0x06:
            return int(value)
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[kind]
            at += met if holds else unmet


def refused(number: int) -> int:
    return 0x00050000 | number


def test_ordinary_calls_are_allowed(name: str) -> None:
    machine = MACHINES[name]
    assert verdict(name, READ[name], 3, 0, 100) == ALLOW
    assert verdict(name, machine.clone, 0x3D0F00) == ALLOW  # a thread
    assert verdict(name, machine.clone, 17) == ALLOW  # a process
    assert verdict(name, machine.socket, 1) == ALLOW
    assert verdict(name, machine.ioctl, 1, 0x5401) == ALLOW


def test_dangerous_calls_fail(name: str) -> None:
    for number in MACHINES[name].refused.values():
        assert verdict(name, number) == refused(errno.EPERM)
    assert verdict(name, 435) == refused(errno.ENOSYS)


@pytest.mark.parametrize(
    "flag", [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
)
def test_no_new_namespaces(name: str, flag: int) -> None:
    assert verdict(name, MACHINES[name].clone, flag | 17) == refused(errno.EPERM)


def test_sockets_and_terminals(name: str) -> None:
    machine = MACHINES[name]
    assert verdict(name, machine.socket, 40) == refused(errno.EAFNOSUPPORT)
    for request in (0x5412, 0x541C, 0xABCD_0000_5412):  # the kernel looks at 32 bits
        assert verdict(name, machine.ioctl, 0, request) == refused(errno.EPERM)


def test_other_ways_to_call_are_closed(name: str) -> None:
    assert verdict(name, 1, audit=0x40000003) == KILL  # the 32-bit calls of x86
    if name == "x86_64":
        assert verdict(name, 0x40000000 | 1) == refused(errno.ENOSYS)


def test_an_unknown_processor_has_no_filter() -> None:
    assert program("pdp11") == b""
