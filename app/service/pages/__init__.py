"""The pages customers see: what they say, how they look, and the headers they leave with."""
