"""Event logs as arrays of numbers: ids and names become integers, one sort of integers answers what is asked of them.

Stands under the warehouse and knows no engine. `texts` turns texts into numbers, `rows` puts the rows of a journey side
by side, `keys` counts and finds quantiles, `ways` counts distinct orders, `plain_arrow` goes from Arrow to numpy and
back, `log_graph` does all of it for one file of events.
"""
