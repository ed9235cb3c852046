"""How long a restore of something large takes, and how long what bounds it: copying, packing and unpacking the
same bytes with nothing else."""
import filecmp
import os
import shutil
import time

from . import content
from .loads import Run, stored
from .processes import Failed, measured, peak_mib


def large(tool, _, options):
    """A large database is replicated and written to, then the tool is stopped and its replica restored."""
    with Run(tool, options) as run:
        shutil.copyfile(options.base, run.database)
        run.open("paced", 200, options.large_transactions / 200)
        run.begin()
        run.settle(options.quiet)
        peak_first = peak_mib(run.process.pid)
        written = run.write()
        run.settle(options.quiet)
        run.close()
        used, peak = run.end()
        files, size = stored(run.replica)
        return {"transactions": written["transactions"], "files": files, "stored_bytes": size,
                "database_bytes": os.stat(run.database).st_size, "cpu_seconds": round(used, 3),
                "first_copy_peak_rss_mib": peak_first, "peak_rss_mib": peak, **run.restore()}


def limits(_, __, options):
    """The same bytes by `cp`, `zstd`, `unzstd` and SQLite's own backup; then also until they are on the disk."""
    with Run(None, options) as run:
        shutil.copyfile(options.base, run.database)
        packed, out = os.path.join(run.work, "packed.zst"), os.path.join(run.work, "out")
        ways = (("cp", ["cp", run.database, out], out), ("zstd", ["zstd", "-q", "-3", "-T1", run.database, "-o", packed], packed),
                ("unzstd", ["unzstd", "-q", packed, "-o", out], out),
                ("backup", ["sqlite3", run.database, f".backup '{out}'"], out))
        result = {"database_bytes": os.stat(run.database).st_size}
        for name, command, made in ways:
            if shutil.which(command[0]) is None:
                continue
            os.sync()
            for key, value in measured(command).items():
                result[f"{name}_{key}"] = value
            began = time.monotonic()
            with open(made, "rb") as file:
                os.fsync(file.fileno())
            result[f"{name}_synced_seconds"] = round(result[f"{name}_seconds"] + time.monotonic() - began, 4)
            if made == out:
                if name != "backup" and not filecmp.cmp(run.database, out, shallow=False):
                    raise Failed(f"{name} made something else")
                if name == "backup" and content.digest(out) != content.digest(run.database):
                    raise Failed("SQLite's backup differs")
                os.remove(out)
        result["zstd_bytes"] = os.stat(packed).st_size if os.path.exists(packed) else None
        return result

