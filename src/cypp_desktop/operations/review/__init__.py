"""Looking at files that came in, the questions they raise, and merging them."""
