"""Whether what was restored is the database."""
import filecmp
import hashlib
import os
import sqlite3

from .processes import Failed
from .writer import TEXT


def make(database, mib):
    """A database of that size: rows of 1,000 bytes, four on a page of 4 KiB, half of each random."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA page_size=4096")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=OFF")  # a log of this size would have to be copied
    connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)")
    connection.execute("CREATE TABLE s(id INTEGER PRIMARY KEY, v TEXT)")
    connection.execute("INSERT INTO s VALUES(1, 'stamp:0000000000000000')")
    connection.executemany("INSERT INTO t(v) VALUES(?)", ((os.urandom(500) + TEXT,) for _ in range(int(mib * 1024))))
    connection.commit()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def digest(database):
    connection = sqlite3.connect(database)
    try:
        sum, count = hashlib.sha256(), 0
        for table in ("t", "s"):
            for key, value in connection.execute(f"SELECT id, v FROM {table} ORDER BY id"):
                sum.update(b"%d %d " % (key, len(value)))
                sum.update(value if isinstance(value, bytes) else value.encode())
                count += 1
        return count, sum.hexdigest()
    finally:
        connection.close()


def compare(tool, database, restored):
    """Row by row, and byte by byte for a tool that promises it; the number of rows."""
    expected = digest(database)
    if digest(restored) != expected:
        raise Failed(f"what {tool.name} restored differs from the database")
    if tool.byte_exact and not filecmp.cmp(database, restored, shallow=False):
        raise Failed(f"what {tool.name} restored differs from the database in its bytes")
    return expected[0]
