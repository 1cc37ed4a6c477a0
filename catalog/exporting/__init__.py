"""Lists of titles as files for readers: references for their own programs, records, and tables (see docs/lists.md)."""
