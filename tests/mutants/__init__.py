"""Do the tests notice when the code goes wrong? ``packaging/dev.py mutants`` asks them.

A mutant is the code with one slip in it: a comparison turned, `and` for `or`, a number moved by one, a `not`
dropped. A sample is drawn, the same for the same seed, and for each mutant those tests run that touch the
changed line. A mutant that no test notices is alive: either nobody has written down what should happen there,
or the slip changes nothing that a person could see. Those of the second kind are told in explained.toml.
"""
