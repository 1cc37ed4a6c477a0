"""The A–Z lists: which headings an edition stands under (`extract`), and keeping them up to date (`keeping`)."""
