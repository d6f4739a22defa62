"""What the pages of figures say: the Overview, Trends and Quality.

Counts come from the store; here they are held against what is usual, explained, put into a sentence and laid out in rows. How they are
drawn is in `charts/`.
"""
