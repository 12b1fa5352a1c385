"""Council documents that the import was not written from, each with what it says as plan JSON."""
