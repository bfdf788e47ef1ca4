"""Reads what is stored and turns it into the facts that views tell. Nothing is put into words here.

`frame` is what every answer stands on (settings, connections, names, freshness); the other files add one topic each.
"""
