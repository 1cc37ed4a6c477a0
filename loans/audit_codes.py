"""What the audit trail says about requests."""
