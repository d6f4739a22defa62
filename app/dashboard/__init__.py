"""What managers and owners see: the truth in figures, and each case with its one owner.

`home.py` is the entry; `connection` gives it a desk; `views/` holds one module a page, `components/`
what several pages share, `templates/` all markup. Templates escape whatever they are given: nothing a
customer typed is ever markup here.
"""
