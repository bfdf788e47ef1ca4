"""Forecasts and alarms against the analytics bench, which is not part of this repository."""
