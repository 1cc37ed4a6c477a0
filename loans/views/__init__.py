"""Pages of readers (asking, mine), of librarians (queues, desk) and of help."""
