"""SRU 1.1, 1.2 and 2.0 as a source: what the server explains of itself, reading it whole, looking up single records."""
