"""Ways into a plan and out of it: plan JSON and Word. Knows no Qt and no paper."""
