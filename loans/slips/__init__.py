"""What goes onto paper: pull slips, book straps, address labels and packing lists, with barcodes."""
