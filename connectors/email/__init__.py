"""Customer mail: from an IMAP mailbox, a Maildir, an mbox or a folder of .eml files to what a person newly wrote."""
