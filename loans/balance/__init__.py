"""Balance and benefit: what libraries gave and got, month by month, what that saved them, and their yearly report."""
