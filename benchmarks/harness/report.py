"""Makes a document of the raw figures: only what lies between its marks is written, the rest is people's."""
import json
import os
from statistics import median

from . import h2, jmh, plots
from .rows import LIMITS, ROWS, Figures, reached

BEGIN = "<!-- {0}: from here to its end mark written by benchmarks/{0} -->"
END = "<!-- {0}: end -->"


def read(raw):
    if not os.path.exists(raw):
        return []
    with open(raw) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def number(value):
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def rows(figures):
    names = [name for _, name in figures.tools]
    for title, of_title in ROWS:
        measured = [row for row in of_title if row.load in figures.loads() or row.target()]
        if not measured:
            continue
        yield ""
        yield f"**{title}**"
        yield ""
        yield "| | " + " | ".join(names) + " | ratio | target | |"
        yield "|---|" + "---:|" * (len(names) + 1) + "---|---|"
        for row in measured:
            cells = []
            for name in names:
                values = row.values(figures, name).values()
                cells.append(number(median(values)) if values else "missing")
            ratio = row.ratio(figures) if "÷" not in row.title or row.times else None
            yield " | ".join(["| " + row.title, *cells, "" if ratio is None else number(ratio), row.target(),
                              row.verdict(figures) + " |"])


def commits(figures):
    """Of H2: there is nothing to be compared with but H2 without Stream."""
    runs = figures.of("h2", "h2").values()
    if not runs:
        yield from ("", "**Small commits of H2**: not measured.")
        return
    of = lambda setup, key: median(one[f"{setup}_{key}"] for one in runs)
    yield from ("", f"**Small commits of H2** (`WRITE_DELAY=0`; the median one takes {number(of('plain', 'p50'))} µs without Stream)", "",
                "| | with Stream | with `shadowSync` | target | |", "|---|---:|---:|---|---|")
    for title, key, target, more in h2.ROWS:
        value, said, verdict = of("stream", key), "", ""
        if target is not None:
            said = f"{'≥' if more else '≤'} {target:g}"
            verdict = reached(value >= target if more else value <= target)
        yield f"| {title} | {number(value)} | {number(of('forced', key))} | {said} | {verdict} |"


def limits(figures):
    found = []
    for load, who, title, key in LIMITS:
        values = [one[key] for one in figures.of(load, who).values() if key in one]
        if values:
            found.append(f"| {title} | {number(median(values))} |")
    if found:
        yield from ("", "**What bounds them**", "", "| without a replicator | |", "|---|---:|", *found)


def about(figures):
    said = {}
    for one in figures.records:
        built = f", commit {one['commit']}" if one.get("commit") else ""
        version = f"{one['tool']} ({one['version']}{built})" if one.get("version") else ""
        said.setdefault(one["machine"], {}).setdefault(version, set()).add(one["run"])
    for machine, versions in said.items():
        when = sorted({run for runs in versions.values() for run in runs})
        tools = ", ".join(sorted(version for version in versions if version))
        busy = [one["load_average"] for one in figures.records if one["machine"] == machine]
        yield (f"Measured on {machine}, begun {' and '.join(when)}, at load averages from {min(busy):g} to {max(busy):g}, "
               f"the measuring included: {tools}.")
    rounds = {load: len({one["round"] for one in figures.records if one["load"] == load}) for load in figures.loads()}
    if rounds:
        yield ("Medians of rounds in which the tools took turns (" +
               ", ".join(f"{load}: {rounds[load]}" for load in sorted(rounds)) +
               "); a ratio is the median of the rounds' ratios. What is measured, and how: the head of the script.")


def replace(document, name, lines):
    """Puts lines between the marks of that name; what is outside of them stays."""
    begin, end = BEGIN.format(name), END.format(name)
    with open(document) as file:
        text = file.read()
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise SystemExit(f"compare: {document} needs these two lines once each, in this order, around what is written:\n{begin}\n{end}")
    before, after = text[:text.index(begin) + len(begin)], text[text.index(end):]
    with open(document, "w") as file:
        file.write(before + "\n" + "\n".join(lines).strip("\n") + "\n" + after)


def write(raw, document):
    figures = Figures(read(raw))
    if not figures.records:
        raise SystemExit(f"compare: there are no figures in {raw}")
    made = plots.write(figures, os.path.dirname(os.path.abspath(document)))
    tables = [*rows(figures), *commits(figures), *limits(figures)]
    replace(document, "compare", [*about(figures), *tables, "", *(f"![{title}]({name})" for name, title in made)])
    return "\n".join(tables)


def write_jmh(raw, document):
    lines = list(jmh.table(read(raw)))
    replace(document, "jmh", lines)
    return "\n".join(lines)
