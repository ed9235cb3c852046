"""What benchmarks/compare is made of; each file answers one question.

tools.py      how is a replicator started, asked and restored from?
processes.py  what has a process used?
writer.py     what does the application do? (a process of its own)
loads.py      what is measured of a tool beside which application?
arrivals.py   when did which file come to the replica?
artefacts.py  which commit is in a file of the replica?
restores.py   how long does a restore take, and how long what bounds it?
content.py    is what was restored the database?
rows.py       which rows has the table, and what is the target of each?
report.py     how are raw figures made a document?
plots.py      and pictures?
jmh.py        and what JMH measured of the hot paths?
"""
