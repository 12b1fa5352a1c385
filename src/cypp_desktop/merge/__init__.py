"""Returns and merge: send parts of a plan out, bring any number back, and lose nobody's words.

Knows files and the plan, and no Qt. Writes a plan only through its editor or one union of changes.
"""
