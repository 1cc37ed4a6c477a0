"""Copyright as rules in data: which copy is allowed, what is warned of, paid or refused, and why. No legal advice."""
