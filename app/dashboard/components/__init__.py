"""What stands on pages, to be read: parts of cases, messages, people and lists, and the frame around every page.

What people do there is in `steps/`, figures are in `figures/`.
"""
