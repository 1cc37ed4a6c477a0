"""An edition told to programs: schema.org, tags of the page's head, COinS. Rules and standards: docs/machines.md."""
