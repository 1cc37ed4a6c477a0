"""Many facts brought into the shape a page shows: plain dataclasses for the templates, one module a page."""
