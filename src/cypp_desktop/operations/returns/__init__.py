"""What is asked of whom, what came back, and what a partner may edit in a return."""
