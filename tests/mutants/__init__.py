"""Do the tests notice when the code goes wrong? ``packaging/dev.py mutants`` asks them.

A mutant is the code with one slip in it: a comparison turned, `and` for `or`, a number moved by one, a `not`
dropped. A seeded sample is drawn, and for each mutant those tests run that touch the changed line. A mutant that
no test notices is alive; it shows a behaviour that nobody has written down, or it changes nothing at all and is
explained in explained.toml.
"""
