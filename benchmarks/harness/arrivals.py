"""When which file came to a replica's folder, by inotify."""
import ctypes
import os
import select
import struct
import threading
import time

from .artefacts import newest_stamp

IN_CREATE, IN_MOVED_TO, IN_ISDIR = 0x100, 0x80, 0x40000000


class Arrivals:
    """Watches a folder and all below it, and keeps a hard link to every file that came, since replicators merge
    and delete what they stored. A file counts from the moment when it has its final name, which both tools give
    it when it is whole."""

    def __init__(self, folder, kept, pattern):
        self.folder, self.kept, self.pattern = folder, kept, pattern
        self.files = {}  # last transaction -> (monotonic nanoseconds, path of the link)
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self.folders = {}
        self.stopped = False
        os.makedirs(kept)
        self.thread = threading.Thread(target=self.follow, daemon=True)

    def __enter__(self):
        self.watch(self.folder)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped = True
        self.thread.join()
        os.close(self.descriptor)

    def watch(self, folder):
        number = self.libc.inotify_add_watch(self.descriptor, os.fsencode(folder), IN_CREATE | IN_MOVED_TO)
        if number < 0:
            return  # it is gone again
        self.folders[number] = folder
        # What came before the watch.
        for entry in os.scandir(folder):
            if entry.is_dir():
                self.watch(entry.path)
            else:
                self.came(entry.path, time.monotonic_ns())

    def follow(self):
        waiting = select.poll()
        waiting.register(self.descriptor, select.POLLIN)
        while not self.stopped:
            if not waiting.poll(100):
                continue
            now = time.monotonic_ns()
            events, at = os.read(self.descriptor, 65536), 0
            while at < len(events):
                number, mask, _, length = struct.unpack_from("iIII", events, at)
                path = os.path.join(self.folders[number], os.fsdecode(events[at + 16:at + 16 + length].rstrip(b"\0")))
                at += 16 + length
                if mask & IN_ISDIR:
                    self.watch(path)
                else:
                    self.came(path, now)

    def came(self, path, now):
        found = self.pattern.search(path)
        if not found or int(found.group(1), 16) in self.files:
            return
        link = os.path.join(self.kept, found.group(1))
        try:
            os.link(path, link)
        except FileNotFoundError:
            return  # merged already; what it was merged into does not count
        self.files[int(found.group(1), 16)] = (now, link)

    def restorable(self, pages):
        """Pairs of a stamp and the moment from which everything up to it was at the replica, ascending."""
        pairs, so_far = [], 0
        for _, (moment, link) in sorted(self.files.items()):
            so_far = max(so_far, moment)  # of no use without all that come before it
            with open(link, "rb") as file:
                stamp = newest_stamp(pages(file.read()))
            if stamp:
                pairs.append((stamp, so_far))
        return pairs


def lags(stamps, pairs):
    """Milliseconds from each commit's return to the moment when a restore would have had it; None: never."""
    found, at = [], 0
    for number, committed in enumerate(stamps, 1):
        while at < len(pairs) and pairs[at][0] < number:
            at += 1
        found.append((pairs[at][1] - committed) / 1e6 if at < len(pairs) else None)
    return found
