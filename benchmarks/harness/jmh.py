"""What JMH measured, as one line of JSON for each benchmark: its own form has paths of the machine in it."""
import json
import os
import time


def lines(result, machine, commit):
    with open(result) as file:
        for one in json.load(file):
            allocated = one["secondaryMetrics"].get("gc.alloc.rate.norm")
            yield json.dumps({
                "benchmark": ".".join(one["benchmark"].split(".")[-2:]), "params": one.get("params", {}), "mode": one["mode"],
                "score": round(one["primaryMetric"]["score"], 4), "error": error(one["primaryMetric"]["scoreError"]),
                "unit": one["primaryMetric"]["scoreUnit"],
                "allocated_bytes": None if allocated is None else round(allocated["score"], 1),
                "forks": one["forks"], "iterations": one["measurementIterations"], "jdk": one["jdkVersion"],
                "commit": commit, "machine": machine,
                "load_average": round(os.getloadavg()[2], 2), "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})


def error(value):
    try:
        return round(float(value), 4)
    except ValueError:
        return None  # of a single iteration there is none


def table(records):
    """The newest record of each benchmark."""
    newest = {}
    for one in records:
        newest[one["benchmark"], json.dumps(one["params"], sort_keys=True)] = one
    machines = sorted({f"{one['machine']}, JDK {one['jdk']}" for one in newest.values()})
    busy = [one["load_average"] for one in newest.values() if "load_average" in one]
    under = f"; load average over the last 15 minutes {max(busy):g}" if busy else ""
    yield f"Measured on {' and on '.join(machines)}{under}."
    yield ""
    yield "| benchmark | operations per s | bytes allocated per operation |"
    yield "|---|---:|---:|"
    for (name, _), one in sorted(newest.items()):
        params = ", ".join(f"{key} {value}" for key, value in sorted(one["params"].items()))
        allocated = "missing" if one["allocated_bytes"] is None else f"{one['allocated_bytes']:,.0f}"
        yield f"| `{name}`{' (' + params + ')' if params else ''} | {one['score']:,.0f} | {allocated} |"
