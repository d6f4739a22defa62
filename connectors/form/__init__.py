"""The built-in web form: customers push, so there is nothing to fetch."""

from connectors.form.connector import FormConnector
from connectors.form.parse import Submission
from connectors.form.settings import FormSettings

__all__ = ["FormConnector", "FormSettings", "Submission"]
