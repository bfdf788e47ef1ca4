"""The domain of spendbot: money, windows, records, ledger, forecasts, spikes, budgets.

Pure by rule: standard library only; no I/O, no clock, no logging, no environment. `now` is always an argument.
"""
