"""What managers and owners see: the truth in figures, and each case with its one owner.

`home.py` is the entry; `connection` gives it a desk; `views/` holds one module a page, made of what `components/` shows, what
`figures/` says and draws with `charts/`, and what people do, `steps/`. `templates/` has all markup. Templates escape whatever they are
given: nothing a customer typed is ever markup here.
"""
