"""The shell: everything around the domain. It reads settings, builds the house, runs the bot and answers people.

A question goes text -> `commands/<name>.py` -> `reports` -> `views` -> `platforms`; figures come in by
`jobs/poll.py` -> `jobs/read_stream.py` -> storage, and what is worth telling goes out by `jobs/watch.py` and
`jobs/announce.py`. Lower layers never import higher ones: pyproject.toml lists every module's place.
"""
