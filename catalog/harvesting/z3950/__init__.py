"""Z39.50 through YAZ's ZOOM library: looking up single records. Works only where libyaz is installed."""
