"""What the bot does by itself. `bot/service.py` says when; what is due lives in the database.

- Reading: `poll` claims due streams, `read_stream` reads one and saves it; `connect` checks and keeps a key.
- Finding: `watch` looks at each workspace by `watch_spikes`, `watch_budgets`, `watch_first_seen`, `watch_trouble` and
  `watch_restatements`; `*_facts` read what their messages say.
- Telling: `telling` decides and queues, `summary` queues the morning summary, `announce` takes up what is queued and
  `deliver` brings one message there by `delivery_rules`; `incident_views` builds it from the stored evidence.
"""
