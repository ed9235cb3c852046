"""How a replicator is started, asked and restored from: Stream, and Litestream 0.5."""
import json
import os
import re
import subprocess

from . import artefacts
from .processes import started


def tool(name, program):
    """A program whose name contains "litestream" is driven as Litestream 0.5, everything else as Stream."""
    kind = Litestream if "litestream" in os.path.basename(program) else Stream
    return kind(name, os.path.abspath(program))


class Tool:
    def __init__(self, name, program):
        self.name = name
        self.program = program

    def start(self, work, interval):
        config = os.path.join(work, self.config_name)
        with open(config, "w") as out:
            json.dump(self.config(os.path.join(work, "app.db"), os.path.join(work, "replica"), work, interval), out)
        with open(os.path.join(work, "tool.log"), "w") as log:
            return started([self.program, "replicate", self.config_flag, config], stdout=log,
                           stderr=subprocess.STDOUT)

    def said(self, work):
        with open(os.path.join(work, "tool.log")) as log:
            return log.read()


class Stream(Tool):
    kind = "stream"
    byte_exact = True
    config_name, config_flag = "stream.json", "--config"
    # A segment as it was sealed; wider ones are made of these later.
    arrival = re.compile(r"(?:^|/)segments/0/[0-9a-f]{16}-([0-9a-f]{16})$")
    pages = staticmethod(artefacts.stream_pages)

    def config(self, database, replica, work, interval):
        return {"database": {"type": "sqlite", "path": database}, "shadowDir": os.path.join(work, "shadow"),
                "syncInterval": interval, "replicas": [{"type": "file", "path": replica}]}

    def began(self, work):
        return any(line.startswith("ready") for line in self.said(work).splitlines())

    def version(self):
        return [self.program, "--version"]

    def list(self, work):
        return [self.program, "list", "--config", os.path.join(work, self.config_name)]

    def restore(self, work, output):
        return [self.program, "restore", "--config", os.path.join(work, self.config_name), "--output", output]


class Litestream(Tool):
    kind = "litestream"
    byte_exact = False  # it adds pages of its own to the database
    config_name, config_flag = "litestream.yml", "-config"
    arrival = re.compile(r"(?:^|/)ltx/0/[0-9a-f]{16}-([0-9a-f]{16})\.ltx$")
    pages = staticmethod(artefacts.ltx_pages)

    def config(self, database, replica, work, interval):
        # Its file is YAML, of which JSON is a part. Both intervals count for the lag: how often the log is
        # looked at, and how often what was found is sent. Both are a second unless told otherwise.
        return {"dbs": [{"path": database, "monitor-interval": interval,
                         "replica": {"type": "file", "path": replica, "sync-interval": interval}}]}

    def began(self, work):
        return any(name.endswith(".ltx") for _, _, names in os.walk(os.path.join(work, "replica")) for name in names)

    def version(self):
        return [self.program, "version"]

    def list(self, work):
        return [self.program, "ltx", "-config", os.path.join(work, self.config_name), "-level", "all",
                os.path.join(work, "app.db")]

    def restore(self, work, output):
        return [self.program, "restore", "-config", os.path.join(work, self.config_name), "-o", output,
                os.path.join(work, "app.db")]
