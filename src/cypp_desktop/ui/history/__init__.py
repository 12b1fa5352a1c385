"""History: who changed what and when, of a field, a row or the whole plan, and putting back what was.

What is listed is the matter of :mod:`cypp_desktop.store.history`; this is how it is asked for and shown.
`history_view` is the list with its filters, `page` where it is seen, `panel_histories` what panels have of
it.
"""
