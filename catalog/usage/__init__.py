"""Counting what is searched and opened, without persons: pages note it (`note`), background work counts (`fold`)."""
