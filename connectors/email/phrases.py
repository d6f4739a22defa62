"""Words that mail programs, gateways and disclaimers write around a person's words, in the languages customers write.

Patterns match one line; each alternative is what some program really writes.
"""

# ruff: noqa: RUF001 - labels and colons of other scripts are meant

from __future__ import annotations

import re

HEADER_LABELS: dict[str, str] = {
    label: kind
    for kind, labels in {
        "from": "from von de da van från fra od lähettäjä от kimden mittente nadawca šalje feladó від saatja gönderen отправитель "
        "差出人 发件人 寄件者 |보낸 사람|送信者|de la|від кого",
        "sent": "sent gesendet envoyé enviado enviada inviato verzonden skickat sendt wysłano wysłane lähetetty отправлено odesláno "
        "gönderildi gönderilme elküldve 送信日時 发送时间 |envoyé le|enviado el|enviado em|enviada em|보낸 날짜|日時",
        "date": "date datum fecha data dato päivämäärä päivä дата tarih dátum 日付 日期",
        "to": "to an à para a aan till til do vastaanottaja кому komu kime pour adresat destinatario címzett prima pre către 宛先 收件人 "
        "|받는 사람",
        "cc": "cc bcc kopie copie copia kopia kopi dw копия udw bilgi kopio másolat 抄送 参照",
        "subject": "subject betreff objet sujet asunto oggetto assunto onderwerp ämne emne temat aihe тема předmět konu tárgy predmet "
        "subiect naslov 件名 主题 主旨 제목",
        "reply": "reply-to |antwort an|répondre à|responder a|rispondi a",
    }.items()
    for label in (*labels.partition("|")[0].split(), *filter(None, labels.partition("|")[2].split("|")))
}
"""What a label of a quoted header block ("Von:", "Subject:") stands for, by the lower-case label."""

WROTE = re.compile(
    r"(?<!\w)(?:wrote|writes|schrieb|écrit|ecrit|escribió|escribio|escreveu|ha scritto|scrisse|schreef|geschreven|skrev|napisał\(a\)|"
    r"napisał|napisała|napisał/a|pisze|napisana przez|написал|написала|пишет|пише|kirjoitti|napsal|napsal\(a\)|yazdı|şunları yazdı|"
    r"a scris|írta|έγραψε)(?!\w)|さんは書きました|のメール|写道|寫道|작성",
    re.IGNORECASE,
)
"""The verb of an attribution line ("On 3 May Jo wrote:")."""

ATTRIBUTION_LEAD = re.compile(
    r"^(?:On|Am|Le|El|Il(?: giorno)?|Em|No dia|Às|Op|Den|W dniu|Dnia|Wiadomość napisana przez|At|Dne|Pe|På|Na)\s|^\d|"
    r"^\w{2,10}[,.]{0,2}\s+\d",
    re.IGNORECASE,
)

QUOTING = re.compile(r"^(?:Quoting|Zitat von|Citando a?|En citant|Citando|Citeren)\s.{0,120}[:：]$", re.IGNORECASE)
"""An attribution without a verb and a date, as Horde writes it."""

ORIGINAL_MESSAGE = re.compile(
    r"^\W{2,}(?:original message|reply message|original appointment|ursprüngliche nachricht|originalnachricht|message d.origine|"
    r"message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|originele bericht|"
    r"ursprungligt meddelande|ursprungligt mail|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|původní zpráva|元のメッセージ|原始邮件|원본 메시지|"
    r"original-nachricht|ursprüngliche mail|mail original|correo original|oorspronkelijke mail|ursprüngliche e-mail)\W{2,}$",
    re.IGNORECASE,
)

FORWARDED_MESSAGE = re.compile(
    r"^(?:\W{2,}\s*)(?:forwarded message|forwarded by .{1,80}|weitergeleitete nachricht|weitergeleitete e-mail|message transféré|"
    r"message transmis|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|doorgestuurd bericht|"
    r"vidarebefordrat meddelande|vidarebefordrat mail|videresendt meddelelse|videresendt melding|välitetty viesti|"
    r"przekazana wiadomość|wiadomość przekazana dalej|treść przekazanej wiadomości|пересылаемое сообщение|перенаправленное сообщение|"
    r"переслане повідомлення|edelleenlähetetty viesti|přeposlaná zpráva|preposlaná správa|továbbított üzenet|mesaj redirecționat|"
    r"iletilmiş mesaj|iletilen ileti|proslijeđena poruka|転送メッセージ|转发的邮件)\b.{0,80}$"
    r"|^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|"
    r"vidarebefordrat (?:brev|mejl)|początek przekazywanej wiadomości|start på videresendt besked|videresendt melding|"
    r"välitetty viesti alkaa|začátek přeposílané zprávy|začiatok preposlanej správy|továbbított levél kezdete|"
    r"începe mesajul redirecționat|начало переадресованного сообщения|ileti başlangıcı|転送されたメッセージ)\s*[:：]?$",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"^\W{0,3}(?:(?:sent|get) (?:from|via|with|using) (?!(?:the|a|an|here|home|work|our|your)\b)[^,;?!]{2,60}|"
    r"get (?:outlook|bluemail|typeapp|yahoo mail) for \w+.{0,80}|"
    r"von (?:meinem|meinen|meinem/meiner) [\w -]{2,30} (?:gesendet|aus gesendet)|gesendet (?:von|mit|über) [^,;?!]{2,60}|"
    r"diese nachricht wurde von meinem .{2,60} gesendet|envoyé (?:de|depuis|à partir d[eu]) (?:mon |ma |mes )?[^,;?!]{2,60}|"
    r"enviado (?:desde|do|de|a partir d[oe]|com o) (?:mi |meu )?[^,;?!]{2,60}|obtener outlook para \w+.{0,80}|"
    r"inviato d(?:a|al|alla|allo)(?: mio)? [^,;?!]{2,60}|"
    r"verzonden (?:vanaf|met|via) (?:mijn |een )?[^,;?!]{2,60}|verstuurd vanaf (?:mijn )?[^,;?!]{2,60}|"
    r"skickat från (?:min )?[^,;?!]{2,60}|sendt fra (?:min )?[^,;?!]{2,60}|wysłane? z (?:mojego )?[^,;?!]{2,60}|"
    r"lähetetty [^,;?!]{2,40}|отправлено (?:с|из) [^,;?!]{2,60}|[^\s,;?!]{2,20}から送信)\W{0,3}$",
    re.IGNORECASE,
)
"""A line that a phone or a mail program adds by itself."""

PROGRAM_LINK = re.compile(
    r"^(?=.*\b(?:outlook|proton ?mail|yahoo|bluemail|spark)\b)[^!?]{0,80}"
    r"[<(]https://(?:aka\.ms|proton\.me|pr\.tn|mail\.onelink\.me|bluemail\.me|sparkmailapp\.com)/\S{0,80}[>)]\W{0,3}$",
    re.IGNORECASE,
)
"""The same in any language: a few words with a link to the program itself."""

DEVICE = re.compile(
    r"\b(?:iphone|ipad|ipod|apple watch|galaxy|samsung|huawei|honor|xiaomi|redmi|poco|oneplus|oppo|realme|pixel|motorola|nokia|blackberry|"
    r"htc|sony|xperia|lg|lenovo|fairphone|android|windows|outlook|mail for|mail\.ru|yahoo|aol|gmail|proton|spark|bluemail|typeapp|nine|"
    r"thunderbird|k-9|fairemail|aqua ?mail|mobile|mobil\w*|móvil|handy|smartphone|phone|telefon\w*|téléphone|teléfono|celular|telemóvel|"
    r"tablet\w*|mac|macbook|surface|workspace|zoho|gmx|web\.de|freemail|t-online|fastmail|tuta\w*|wireless|appareil|gerät|toestel|"
    r"apparaat|dispositivo|enhet|urządzeni\w+)|iphone|携帯|スマート",
    re.IGNORECASE,
)
"""What a device line names: a device or a mail program."""

SECRECY = re.compile(
    r"confidential|privileged|vertraulich|rechtlich geschützt|confidentiel|confidencial|riservat|confidenzial|vertrouwelijk|konfidentiell|"
    r"sekretess|poufn|機密|秘密|luottamuksellis|fortrolig",
    re.IGNORECASE,
)
ADDRESSEE = re.compile(
    r"intended (?:solely|only|exclusively|recipient|addressee|for)|addressee|individual or entity|(?:received|sent) (?:\w+ ){0,4}in error|"
    r"addressed|empfänger|adressat|irrtümlich|destinataire|destiné|par erreur|destinatari|por error|per errore|destinatário|por engano|"
    r"geadresseerde|bestemd|ontvanger|mottagare|avse(?:tt|dd)|av misstag|adresat|omyłk|przeznaczon|宛先|宛て|誤って|受取人|vastaanottaja|"
    r"modtager|mottaker",
    re.IGNORECASE,
)
"""A disclaimer speaks of secrecy and of whom the mail is for; a person hardly ever of both in one paragraph."""

FOOTER = re.compile(
    r"if you (?:are not|have received this)[^.]{0,80}(?:intended recipient|in error)[^.]{0,80}(?:notify|delete|destroy|inform|contact|"
    r"return)|"
    r"intended (?:solely|only|exclusively) for the (?:use of the )?(?:addressee|individual|person|intended|named)|"
    r"wenn sie nicht der (?:richtige|beabsichtigte) (?:adressat|empfänger)[^.]{0,80}(?:vernichten|löschen|informieren|benachrichtigen)|"
    r"virus-?free\.? ?(?:www\.|<)|scanned (?:by|for viruses)[^.]{0,60}$|wurde von avast|auf viren geprüft\.?$|no virus found in this|"
    r"absence de virus dans",
    re.IGNORECASE,
)
"""A sentence of a footer that a gateway or an employer adds."""

GREEN_FOOTER = re.compile(
    r"^\W{0,4}(?:please )?(?:consider|think of) the environment before print|^\W{0,4}bitte (?:denken sie an die umwelt|prüfen sie[^.]{0,40}"
    r"(?:druck|umwelt))|^\W{0,4}pensez à l.environnement|^\W{0,4}(?:antes de imprimir|por favor, piense en el medio)|"
    r"^\W{0,4}(?:rispetta|prima di stampare|pensa all.ambiente)|^\W{0,4}(?:antes de imprimir|pense no meio)|"
    r"^\W{0,4}denk aan het milieu|^\W{0,4}tänk på miljön|^\W{0,4}(?:zanim wydrukujesz|pomyśl o środowisku)",
    re.IGNORECASE,
)

LIST_FOOTER = re.compile(
    r"mailman/listinfo|^_{0,60}\s*you received this (?:message|email) because you are (?:subscribed|a member)|"
    r"^to unsubscribe from this (?:group|list|topic)\b[^?]{0,80}(?:send|visit|click|go to)",
    re.IGNORECASE,
)
"""What mailing lists add."""

PERSONAL = re.compile(
    r"(?<!\w)(?:i|i'm|i’m|me|my|we|us|our|you|your|please|ich|mich|mir|mein\w*|sie|ihr\w*|bitte|wir|uns|je|j['’]\w+|moi|mon|ma|mes|nous|vous|"
    r"votre|svp|yo|mi|mis|nosotros|usted\w*|su|por favor|llám\w+|io|mio|mia|noi|voi|lei|vi|per favore|chiama\w+|eu|meu|minha|você\w*|"
    r"ligue\w*|ik|mij|mijn|wij|u|uw|alstublieft|graag|jag|mig|min|mitt|mina|er|ni|vänligen|mnie|mi|mój|moj\w+|proszę|państw\w+)(?!\w)|"
    r"ください|下さい|です|ます",
    re.IGNORECASE,
)
"""Words of somebody who speaks, which contact data do not hold."""

CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|many|with kind|with best|kindest|warmest) (?:regards|wishes|thanks)|regards|best|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|"
    r"cheers|many thanks|thanks|thank you|(?:mit )?(?:freundlichen?|besten?|liebe|lieben|schöne|viele|herzliche) (?:grüßen?|"
    r"grüssen?|gruß|gruss)|mfg|"
    r"(?:bien )?cordialement|bien à vous|sincères salutations|meilleures salutations|(?:un )?(?:cordial )?saludos?(?: cordiales)?|"
    r"atentamente|"
    r"cordiali saluti|distinti saluti|saluti|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|"
    r"(?:met )?vriendelijke groet(?:en)?|hartelijke groet(?:en)?|mvg|(?:med )?vänliga? hälsning(?:ar)?|hälsningar|mvh|"
    r"(?:z )?(?:poważaniem|pozdrowieniami)|pozdrawiam)\s*[,.!]?$",
    re.IGNORECASE,
)
"""A complimentary close, alone on its line."""

FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|vl|pd|doorst|videresend|redir\.|ilt|転送)\s*[:：]", re.IGNORECASE)
REPLY_SUBJECT = re.compile(r"^\s*(?:re|aw|antw|sv|vs|odp|rif|res|rép|ynt|vá|r|回复|答复|返信)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
