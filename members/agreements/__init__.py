"""Agreements as versioned documents: written, published, accepted, warned of, ended; their terms go to routing."""
