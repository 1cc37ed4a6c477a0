"""Everything a network decides about itself on one page, each with the value that counts now and the way to change it.

`told` composes the page of `decided` (core/netsettings) and of what has a page of its own (`elsewhere`, `server`).
"""
