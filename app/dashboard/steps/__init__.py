"""What people do: with a case, with what was read in a message, with what a page shows.

Each step has a module of its own: the form that is filled in, or the button, and what becomes of it (`outcome`). `actions` are the steps
of a case's page. The heart decides what is allowed; a step here only asks it, and says what it answered.
"""
