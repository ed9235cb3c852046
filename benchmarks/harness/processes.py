"""What a process has used, by the kernel's accounts."""
import ctypes
import os
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """Seconds of processor time that a process has used, its ended threads and waited-for children included.

    The clock of a process has nanoseconds, where /proc/PID/stat has ticks of ten milliseconds: as much as a
    process that is idle uses in half a minute. Only what children used is in ticks."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9 + (int(fields[13]) + int(fields[14])) / TICK


def status(pid, key):
    with open(f"/proc/{pid}/status") as lines:
        for line in lines:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    raise KeyError(key)


def peak_mib(pid):
    return round(status(pid, "VmHWM") / 1024, 1)


def switches(pid):
    """How often each of its threads has gone to sleep."""
    found = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            found[thread] = status(f"{pid}/task/{thread}", "voluntary_ctxt_switches")
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has just ended
    return found


def woken(before, after):
    return sum(count - before.get(thread, 0) for thread, count in after.items())


LIBC = ctypes.CDLL(None)


def started(command, **how):
    """Starts a process that ends with this one, however this one ends."""
    return subprocess.Popen(command, preexec_fn=lambda: LIBC.prctl(1, signal.SIGKILL), **how)


class Failed(Exception):
    """Something to be measured did not do its work."""


def ended(process, patience=120):
    """Waits for a process: its exit code, and what the kernel says that it used in all."""
    until = time.monotonic() + patience
    while True:
        pid, code, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(code)
            return process.returncode, usage
        if time.monotonic() > until:
            raise Failed(f"process {process.pid} does not end")
        time.sleep(0.005)


def measured(command, **how):
    """Runs a command that must succeed: seconds, processor seconds, and the most memory in MiB."""
    how.setdefault("stdout", subprocess.DEVNULL)
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, **how)
    said = process.stderr.read()
    _, code, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(code)
    process.stderr.close()
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}: {said.decode(errors='replace')}")
    return {"seconds": round(seconds, 4), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 4),
            "peak_rss_mib": round(usage.ru_maxrss / 1024, 1)}
