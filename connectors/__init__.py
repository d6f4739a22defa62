"""Where customers speak: one folder a channel, each a way in and a way to read."""
