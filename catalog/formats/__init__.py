"""From bytes to drafts: reader.read_records, then marc21.to_draft. No Django in here; called by harvesting."""
