"""The application, in a process of its own: opens, says "open", begins when told to, says in JSON what it saw,
and closes when told to."""
import array
import gc
import json
import os
import random
import sqlite3
import subprocess
import sys
import time

PAYLOAD = b"some payload of a small transaction " * 3
TEXT = (b"half of what applications keep is words " * 13)[:500]
INSERT = "INSERT INTO t(v) VALUES(?)"


def connect(database):
    connection = sqlite3.connect(database, isolation_level=None, timeout=5)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("SELECT count(*) FROM t").fetchone()
    return connection


def paced(connection, _, rate, seconds):
    begun, done = time.monotonic(), 0
    while (now := time.monotonic() - begun) < seconds:
        due = int(rate * now)
        while done < due:
            connection.execute(INSERT, (PAYLOAD,))
            done += 1
        pause = ((done + 1) / rate - now) if rate else seconds
        time.sleep(max(0.0, min(pause, seconds - now)))
    while done < round(rate * seconds):
        connection.execute(INSERT, (PAYLOAD,))
        done += 1
    return {"transactions": done}


def stamps(connection, _, rate, seconds):
    """Commits at moments that no interval can be in step with, each with its number in it."""
    chance, until, committed = random.Random(1), time.monotonic() + seconds, []
    while time.monotonic() < until:
        time.sleep(chance.uniform(0, 2 / rate))
        connection.execute("UPDATE s SET v = ? WHERE id = 1", (f"stamp:{len(committed) + 1:016d}",))
        committed.append(time.monotonic_ns())
    return {"stamps": committed}


def saturated(connection, database, transactions, _):
    """Rows of 1,000 bytes, half of each random, one transaction each; the log's size after every sixteenth."""
    chance = os.urandom(32 << 20)  # made before; it comes again long after what is compressed together
    took, log, largest = array.array("d"), database + "-wal", 0
    began = time.monotonic()
    for number in range(int(transactions)):
        at = 500 * number % (len(chance) - 500)
        row = chance[at:at + 500] + TEXT
        before = time.monotonic()
        connection.execute(INSERT, (row,))
        took.append(time.monotonic() - before)
        if number % 16 == 15:
            largest = max(largest, os.stat(log).st_size)
    return timed(took, time.monotonic() - began, largest)


def bulk(connection, database, transactions, _):
    """Transactions of 2,000 rows, one after the other."""
    took, largest = array.array("d"), 0
    began = time.monotonic()
    for _ in range(int(transactions)):
        before = time.monotonic()
        connection.execute("BEGIN")
        connection.executemany(INSERT, ((PAYLOAD,) for _ in range(2000)))
        connection.execute("COMMIT")
        took.append(time.monotonic() - before)
        largest = max(largest, os.stat(database + "-wal").st_size)
    return timed(took, time.monotonic() - began, largest)


def timed(took, seconds, largest):
    ordered = sorted(took)
    at = lambda share: round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 4)
    return {"transactions": len(took), "seconds": round(seconds, 4), "p50_ms": at(0.5), "p99_ms": at(0.99),
            "p999_ms": at(0.999), "longest_ms": round(1000 * ordered[-1], 3), "largest_log_mib": round(largest / 1048576, 2)}


def oneshot(database, seconds):
    """A process each second, which opens, inserts and closes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        subprocess.run(["sqlite3", database, "INSERT INTO t(v) VALUES('one shot')"], check=True)
        time.sleep(1)


def main():
    what, database, amount, seconds = sys.argv[1:]
    connection = connect(database)
    gc.disable()  # its pauses would be the longest commits
    print("open", flush=True)
    sys.stdin.readline()
    print(json.dumps(globals()[what](connection, database, float(amount), float(seconds))), flush=True)
    sys.stdin.readline()
    connection.close()


if __name__ == "__main__":
    main()
