"""Who holds a lease or a claim: a process, told apart from every other one, and whether it is known to be dead."""

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lease or a claim.

    `place` names boot and process namespace: only there does `pid` mean anything. `started` tells a process from a
    later one that got the same number.
    """

    host: str
    place: str
    pid: int
    started: str

    @classmethod
    def this_process(cls) -> "Holder":
        """Return the process that asks."""
        return cls(socket.gethostname(), _place(), os.getpid(), _started(os.getpid()))

    @classmethod
    def from_text(cls, text: str) -> "Holder":
        """Return the process that `text` names."""
        host, place, pid, started = json.loads(text)
        return cls(host, place, pid, started)

    @property
    def text(self) -> str:
        """This process as one text, for one column."""
        return json.dumps([self.host, self.place, self.pid, self.started])

    def is_dead(self) -> bool:
        """Tell whether the process is known to have ended; False where that cannot be seen from here."""
        if (self.host, self.place) != (socket.gethostname(), _place()):
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return _started(self.pid) != self.started


def _place() -> str:
    # A container that starts again has the same host name and process numbers, but a namespace of its own.
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    # proc_pid_stat(5), field 22: clock ticks since boot. The name in field 2 may hold spaces and brackets.
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[19]
