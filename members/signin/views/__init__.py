"""Pages of signing in through a library: for readers (entry), for its manager (settings)."""
