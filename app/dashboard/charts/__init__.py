"""Charts: each module makes one kind from plain values and a palette; `page.draw` puts it on the page."""
