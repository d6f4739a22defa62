"""The store service: the one process that holds the store, and takes what customers send."""
