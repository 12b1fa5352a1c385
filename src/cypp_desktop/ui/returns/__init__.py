"""Returns in the window: sending them out, the board of what was sent, and the window of a partner.

``facts`` and ``asked`` know no Qt; ``place`` holds ``desk`` and ``board``; ``bar`` stands over a return that
is open, and ``limits`` says what may be edited in it. Nothing here is loaded before it is needed.
"""
