"""Every command that works without a screen: what it is asked, whom it calls, what it prints."""
