"""Making pages, web pages and Word files of a plan, and keeping its layouts and packs."""
