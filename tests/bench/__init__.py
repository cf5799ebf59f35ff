"""`make bench`: speed as ratios, each against the bare driver on the same data in the same run."""
