"""OAI-PMH 2.0 as a source: asking, mending what comes, finding out what a server can do, harvesting it."""
