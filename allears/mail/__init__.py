"""Mails to owners: composed from templates, handed to a mail server or a folder."""
