"""Reads what is stored and turns it into the facts that views tell. Nothing is put into words here.

`frame` is what every answer stands on: settings, connections, names, freshness. One file per answer: `spend`, `burn`,
`forecast`, `status`, `summary`, `budgets`, `connected`. They share `cuts` (slices made into rows), `compare` (the
window before), `days` (the picture's bars), `outlook` (forecasts), `trust` (basis and what is missing), `filters`,
`names`, `spikes` and `restatements`; `rules` is what the ledger is told of a connection.
"""
