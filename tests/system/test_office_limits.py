"""test_office_limits.py: the child that draws officed's documents bounds itself; where it is forbidden
to (a filter of system calls, as a service manager sets one), officed's log says so.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import subprocess

from shop import ROOT, main

OFFICED = ROOT / os.environ.get("SHOP_BUILD", "build/gcc") / "officed"
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
PRLIMIT64 = {"x86_64": 302, "aarch64": 261}[platform.machine()]
LOAD, JUMP_EQUAL, RETURN, ALLOW, ERRNO = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050000


def forbid():
    """prlimit64 that would change something (its third argument is not NULL) is refused."""
    third = 16 + 2 * 8  # struct seccomp_data: nr, arch, instruction_pointer, args[6]
    rules = [(LOAD, 0, 0, 0), (JUMP_EQUAL, 0, 3, PRLIMIT64), (LOAD, 0, 0, third),
             (JUMP_EQUAL, 1, 0, 0), (RETURN, 0, 0, ERRNO | errno.EPERM), (RETURN, 0, 0, ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *rule) for rule in rules))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(rules), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program,
                                                                 0, 0):
        raise OSError(ctypes.get_errno(), "no filter")


def drawn(before=None):
    """What the child says of nothing to draw."""
    return subprocess.run([OFFICED, "--render"], input=b"", capture_output=True, preexec_fn=before,
                          check=False, timeout=20).stderr.decode()


def test_a_child_that_may_not_bound_itself_says_so(start):
    assert drawn() == ""
    said = drawn(forbid)
    assert said.count("cannot be set: Operation not permitted") == 3, said


def test_limits_that_are_tighter_already_stay(start):
    assert drawn(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))) == ""


if __name__ == "__main__":
    main(globals())
