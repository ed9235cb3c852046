"""Which rows the table has, what each is made of, and its target."""
from statistics import median


class Figures:
    """The runs of the raw file that count: of each load those of the last call that measured it, since only tools
    that took turns may be compared."""

    def __init__(self, records):
        records = [one for one in records if "run" in one]
        newest = {}
        for one in records:
            newest[one["load"]] = max(one["run"], newest.get(one["load"], ""))
        self.records = [one for one in records if one["run"] == newest[one["load"]]]
        self.tools = list(dict.fromkeys((one["kind"], one["tool"]) for one in sorted(
            self.records, key=lambda one: one["kind"] != "stream") if one["kind"] in ("stream", "litestream")))

    def of(self, load, tool):
        """By round."""
        return {one["round"]: one for one in self.records if one["load"] == load and one["tool"] == tool}

    def first(self, kind):
        return next((name for of_kind, name in self.tools if of_kind == kind), None)

    def loads(self):
        return {one["load"] for one in self.records}


def single(value):
    return median(value) if isinstance(value, list) else value


def plain(key, scale=1.0):
    return lambda record, figures: single(record[key]) * scale


def beside(key, other, other_key):
    """A figure divided by that of the application alone, or of a limit, of the same round."""
    def value(record, figures):
        found = figures.of(record["load"], other).get(record["round"])
        if found is None or not found.get(other_key):
            return None
        return single(record[key]) / found[other_key]
    return value


class Row:
    def __init__(self, load, title, value, at_most=None, times=None):
        self.load, self.title, self.value, self.at_most, self.times = load, title, value, at_most, times

    def values(self, figures, tool):
        """By round, without those that cannot be told."""
        found = {number: self.value(record, figures) for number, record in figures.of(self.load, tool).items()}
        return {number: value for number, value in found.items() if value is not None}

    def ratio(self, figures):
        """Stream's figure divided by Litestream's, round by round; None if one of them is missing."""
        ours = self.values(figures, figures.first("stream"))
        theirs = self.values(figures, figures.first("litestream"))
        both = [ours[number] / theirs[number] for number in ours if theirs.get(number)]
        return median(both) if both else None

    def target(self):
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.times is None else f"≤ {self.times:g} × Litestream"

    def verdict(self, figures):
        ours = self.values(figures, figures.first("stream"))
        if not ours:
            return "not measured"
        if self.at_most is not None:
            return reached(median(ours.values()) <= self.at_most)
        if self.times is None:
            return ""
        ratio = self.ratio(figures)
        return "Litestream missing" if ratio is None else reached(ratio <= self.times)


def reached(whether):
    return "reached" if whether else "**not reached**"


MIB = 1 / 1048576

ROWS = (
    ("What it costs beside an application", (
        Row("0", "CPU, idle, ms per s", plain("cpu_ms_per_second"), at_most=0.5),
        Row("1", "CPU, 1 transaction a second, ms per s", plain("cpu_ms_per_second")),
        Row("200", "CPU, 200 transactions a second, ms per s", plain("cpu_ms_per_second"), times=1.0),
        Row("1000", "CPU, 1,000 transactions a second, ms per s", plain("cpu_ms_per_second"), times=1.0),
        Row("oneshot", "CPU, a process each second, ms per s", plain("cpu_ms_per_second")),
        Row("0", "waits per s, idle", plain("waits_per_second")),
        Row("1000", "peak RSS, 1,000 transactions a second, MiB", plain("peak_rss_mib"), at_most=72),
    )),
    ("What commands take", (
        Row("commands", "CPU from the start to `ready`, s", plain("cpu_to_start_seconds"), at_most=0.45),
        Row("commands", "from the start to `ready`, s", plain("start_seconds"), at_most=0.35),
        Row("commands", "the version, s", plain("version_seconds"), at_most=0.15),
        Row("commands", "the version, CPU s", plain("version_cpu_seconds")),
        Row("commands", "a small replica's listing, s", plain("list_seconds"), at_most=0.3),
        Row("commands", "a small replica's listing, CPU s", plain("list_cpu_seconds")),
    )),
    ("How soon a commit can be restored", (
        Row("lag10ms", "sync interval 10 ms: p50, ms", plain("p50_ms"), times=0.9),
        Row("lag10ms", "sync interval 10 ms: p99, ms", plain("p99_ms"), times=0.9),
        Row("lag1s", "sync interval 1 s: p50, ms", plain("p50_ms")),
        Row("lag1s", "sync interval 1 s: p99, ms", plain("p99_ms"), times=1.0),
    )),
    ("Beside a writer that never pauses", (
        Row("saturated", "one row a transaction: time ÷ alone", beside("seconds", "alone", "seconds"), at_most=1.1),
        Row("saturated", "one row a transaction: longest commit, ms", plain("longest_ms"), at_most=20),
        Row("saturated", "one row a transaction: largest log, MiB", plain("largest_log_mib"), at_most=16),
        Row("saturated", "one row a transaction: the tool's CPU, s", plain("cpu_seconds"), times=0.7),
        Row("saturated", "one row a transaction: stored, MiB", plain("stored_bytes", MIB), times=0.5),
        Row("saturated", "one row a transaction: restore, s", plain("restore_seconds"), times=0.5),
        Row("bulk", "2,000 rows a transaction: time ÷ alone", beside("seconds", "alone", "seconds"), at_most=1.0),
        Row("bulk", "2,000 rows a transaction: p99 ÷ alone", beside("p99_ms", "alone", "p99_ms"), at_most=1.0),
        Row("bulk", "2,000 rows a transaction: the tool's CPU, s", plain("cpu_seconds")),
    )),
    ("Restore of a large database", (
        Row("restore", "database, MiB", plain("database_bytes", MIB)),
        Row("restore", "restore, s", plain("restore_seconds"), times=0.25),
        Row("restore", "restore ÷ `unzstd` of the same bytes", beside("restore_seconds", "limits", "unzstd_seconds"), at_most=2.0),
        Row("restore", "restore ÷ `unzstd` and `fsync`", beside("restore_seconds", "limits", "unzstd_synced_seconds")),
        Row("restore", "CPU of the restore, s", plain("restore_cpu_seconds")),
        Row("restore", "RSS of the restore, MiB", plain("restore_peak_rss_mib"), at_most=128),
        Row("restore", "peak RSS of the first copy, MiB", plain("first_copy_peak_rss_mib")),
        Row("restore", "stored, MiB", plain("stored_bytes", MIB)),
    )),
)

# What bounds them: load, who, title, key.
LIMITS = (
    ("saturated", "alone", "one row a transaction alone, s", "seconds"),
    ("saturated", "alone", "their longest commit, ms", "longest_ms"),
    ("saturated", "alone", "their largest log, MiB", "largest_log_mib"),
    ("bulk", "alone", "2,000 rows a transaction alone, s", "seconds"),
    ("bulk", "alone", "their p99, ms", "p99_ms"),
    ("restore", "limits", "the large database by `cp`, s", "cp_seconds"),
    ("restore", "limits", "by `zstd -3 -T1`, s", "zstd_seconds"),
    ("restore", "limits", "by `unzstd`, s", "unzstd_seconds"),
    ("restore", "limits", "by `unzstd`, until it is on the disk, s", "unzstd_synced_seconds"),
    ("restore", "limits", "by `.backup` of `sqlite3`, s", "backup_seconds"),
)
