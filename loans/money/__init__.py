"""What loans and copies cost: quotes, charges, monthly statements and their netting."""
