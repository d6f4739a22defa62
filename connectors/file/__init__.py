"""Files a business drops into a folder: CSV, JSONL, Parquet."""
