"""Facts made into messages: one file per topic builds `View`s (`model`), and nothing else puts anything into words.

`facts` and each topic's own dataclasses say what a builder is told. Words come from `text` (money and counts), `times`,
`periods`, `names`, `sentences` and `footer`; `*_chart` fill the specs of pictures; `answer_data` is `ask --json`;
`evidence` keeps facts as JSON until they are told. How to add a message: docs/messages.md.
"""
