"""How contact forms name their fields, in the languages customers write, and what tools write below them."""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


KINDS = {
    "name": _any(
        r"(?:your |full |contact |customer |visitor )?name|what(?:['’]s| is) your (?:full )?name|(?:ihr |dein )?name|vor- und nachname",
        r"wie (?:heißen sie|ist ihr name)|(?:votre )?nom(?: complet| et prénom)?|prénom et nom|quel est votre nom",
        r"(?:su |tu )?nombre(?: completo| y apellidos?)?|¿?cuál es (?:su|tu) nombre",
        r"(?:il tuo |il suo |seu |o seu )?nome(?: completo| e \w+)?|come si chiama|qual (?:è il suo|è il tuo|é o seu) nome",
        r"(?:uw |je |volledige )?naam|voor- en achternaam|(?:ditt )?namn",
        r"för- och efternamn|imię i nazwisko|お名前|氏名|名前",
    ),
    "first": _any(r"first(?: name)?|given name|vorname|prénom|voornaam|förnamn|imię"),
    "last": _any(
        r"last(?: name)?|surname|family name|nachname|familienname|nom de famille|apellidos?|cognome|sobrenome|apelido",
        r"achternaam|efternamn|nazwisko",
    ),
    "email": _any(
        r"(?:your |customer |contact )?e-?mail(?: ?address|-?adresse)?|what(?:['’]s| is) your e-?mail(?: address)?",
        r"(?:ihre )?e-?mail-?adresse|(?:votre )?(?:courriel|adresse (?:e-?mail|mail|électronique))(?: du client)?|votre e-?mail",
        r"(?:su |tu )?correo(?: electrónico)?",
        r"(?:dirección de )?correo(?: electrónico)?|indirizzo e-?mail|(?:seu |endereço de )?e-?mail|e-?mailadres|e-post(?:adress)?",
        r"adres e-?mail|メールアドレス|メール",
    ),
    "message": _any(
        r"(?:your )?(?:message(?: body)?|comments?(?: or message)?|enquiry|inquiry|feedback|questions?(?: or comments)?|body|details)",
        r"how can we help(?: you)?|what happened|tell us (?:more|what happened)|(?:ihre |deine )?(?:nachricht|nachrichtentext|frage)",
        r"anliegen|mitteilung|kommentar|bemerkung(?:en)?|wie können wir (?:ihnen )?helfen|(?:votre |corps du )?message(?: du client)?",
        r"commentaires?",
        r"comment pouvons-nous vous aider|(?:su |tu |cuerpo del )?mensaje|comentarios?|consulta|¿?en qué podemos ayudar(?:le|te)?",
        r"(?:il tuo |il suo |corpo del )?messaggio|commenti?|come possiamo aiutar(?:la|ti)|(?:sua |a sua |corpo da )?mensagem|comentário",
        r"como podemos ajudar|(?:uw |je )?bericht(?:inhoud)?|opmerking(?:en)?|vraag|waarmee kunnen we (?:u )?helpen|(?:ditt )?meddelande",
        r"hur kan vi hjälpa|(?:treść )?wiadomo(?:ść|ści)|お問い合わせ内容|お問い合わせ|内容|メッセージ|ご意見",
    ),
    "subject": _any(r"subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|temat|件名|題名"),
    "from": _any(r"from|von|de|da|van|från|od|差出人"),
    "header": _any(r"sent|to|gesendet|an|envoyé|à|enviado(?: el)?|para|inviato|a|verzonden|aan|skickat|till|wysłano|do|送信日時|宛先"),
}
"""Kinds of fields by the whole label, in the order in which they are tried. A "header" stands in mails that somebody passed on."""

LIKE_A_FOOTER = re.compile(
    r"(?:this (?:is a notification|e-?mail was sent|message was sent)|diese e-?mail wurde|cet e-?mail a été envoyé|"
    r"este (?:mensaje|correo|e-?mail) (?:se ha|fue|foi) enviado|esta mensagem foi enviada|questa e-?mail è stata inviata|"
    r"deze e-?mail (?:is|werd) verzonden|detta (?:e-post)?meddelande skickades|sent (?:from|via) \w|sent by (?:an? )?(?:un)?verified|"
    r"submitted (?:(?:at|on) )?\d|received on|time\s?:|ip(?: address)?\s?:|page url\s?:|contact form url\s?:|remote ip\s?:|user agent\s?:|"
    r"powered by\s?:|mark as spam|unsubscribe from this form|does this submission look like spam|if you think this submission is spam|"
    r"to edit your email settings|reply directly|view (?:all )?(?:form |your )?(?:submissions?|contact|entry|responses?)\b|log in to view)",
    re.IGNORECASE,
)
"""Lines that a tool adds below what was filled in."""
