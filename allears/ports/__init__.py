"""What the heart needs from the rooms around it: connectors, a classifier, a store, a mailer, a clock."""

from allears.ports.machines import Classifier, Clock, Connector, Embedder, Mailer
from allears.ports.reads import Reads
from allears.ports.store import Store

__all__ = ["Classifier", "Clock", "Connector", "Embedder", "Mailer", "Reads", "Store"]
