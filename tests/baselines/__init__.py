"""Two matchers of others, written anew from published descriptions of what they do, to measure ours beside them.

They read plain MARC (catalog.formats.records.RawRecord) and share no code with the product's matching.
"""
