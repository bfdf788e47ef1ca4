"""Pictures: what they show (`spec`), where grid lines go (`scale`), and how they become a file (`png.draw`).

`spec` and `scale` are cheap to import; only `charts.png` loads the drawing library: import it where pictures are
drawn.
"""
