"""The domain of spendbot: what was used and billed, what it comes to, where it leads, what is worth telling.

- Values: `money`, `window`, `usage`.
- Truth: `pricing` estimates, `ledger` reconciles estimates with the bill (`ledger_check`: its invariants).
- Arithmetic of answers: `breakdown`, `burn`, `forecast`.
- Alarms: `usual`, `spikes`, `spike_evidence`, `budgets`; `notify` decides whether to speak, `due` when.

Pure by rule: standard library only; no I/O, no clock, no logging, no environment. `now` is always an argument.
"""
