"""What is measured of a tool beside which application. Every run has a new database in a folder of its own."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import arrivals, content, writer
from .processes import Failed, ended, measured, peak_mib, processor, started, status, switches, woken

HERE = os.path.dirname(os.path.abspath(__file__))


class Run:
    """A tool (None: the application alone) and the application, around one database."""

    def __init__(self, tool, options, interval="1s"):
        self.tool, self.options, self.interval = tool, options, interval
        self.process = self.application = None
        self.work = tempfile.mkdtemp(prefix="compare-", dir=options.scratch)
        self.database = os.path.join(self.work, "app.db")
        self.replica = os.path.join(self.work, "replica")

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        for left in (self.process, self.application):
            if left is not None and left.poll() is None:
                left.kill()
                left.wait()
        if failure is None or not issubclass(failure, Exception):
            shutil.rmtree(self.work)
        else:
            print(f"compare: what failed is kept in {self.work}", file=sys.stderr)

    def open(self, what, amount, seconds=0.0):
        """Starts the application, up to where it has opened the database."""
        self.application = started(
            [sys.executable, "-B", os.path.join(HERE, "writer.py"), what, self.database, str(amount), str(seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.application.stdout.readline() != "open\n":
            raise Failed("the application did not open its database")

    def write(self):
        """Lets the application work; what it saw."""
        self.application.stdin.write("go\n")
        self.application.stdin.flush()
        line = self.application.stdout.readline()
        if not line:
            raise Failed("the application ended with an error")
        return json.loads(line)

    def close(self):
        self.application.communicate("end\n")
        if self.application.returncode != 0:
            raise Failed(f"the application ended with {self.application.returncode}")

    def begin(self):
        """Starts the tool: how long until it had begun, and the processor time of that."""
        began = time.monotonic()
        self.process = self.tool.start(self.work, self.interval)
        while not self.tool.began(self.work):
            if self.process.poll() is not None or time.monotonic() - began > 120:
                raise Failed(f"{self.tool.name} did not begin: {self.tool.said(self.work)}")
            time.sleep(0.005)
        seconds, cpu = time.monotonic() - began, processor(self.process.pid)
        return {"start_seconds": round(seconds, 4), "cpu_to_start_seconds": round(cpu, 4)}

    def settle(self, quiet):
        """Waits until nothing has come to the replica for a while."""
        last, since = None, time.monotonic()
        while time.monotonic() - since < quiet:
            now = stored(self.replica)
            if now != last or now[0] == 0:
                last, since = now, time.monotonic()
            time.sleep(0.1)

    def end(self):
        """Stops the tool as a service manager would: all processor time that it used, and the most memory."""
        self.process.send_signal(signal.SIGTERM)
        code, usage = ended(self.process)
        if code != 0:
            raise Failed(f"{self.tool.name} ended with {code}: {self.tool.said(self.work)}")
        return usage.ru_utime + usage.ru_stime, round(usage.ru_maxrss / 1024, 1)

    def restore(self):
        restored = os.path.join(self.work, "restored.db")
        os.sync()  # what others left to be written is not this one's
        took = measured(self.tool.restore(self.work, restored))
        rows = content.compare(self.tool, self.database, restored)
        return {**{"restore_" + key: value for key, value in took.items()}, "rows": rows}


def stored(folder):
    """How many files there are below a folder, and their bytes."""
    count = size = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.stat(os.path.join(path, name)).st_size
                count += 1
            except FileNotFoundError:
                pass  # merged meanwhile
    return count, size


def warm_up(tool, options):
    """A start that is not measured: the first one of an installation may prepare later ones."""
    with Run(tool, options) as run:
        content.make(run.database, 0.1)
        run.begin()
        run.settle(1)
        run.end()


def paced(tool, load, options):
    """Processor time, waits and memory beside so many transactions a second by a connection that stays open."""
    with Run(tool, options) as run:
        content.make(run.database, options.size)
        held = load != "oneshot"
        if held:
            run.open("paced", float(load), options.seconds)
        result = run.begin()
        time.sleep(options.settle)
        pid = run.process.pid
        cpu, waits, at = processor(pid), switches(pid), time.monotonic()
        if held:
            result.update(run.write())
        else:
            writer.oneshot(run.database, options.seconds)
        wall = time.monotonic() - at
        used = processor(pid) - cpu
        result.update({
            "seconds": round(wall, 3), "cpu_ms_per_second": round(1000 * used / wall, 3),
            "waits_per_second": round(woken(waits, switches(pid)) / wall, 1), "peak_rss_mib": peak_mib(pid),
            "rss_mib": round(status(pid, "VmRSS") / 1024, 1), "threads": status(pid, "Threads")})
        if held:
            run.close()
        time.sleep(1.5)
        run.end()
        result.update(run.restore())
        return result


def commands(tool, _, options):
    """Starts, and the shortest commands, several times each."""
    took = {"start_seconds": [], "cpu_to_start_seconds": [], "version": [], "list": []}
    for last in range(options.repeats - 1, -1, -1):
        with Run(tool, options) as run:
            content.make(run.database, options.size)
            for key, value in run.begin().items():
                took[key].append(value)
            run.settle(1)
            run.end()
            if last == 0:
                for _ in range(options.repeats):
                    took["version"].append(measured(tool.version()))
                    took["list"].append(measured(tool.list(run.work)))
                run.restore()
    result = {key: took[key] for key in ("start_seconds", "cpu_to_start_seconds")}
    for command in ("version", "list"):
        for key in ("seconds", "cpu_seconds"):
            result[f"{command}_{key}"] = [one[key] for one in took[command]]
    return result


def lag(tool, load, options):
    """From a commit's return to the moment when the replica has what a restore of it needs."""
    with Run(tool, options, load.removeprefix("lag")) as run:
        content.make(run.database, options.size)
        run.open("stamps", options.stamps_per_second, options.seconds)
        result = run.begin()
        time.sleep(options.settle)
        with arrivals.Arrivals(run.replica, os.path.join(run.work, "arrived"), tool.arrival) as came:
            cpu = processor(run.process.pid)
            stamps = run.write()["stamps"]
            used = processor(run.process.pid) - cpu
            run.settle(options.quiet)
            run.close()
            run.end()
        found = arrivals.lags(stamps, came.restorable(tool.pages))
        if None in found:
            raise Failed(f"{tool.name} sent {found.count(None)} of {len(found)} commits nowhere")
        ordered = sorted(found)
        result.update({
            "commits": len(found), "files": len(came.files), "cpu_ms_per_second": round(1000 * used / options.seconds, 3),
            "p50_ms": round(quantile(ordered, 0.5), 2), "p99_ms": round(quantile(ordered, 0.99), 2),
            "percentiles_ms": [round(quantile(ordered, i / 100), 2) for i in range(101)]})
        result.update(run.restore())
        return result


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def unpaced(tool, load, options):
    """A writer that never pauses; and all that the tool used from its first commit to its own end."""
    amount = {"saturated": options.transactions, "bulk": options.bulk}[load]
    with Run(tool, options) as run:
        content.make(run.database, options.size)
        if tool is None:
            run.open(load, amount)
            time.sleep(options.settle)
            result = run.write()
            run.close()
            return result
        run.open(load, amount)
        run.begin()
        time.sleep(options.settle)
        cpu = processor(run.process.pid)
        result = run.write()
        run.settle(options.quiet)
        run.close()
        used, peak = run.end()
        files, size = stored(run.replica)
        result.update({"cpu_seconds": round(used - cpu, 4), "peak_rss_mib": peak, "files": files, "stored_bytes": size,
                       "database_bytes": os.stat(run.database).st_size})
        result.update(run.restore())
        return result
