"""The sample business that `allears demo` shows: Northwind Coffee, its customers, and what should become of each message."""
