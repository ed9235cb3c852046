"""Which pages are in a file of a replica. Read after a run, so that reading disturbs none."""
import re
import struct
import subprocess

STAMP = re.compile(rb"stamp:(\d{16})")


def newest_stamp(pages):
    """The greatest stamp in the pages, 0 if there is none. What a page keeps of old rows has smaller ones."""
    return max((int(found) for page in pages for found in STAMP.findall(page)), default=0)


def ltx_pages(content):
    """The pages of an LTX file of version 3: each with a header of its own and compressed as a block of LZ4."""
    if content[:4] != b"LTX1":
        raise ValueError("not an LTX file")
    page_size, = struct.unpack(">I", content[8:12])
    at = 100
    while True:
        page, flags = struct.unpack(">IH", content[at:at + 6])
        at += 6
        if page == 0:
            return
        if not flags & 1:
            raise ValueError("a page without its size: an LTX file of an older version")
        size, = struct.unpack(">I", content[at:at + 4])
        at += 4
        data = lz4_block(content[at:at + size])
        if len(data) != page_size:
            raise ValueError(f"page {page} has {len(data)} bytes")
        yield data
        at += size


def lz4_block(block):
    out, at = bytearray(), 0
    while at < len(block):
        token = block[at]
        literals, at = lz4_length(block, at + 1, token >> 4)
        out += block[at:at + literals]
        at += literals
        if at >= len(block):
            break  # the last sequence has no match
        offset = block[at] | block[at + 1] << 8
        match, at = lz4_length(block, at + 2, token & 15)
        begin = len(out) - offset
        for i in range(begin, begin + match + 4):  # a match may overlap what it makes
            out.append(out[i])
    return bytes(out)


def lz4_length(block, at, length):
    if length == 15:
        while True:
            more = block[at]
            at += 1
            length += more
            if more != 255:
                break
    return length, at


def stream_pages(content):
    """The blocks of an artefact, as docs/FORMAT.md describes it. Those of the codec zstd go through `unzstd`."""
    if content[:8] != b"\x89STRM\r\n\x1a" or content[-8:] != b"STRM-END":
        raise ValueError("not an artefact")
    header, = struct.unpack("<I", content[12:16])
    page_size = int(re.search(rb'"pageSize"\s*:\s*(\d+)', content[16:16 + header]).group(1))
    index_at, _, blocks, _ = struct.unpack("<4Q", content[-72:-40])
    begin, at = 16 + header + 8, index_at
    for _ in range(blocks):
        runs, at = varint(content, at)
        pages = 0
        for _ in range(runs):
            _, at = varint(content, at)
            length, at = varint(content, at)
            pages += length
        stored, at = varint(content, at)
        at += 8
        block = content[begin:begin + stored]
        begin += stored
        if stored != pages * page_size:
            block = subprocess.run(["unzstd", "-c"], input=block, stdout=subprocess.PIPE, check=True).stdout
        if len(block) != pages * page_size:
            raise ValueError(f"a block has {len(block)} bytes")
        yield block


def varint(content, at):
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
