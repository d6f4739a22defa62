"""Words that mail programs, gateways and disclaimers write around a person's words, in the languages customers write.

Patterns match one line; each alternative is what some program really writes.
"""

# ruff: noqa: RUF001 - labels and colons of other scripts are meant

from __future__ import annotations

import re

HEADER_LABELS: dict[str, str] = {
    label: kind
    for kind, labels in {
        "from": "from von de da van från fra od lähettäjä от kimden 差出人 发件人 寄件者 |보낸 사람|送信者",
        "sent": "sent gesendet envoyé enviado enviada inviato verzonden skickat sendt wysłano wysłane lähetetty отправлено odesláno "
        "gönderildi gönderilme 送信日時 发送时间 |envoyé le|enviado el|enviado em|enviada em|보낸 날짜|日時",
        "date": "date datum fecha data dato päivämäärä päivä дата tarih 日付 日期",
        "to": "to an à para a aan till til do vastaanottaja кому komu kime 宛先 收件人 |받는 사람",
        "cc": "cc bcc kopie copie copia kopia kopi dw копия udw bilgi 抄送 参照",
        "subject": "subject betreff objet asunto oggetto assunto onderwerp ämne emne temat aihe тема předmět konu 件名 主题 主旨 제목",
        "reply": "reply-to |antwort an|répondre à|responder a|rispondi a",
    }.items()
    for label in (*labels.partition("|")[0].split(), *filter(None, labels.partition("|")[2].split("|")))
}
"""What a label of a quoted header block ("Von:", "Subject:") stands for, by the lower-case label."""

WROTE = re.compile(
    r"(?<!\w)(?:wrote|writes|schrieb|écrit|ecrit|escribió|escribio|escreveu|ha scritto|scrisse|schreef|geschreven|skrev|napisał\(a\)|"
    r"napisał|napisała|napisał/a|написал|написала|пишет|пише|kirjoitti|napsal|napsal\(a\)|yazdı|şunları yazdı|a scris|írta|έγραψε|"
    r"さんは書きました|のメール|写道|寫道|작성)(?!\w)",
    re.IGNORECASE,
)
"""The verb of an attribution line ("On 3 May Jo wrote:")."""

ATTRIBUTION_LEAD = re.compile(
    r"^(?:On|Am|Le|El|Il(?: giorno)?|Em|Op|Den|W dniu|Dnia|At|Dne|Pe|På|Na|Em)\s|^\d|^\w{2,10}[,.]?\s+\d|^(?:Quoting|Zitat von|"
    r"Citando)\s",
    re.IGNORECASE,
)

ORIGINAL_MESSAGE = re.compile(
    r"^\W{2,}(?:original message|reply message|original appointment|ursprüngliche nachricht|originalnachricht|message d.origine|"
    r"message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|originele bericht|"
    r"ursprungligt meddelande|ursprungligt mail|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|původní zpráva|元のメッセージ|原始邮件|원본 메시지)\W{2,}$",
    re.IGNORECASE,
)

FORWARDED_MESSAGE = re.compile(
    r"^(?:\W{2,}\s*)(?:forwarded message|forwarded by .{1,80}|weitergeleitete nachricht|weitergeleitete e-mail|message transféré|"
    r"message transmis|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|doorgestuurd bericht|"
    r"vidarebefordrat meddelande|vidarebefordrat mail|videresendt meddelelse|videresendt melding|välitetty viesti|"
    r"przekazana wiadomość|wiadomość przekazana dalej|пересылаемое сообщение|転送メッセージ|转发的邮件)\b.{0,80}$"
    r"|^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|"
    r"vidarebefordrat brev|początek przekazywanej wiadomości|転送されたメッセージ)\s*[:：]?$",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"^\W{0,3}(?:(?:sent|get) (?:from|via|with|using) (?!(?:the|a|an|here|home|work|our|your)\b)[^,;?!]{2,60}|get outlook for \w+.{0,80}|"
    r"von (?:meinem|meinen) [\w -]{2,30} (?:gesendet|aus gesendet)|gesendet (?:von|mit|über) [^,;?!]{2,60}|"
    r"diese nachricht wurde von meinem .{2,60} gesendet|envoyé (?:de|depuis|à partir d[eu]) (?:mon |ma |mes )?[^,;?!]{2,60}|"
    r"enviado (?:desde|do|de|a partir d[oe]|com o) (?:mi |meu )?[^,;?!]{2,60}|obtener outlook para \w+.{0,80}|"
    r"inviato d(?:a|al|alla|allo)(?: mio)? [^,;?!]{2,60}|"
    r"verzonden (?:vanaf|met|via) (?:mijn |een )?[^,;?!]{2,60}|verstuurd vanaf (?:mijn )?[^,;?!]{2,60}|"
    r"skickat från (?:min )?[^,;?!]{2,60}|sendt fra (?:min )?[^,;?!]{2,60}|wysłane? z (?:mojego )?[^,;?!]{2,60}|"
    r"lähetetty [^,;?!]{2,40}|отправлено (?:с|из) [^,;?!]{2,60}|[^\s,;?!]{2,20}から送信)\W{0,3}$",
    re.IGNORECASE,
)
"""A line that a phone or a mail program adds by itself."""

DISCLAIMER = re.compile(
    r"(?:this|the) (?:e-?mail|message|communication|transmission)(?:,? (?:and|including|together with) any (?:attachments?|"
    r"files?)[^.]{0,60})?"
    r"[^.]{0,80}(?:confidential|intended (?:solely|only)|privileged)|intended (?:solely|only|exclusively) for the (?:use of the )?"
    r"(?:addressee|individual|person|intended|named)|if you (?:are not|have received this)[^.]{0,60}(?:intended recipient|in error)|"
    r"please consider the environment before printing|diese e-?mail (?:enthält|kann|ist)[^.]{0,80}(?:vertraulich|geheim)|"
    r"wenn sie nicht der (?:richtige|beabsichtigte) (?:adressat|empfänger)|"
    r"ce (?:message|courriel|courrier)[^.]{0,120}(?:confidentiel|usage exclusif|destiné exclusivement)|"
    r"este (?:mensaje|correo)[^.]{0,120}(?:confidencial|destinatario)|"
    r"(?:questo messaggio|questa e-?mail|il presente messaggio|le informazioni contenute)[^.]{0,120}(?:riservat|confidenzial|"
    r"destinatari)|"
    r"esta (?:mensagem|comunicação)[^.]{0,120}(?:confidencia|destinatário)|"
    r"(?:dit bericht|deze e-?mail)[^.]{0,120}(?:vertrouwelijk|uitsluitend bestemd|bestemd voor)|"
    r"(?:detta|det här) (?:e-post)?meddelande[^.]{0,120}(?:konfidentiell|avsett)|"
    r"(?:niniejsza wiadomość|ta wiadomość|treść tej wiadomości)[^.]{0,120}(?:poufn|przeznaczon|adresat)|"
    r"このメール.{0,40}(?:機密|宛先)|virus-?free\.? |scanned (?:by|for viruses)|"
    r"(?:wurde von avast|auf viren geprüft|no virus found|sans virus)",
    re.IGNORECASE,
)
"""A sentence of a footer that a gateway or an employer adds."""

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

FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|pd|doorst|転送)\s*[:：]", re.IGNORECASE)
REPLY_SUBJECT = re.compile(r"^\s*(?:re|aw|antw|sv|vs|odp|rif|res|r|回复|答复|返信)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
