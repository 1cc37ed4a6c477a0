"""Citations of editions: what is known as an item of CSL (items.py), set in the styles of this folder (render.py)."""
