"""Pictures of the raw figures, as SVG that is readable on a light and on a dark page."""
import math
import os
from html import escape
from statistics import median

from .rows import ROWS

STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #24292f } .head { font-weight: 600 } .small { font-size: 11px }
.grid { stroke: #d0d7de } .dot { fill: #24292f; opacity: .55 } .target { stroke: #24292f; stroke-dasharray: 4 3 }
.c0 { fill: #2f81f7; stroke: #2f81f7 } .c1 { fill: #d9822b; stroke: #d9822b } .c2 { fill: #8b949e; stroke: #8b949e }
.c3 { fill: #3fa66a; stroke: #3fa66a } .line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .grid { stroke: #3d444d } .dot { fill: #e6edf3 } .target { stroke: #e6edf3 }
}
</style>"""
WIDTH, LEFT, RIGHT = 760, 170, 90


def svg(title, height, body):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
            f"<title>{escape(title)}</title>\n{STYLE}\n" + "\n".join(body) + "\n</svg>\n")


def text(x, y, what, css="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(what)}</text>'


def line(x, y, to_x, to_y, css):
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" class="{css}"/>'


def bars(title, panels):
    """Panels of horizontal bars: (heading, target or None, [(name, colour, values of the rounds)]). A bar is the
    median, a dot a round, the broken line a target."""
    body, y = [text(8, 20, title, "head")], 34
    for heading, target, series in panels:
        body.append(text(8, y + 14, heading))
        y += 22
        most = max([target or 0] + [value for _, _, values in series for value in values]) or 1
        place = lambda value: LEFT + (WIDTH - LEFT - RIGHT) * value / most
        top = y
        for name, colour, values in series:
            middle = median(values)
            body.append(text(LEFT - 8, y + 14, name, "small", "end"))
            body.append(f'<rect x="{LEFT}" y="{y + 3}" width="{max(1.0, place(middle) - LEFT):.1f}" height="14" class="c{colour}"/>')
            if len(values) > 1:
                body += [f'<circle cx="{place(value):.1f}" cy="{y + 10}" r="2.5" class="dot"/>' for value in values]
            body.append(text(place(max(values)) + 8, y + 14, f"{middle:.3g}", "small"))
            y += 21
        if target is not None:
            body.append(line(place(target), top, place(target), y, "target"))
        y += 8
    return svg(title, y + 6, body)


def shares(title, panels):
    """Panels of what share of commits could be restored within which time: (heading, [(name, colour, percentiles)])."""
    body, y, height = [text(8, 20, title, "head")], 34, 170
    for heading, series in panels:
        body.append(text(8, y + 14, heading))
        y += 24
        values = [value for _, _, percentiles in series for value in percentiles if value > 0] or [1]
        steps = [step * 10.0 ** power for power in range(-3, 7) for step in (1, 2, 5)]
        low = max([step for step in steps if step <= min(values)], default=steps[0])
        high = min([step for step in steps if step >= max(values) and step > low], default=steps[-1])
        place = lambda value: 50 + (WIDTH - 90) * math.log(max(value, low) / low) / math.log(high / low)
        for share in (0, 50, 100):
            at = y + height * (1 - share / 100)
            body += [line(place(low), at, place(high), at, "grid"), text(place(low) - 6, at + 4, f"{share} %", "small", "end")]
        for at, step in [(place(step), step) for step in steps if low <= step <= high]:
            body += [line(at, y, at, y + height, "grid"), text(at, y + height + 15, f"{step:g} ms", "small", "middle")]
        for index, (name, colour, percentiles) in enumerate(series):
            points = " ".join(f"{place(value):.1f},{y + height * (1 - i / 100):.1f}" for i, value in enumerate(percentiles))
            body.append(f'<polyline points="{points}" class="line c{colour}" style="fill: none"/>')
            legend = y + 16 + 18 * index
            body += [f'<rect x="62" y="{legend - 9}" width="10" height="10" class="c{colour}"/>', text(78, legend, name, "small")]
        y += height + 30
    return svg(title, y, body)


def series(figures, row):
    found = []
    for colour, (_, name) in enumerate(figures.tools):
        values = list(row.values(figures, name).values())
        if values:
            found.append((name, colour if colour < 2 else 3, values))
    return found


def panel(figures, row):
    return row.title.replace("`", ""), row.at_most, series(figures, row)


def written(folder, name, picture):
    with open(os.path.join(folder, name), "w") as out:
        out.write(picture)


def write(figures, folder):
    """Writes a picture for each part that was measured; their names and titles."""
    made = []
    for name, title, section in (("performance-cpu.svg", "Processor time beside an application, and memory", 0),
                                 ("performance-commands.svg", "What commands take", 1),
                                 ("performance-writers.svg", "Beside a writer that never pauses", 3),
                                 ("performance-restore.svg", "Restore of a large database", 4)):
        panels = [panel(figures, row) for row in ROWS[section][1] if row.title != "database, MiB"]
        panels = [one for one in panels if one[2]]
        if section == 4 and panels:
            panels.insert(1, limits(figures))
        if panels:
            written(folder, name, bars(title, panels))
            made.append((name, title))
    panels = []
    for load, heading in (("lag10ms", "sync interval 10 ms"), ("lag1s", "sync interval 1 s")):
        lines = []
        for colour, (_, name) in enumerate(figures.tools):
            runs = [one["percentiles_ms"] for one in figures.of(load, name).values()]
            if runs:
                lines.append((name, colour if colour < 2 else 3, [median(values) for values in zip(*runs)]))
        if lines:
            panels.append((heading, lines))
    if panels:
        title = "Commits that can be restored, by time since their return"
        written(folder, "performance-lag.svg", shares(title, panels))
        made.append(("performance-lag.svg", title))
    return made


def limits(figures):
    found = []
    for title, key in (("cp", "cp_seconds"), ("unzstd", "unzstd_seconds"), ("unzstd, on the disk", "unzstd_synced_seconds"),
                       ("zstd -3", "zstd_seconds"), (".backup", "backup_seconds")):
        values = [one[key] for one in figures.of("restore", "limits").values() if key in one]
        if values:
            found.append((title, 2, values))
    return "the same bytes otherwise, s", None, found
