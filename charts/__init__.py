"""Pictures: a spec with finished words in, PNG bytes out. No money is put into words here.

`spec` says what pictures show and `scale` where grid lines go: both are cheap to import. `png.draw` picks the file that
lays a spec out (`trend`, `breakdown`, `bars`, `budgets`, `spike`, `hours`, `waterfall`, `summary`); these draw with
`layout`, `marks`, `rows`, `words` and `theme` on a `canvas`. Only `charts.png` loads the drawing library: import it
where pictures are drawn.
"""
