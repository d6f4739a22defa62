"""What the templates may know, a file a mail: the facts of a mail, picked from the domain and already fit to print.

Nothing is claimed here that the records do not say; what is unknown is left out.
"""

from allears.mail.contexts.alert import alert_context
from allears.mail.contexts.applause import Applause, applause_context
from allears.mail.contexts.digest import digest_context
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.moved import moved_context
from allears.mail.contexts.news import News, news_context
from allears.mail.contexts.overdue import missed_date, overdue_context
from allears.mail.contexts.praise import praise_context
from allears.mail.contexts.receipt import receipt_context, returned_context
from allears.mail.contexts.reply import reply_context, reply_subject

__all__ = [
    "Applause",
    "Letterhead",
    "News",
    "alert_context",
    "applause_context",
    "digest_context",
    "missed_date",
    "moved_context",
    "news_context",
    "overdue_context",
    "praise_context",
    "receipt_context",
    "reply_context",
    "reply_subject",
    "returned_context",
]
