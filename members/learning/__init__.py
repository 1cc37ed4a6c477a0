"""Learning together: programmes of members for members, from proposal to certificate. See docs/learning.md."""
