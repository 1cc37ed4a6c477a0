"""Buying and weeding together: what is wanted, who plans to buy it, last copies, checks and offers before weeding."""
