"""What the nightly run did, step by step."""
