"""The console as a platform: text of 72 columns, no box characters."""
