"""Disks that are full or read-only, clocks set back, other writers, second runs, sudden ends: said, survived, healed."""
